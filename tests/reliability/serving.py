"""A server in processes of its own, and those who ask it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from bench.servers import HOST, free_port
from tests.reliability.runs import fork_server

# A slow machine that does much else may take this long for anything.
PATIENCE = 60.0
_COMMAND = [sys.executable, "-c", "from search_app.cli import main; main()"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered, when, and after how many seconds."""

    status: int
    body: bytes
    at: float
    seconds: float

    def json(self) -> dict[str, object]:
        """Return the body as data."""
        document: dict[str, object] = json.loads(self.body)
        return document


@dataclass(slots=True)
class Server:
    """A running server: its process, its port and what it told."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    readers: list[Reader] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self.port}"

    def get(self, path: str) -> Answer:
        """Ask on a connection of its own; raise OSError or HTTPException if there is no answer."""
        began = time.monotonic()
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        now = time.monotonic()
        return Answer(response.status, body, now, now - began)

    def workers(self) -> list[int]:
        """Return the process numbers of the workers."""
        pid = self.process.pid
        return sorted(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))

    def told(self) -> str:
        """Return its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def serving(
    index: Path, log: Path, workers: int = 2, user: int | None = None, **settings: str
) -> Iterator[Server]:
    """Serve an index on a free port; the server and its workers are gone at the end, whatever happens."""
    port = free_port()
    options = ["--port", str(port), "--workers", str(workers), "--index", str(index)]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*_COMMAND, *options], env=_environment(settings), start_new_session=True,
            stdout=stream, stderr=stream, user=user, extra_groups=None if user is None else [],
        )  # fmt: skip
    server = Server(process, port, log)
    try:
        until(lambda: alive(server), "the server answers")
        yield server
    finally:
        for reader in server.readers:
            reader.stop()
        _end(process)


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "SEARCH_LOG_FORMAT": "none", **settings}


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def alive(server: Server) -> bool:
    """Tell whether a server answers."""
    if server.process.poll() is not None:
        raise RuntimeError(f"the server ended: {server.told()}")
    try:
        return server.get("/healthz").status == 200
    except (OSError, http.client.HTTPException):
        return False


def until(happened: Callable[[], bool], what: str, patience: float = PATIENCE) -> float:
    """Wait until something has happened and return after how many seconds it had."""
    began, looks = time.monotonic(), 0
    while not happened():
        looks += 1
        # A machine that stood still has not looked: it does so once for each second at least.
        if time.monotonic() - began > patience and looks > patience:
            raise TimeoutError(f"waited {patience:.0f} s in vain until {what}")
        time.sleep(0.01)
    return time.monotonic() - began


class Reader(threading.Thread):
    """Asks for one address after the other until it is stopped; keeps answers and failures."""

    def __init__(
        self, server: Server, paths: list[str], pause: float = 0.0, *, keep_bodies: bool = True
    ) -> None:
        """Ask `server` for `paths` in turn, with a pause in seconds between them."""
        super().__init__(daemon=True)
        self._keep_bodies = keep_bodies
        self.answers: list[Answer] = []
        self.failures: list[str] = []
        self._server, self._paths, self._pause = server, paths, pause
        self._ending = threading.Event()
        server.readers.append(self)
        self.start()

    def run(self) -> None:
        """Ask."""
        number = 0
        while not self._ending.wait(self._pause):
            path = self._paths[number % len(self._paths)]
            number += 1
            try:
                answer = self._server.get(path)
                self.answers.append(answer if self._keep_bodies else replace(answer, body=b""))
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(f"{path[:80]}: {error!r}")

    def stop(self) -> None:
        """Ask no more."""
        self._ending.set()
        self.join(PATIENCE)


class Count(Protocol):
    """A number that processes share."""

    value: int


@contextmanager
def attacking(server: Server, attackers: int, paths: list[str]) -> Iterator[list[int]]:
    """Ask for the same addresses over and over, in as many processes; gives how often, once it is over.

    Processes, because threads would take the time of those whose waiting is measured.
    """
    context = fork_server()
    # Without a lock: whoever is killed with it keeps it, and all who look at the count would wait for ever.
    counts = [context.Value("L", 0, lock=False) for _ in range(attackers)]
    processes = [
        context.Process(target=_attack, args=(server.port, paths, size, one), daemon=True)
        for size, one in enumerate(counts, start=1)
    ]
    for process in processes:
        process.start()
    made: list[int] = []
    try:
        yield made
    finally:
        for process in processes:
            process.kill()
            process.join()
            process.close()
        made += [one.value for one in counts]


def _attack(port: int, paths: list[str], size: int, count: Count) -> None:
    # Those whose waiting is measured share the processor with this one: they must wait for the server alone.
    os.nice(19)
    while True:
        for path in paths:
            connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
            # A size of its own and a number that is new each time make it another search, which nobody has
            # answered before: not to another attacker either.
            connection.request("GET", f"{path}&per_page={size}&page={count.value + 1}")
            connection.getresponse().read()
            connection.close()
            count.value += 1


def search(q: str, **parameters: str) -> str:
    """Return the address of a search."""
    given = {"q": q, **parameters}
    return "/api/v1/search?" + "&".join(f"{name}={quote(value)}" for name, value in given.items())


def processor_time(pids: list[int]) -> float:
    """Return the processor time of some processes together, in seconds, to a hundredth."""
    # The name of a process may hold anything; behind its parenthesis, user and system time are the 12th and 13th.
    rows = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids)
    return sum(int(row[11]) + int(row[12]) for row in rows) / os.sysconf("SC_CLK_TCK")


def memory(pids: list[int], row: str = "VmRSS") -> int:
    """Return the memory of some processes together, in bytes; `VmHWM` is the most they ever had."""
    rows = (Path(f"/proc/{pid}/status").read_text().splitlines() for pid in pids)
    return sum(int(line.split()[1]) * 1024 for lines in rows for line in lines if line.startswith(row))
