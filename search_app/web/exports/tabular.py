"""A search as a file of rows: CSV for spreadsheets, JSON lines for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from indexer.text.visible import harmless
from search_app.results import Hit
from search_app.web.answers import LinkedProject
from search_app.web.api import dumped_projects
from search_app.web.api.json_values import as_json
from search_app.web.exports.columns import Cell, columns
from search_app.web.exports.specs import ExportedSearch
from search_app.web.urls import project_url

# Rows sent at once: few enough for little memory, many enough to be worth a packet.
CHUNK = 200
# Characters of a piece that is sent, where rows are long: a row has a megabyte at most.
LONGEST_PIECE = 1 << 20


class CsvWriter(Protocol):
    """What `csv.writer` returns; it has no name there."""

    def writerow(self, row: Iterable[str], /) -> object:
        """Write a row."""


def comma_separated(exported: ExportedSearch) -> Iterator[bytes]:
    """Yield the rows in pieces; the mark at the start tells that the file is UTF-8."""
    piece, table = io.StringIO(), columns(exported.fields, exported.site, exported.request.columns)
    writer = csv.writer(piece)
    piece.write("\ufeff")
    writer.writerow(table.names)
    rows = (_texts(table.cells(hit)) for hit in exported.hits)
    left = True
    while left:
        left = _write_piece(rows, writer, piece)
        yield piece.getvalue().encode()
        piece.seek(0)
        piece.truncate()


def _write_piece(rows: Iterator[Sequence[str]], writer: CsvWriter, piece: io.StringIO) -> bool:
    """Write some rows, fewer where they are long; return whether there may be more."""
    for _ in range(CHUNK):
        row = next(rows, None)
        if row is None:
            return False
        writer.writerow(row)
        if piece.tell() >= LONGEST_PIECE:
            break
    return True


def _texts(cells: Iterable[Cell]) -> list[str]:
    """Return cells as texts; only what is a text can be a formula, a negative number is none."""
    return [harmless(cell) if isinstance(cell, str) else _text(cell) for cell in cells]


def _text(cell: float | date | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return plain(cell)


def plain(number: float) -> str:
    """Return a number in digits: 1500000, 2.5, -3. It is no formula, whatever it begins with."""
    return str(int(number)) if number == int(number) else f"{Decimal(repr(number)):f}"


def json_lines(exported: ExportedSearch) -> Iterator[bytes]:
    """Yield for each hit a line: the project as the API gives it, at an address with a host."""
    lines = io.BytesIO()
    for place, hit in enumerate(exported.hits, 1):
        lines.write(as_line(hit, exported))
        if place % CHUNK == 0 or lines.tell() >= LONGEST_PIECE:
            yield lines.getvalue()
            lines.seek(0)
            lines.truncate()
    yield lines.getvalue()


def as_line(hit: Hit, exported: ExportedSearch) -> bytes:
    """Return a hit as a line of JSON."""
    url = exported.site + project_url(hit.project.id)
    linked = LinkedProject(hit.project, hit.status, url, exported.as_of, hit.fields, hit.when)
    return as_json(dumped_projects.project(linked)) + b"\n"
