"""A search as a file of rows: CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Protocol

from search_app.results import Hit
from search_app.web.exports.cells import harmless
from search_app.web.exports.specs import ExportedSearch
from search_app.web.urls import project_url

CSV_COLUMNS = (
    "id", "title", "description", "grantee", "start_date", "end_date", "status", "score", "url",
)  # fmt: skip
# Rows sent at once: few enough for little memory, many enough to be worth a packet.
CSV_CHUNK = 200
# Characters of a piece that is sent, where rows are long: a row has a megabyte at most.
CSV_PIECE = 1 << 20


class CsvWriter(Protocol):
    """What `csv.writer` returns; it has no name there."""

    def writerow(self, row: Iterable[str], /) -> object:
        """Write a row."""


def comma_separated(exported: ExportedSearch) -> Iterator[bytes]:
    """Yield the rows in pieces; the mark at the start tells that the file is UTF-8."""
    piece = io.StringIO()
    writer = csv.writer(piece)
    piece.write("\ufeff")
    writer.writerow(CSV_COLUMNS)
    rows = (_row(hit, exported.site) for hit in exported.hits)
    left = True
    while left:
        left = _write_piece(rows, writer, piece)
        yield piece.getvalue().encode()
        piece.seek(0)
        piece.truncate()


def _write_piece(rows: Iterator[tuple[str, ...]], writer: CsvWriter, piece: io.StringIO) -> bool:
    """Write some rows, fewer where they are long; return whether there may be more."""
    for _ in range(CSV_CHUNK):
        row = next(rows, None)
        if row is None:
            return False
        writer.writerow(row)
        if piece.tell() >= CSV_PIECE:
            break
    return True


def _row(hit: Hit, site: str) -> tuple[str, ...]:
    project = hit.project
    cells = (
        project.id,
        project.title,
        project.description,
        project.grantee,
        project.start.isoformat() if project.start else "",
        project.end.isoformat() if project.end else "",
        hit.status,
        f"{hit.score:.4f}",
        site + project_url(project.id),
    )
    return tuple(map(harmless, cells))
