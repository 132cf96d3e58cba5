"""Lines that are read again: what a record took in error is given back, and a text can be begun anew."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO, TextIO

from indexer.corpus.reading import MEGABYTE

# Characters that may be read again, because a quote on an earlier line did not end: so many, and as many as
# the file has. Beyond that each line is a record by itself: else a file full of open quotes would be read
# for hours.
_READ_AGAIN = 4 * MEGABYTE


class RecordLines:
    """The lines of a file, of which each record takes what it needs; what it took in error is read again."""

    def __init__(self, lines: Iterable[str], longest: int) -> None:
        """Take the lines; a record ends with the one that makes it longer than `longest` characters."""
        self._lines, self._longest = iter(lines), longest
        self._again: list[str] = []
        self._credit = _READ_AGAIN
        self.taken: list[str] = []
        self.size = 0
        self.number = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = "" if self.size > self._longest or self.is_spent() else self._next()
        if not line:
            raise StopIteration
        self.taken.append(line)
        self.size += len(line)
        return line

    def begin(self) -> bool:
        """Begin the next record at the next line that is not blank; return whether there is one."""
        self.number += len(self.taken)
        for line in iter(self._next, ""):
            if not line.isspace():
                self._again.append(line)
                self.taken, self.size = [], 0
                return True
            self.number += 1
        return False

    def is_spent(self) -> bool:
        """Return whether the record may have no line after its first."""
        return bool(self.taken) and self._credit <= 0

    def _next(self) -> str:
        if self._again:
            return self._again.pop()
        line = next(self._lines, "")
        self._credit += len(line)
        return line

    def keep_first(self) -> None:
        """Give back all lines of the record but its first."""
        self._credit -= sum(map(len, self.taken)) - len(self.taken[0])
        self._again += reversed(self.taken[1:])
        del self.taken[1:]


def unquoted(lines: Iterable[str]) -> Iterator[str]:
    r"""Yield the lines of a table in which each line was quoted as a whole.

    "1,""a, b\"\"" -> 1,"a, b"
    """
    inside = False
    for line in lines:
        if not inside and not line.startswith('"'):
            yield line
            continue
        text = line if inside else line[1:]
        # A quote inside is doubled: an odd one ends the line that was quoted.
        inside = text.count('"') % 2 == 0
        body, _, end = (text, "", "") if inside else text.rpartition('"')
        yield body.replace('""', '"') + end


class RereadText:
    """A text whose lines can be read anew while they are being read: each reader goes on where it was."""

    def __init__(self, text: TextIO) -> None:
        """Take a text that can be sought in."""
        self._text = text
        self._reader = object()

    def lines(self) -> Iterator[str]:
        """Yield the lines from the first."""
        reader = self._reader = object()
        self._text.seek(0)
        drawn = 0
        while True:
            if self._reader is not reader:
                self._reader = reader
                self._text.seek(0)
                deque(islice(self._text, drawn), maxlen=0)
            line = next(self._text, "")
            if not line:
                return
            drawn += 1
            yield line


class OwnPlace:
    """Reads a seekable stream from a place on, whoever else moves about in it."""

    def __init__(self, stream: BinaryIO, place: int = 0) -> None:
        """Begin at `place`, in bytes."""
        self._stream, self._place = stream, place

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        self._stream.seek(self._place)
        block = self._stream.read(size)
        self._place += len(block)
        return block
