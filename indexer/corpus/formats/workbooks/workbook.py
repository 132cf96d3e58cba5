"""Workbooks (.xlsx, .ods, .xls): every visible sheet that has headings, as a table is read.

The lines that are told are rows of the sheet. A cell merged over several rows stands in each of them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import orjson

from indexer.corpus.fields import Said
from indexer.corpus.fields.guesses import why_no_title
from indexer.corpus.fields.headings import HEADER_WITHIN, Heading, best_heading
from indexer.corpus.fields.names import key_of
from indexer.corpus.formats.grid import Grid, ListedRows, Row, misfit, projects
from indexer.corpus.formats.workbooks.day_numbers import DaysFrom1904
from indexer.corpus.reading import Reading, megabytes
from indexer.corpus.record import rejection
from indexer.document import Project, Rejection
from indexer.reporting.numbers import counted

_SCRIPT = Path(__file__).with_name("unfolding.py")
_BLOCK = 1 << 20
# Longer than the script lets itself work, for it may wait for a processor.
_PATIENCE_SECONDS = 300
# Columns that two sheets have in common, so that one goes on with the other.
_ENOUGH_COLUMNS = 3
# Columns that are not shown, of which the report names the first.
_NAMED = 5


class UnfoldingError(ValueError):
    """A workbook cannot be unfolded."""


@dataclass(slots=True)
class _Sheet:
    """A sheet, and where its rows stand in the unfolded file."""

    name: str
    hidden: bool
    from_1904: bool
    begin: int
    hidden_columns: list[int]
    hidden_rows: int = 0
    end: int = 0
    first_rows: list[list[str]] = field(default_factory=list)
    heading: Heading | None = None


def read(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every row of the sheets that have headings."""
    reading.account.format = "workbook"
    with tempfile.TemporaryFile() as unfolded:
        try:
            _unfold(stream, unfolded, reading.limits.lines)
            sheets = _sheets(unfolded, reading.said)
        except ValueError as error:
            yield rejection(reading.path, 0, f"this workbook cannot be read: {error}", "")
            return
        chosen = _chosen(sheets, reading)
        yield from projects([_grid(unfolded, sheet, reading) for sheet in chosen], reading)
        if not chosen:
            rows = (row for sheet in sheets for row in sheet.first_rows)
            yield rejection(reading.path, 1, why_no_title(rows), "")


