"""A workbook unfolded into lines of JSON, run as a script in a process of its own.

A small workbook may unfold without end, and the library that reads it ends the process when memory does. So
it has one to itself, with little memory and time: `python unfolding.py < grants.xlsx`. Each sheet gives
`{"sheet": name, "hidden": false, "from_1904": false}`, then, if it is visible, `[number, cells, is_caption]`
for each row that is not empty: a caption is a cell over several columns that is all its row holds.
`from_1904` says from which year the workbook counts days. Of .xlsx,
`hidden_columns` are the places of columns that are not shown, and `{"hidden_rows": 2}` behind the rows says
how many of these are not. A failure is `{"error": why}`.
"""

from __future__ import annotations

import io
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time

import orjson
from python_calamine import CalamineError, CalamineSheet, PasswordError, SheetVisibleEnum, load_workbook

MOST_MEMORY = 1 << 30
MOST_SECONDS = 60
MOST_COLUMNS = 1_000
# How workbooks show a formula that failed.
_ERRORS = frozenset(["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"])
_MIDNIGHT = time()
# How workbooks say that they count days from 1904: in the part that lists the sheets, in .ods before these,
# and, in .xls, by a record of two bytes, before the one on precision.
_MOST_OF_PART = 1 << 20
_SAYS_1904 = {
    "xl/workbook.xml": re.compile(rb"\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']"),
    "content.xml": re.compile(rb"<table:null-date\b[^>]*\bdate-value\s*=\s*[\"']1904-01-01"),
}
_RECORD_1904 = b"\x22\x00\x02\x00\x01\x00\x0e\x00\x02\x00"

# What .xlsx says of its sheets: their parts, in their order, and which columns and rows are not shown.
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^<>]*?\b\w+:id=[\"']([^\"']+)")
_PART = re.compile(rb"<Relationship\b[^<>]*>")
_NOT_SHOWN = re.compile(rb"<(?:\w+:)?(row|col)\b([^<>]*?\bhidden=[\"'](?:1|true)[\"'][^<>]*)>")
_LONGEST_TAG = 4_096

Span = tuple[int, int, int, int]


def main() -> int:
    """Unfold the workbook that stands at the standard input; return the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        for line in _lines(sys.stdin.buffer.read()):
            sys.stdout.buffer.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    except PasswordError:
        return _failed("it is protected by a password; save it without one")
    except CalamineError as error:
        return _failed(f"it is damaged or no workbook ({error}); save it anew, or the sheet as .csv")
    except MemoryError:
        return _failed("it needs too much memory; save the sheet as .csv")
    return 0


def _failed(reason: str) -> int:
    sys.stdout.buffer.write(orjson.dumps({"error": reason}, option=orjson.OPT_APPEND_NEWLINE))
    return 0


def _lines(raw: bytes) -> Iterator[object]:
    workbook, from_1904 = load_workbook(io.BytesIO(raw)), _counts_from_1904(raw)
    parts = _parts_of_sheets(raw)
    if len(parts) != len(workbook.sheets_metadata):
        # Which part is whose cannot be told.
        parts = [""] * len(workbook.sheets_metadata)
    for number, sheet in enumerate(workbook.sheets_metadata):
        told: dict[str, object] = {"sheet": sheet.name, "from_1904": from_1904}
        if sheet.visible != SheetVisibleEnum.Visible:
            yield told | {"hidden": True, "hidden_columns": []}
            continue
        cells = workbook.get_sheet_by_index(number)
        columns, rows = _not_shown(raw, parts[number])
        first = cells.start[1] if cells.start else 0
        yield told | {"hidden": False, "hidden_columns": [one - first for one in columns if one >= first]}
        count = 0
        for row in _rows(cells):
            count += row[0] in rows
            yield row
        if count:
            yield {"hidden_rows": count}


def _parts_of_sheets(raw: bytes) -> list[str]:
    """Return the parts of an .xlsx in which its sheets stand, in their order; none of another workbook."""
    if not zipfile.is_zipfile(io.BytesIO(raw)):
        return []
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        try:
            book, relations = parts.open("xl/workbook.xml"), parts.open("xl/_rels/workbook.xml.rels")
        except KeyError:
            return []
        targets: dict[bytes, str] = {}
        for tag in _PART.findall(relations.read(_MOST_OF_PART)):
            said = dict(re.findall(rb"\b(Id|Target)=[\"']([^\"']+)", tag))
            target = said.get(b"Target", b"").decode(errors="replace")
            targets[said.get(b"Id", b"")] = target[1:] if target.startswith("/") else f"xl/{target}"
        return [targets.get(one, "") for one in _SHEET.findall(book.read(_MOST_OF_PART))]


def _not_shown(raw: bytes, name: str) -> tuple[list[int], set[object]]:
    """Return the places of the columns of a sheet that are not shown, and the numbers of such rows."""
    columns: set[int] = set()
    rows: set[object] = set()
    left = b""
    if not name:
        return [], rows
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        if name not in parts.namelist():
            return [], rows
        with parts.open(name) as part:
            while block := part.read(_MOST_OF_PART):
                text, end = left + block, 0
                for found in _NOT_SHOWN.finditer(text):
                    end = found.end()
                    if found[1] == b"col":
                        said = dict(re.findall(rb"\b(min|max)=[\"'](\d+)", found[2]))
                        last = min(int(said.get(b"max", 0)), MOST_COLUMNS)
                        columns.update(range(int(said.get(b"min", 1)) - 1, last))
                    elif row := re.search(rb"\br=[\"'](\d+)", found[2]):
                        rows.add(int(row[1]))
                left = text[max(end, len(text) - _LONGEST_TAG) :]
    return sorted(columns), rows


def _counts_from_1904(raw: bytes) -> bool:
    """Return whether a workbook that can be read counts days from 1904."""
    if not zipfile.is_zipfile(io.BytesIO(raw)):
        return _RECORD_1904 in raw
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        for name in _SAYS_1904.keys() & {*parts.namelist()}:
            with parts.open(name) as part:
                if _SAYS_1904[name].search(part.read(_MOST_OF_PART)):
                    return True
    return False


def _rows(sheet: CalamineSheet) -> Iterator[list[object]]:
    first_column = sheet.start[1] if sheet.start else 0
    spans = [(top, left - first_column, bottom, right - first_column)
             for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]  # fmt: skip
    above: dict[int, tuple[int, str]] = {}
    starts: dict[int, list[Span]] = {}
    for span in spans:
        starts.setdefault(span[0], []).append(span)
    for number, row in enumerate(sheet.iter_rows()):
        cells = [_text(cell) for cell in row[:MOST_COLUMNS]]
        for column, (last, text) in above.items():
            if number <= last and column < len(cells) and not cells[column]:
                cells[column] = text
        wide = False
        for _, left, bottom, right in starts.get(number, ()):
            wide = wide or right > left
            if bottom > number and 0 <= left < len(cells):
                above[left] = (bottom, cells[left])
        if any(cells):
            yield [number + 1, _trimmed(cells), wide and sum(map(bool, cells)) == 1]


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return "" if cell in _ERRORS else cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == _MIDNIGHT else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


if __name__ == "__main__":
    sys.exit(main())
