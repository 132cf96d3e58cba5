"""A search as a file of rows: CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Protocol

from indexer.storage.own_fields import OwnField
from search_app.results import Fields, FieldValue, Hit, Money
from search_app.web.exports.cells import harmless
from search_app.web.exports.specs import ExportedSearch
from search_app.web.urls import project_url

CSV_COLUMNS = (
    "id", "title", "description", "grantee", "start_date", "end_date", "status", "score", "url",
)  # fmt: skip
# Between several values in one cell.
BETWEEN_NAMES = "; "
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
    writer.writerow((*CSV_COLUMNS, *field_columns(exported.fields)))
    rows = (_row(hit, exported.site, exported.fields) for hit in exported.hits)
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


def field_columns(fields: Iterable[OwnField]) -> list[str]:
    """Return the names of the columns of own fields; no two columns of a file are called alike."""
    names: list[str] = []
    for field in fields:
        for name in (field.name, f"{field.name}_currency")[: 1 + (field.type == "money")]:
            column = name
            while column in names or column in CSV_COLUMNS:
                column = f"{column}_"
            names.append(column)
    return names


def field_cells(values: Fields, fields: Iterable[OwnField]) -> Iterator[str]:
    """Yield the cells of a project's own fields: an amount has two, what is not known is empty."""
    for field in fields:
        value = values.get(field.name, "")
        if field.type == "money":
            money = value if isinstance(value, Money) else None
            yield from (plain(money.amount), harmless(money.currency)) if money else ("", "")
        elif isinstance(value, float):
            yield plain(value)
        else:
            yield harmless(_text(value))


def plain(number: float) -> str:
    """Return a number in digits: 1500000, 2.5, -3. It is no formula, whatever it begins with."""
    return str(int(number)) if number == int(number) else f"{Decimal(repr(number)):f}"


def _text(value: FieldValue) -> str:
    if isinstance(value, tuple):
        return BETWEEN_NAMES.join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _row(hit: Hit, site: str, fields: Iterable[OwnField]) -> tuple[str, ...]:
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
    return (*map(harmless, cells), *field_cells(hit.fields, fields))
