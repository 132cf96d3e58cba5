"""Tables as text: .csv and .tsv, whatever their delimiter, with a row of column names.

A quote that is never closed would make one cell of all that follows. So a record of several lines must
have exactly the header's number of cells; if not, its first line alone is rejected and reading goes on with
the next.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import BinaryIO

from indexer.corpus.fields import Layout, Said, layout_of
from indexer.corpus.fields.groups import place_of
from indexer.corpus.fields.guesses import why_no_title
from indexer.corpus.fields.headings import HEADER_WITHIN, Heading, best_heading
from indexer.corpus.fields.row_kinds import row_kind
from indexer.corpus.fields.table_kinds import other_things
from indexer.corpus.formats.copied import fixed_width, markdown
from indexer.corpus.formats.grid import Grid, Row, misfit, projects
from indexer.corpus.formats.rereading import RecordLines, RereadText, unquoted
from indexer.corpus.reading import Reading, megabytes
from indexer.corpus.record import rejection
from indexer.corpus.texts import encoding_of
from indexer.document import Project, Rejection
from indexer.text.visible import unguarded

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# A row that says what it is needs no columns.
NO_COLUMNS = Layout(title=0)
_TOO_MANY_QUOTES = "a quote that does not end on its line, after too many in this file that do not end at all"
# Of a line that may name the columns; 500 of them have shorter names.
_LONGEST_HEADING = 64_000
_KEPT_AS_TEXT = re.compile(r'="((?>(?:[^"]|"")*))"')
_BAD_QUOTE = "a quote that is never closed, or one inside a quoted cell that is not doubled"


@dataclass(frozen=True, slots=True)
class _Header:
    """The headings, what separates columns, where the headings end, and whether it is Markdown."""

    heading: Heading
    delimiter: str
    lines: int
    is_markdown: bool


class _Rows:
    """The rows of a table below its headings; one that breaks the table is a rejection."""

    def __init__(self, lines: Callable[[], Iterator[str]], header: _Header, reading: Reading) -> None:
        self._lines = RecordLines(lines(), reading.limits.record)
        for _ in islice(self._lines, header.lines):
            pass
        self._width, self._header = len(header.heading.names), header
        self._reading = reading
        publisher = header.heading.layout.publisher
        self._guarded = publisher is not None and publisher.guarded

    def __iter__(self) -> Iterator[Row | Rejection]:
        return self

    def __next__(self) -> Row | Rejection:
        lines = self._lines
        if not lines.begin():
            raise StopIteration
        try:
            cells = self._cells()
            if any(cells) and not self._is_note(cells):
                _check(cells, lines, self._width, self._reading.limits.record)
        except (ValueError, csv.Error) as error:
            reason = _reason(error, lines, self._reading)
            self.reject()
            text = lines.taken[0][: self._reading.limits.record]
            return rejection(self._reading.path, lines.number, reason, text.strip())
        padding = [""] * (self._width - len(cells))
        cells = [_unwrapped(cell) if cell.startswith('="') else cell for cell in cells[: self._width]]
        if self._guarded:
            cells = [*map(unguarded, cells)]
        return Row(lines.number, cells + padding, lines.taken[0].strip())

    def _cells(self) -> list[str]:
        if self._header.is_markdown:
            return markdown.cells(next(self._lines))
        cells = _split(self._lines, self._header.delimiter)
        lines = self._lines.taken
        if len(cells) > self._width and len(lines) == 1 and '="' in lines[0]:
            # Within a formula that keeps a text, what separates columns is a part of it.
            mark = f"(^|{re.escape(self._header.delimiter)})="
            return _split([re.sub(f'{mark}(?=")', r"\1", lines[0])], self._header.delimiter)
        return cells

    def reject(self) -> None:
        """Go on with the line after the first of the last row: it may hold others by a quote left open."""
        self._lines.keep_first()

    def _is_note(self, cells: list[str]) -> bool:
        """Return whether a row of fewer cells than columns says that it is none of them."""
        if len(cells) >= self._width:
            return False
        return bool(row_kind(NO_COLUMNS, cells)) or (len(cells) == 1 and bool(place_of(cells[0])))


def read(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every row that is one; `stream` must be seekable."""
    csv.field_size_limit(2 * reading.limits.record)
    encoding = encoding_of(stream)
    reading.read_as(encoding)
    text = RereadText(io.TextIOWrapper(stream, encoding.name, encoding.errors, newline=None))
    top = [line[:_LONGEST_HEADING] for line in islice(text.lines(), HEADER_WITHIN)]
    header = _best(top, reading)
    lines = text.lines
    if header is None and (header := _best([*unquoted(top)], reading)):
        # A program took each line for a single cell, and quoted it.
        lines = partial(_unquoted, text)
    if header is None:
        first = [line.rstrip("\n") for line in islice(text.lines(), fixed_width.LOOKED_AT)]
        if columns := fixed_width.found_in(first, reading.said):
            yield from fixed_width.read(text.lines, columns, reading)
            return
        names = next(iter(_first_cells(top)), [])
        if kind := other_things((*names,), reading.said):
            for number, line in enumerate(islice(text.lines(), 1, None), 2):
                reading.account.leave_out(kind, number, line.strip())
        elif top:
            yield rejection(reading.path, 1, why_no_title(_first_cells(top)), "".join(top))
        return
    account = reading.account
    account.format = f"table, its columns separated by {DELIMITERS[header.delimiter]}"
    account.heading = _lines_up_to(header)
    yield from projects([Grid(lambda: _Rows(lines, header, reading), header.heading)], reading)


