"""The sockets that workers accept from, and what connections have from them."""

import socket
import sys
import threading
import time
from contextlib import ExitStack, suppress

import pytest
from granian.server.mp import MPServer

from search_app.web import serving
from search_app.web.serving.listening import WRITE_SECONDS, HoldingServer, Steering, listen, steer

HOST = "127.0.0.1"
# Elsewhere there is one socket for all, and connections do not have from it what it was told.
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shares out connections")


@pytest.fixture
def listening():
    """Return a function that listens on a port for so many workers, and answers with the sockets."""
    with ExitStack() as stack:

        def begin(number, host=HOST, port=0):
            listeners = listen(host, port, 128, number)
            for one in listeners:
                stack.enter_context(one)
            return listeners

        yield begin


def _accepted(listener, stack):
    connections = []
    with suppress(BlockingIOError):
        while True:
            connections.append(stack.enter_context(listener.accept()[0]))
    return connections


def _connect(listeners, number, stack):
    address = listeners[0].getsockname()[:2]
    return [stack.enter_context(socket.create_connection(address)) for _ in range(number)]


@linux
@pytest.mark.parametrize("number", [1, 2, 5])
@pytest.mark.parametrize("host", [HOST, "::1"])
def test_each_worker_gets_its_share_of_the_connections(number, host, listening):
    listeners = listening(number, host)
    assert len({one.getsockname() for one in listeners}) == 1
    with ExitStack() as stack:
        _connect(listeners, 120, stack)
        shares = [len(_accepted(one, stack)) for one in listeners]
    assert len(shares) == number
    assert sum(shares) == 120
    # That one gets less than a third of what is its due happens once in a million times.
    assert min(shares) > 120 / number / 3


@linux
@pytest.mark.parametrize("chosen", [{0}, {1}, {2}, {0, 2}, {1, 2}, {0, 1, 2}, set()])
def test_connections_go_to_workers_that_answer(chosen, listening):
    listeners = listening(3)
    steer(listeners, {0, 1})
    steer(listeners, chosen)
    with ExitStack() as stack:
        _connect(listeners, 90, stack)
        shares = [len(_accepted(one, stack)) for one in listeners]
    assert {place for place, share in enumerate(shares) if share} == (chosen or {0, 1, 2})
    assert sum(shares) == 90
    assert all(share > 10 for share in shares if share)


@linux
def test_what_waits_at_a_worker_that_ends_is_there_for_the_next(listening):
    listeners = listening(2)
    with ExitStack() as stack:
        _connect(listeners, 60, stack)
        of_worker = listeners[1].dup()
        of_worker.close()
        steer(listeners, {0})
        assert len(_accepted(listeners[1], stack)) > 10


def _until(happened):
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


@linux
def test_a_worker_counts_from_when_it_answers_until_it_dies(listening, monkeypatch):
    told = []
    monkeypatch.setattr(serving.listening, "steer", lambda listeners, chosen: told.append(set(chosen)))
    steering = Steering(listening(3))
    assert steering.telling(2, lambda: "the application")() == "the application"
    _until(lambda: told == [{2}])
    steering.telling(0, list)()
    _until(lambda: told[1:] == [{0, 2}])
    steering.without([2])
    assert told[2:] == [{0}]
    with pytest.raises(ZeroDivisionError):
        steering.telling(1, lambda: 1 / 0)()
    steering.telling(2, list)()
    _until(lambda: told[3:] == [{0, 2}])


@linux
@pytest.mark.parametrize("delay", [0, 5.0])
def test_the_server_steers_away_from_the_dead_alone(delay, listening, monkeypatch):
    server = HoldingServer("none:such", workers=2, interface="wsgi")
    server.listeners = listening(2)
    server._init_shared_socket()
    seen = []
    monkeypatch.setattr(server._steering, "without", seen.append)
    monkeypatch.setattr(MPServer, "_respawn_workers", lambda *given: seen.append(given[1:]))
    server._respawn_workers([1], None, None, delay)
    assert seen == [*([] if delay else [[1]]), ([1], None, None, delay)]


@linux
@pytest.mark.parametrize(
    ("option", "value"), [(socket.TCP_NODELAY, 1), (socket.TCP_USER_TIMEOUT, WRITE_SECONDS * 1000)]
)
def test_a_connection_is_sent_all_at_once_and_given_up_when_it_stalls(option, value, listening):
    listeners = listening(3)
    with ExitStack() as stack:
        _connect(listeners, 60, stack)
        for listener in listeners:
            for accepted in _accepted(listener, stack):
                assert accepted.getsockopt(socket.IPPROTO_TCP, option) == value


@pytest.mark.parametrize("first", [1, 2])
@pytest.mark.parametrize("second", [1, 2])
@pytest.mark.parametrize("other", [HOST, "0.0.0.0"])
def test_a_port_is_not_shared_with_a_second_server(first, second, other, listening):
    port = listening(first)[0].getsockname()[1]
    with pytest.raises(OSError, match="in use"):
        listening(second, other, port)
    # Nor is it held by the one that failed.
    assert len(listening(2)) >= 1


def test_a_port_can_be_had_again_at_once(listening):
    listeners = listening(2)
    address = listeners[0].getsockname()
    with ExitStack() as stack:
        _connect(listeners, 10, stack)
        accepted = [one for listener in listeners for one in _accepted(listener, stack)]
        assert len(accepted) == 10
        for one in (*listeners, *accepted):
            one.close()
        assert listening(2, port=address[1])


@linux
@pytest.mark.parametrize("dies", [False, True])
def test_a_worker_is_replaced_when_the_next_one_answers_or_dies(dies, listening, monkeypatch):
    server = HoldingServer("none:such", workers=1, interface="wsgi")
    server.listeners = listening(1)
    server._init_shared_socket()
    stopped, told = threading.Event(), []

    class Old:
        join = is_alive = lambda *_: False

        def terminate(self):
            told.append("stopped")
            stopped.set()

    def _open():
        # It takes longer than the pause of the server.
        stopped.wait(0.5)
        told.append("opened")
        if not dies:
            server._steering.telling(0, list)()
            stopped.wait()

    server.wrks = [Old()]
    # A thread begins, and tells whether it is alive, as a worker does.
    monkeypatch.setattr(MPServer, "_spawn_worker", lambda *_: threading.Thread(target=_open))
    server._respawn_workers([0], None, None, 0.001)
    assert told == ["opened", "stopped"]
