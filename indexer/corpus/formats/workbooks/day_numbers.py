"""Day numbers of workbooks that count days from 1904: cells without a date format, in columns of dates.

A cell with a date format is a date already; a number without one is taken as counted from 1900 wherever it
stands, which is four years and a day too early for such a workbook.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from indexer.corpus.fields.composed import speaks_of
from indexer.corpus.fields.headings import Heading
from indexer.corpus.formats.grid import Row
from indexer.corpus.reading import Reading
from indexer.document import Rejection

_ZERO = date(1904, 1, 1)
# From 1950 to 2100, as for day numbers that are counted from 1900.
_EARLIEST, _LATEST = (date(1950, 1, 1) - _ZERO).days, (date(2100, 1, 1) - _ZERO).days
_NUMBER = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)


class DaysFrom1904:
    """Writes out the day numbers in the rows of a sheet, and tells it once for each column."""

    def __init__(self, heading: Heading, reading: Reading) -> None:
        """Take the columns that hold dates by their names; one of spans may hold a length of time."""
        layout = heading.layout
        spoken = {place for name, place in layout.extra if speaks_of(name) == {"day"}}
        self._places = sorted(({*layout.date_places()} | spoken) - {layout.span})
        self._heading, self._reading = heading, reading
        self._told: set[int] = set()

    def written_out(self, row: Row | Rejection) -> Row | Rejection:
        """Return a row with a date in the place of each day number: "42399" -> "2020-01-31"."""
        if isinstance(row, Rejection):
            return row
        cells = [*row.cells]
        for place in self._places:
            match = _NUMBER.fullmatch(cells[place])
            if match and _EARLIEST <= int(match[1]) <= _LATEST:
                cells[place] = (_ZERO + timedelta(int(match[1]))).isoformat()
                self._tell(row, place, cells[place])
        return row._replace(cells=cells)

    def _tell(self, row: Row, place: int, day: str) -> None:
        if place in self._told:
            return
        self._told.add(place)
        number = row.cells[place]
        message = f'"{number}", read as {day}, is taken as a day number from 1904, where this workbook begins'
        self._reading.doubt("dates", message, line=row.line, column=self._heading.names[place], sample=number)
