"""Tables as text: .csv and .tsv, whatever their delimiter, with a row of column names.

A quote that is never closed would make one cell of all that follows. So a record of several lines must
have exactly the header's number of cells; if not, its first line alone is rejected and reading goes on with
the next.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from indexer.corpus.fields import Layout, layout_of
from indexer.corpus.reading import Reading, megabytes
from indexer.corpus.record import project, rejection
from indexer.corpus.texts import decode
from indexer.document import Project, Rejection

DELIMITERS = ",;\t|"
# Titles and notes may stand above the column names, but not more of them than this.
HEADER_WITHIN = 20
_BAD_QUOTE = "a quote that is never closed, or one inside a quoted cell that is not doubled"


@dataclass(frozen=True, slots=True)
class _Header:
    """Which column is which, how many there are, what separates them, and on how many lines they end."""

    layout: Layout
    width: int
    delimiter: str
    lines: int


class _Lines:
    """The lines of a file, of which each record takes what it needs; what it took in error is read again."""

    def __init__(self, lines: Iterable[str], longest: int) -> None:
        self._lines, self._longest = iter(lines), longest
        self._again: list[str] = []
        self.taken: list[str] = []
        self.size = 0
        self.number = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = "" if self.size > self._longest else self._next()
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

    def _next(self) -> str:
        return self._again.pop() if self._again else next(self._lines, "")

    def keep_first(self) -> None:
        """Give back all lines of the record but its first."""
        self._again += reversed(self.taken[1:])
        del self.taken[1:]


def read(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every row that is not blank."""
    csv.field_size_limit(2 * reading.limits.record)
    text = io.StringIO(decode(stream.read()), newline=None)
    top = [line[: reading.limits.record] for line in islice(text, HEADER_WITHIN)]
    header = max(_headers(top), key=lambda one: one.layout.known, default=None)
    if header is None:
        if top:
            reason = "no column is named title; the first row must name the columns"
            yield rejection(reading.path, 1, reason, "".join(top))
        return
    text.seek(0)
    lines = _Lines(text, reading.limits.record)
    for _ in islice(lines, header.lines):
        pass
    yield from _rows(lines, header, reading)


def _headers(top: list[str]) -> Iterator[_Header]:
    for first in range(len(top)):
        for delimiter in DELIMITERS:
            rows = csv.reader(top[first:], delimiter=delimiter)
            with suppress(ValueError, csv.Error):
                names = tuple(next(rows, ()))
                if layout := layout_of(names):
                    yield _Header(layout, len(names), delimiter, first + rows.line_num)


def _rows(lines: _Lines, header: _Header, reading: Reading) -> Iterator[Project | Rejection]:
    while lines.begin():
        try:
            cells = next(csv.reader(lines, delimiter=header.delimiter, strict=True))
            if any(cells):
                _check(cells, lines, header.width, reading.limits.record)
                yield project(header.layout, [*cells[: header.width], None], f"{reading.path}:{lines.number}")
        except (ValueError, csv.Error) as error:
            lines.keep_first()
            text = lines.taken[0][: reading.limits.record]
            yield rejection(reading.path, lines.number, _reason(error, lines, reading), text.strip())


def _reason(error: Exception, lines: _Lines, reading: Reading) -> str:
    if len(lines.taken[0]) > reading.limits.record:
        return f"a record of more than {megabytes(reading.limits.record)}"
    return _BAD_QUOTE if isinstance(error, csv.Error) else str(error)


def _check(cells: list[str], lines: _Lines, width: int, longest: int) -> None:
    if len(cells) < width or any(cells[width:]):
        raise ValueError(
            _BAD_QUOTE if len(lines.taken) > 1 else f"{len(cells)} cells; the header has {width}"
        )
    if lines.size > longest:
        raise ValueError(_BAD_QUOTE)