def _best(top: list[str], reading: Reading) -> _Header | None:
    return max(_headers(top, reading.said), key=_sureness, default=None)


def _split(lines: Iterable[str], delimiter: str) -> list[str]:
    return next(csv.reader(lines, delimiter=delimiter, strict=True))


def _unquoted(text: RereadText) -> Iterator[str]:
    return unquoted(text.lines())


def _unwrapped(cell: str) -> str:
    """Return the text of a cell that a formula keeps as text: '="007"' -> "007"."""
    match = _KEPT_AS_TEXT.fullmatch(cell)
    return match[1].replace('""', '"') if match else cell


def _sureness(header: _Header) -> tuple[int, int, int]:
    heading = header.heading
    return heading.layout.known, heading.first - heading.last, -heading.first


def _headers(top: list[str], said: Said) -> Iterator[_Header]:
    for delimiter in DELIMITERS:
        rows, ends = _cells(top, delimiter, said)
        with suppress(ValueError):
            if heading := best_heading(rows, said):
                end = ends[heading.last]
                below = top[end : end + 1]
                yield _Header(heading, delimiter, end, delimiter == "|" and any(map(markdown.is_rule, below)))


def _cells(top: list[str], delimiter: str, said: Said) -> tuple[list[list[str]], list[int]]:
    """Return the rows of the first lines, and on which line each ends; one that is broken is left out."""
    rows: list[list[str]] = []
    ends: list[int] = []
    first = 0
    while first < len(top):
        reader = csv.reader(top[first:], delimiter=delimiter)
        cells: list[str] = []
        with suppress(csv.Error):
            cells = [_unwrapped(cell) for cell in next(reader, [])]
        # A quote in a note above may take in all below: headings are looked for on every line.
        lines = reader.line_num if _names_columns(cells, said) else 1
        rows.append(cells)
        ends.append(first + lines)
        first += lines
    return rows, ends


def _names_columns(cells: list[str], said: Said) -> bool:
    try:
        return layout_of(tuple(cells), said) is not None
    except ValueError:
        return False


def _lines_up_to(header: _Header) -> str:
    pair = header.heading.last - header.heading.first
    return f"lines {header.lines - pair} and {header.lines}" if pair else f"line {header.lines}"


def _first_cells(top: list[str]) -> list[list[str]]:
    tables = [_cells(top, delimiter, ())[0] for delimiter in DELIMITERS]
    # What parts the first row into most cells is the mark; a comma elsewhere may be that of an amount.
    tables.sort(key=lambda rows: len(rows[0]) if rows else 0, reverse=True)
    return [cells for rows in tables for cells in rows if len(cells) > 1]


def _reason(error: Exception, lines: RecordLines, reading: Reading) -> str:
    if len(lines.taken[0]) > reading.limits.record:
        return f"a record of more than {megabytes(reading.limits.record)}"
    if isinstance(error, csv.Error):
        return _TOO_MANY_QUOTES if lines.is_spent() else _BAD_QUOTE
    return str(error)


def _check(cells: list[str], lines: RecordLines, width: int, longest: int) -> None:
    if len(cells) < width or any(cells[width:]):
        raise ValueError(_BAD_QUOTE if len(lines.taken) > 1 else misfit(cells, width))
    if lines.size > longest:
        raise ValueError(_BAD_QUOTE)
