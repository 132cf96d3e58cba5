"""Tables whose columns are told by blanks alone, as databases, terminals and PDFs give them as text.

    ID  Title              Start       Grantee
    --  -----------------  ----------  --------
    1   Clean Water for    2020-01-01  WaterAid
        Segou

The headings stand apart by two blanks or more; a column begins where the lines below have a blank between
two headings. A line that has neither a date nor an id goes on with the row above it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from indexer.corpus.fields import MAX_COLUMNS, Layout, Said, layout_of
from indexer.corpus.fields.groups import place_of
from indexer.corpus.fields.headings import HEADER_WITHIN, Heading
from indexer.corpus.fields.row_kinds import row_kind
from indexer.corpus.formats.grid import Grid, ListedRows, Row, projects
from indexer.corpus.reading import Reading
from indexer.corpus.record import rejection
from indexer.document import Project, Rejection

_NAME = re.compile(r"\S+(?: \S+)*")
_RULE = re.compile(r"[\s+|:=_-]*")
# Lines that are looked at to find the columns, and how many of them may run over from one into the next.
LOOKED_AT, _MOST_OVER = 200, 0.2
# No line of headings that a person could read is longer.
_LONGEST = 2_000
_ENOUGH_NAMES = 2
# Blanks between columns; one may stand between two words as well.
_GAP = 2
_NO_COLUMNS = Layout(title=0)
_RUNS_OVER = "a text that runs over from one column into the next; save the table as .csv or .xlsx"


@dataclass(frozen=True, slots=True)
class FixedWidth:
    """The headings of a table, their line counted from 0, and where each column but the first begins.

    `gap` is how many blanks stand before each: a rule below the headings tells columns that one parts.
    """

    heading: Heading
    line: int
    borders: tuple[int, ...]
    gap: int

    def cells(self, line: str) -> list[str] | None:
        """Return the cells of a line; None if one runs over."""
        if any(line[place - self.gap + 1 : place + 1].strip() for place in self.borders):
            return None
        ends = (*self.borders, max(len(line), self.borders[-1]))
        return [line[begin:end].strip() for begin, end in zip((0, *self.borders), ends, strict=True)]


def found_in(lines: Sequence[str], said: Said = ()) -> FixedWidth | None:
    """Return how a text is such a table, None if it is none."""
    for number, line in enumerate(lines[:HEADER_WITHIN]):
        spans = [match.span() for match in _NAME.finditer(line)]
        if len(line) > _LONGEST or not _ENOUGH_NAMES <= len(spans) <= MAX_COLUMNS:
            continue
        names = tuple(line[begin:end] for begin, end in spans)
        layout = layout_of(names, said)
        if layout is None or layout.known < _ENOUGH_NAMES:
            continue
        below = [one for one in lines[number + 1 : number + LOOKED_AT] if _is_row(one)]
        gap = 1 if any(map(_RULE.fullmatch, filter(None, lines[number + 1 : number + 2]))) else _GAP
        borders = [_border(left[1] + gap - 1, right[0], gap, below) for left, right in pairwise(spans)]
        if below and all(borders):
            return FixedWidth(Heading(layout, names, number, number), number, (*borders,), gap)
    return None


def read(
    lines: Callable[[], Iterable[str]], table: FixedWidth, reading: Reading
) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every row."""
    reading.account.format = "table, its columns of fixed width"
    reading.account.heading = f"line {table.line + 1}"
    yield from projects([Grid(lambda: ListedRows(_rows(lines(), table, reading)), table.heading)], reading)


def _rows(lines: Iterable[str], table: FixedWidth, reading: Reading) -> Iterator[Row | Rejection]:
    row: Row | None = None
    for number, line in enumerate(islice(lines, table.line + 1, None), table.line + 2):
        line = line.replace("\f", "").rstrip()
        cells = table.cells(line)
        if row and cells and line and _goes_on(table.heading.layout, cells) and _is_row(line):
            joined = [" ".join(filter(None, both)) for both in zip(row.cells, cells, strict=True)]
            row = row._replace(cells=joined, text=f"{row.text}\n{line}")
            continue
        yield from [row] if row else []
        row = Row(number, cells, line) if cells and _is_row(line) else None
        if row_kind(_NO_COLUMNS, [line.strip()]):
            yield Row(number, [line.strip(), *[""] * len(table.borders)], line)
        elif not cells:
            yield rejection(reading.path, number, _RUNS_OVER, line)
    yield from [row] if row else []


def _goes_on(layout: Layout, cells: list[str]) -> bool:
    """Return whether a line belongs to the row above: it has nothing that begins a row."""
    alone = [cell for cell in cells if cell]
    if len(alone) == 1 and place_of(alone[0]):
        return False
    places = [place for place in (layout.id, *layout.date_places()) if place >= 0]
    return not any(cells[place] for place in places or [0])


def _is_row(line: str) -> bool:
    return bool(line.strip()) and not _RULE.fullmatch(line) and not row_kind(_NO_COLUMNS, [line.strip()])


def _border(first: int, end: int, gap: int, below: Sequence[str]) -> int:
    """Return the last place at which `gap` blanks end in the most lines below, 0 if these are too few."""
    over = {
        place: sum(bool(line[place - gap + 1 : place + 1].strip()) for line in below)
        for place in range(end - 1, first - 1, -1)
    }
    best = min(over, key=lambda place: over[place], default=0)
    return best if best and over[best] <= _MOST_OVER * len(below) else 0
