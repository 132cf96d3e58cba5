"""Runs of `reindex` in processes of their own, quick to start, with faults put into their file calls."""

from __future__ import annotations

import builtins
import errno
import io
import json
import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock

from tests.reliability.states import unpublished

# An ordinary user without rights, on every Unix.
NOBODY = 65_534
# A run that takes longer hangs.
PATIENCE = 120.0


def fork_server() -> ForkServerContext:
    """Return the way to fork from a process that has loaded the command already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.reliability.warm"])
    return context


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong in a run: the Nth file call fails, each takes `slow` seconds, no file is `largest`."""

    fail_at: int = 0
    slow: float = 0.0
    largest: int | None = None
    user: int | None = None


@dataclass(slots=True)
class FileCalls:
    """Counts the calls that change files in a folder, and lets one of them fail."""

    folder: str
    faults: Faults
    number: int = 0
    fired: str = ""
    lock: Lock = field(default_factory=Lock)

    def count(self, name: str, path: object) -> None:
        """Count a call on `path`; raise OSError if it is the one that fails."""
        if not str(path).startswith(self.folder):
            return
        # Files are hashed and confirmed by several threads: each call has a number of its own.
        with self.lock:
            self.number = number = self.number + 1
        # The records of a corpus are written one by one; what takes long on a disk is the rest.
        if name != "write":
            time.sleep(self.faults.slow)
        if number == self.faults.fail_at:
            self.fired = f"{name} {path}"
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def install(self) -> None:
        """Put this between the process and its files."""
        io.open = builtins.open = self._open(io.open)
        for name in ("fsync", "pwrite", "ftruncate", "posix_fallocate"):
            setattr(os, name, self._on_descriptor(name, getattr(os, name)))
        for name in ("replace", "mkdir", "open"):
            setattr(os, name, self._on_path(name, getattr(os, name)))

    def _open(self, original: Callable[..., object]) -> Callable[..., object]:
        def opened(file: object, mode: str = "r", *arguments: object, **options: object) -> object:
            self.count("open", file)
            stream = original(file, mode, *arguments, **options)
            inside = str(file).startswith(self.folder) and set(mode) & set("wax+")
            return _Written(stream, self, file) if inside else stream

        return opened

    def _on_descriptor(self, name: str, original: Callable[..., object]) -> Callable[..., object]:
        def called(descriptor: int, *arguments: object) -> object:
            self.count(name, Path(f"/proc/self/fd/{descriptor}").readlink())
            return original(descriptor, *arguments)

        return called

    def _on_path(self, name: str, original: Callable[..., object]) -> Callable[..., object]:
        def called(path: object, *arguments: object, **options: object) -> object:
            # What is relative to a descriptor is the removal of folders, which may fail in peace.
            if not options:
                self.count(name, path)
            return original(path, *arguments, **options)

        return called


class _Written:
    """A file whose `write` is counted."""

    def __init__(self, stream: object, calls: FileCalls, path: object) -> None:
        self._stream, self._calls, self._path = stream, calls, path

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def __enter__(self) -> _Written:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def write(self, content: object) -> object:
        self._calls.count("write", self._path)
        return self._stream.write(content)


@dataclass(slots=True)
class Run:
    """A `reindex` that goes on in a process of its own."""

    process: BaseProcess
    told: Path
    # Of the clock that files are dated by.
    started: float = field(default_factory=time.time)

    def wait(self, patience: float = PATIENCE) -> int:
        """Wait so many seconds for its end and return the exit code, negative for a signal."""
        self.process.join(patience)
        code = self.process.exitcode
        if code is None:
            self.process.kill()
            self.process.join()
            raise TimeoutError(f"reindex hangs; it told: {self.said()}")
        self.process.close()
        return code

    def said(self) -> str:
        """Return what it told on both streams."""
        return self.told.read_text(encoding="utf-8") if self.told.exists() else ""

    def calls(self) -> tuple[int, str]:
        """Return how many file calls were counted, and which one failed."""
        number, fired, _ = json.loads(_notes(self.told).read_text(encoding="utf-8"))
        return number, fired

    def peak_memory(self) -> int:
        """Return the most memory it had, in bytes."""
        peak: int = json.loads(_notes(self.told).read_text(encoding="utf-8"))[2]
        return peak


def start(corpus: Path, index: Path, *flags: str, faults: Faults = Faults(), told: Path | None = None) -> Run:
    """Begin a `reindex`; what it tells goes to a file beside the index folder."""
    told = told or index.with_name("told.txt")
    arguments = [*flags, "--quiet", "--corpus", str(corpus), "--index", str(index)]
    process = fork_server().Process(target=_reindex, args=(arguments, str(index), faults, told))
    process.start()
    return Run(process, told)


def begun(going: Run, index: Path) -> None:
    """Wait until a run builds, or has ended."""
    while going.process.is_alive() and not (index.exists() and unpublished(index)):
        time.sleep(0.001)


def run(corpus: Path, index: Path, *flags: str, faults: Faults = Faults()) -> tuple[int, str]:
    """Run `reindex` to its end and return its exit code and what it told."""
    going = start(corpus, index, *flags, faults=faults)
    return going.wait(), going.said()


def as_user(user: int | None, ask: Callable[..., str], *arguments: object) -> str:
    """Return what a function answers in a process of its own that belongs to another user."""
    context = fork_server()
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, user, ask, arguments))
    process.start()
    theirs.close()
    try:
        answer: str = mine.recv()
    finally:
        process.join(PATIENCE)
        process.close()
        mine.close()
    return answer


def _answer(pipe: Connection, user: int | None, ask: Callable[..., str], arguments: Sequence[object]) -> None:
    pipe.send(ask(lambda: become(user), *arguments))


def become(user: int | None) -> None:
    """Give up all rights but those of a user; None keeps them."""
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


def _reindex(arguments: Sequence[str], folder: str, faults: Faults, told: Path) -> None:
    # A process of tests that forked before it was asked for `reindex` has not loaded it yet.
    from indexer import cli
    from tests.reliability import warm  # noqa: F401

    _tell_to(told)
    # Made now: with the faults there may be no way to make it later.
    notes = os.open(_notes(told), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    calls = FileCalls(folder, faults)
    if faults.fail_at or faults.slow:
        calls.install()
    if faults.largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (faults.largest, faults.largest))
    become(faults.user)
    try:
        cli.main.main(args=list(arguments), prog_name="reindex")
    finally:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        os.write(notes, json.dumps([calls.number, calls.fired, peak]).encode())


def _tell_to(told: Path) -> None:
    descriptor = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o666)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)


def _notes(told: Path) -> Path:
    return told.with_suffix(".notes")
