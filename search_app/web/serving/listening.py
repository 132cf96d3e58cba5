"""The sockets that workers accept from: there as long as the server is, whatever becomes of a worker.

Left alone, a worker makes a socket of its own and takes it along: who waits at one that ends is refused,
nobody listens while a single worker is replaced, and a second server on the same port takes half of the
requests. One socket for all is not better: of many connections that come at once, the worker that wakes first
takes nearly all, and the other cores stand still as long as these stay open.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import numpy as np
from granian._granian import SocketHolder
from granian.server.mp import MPServer, WorkerProcess

# Seconds until a connection is closed whose reader takes nothing of what is sent: the write timeout.
WRITE_SECONDS = 15
# As long as a worker may take to open an index before the one that it replaces ends all the same; between two
# looks whether it has.
OPENING_SECONDS, LOOK_SECONDS = 120.0, 0.05
# What a worker has to finish what it answers once the server's own process is gone: as long as that one would
# have given it.
ORPHAN_SECONDS = 10
# <linux/socket.h>, <linux/filter.h>: a program that the system asks which socket gets a connection. Its
# instructions are: take a random number; its remainder; compare; answer.
_ATTACH = 51
_RANDOM, _REMAINDER, _EQUALS, _ANSWER = 0x20, 0x94, 0x15, 0x06
_RANDOM_NUMBER = 2**32 - 0x1000 + 56
_INSTRUCTION = np.dtype([("code", "u2"), ("if_true", "u1"), ("if_false", "u1"), ("value", "u4")])


def listen(host: str, port: int, backlog: int, number: int) -> list[socket.socket]:
    """Return `number` sockets that listen, among which the system shares out connections.

    Only Linux does: elsewhere it is one socket for all. Raise OSError where the address is not ours or is
    taken.
    """
    family, kind, _, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    # The first is bound alone, and may share the port only when it listens: so a second server is an error.
    listeners = [_listener(family, kind, address, backlog, shares=False)]
    if sys.platform == "linux":
        try:
            _share(listeners[0])
            for _ in range(number - 1):
                listeners.append(_listener(family, kind, listeners[0].getsockname(), backlog, shares=True))
        except OSError:
            for listener in listeners:
                listener.close()
            raise
    return listeners


def _share(listener: socket.socket) -> None:
    """Let other sockets of the same user listen on the same port."""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)


def _listener(
    family: int, kind: int, address: tuple[object, ...], backlog: int, *, shares: bool
) -> socket.socket:
    listener = socket.socket(family, kind)
    try:
        # The port may be bound again while connections of the last server are still closing. A server that
        # still listens there is an error all the same.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shares:
            _share(listener)
        # On Linux connections inherit what follows from the socket that accepts them. A body goes out at
        # once, not when the head has been confirmed: that takes 40 ms where a connection is used again.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, WRITE_SECONDS * 1000)
        listener.bind(address)
        listener.listen(backlog)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    listener.set_inheritable(True)
    return listener


def steer(listeners: Sequence[socket.socket], chosen: Collection[int]) -> None:
    """Let new connections go to one of the chosen sockets, each as likely; to any where none is chosen.

    `chosen` are places in `listeners`. Where the system takes no such program it shares out among all.
    """
    if len(listeners) == 1:
        return
    places = sorted(chosen) or range(len(listeners))
    program = [(_RANDOM, 0, 0, _RANDOM_NUMBER), (_REMAINDER, 0, 0, len(places))]
    for remainder, place in enumerate(places):
        program += [(_EQUALS, 0, 1, remainder), (_ANSWER, 0, 0, place)]
    # Never reached, but a program must end with an answer.
    program.append((_ANSWER, 0, 0, places[0]))
    code = np.array(program, _INSTRUCTION)
    with suppress(OSError):
        listeners[0].setsockopt(socket.SOL_SOCKET, _ATTACH, struct.pack("@HP", len(code), code.ctypes.data))


class HoldingServer(MPServer):
    """A server that holds the sockets of its workers, and lets new connections go to those that answer.

    What waits at the socket of a worker that died is its next worker's. The overridden methods are Granian's
    own, of which it says too little: the tests hold that they mean what they did.
    """

    listeners: list[socket.socket]
    # While workers that answer are replaced.
    _replacing = False

    def _init_shared_socket(self) -> None:
        self._holders = [
            SocketHolder(listener.fileno(), False, self.backlog)  # type: ignore[call-arg]
            for listener in self.listeners
        ]
        vars(self).update(_ssp=None)
        self._steering = Steering(self.listeners)

    def _drop_shared_socket(self) -> None:
        for listener in self.listeners:
            listener.close()

    def _spawn_worker(  # type: ignore[override]
        self, idx: int, target: Callable[..., None], callback_loader: Callable[[], object]
    ) -> WorkerProcess:
        place = idx % len(self.listeners)
        vars(self).update(_sso=self.listeners[place], _shd=self._holders[place])
        worker = super()._spawn_worker(idx, target, self._steering.telling(place, callback_loader))
        if self._replacing:
            vars(worker).update(start=partial(self._start_and_wait, worker, worker.start, place))
        return worker

    def _start_and_wait(self, worker: WorkerProcess, start: Callable[[], None], place: int) -> None:
        """Start a worker and return when it answers, for the one before it is stopped next."""
        before = self._steering.begun(place)
        start()
        until = time.monotonic() + OPENING_SECONDS
        while (
            self._steering.begun(place) == before
            and worker.is_alive()  # type: ignore[no-untyped-call]
            and time.monotonic() < until
        ):
            if self.interrupt_signal:
                return
            time.sleep(LOOK_SECONDS)

    def _respawn_workers(
        self,
        workers: list[int],
        spawn_target: Callable[..., None],
        target_loader: Callable[[], object],
        delay: float = 0,
    ) -> None:
        if not delay:
            # These died. Those that are replaced with a delay answer until the next ones do.
            self._steering.without(workers)
        self._replacing = delay > 0
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        self._replacing = False


class Steering:
    """Which of the workers answer: new connections go to these alone."""

    def __init__(self, listeners: Sequence[socket.socket]) -> None:
        """Begin where none answers yet: connections wait at all of `listeners`."""
        self._listeners = listeners
        self._answering: set[int] = set()
        self._begun = [0] * len(listeners)
        self._lock = threading.Lock()
        self._told, self._tell = Pipe(duplex=False)
        # Nothing is ever sent through it: it ends with this process, whatever ends that.
        self._ends, self._lives = Pipe(duplex=False)
        threading.Thread(target=self._hear, daemon=True).start()

    def telling(self, place: int, load: Callable[[], object]) -> Callable[[], object]:
        """Return `load` for the worker at a place, so that it says in its process when it is done."""
        return partial(_loaded, load, self._tell, place, self._ends, self._lives)

    def without(self, places: Collection[int]) -> None:
        """Let no new connections go to some places, until a worker there says that it answers."""
        with self._lock:
            self._answering = self._answering.difference(places)
            steer(self._listeners, self._answering)

    def begun(self, place: int) -> int:
        """Return how many workers have begun to answer at a place."""
        return self._begun[place]

    def _hear(self) -> None:
        while True:
            place = int(self._told.recv_bytes())
            with self._lock:
                self._answering |= {place}
                self._begun[place] += 1
                steer(self._listeners, self._answering)


def _loaded(
    load: Callable[[], object], tell: Connection, place: int, ends: Connection, lives: Connection
) -> object:
    if multiprocessing.parent_process() is not None:
        # A worker's own copy would keep the pipe open beyond the server's process.
        lives.close()
        threading.Thread(target=_end_with, args=(ends,), daemon=True).start()
    loaded = load()
    tell.send_bytes(b"%d" % place)
    return loaded


def _end_with(ends: Connection) -> None:
    """End this worker when the server's own process is gone: it would go on, and keep the port."""
    with suppress(EOFError, OSError):
        ends.recv_bytes()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ORPHAN_SECONDS)
    os._exit(1)
