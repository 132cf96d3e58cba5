"""Load on a server: as fast as it answers, or at a steady rate.

The first is `wrk`'s work where it is installed, for it costs least of the cores that it shares with the
server; else a client in Python does it, and the figures of all servers are lower alike. At a steady rate,
a request's time counts from the moment it was due, so that a server that stalls cannot hide the queue
(what Gil Tene calls coordinated omission), and the clock starts when each connection has had an answer: by
then the server is done with what clients before it asked and no longer wait for.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

# More than two workers with four threads each can answer at a time, so that they never wait for work.
CONNECTIONS = 32
# Enough for a request that waits behind a full backlog; a slower one is an error.
TIMEOUT = 30.0

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)

_SCRIPT = """
function init(args)
  paths, place = {}, 0
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
end
function request()
  place = place % #paths + 1
  return wrk.format("GET", paths[place])
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\\nMEASURED {"requests": %d, "microseconds": %d, "errors": %d, "median": %f, "p95": %f, "p99": %f}\\n',
    summary.requests - e.status, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did under load: requests a second, milliseconds, and how many requests failed.

    `requests` are those that were answered well, and the times are of them: None where none was.
    `processor` is what such a request cost the server, in milliseconds of its processor time; None where that
    was not measured.
    """

    rate: float
    median: float | None
    p95: float | None
    p99: float | None
    requests: int
    errors: int
    processor: float | None = None

    @classmethod
    def unanswered(cls, errors: int) -> Load:
        """Return the load of a server that answered no request well and in time."""
        return cls(0.0, None, None, None, 0, errors)


def client() -> str:
    """Return what makes the load of `flat_out`."""
    return "wrk" if shutil.which("wrk") else "a client in Python, which takes more of the cores than wrk does"


def flat_out(server: str, paths: Sequence[str], seconds: float) -> Load:
    """Ask for `paths` over and over on all connections, each as soon as the last is answered."""
    if shutil.which("wrk") is None:
        return asyncio.run(_client(server, paths, seconds, None))
    with tempfile.TemporaryDirectory() as folder:
        script, listed = Path(folder, "paths.lua"), Path(folder, "paths.txt")
        script.write_text(_SCRIPT, encoding="utf-8")
        listed.write_text("\n".join(paths) + "\n", encoding="utf-8")
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", f"--timeout={TIMEOUT:.0f}s"]
        command += ["-s", str(script), server, "--", str(listed)]
        ended = subprocess.run(command, check=False, capture_output=True, text=True)
    if ended.returncode and "unable to connect" in ended.stdout + ended.stderr:
        return Load.unanswered(CONNECTIONS)
    ended.check_returncode()
    found = json.loads(ended.stdout.partition("MEASURED")[2])
    if not found["requests"]:
        return Load.unanswered(found["errors"])
    median, p95, p99 = (found[name] / 1000 for name in ("median", "p95", "p99"))
    rate = found["requests"] / found["microseconds"] * 1e6
    return Load(rate, median, p95, p99, found["requests"], found["errors"])


def steadily(server: str, paths: Sequence[str], seconds: float, rate: float) -> Load:
    """Ask for `paths` at `rate` requests a second, whatever the server does."""
    return asyncio.run(_client(server, paths, seconds, rate))


async def _client(server: str, paths: Sequence[str], seconds: float, rate: float | None) -> Load:
    asked = cycle(paths)
    connections = [_Connection(server, asked) for _ in range(CONNECTIONS)]
    await asyncio.gather(*(connection.answered() for connection in connections))
    began = time.perf_counter()
    steps = _due(began, seconds, rate)
    spent: list[float] = []
    failures: list[Exception] = []
    await asyncio.gather(*(connection.follow(steps, spent, failures) for connection in connections))
    elapsed = time.perf_counter() - began
    if not spent:
        return Load.unanswered(len(failures))
    milliseconds = np.array(spent) * 1000
    median, p95, p99 = (float(np.percentile(milliseconds, share)) for share in (50, 95, 99))
    return Load(len(spent) / elapsed, median, p95, p99, len(spent), len(failures))


def _due(began: float, seconds: float, rate: float | None) -> Iterator[float]:
    """Yield when each request is due: at a rate, or at once, until the time is over."""
    for number in count():
        due = began + number / rate if rate else time.perf_counter()
        if due >= began + seconds:
            return
        yield due


class _Connection:
    """A connection to a server, opened anew after each failure."""

    def __init__(self, server: str, asked: Iterator[str]) -> None:
        self._address = urlsplit(server)
        self._asked = asked
        self._stream: Stream | None = None

    async def follow(self, steps: Iterator[float], spent: list[float], failures: list[Exception]) -> None:
        """Ask when it is due; add the seconds until the answer, or why there was none."""
        for due in steps:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            failure = await self.answered()
            if failure is None:
                spent.append(time.perf_counter() - due)
            else:
                failures.append(failure)
        self._close()

    async def answered(self) -> Exception | None:
        """Ask for the next path, and read the answer; return why there was none that is good."""
        try:
            async with asyncio.timeout(TIMEOUT):
                address = self._address
                self._stream = self._stream or await asyncio.open_connection(address.hostname, address.port)
                await _ask(*self._stream, next(self._asked))
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            self._close()
            return error
        return None

    def _close(self) -> None:
        if self._stream is not None:
            self._stream[1].close()
            self._stream = None


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> None:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise ValueError(head[:80].decode("latin-1"))
    if length := _LENGTH.search(head):
        await reader.readexactly(int(length[1]))
    else:
        await _read_chunks(reader)


async def _read_chunks(reader: asyncio.StreamReader) -> None:
    """Read a body of chunks (RFC 9112, section 7.1) to its end; raise ValueError if it is another one."""
    size = 1
    while size:
        size = int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16)
        await reader.readexactly(size + 2)
