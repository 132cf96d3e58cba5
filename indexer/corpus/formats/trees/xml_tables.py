"""Tables in XML, whose cells have no names: sheets as Excel 2003 saves them, and what FileMaker exports.

Each is read as a workbook is: the best row, or pair of rows, of a sheet names its columns, or what FileMaker
says of its fields. The lines that are told are numbers of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple
from xml.etree.ElementTree import Element

from indexer.corpus.fields import MAX_COLUMNS
from indexer.corpus.fields.guesses import why_no_title
from indexer.corpus.fields.headings import HEADER_WITHIN, Heading, best_heading
from indexer.corpus.formats.grid import Grid, ListedRows, Row, misfit, projects
from indexer.corpus.reading import Reading
from indexer.corpus.record import rejection
from indexer.document import Project, Rejection

Path = tuple[str, ...]
Ended = Callable[[], Iterator[tuple[Path, Element]]]
_SHEET: Path = ("Workbook", "Worksheet")
_SHEET_ROW: Path = (*_SHEET, "Table", "Row")
_SHOWN: Path = (*_SHEET, "WorksheetOptions", "Visible")
_RESULT = "FMPXMLRESULT"
_FIELD: Path = (_RESULT, "METADATA", "FIELD")
_RESULT_ROW: Path = (_RESULT, "RESULTSET", "ROW")
# Where the rows of a file stand whose outermost element is called so.
ROWS: dict[str, Path] = {_SHEET[0]: _SHEET_ROW, _RESULT: _RESULT_ROW}
# Before the names of attributes of sheets.
_OF_SHEETS = "{urn:schemas-microsoft-com:office:spreadsheet}"


class _Cells(NamedTuple):
    """A row: the number of its sheet, its own number there, and its cells."""

    sheet: int
    line: int
    cells: list[str]


class _End(NamedTuple):
    """The end of a sheet: its number, its name, and whether it is hidden."""

    sheet: int
    name: str
    hidden: bool


@dataclass(slots=True)
class _Sheet:
    """A sheet: its name, whether it is shown, its first rows, and where its headings are."""

    name: str = ""
    hidden: bool = False
    first_rows: list[list[str]] = field(default_factory=list)
    heading: Heading | None = None


def read(ended: Ended, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every row; `ended` yields the elements of the file as they end.

    Raises ValueError, or what the parser raises, where the file is broken.
    """
    sheets = _sheets(ended)
    for sheet in sheets:
        sheet.heading = best_heading(sheet.first_rows, reading.said)
        if sheet.hidden:
            reading.doubt("rows", f'sheet "{sheet.name}" is hidden; left out')
        elif not sheet.heading and sheet.first_rows:
            reading.doubt("rows", f'sheet "{sheet.name}" names no columns of projects; left out')
    found = [
        (number, sheet.heading) for number, sheet in enumerate(sheets) if sheet.heading and not sheet.hidden
    ]
    reading.account.format = "XML, a table"
    if not found:
        rows = (row for sheet in sheets for row in sheet.first_rows)
        yield rejection(reading.path, 1, why_no_title(rows), "")
        return
    reading.account.heading = f"row {found[0][1].last + 1}"

    def grid(number: int, heading: Heading) -> Grid:
        return Grid(lambda: ListedRows(_below(_rows(ended), number, heading, reading)), heading)

    yield from projects([grid(number, heading) for number, heading in found], reading)


def _sheets(ended: Ended) -> list[_Sheet]:
    sheets: list[_Sheet] = []
    for row in _rows(ended):
        while len(sheets) <= row.sheet:
            sheets.append(_Sheet())
        sheet = sheets[row.sheet]
        if isinstance(row, _End):
            sheet.name, sheet.hidden = row.name, row.hidden
        elif len(sheet.first_rows) < HEADER_WITHIN:
            sheet.first_rows.append(row.cells)
    return sheets


def _rows(ended: Ended) -> Iterator[_Cells | _End]:
    """Yield every row that is not empty, and each sheet where it ends."""
    sheet, line, hidden = 0, 0, False
    above: dict[int, tuple[int, str]] = {}
    names: list[str] = []
    for path, element in ended():
        if path == _SHEET:
            yield _End(sheet, element.get(f"{_OF_SHEETS}Name", ""), hidden)
            sheet, line, hidden, above = sheet + 1, 0, False, {}
        elif path == _SHOWN:
            hidden = _text(element) != "SheetVisible"
        elif path == _SHEET_ROW:
            line = _number(element, "Index") or line + 1
            if any(cells := _cells(element, above)):
                yield _Cells(sheet, line, cells)
        elif path == _FIELD and len(names) < MAX_COLUMNS:
            names.append(element.get("NAME", ""))
        elif path == _RESULT_ROW:
            if not line:
                yield _Cells(sheet, 0, names)
            line += 1
            yield _Cells(sheet, line, ["; ".join(filter(None, map(_text, column))) for column in element])


def _cells(row: Element, above: dict[int, tuple[int, str]]) -> list[str]:
    """Return the cells of a row of a sheet; one merged over rows, kept in `above`, stands in each of them."""
    cells: dict[int, str] = {place: text for place, (left, text) in above.items() if left}
    above.update({place: (max(left - 1, 0), text) for place, (left, text) in above.items()})
    place = 0
    for cell in row:
        if cell.tag != "Cell":
            continue
        place = _number(cell, "Index") - 1 if _number(cell, "Index") else place
        while f"{_OF_SHEETS}Index" not in cell.attrib and place in cells:
            place += 1
        if place >= MAX_COLUMNS:
            break
        text = next((_text(part) for part in cell if part.tag == "Data"), "")
        cells[place] = text
        if down := _number(cell, "MergeDown"):
            above[place] = (down, text)
        place += 1 + _number(cell, "MergeAcross")
    return [cells.get(one, "") for one in range(max(cells, default=-1) + 1)]


def _number(element: Element, name: str) -> int:
    text = element.get(f"{_OF_SHEETS}{name}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _below(
    rows: Iterator[_Cells | _End], sheet: int, heading: Heading, reading: Reading
) -> Iterator[Row | Rejection]:
    """Yield the rows of one sheet below its headings."""
    width = len(heading.names)
    own = (row for row in rows if row.sheet == sheet and isinstance(row, _Cells))
    for _, line, cells in islice(own, heading.last + 1, None):
        text = " | ".join(filter(None, cells))
        if any(cells[width:]):
            yield rejection(reading.path, line, misfit(cells, width), text)
        else:
            yield Row(line, (cells + [""] * width)[:width], text)
