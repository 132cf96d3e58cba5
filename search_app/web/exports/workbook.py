"""A search as a workbook (XLSX): texts that are never formulas, days and numbers to reckon with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from search_app.web.exports.columns import Cell, Columns, columns
from search_app.web.exports.feeds import xml_text
from search_app.web.exports.specs import ExportedSearch, Piece

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet has room for: rows of a sheet, and characters of a cell as UTF-16 counts them.
SHEET_ROWS, CELL_LENGTH = 1_048_576, 32_767
# The first day that has the same number in all spreadsheets: before it they differ, for some count 29
# February 1900, which never was.
FIRST_DAY = date(1900, 3, 1)
_DAY_ZERO = date(1899, 12, 30)
_CUT = "…"
_MARKUP = ("<r>", "</r>")
# Rows written in one turn, and bytes of a piece that is sent.
_CHUNK, _PIECE = 200, 1 << 18
# Characters of the widths of columns: as many as are read at a glance; texts are wider.
_WIDTH, _WIDE, _WIDE_COLUMNS = 14, 50, frozenset(["title", "description", "grantee"])


def workbook(exported: ExportedSearch) -> Iterator[Piece]:
    """Yield a workbook in pieces, once it is whole: it is made in a temporary folder.

    While it is made the pieces are empty, or work that is done out of turn.
    """
    with TemporaryDirectory(prefix="workbook-") as folder:
        path = Path(folder) / "projects.xlsx"
        # Rows go to disk one by one.
        book = Workbook(path, {"constant_memory": True, "tmpdir": folder})
        book.set_properties({"title": exported.site_name, "created": exported.index.built_at})
        try:
            yield from _rows_written(book, exported)
            # Nearly all of it is compression, which lets other threads compute.
            yield book.close
        finally:
            _give_back(book)
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


def _rows_written(book: Workbook, exported: ExportedSearch) -> Iterator[bytes]:
    """Write the hits, on more sheets where they are more than one has room for; yield after some rows."""
    names = columns(exported.fields, exported.site, exported.request.columns)
    heading = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = _new_sheet(book, names, heading)
    for place, hit in enumerate(exported.hits):
        number, row = divmod(place, SHEET_ROWS - 1)
        if number and not row:
            sheet = _new_sheet(book, names, heading)
        _write_row(sheet, row + 1, names.cells(hit), day)
        if place % _CHUNK == _CHUNK - 1:
            yield b""


def _new_sheet(book: Workbook, names: Columns, heading: Format) -> Worksheet:
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet("Projects" if number == 1 else f"Projects {number}")
    for place, name in enumerate(names.names):
        sheet.set_column(place, place, _WIDE if name in _WIDE_COLUMNS else _WIDTH)
        sheet.write_string(0, place, name, heading)
    sheet.freeze_panes(1, 0)
    return sheet


def _write_row(sheet: Worksheet, row: int, cells: Iterable[Cell], day: Format) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, float):
            _write_number(sheet, row, column, cell)
        elif isinstance(cell, date):
            _write_day(sheet, row, column, cell, day)
        elif cell:
            sheet.write_string(row, column, writable(cell))


def _write_number(sheet: Worksheet, row: int, column: int, number: float) -> None:
    if isfinite(number):
        sheet.write_number(row, column, number)
    else:
        sheet.write_string(row, column, str(number))


def _write_day(sheet: Worksheet, row: int, column: int, cell: date, day: Format) -> None:
    """Write a day as one, as a text where spreadsheets have no number for it."""
    if cell >= FIRST_DAY:
        sheet.write_number(row, column, (cell - _DAY_ZERO).days, day)
    else:
        sheet.write_string(row, column, cell.isoformat())


def writable(text: str) -> str:
    """Return a text that a cell can have: what XML cannot carry is a blank, what is too long is cut ("…")."""
    found = xml_text(text)
    if len(found) > CELL_LENGTH // 2 and len(encoded := found.encode("utf-16-le")) > 2 * CELL_LENGTH:
        found = encoded[: 2 * (CELL_LENGTH - len(_CUT))].decode("utf-16-le", errors="ignore") + _CUT
    # XlsxWriter would take the text for its own markup, and write it as it is.
    return f"{found} " if found.startswith(_MARKUP[0]) and found.endswith(_MARKUP[1]) else found


def _give_back(book: Workbook) -> None:
    """Close the files of rows also where the workbook was never finished."""
    for sheet in book.worksheets():
        rows = getattr(sheet, "row_data_fh", None)
        if rows is not None:
            rows.close()
