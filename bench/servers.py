"""Start a server on a free port of this machine, wait until it answers, and stop it again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

HOST = "127.0.0.1"
# A server with a large index may read it once before it answers.
PATIENCE = 60.0
STOPPING = 15.0
# Where these stand in a line of proc(5), behind the command.
_SESSION, _USER, _SYSTEM = 3, 11, 12


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its address, and the session that all of its processes are in."""

    address: str
    session: int

    def spent(self) -> float:
        """Return the seconds of processor time that its processes have taken so far, from proc(5)."""
        ticks = 0
        for place in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                # What stands behind the name of the command, which may have blanks.
                _, _, told = place.read_text().rpartition(")")
                fields = told.split()
                if int(fields[_SESSION]) == self.session:
                    ticks += int(fields[_USER]) + int(fields[_SYSTEM])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(
    module: str, arguments: Sequence[str], ready: str, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run `python -m module` and give the server once `ready` answers 200.

    `{port}` in arguments and in settings, which are environment variables, stands for the free port.

    Raise RuntimeError if it ends or does not answer in time.
    """
    port = str(free_port())
    given = [argument.replace("{port}", port) for argument in arguments]
    environment = {name: value.replace("{port}", port) for name, value in (settings or {}).items()}
    # A session of its own: its workers can be stopped with it, and nothing else.
    process = subprocess.Popen(
        [sys.executable, "-m", module, *given], env=os.environ | environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        address = f"http://{HOST}:{port}"
        _wait(process, address + ready)
        yield Server(address, process.pid)
    finally:
        _stop(process)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def fetched(address: str) -> bytes:
    """Return what an address answers."""
    with urlopen(address, timeout=PATIENCE) as answer:
        content: bytes = answer.read()
        return content


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(
                f"the server ended with {process.returncode}; run it by hand: {process.args!r}"
            )
        try:
            fetched(address)
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server does not answer at {address} within {PATIENCE:.0f} seconds")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOPPING)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