def _unfold(stream: BinaryIO, unfolded: BinaryIO, most: int) -> None:
    """Have a workbook unfolded by a process of its own; raise UnfoldingError if that fails."""
    with tempfile.TemporaryFile() as whole:
        shutil.copyfileobj(stream, whole)
        whole.seek(0)
        command = [sys.executable, "-P", str(_SCRIPT)]
        # Our own script, read by our own interpreter; the workbook is data.
        process = subprocess.Popen(command, stdin=whole, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
        assert process.stdout is not None
        with process, process.stdout as output:
            try:
                while block := output.read(_BLOCK):
                    unfolded.write(block)
                    if unfolded.tell() > most:
                        raise UnfoldingError(
                            f"more than {megabytes(most)} unfolded; split it into several files"
                        )
                code = process.wait(_PATIENCE_SECONDS)
            except BaseException:
                process.kill()
                raise
    if code:
        raise UnfoldingError("it needs too much memory or time; save the sheet as .csv")


def _sheets(unfolded: BinaryIO, said: Said) -> list[_Sheet]:
    """Return the sheets of an unfolded workbook; raise ValueError with what the script says instead."""
    found: list[_Sheet] = []
    unfolded.seek(0)
    while line := unfolded.readline():
        value = orjson.loads(line)
        if isinstance(value, dict):
            if "error" in value:
                raise UnfoldingError(value["error"])
            if "hidden_rows" in value:
                found[-1].hidden_rows = value["hidden_rows"]
                continue
            found.append(_Sheet(value["sheet"], value["hidden"], value["from_1904"], unfolded.tell(),
                                value["hidden_columns"]))  # fmt: skip
        elif len(found[-1].first_rows) < HEADER_WITHIN:
            found[-1].first_rows.append(value[1])
        found[-1].end = unfolded.tell()
    for sheet in found:
        sheet.heading = best_heading(sheet.first_rows, said)
    return found


def _chosen(sheets: list[_Sheet], reading: Reading) -> list[_Sheet]:
    """Return the sheets that hold projects, and tell of the others that hold anything."""
    named = [sheet for sheet in sheets if sheet.heading]
    # "Name" alone may head any list: where there are several sheets, one of projects says more.
    full = [sheet for sheet in named if sheet.heading and _says_more(sheet.heading)]
    sure = full or named[:1]
    chosen = [one for one in named if one in sure or any(_is_continued(one, other) for other in sure)]
    reading.account.format = f"workbook, sheet {', '.join(json.dumps(sheet.name) for sheet in chosen)}"
    for sheet in sheets:
        if sheet.hidden:
            reading.doubt("rows", f'sheet "{sheet.name}" is hidden; left out')
        elif sheet not in chosen and sheet.first_rows:
            says = (
                "has neither the dates and descriptions of projects nor the columns of a sheet that is read"
                if sheet.heading
                else "names no columns of projects"
            )
            reading.doubt("rows", f'sheet "{sheet.name}" {says}; left out')
        elif sheet in chosen:
            _tell_what_is_not_shown(sheet, reading)
    return chosen


def _tell_what_is_not_shown(sheet: _Sheet, reading: Reading) -> None:
    """Tell of columns and rows that people do not see in the sheet: perhaps they are not meant to be read."""
    names = sheet.heading.names if sheet.heading else ()
    columns = [
        json.dumps(names[one], ensure_ascii=False) for one in sheet.hidden_columns if names[one : one + 1]
    ]
    if columns:
        listed = ", ".join(columns[:_NAMED]) + (" …" if len(columns) > _NAMED else "")
        message = f"{_are(len(columns), 'column', sheet)} hidden, and read like the others: {listed}"
        reading.doubt("columns", message)
    if sheet.hidden_rows:
        message = (
            f"{_are(sheet.hidden_rows, 'row', sheet)} hidden, perhaps by a filter, and read like the others"
        )
        reading.doubt("rows", message)


def _are(number: int, what: str, sheet: _Sheet) -> str:
    return f'{counted(number, what)} of sheet "{sheet.name}" {"is" if number == 1 else "are"}'


def _says_more(heading: Heading) -> bool:
    return heading.layout.description >= 0 or bool(heading.layout.date_places())


def _is_continued(sheet: _Sheet, other: _Sheet) -> bool:
    """Return whether a sheet has the columns of another one, as those of each year have, but for some."""
    if not sheet.heading or not other.heading:
        return False
    names, others = ({*map(key_of, one.names)} - {""} for one in (sheet.heading, other.heading))
    return len(names & others) >= _ENOUGH_COLUMNS and (names <= others or others <= names)


def _grid(unfolded: BinaryIO, sheet: _Sheet, reading: Reading) -> Grid:
    heading = sheet.heading
    assert heading is not None
    last = next(islice(_values(unfolded, sheet), heading.last, None))[0]
    reading.account.heading = f"rows {last - 1} and {last}" if heading.last > heading.first else f"row {last}"
    rows = partial(_rows, unfolded, sheet, heading, reading)
    if sheet.from_1904:
        days = DaysFrom1904(heading, reading)
        return Grid(lambda: ListedRows(map(days.written_out, rows())), heading)
    return Grid(lambda: ListedRows(rows()), heading)


def _rows(unfolded: BinaryIO, sheet: _Sheet, heading: Heading, reading: Reading) -> Iterator[Row | Rejection]:
    width = len(heading.names)
    for number, cells, is_caption in islice(_values(unfolded, sheet), heading.last + 1, None):
        text = " | ".join(filter(None, cells))
        if len(text) > reading.limits.record:
            yield rejection(
                reading.path,
                number,
                f"a record of more than {megabytes(reading.limits.record)}",
                text[:2_000],
            )
        elif len(cells) > width:
            yield rejection(reading.path, number, misfit(cells, width), text)
        else:
            yield Row(number, cells + [""] * (width - len(cells)), text, is_caption)


def _values(unfolded: BinaryIO, sheet: _Sheet) -> Iterator[tuple[int, list[str], bool]]:
    """Yield the rows of a sheet; several readers may take turns."""
    place = sheet.begin
    while place < sheet.end:
        unfolded.seek(place)
        line = unfolded.readline()
        place += len(line)
        value = orjson.loads(line)
        if isinstance(value, list):
            yield value[0], value[1], value[2]
