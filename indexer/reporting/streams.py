"""The three standard streams of a process: what is done where one is closed, full, or read by nobody."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_NAMES = ("stdin", "stdout", "stderr")
_OUTPUT, _ERROR = 1, 2


class _Lossy(io.FileIO):
    """A file that takes whatever is written: what the disk or the reader does not take is lost."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write, and say that all of it was."""
        try:
            return super().write(data) or len(memoryview(data))
        except OSError:
            return len(memoryview(data))


def settle() -> None:
    """Have a log that cannot be written stop nothing: neither a command nor the answers of a server.

    Streams that are closed are opened to nothing: else the next file that is opened takes the number of one,
    and what is meant for people is written into it. What somebody has put in the place of a stream stays.
    """
    for number, name in enumerate(_NAMES):
        _open_if_closed(number, name)
    stream = sys.stderr
    if stream is sys.__stderr__ and stream is not None:
        raw = io.BufferedWriter(_Lossy(_ERROR, "w", closefd=False))
        sys.stderr = io.TextIOWrapper(raw, stream.encoding, stream.errors, line_buffering=True)


def _open_if_closed(number: int, name: str) -> None:
    try:
        os.fstat(number)
    except OSError:
        # It takes the lowest number that is free, which is this one: those below are open by now.
        os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    if getattr(sys, name) is None:
        opened = open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        setattr(sys, name, opened)
        setattr(sys, f"__{name}__", opened)


@contextmanager
def telling(done: str) -> Iterator[None]:
    """Print within it what was done: an OSError says that it was, and that it could not be told.

    Whoever reads may stop at any line: it was done all the same, and nothing is wrong.
    """
    try:
        yield
    except BrokenPipeError:
        # What has not gone out yet would fail again when the process ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _OUTPUT)
        os.close(nowhere)
    except OSError as error:
        error.filename = "standard output"
        error.add_note(f"{done}, only the report of it cannot be written")
        raise
