"""Rows of cells to projects, whatever they came from: text, a saved page, a workbook.

The columns are named by the best row, or pair of rows, of the first ones (`fields.headings`). The order of
day and month is that of the whole file: at the first date that is written in numbers all its rows are looked
through once; a file without such dates is read in one go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from indexer.corpus.account import ColumnUse
from indexer.corpus.dates import DateSurvey, Habit
from indexer.corpus.dates.order import Order, classified
from indexer.corpus.fields import FIELDS, Layout
from indexer.corpus.fields.groups import Groups
from indexer.corpus.fields.guesses import length_alone, missing, nearest
from indexer.corpus.fields.headings import Heading
from indexer.corpus.fields.languages import language_of
from indexer.corpus.fields.names import key_of
from indexer.corpus.fields.row_kinds import (
    NAMES_OF_COLUMNS,
    TOTALS,
    are_names_of_columns,
    may_list_columns,
    row_kind,
)
from indexer.corpus.fields.table_kinds import TOPICS, are_topics, may_list_topics, other_things
from indexer.corpus.reading import Reading
from indexer.corpus.record import project, rejection
from indexer.document import Project, Rejection
from indexer.reporting.numbers import counted
from indexer.reporting.source_reports import CALLED, LEFT_OUT

_ISO_MARK = 4
# Fields of a table that only names projects, which another may tell of.
_ID_AND_TITLE = 2
# Columns that may be meant for a field, in a warning.
_NAMED = 3
# How headings say in which order days and months stand: "(DD/MM/YYYY)", "jj/mm/aaaa".
_FORM = re.compile(r"\b(?:[dj]{1,2}\W?m{1,2}\W?[ya]{2,4}|m{1,2}\W?[dj]{1,2}\W?[ya]{2,4})\b", re.IGNORECASE)


class Row(NamedTuple):
    """A row of cells, the line it stands on, its text there, and whether it is a caption over all columns."""

    line: int
    cells: list[str]
    text: str
    is_caption: bool = False


def misfit(cells: Sequence[str], width: int) -> str:
    """Return why a row with these cells is none below a heading of `width` columns."""
    return f"{counted(len(cells), 'cell')}; the header has {width:,}"


class Rows(Protocol):
    """The rows of a table from its first one below the headings, some of them rejected as what they are."""

    def __iter__(self) -> Iterator[Row | Rejection]:
        """Return the rows themselves."""

    def __next__(self) -> Row | Rejection:
        """Return the next row; raise StopIteration after the last."""

    def reject(self) -> None:
        """Take note that the last row is no project: it may not have been a row at all."""


class ListedRows:
    """Rows that are all there."""

    def __init__(self, rows: Iterable[Row | Rejection]) -> None:
        """Begin with the first of `rows`."""
        self._rows = iter(rows)

    def __iter__(self) -> Iterator[Row | Rejection]:
        return self._rows

    def __next__(self) -> Row | Rejection:
        return next(self._rows)

    def reject(self) -> None:
        """Do nothing: each row is known for one."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows below the headings, which can be begun anew, and the headings."""

    rows: Callable[[], Rows]
    heading: Heading


def projects(grids: Sequence[Grid], reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every row that is neither blank nor headings nor a total.

    `grids` are all the tables of a file: they have one order of day and month.
    """
    for grid in grids:
        describe_columns(grid.heading.names, grid.heading.layout, reading)
    for grid in grids:
        yield from _projects(grid, grids, reading)


def _projects(grid: Grid, grids: Sequence[Grid], reading: Reading) -> Iterator[Project | Rejection]:
    heading, layout, account = grid.heading, grid.heading.layout, reading.account
    places = layout.date_places()
    others = other_things(heading.names, reading.said)
    if may_list_columns(layout) and are_names_of_columns(_titles(grid)):
        others = NAMES_OF_COLUMNS
    if may_list_topics(heading.names, layout, reading.said) and are_topics(_titles(grid)):
        others = TOPICS
    rows, groups = grid.rows(), Groups(layout)
    for row in rows:
        if isinstance(row, Rejection):
            yield row
        elif not any(row.cells):
            continue
        elif kind := others or _kind(heading, row, groups):
            account.leave_out(kind, row.line, row.text)
        else:
            row = row._replace(cells=groups.filled(row.cells)) if groups.fills else row
            if not account.dated and any(_is_numeric(row.cells[place]) for place in places):
                decide_dates(_survey(grids), reading)
            found = _record(layout, row, reading)
            if isinstance(found, Rejection):
                rows.reject()
            else:
                found = groups.placed(found, account)
            yield found


def _titles(grid: Grid) -> Iterator[str]:
    place = grid.heading.layout.title
    return (row.cells[place] for row in grid.rows() if not isinstance(row, Rejection))


def _kind(heading: Heading, row: Row, groups: Groups) -> str:
    """Return what a row is that is no project, "" for one that may be; a group takes note of its heading."""
    if heading.repeated(row.cells):
        return "repeated headings"
    kind = row_kind(heading.layout, row.cells) or groups.kind(row.cells, is_caption=row.is_caption)
    if kind == TOTALS:
        groups.end()
    return kind or ("captions" if row.is_caption else "")


def decide_dates(survey: DateSurvey, reading: Reading) -> None:
    """Decide how the dates of a file are to be read, by all of them."""
    reading.account.dates = survey.reading(reading.account.habit)
    reading.account.dated = True


def describe_columns(names: Sequence[str], layout: Layout, reading: Reading) -> None:
    """Tell the account of a file what each of its columns became, and warn of names that are nearly known."""
    account = reading.account
    if publisher := layout.publisher:
        account.publisher, account.publisher_source = publisher.name, publisher.source
    account.habit = account.habit or (publisher and publisher.habit) or _habit_of(names)
    has_both = layout.id >= 0 and layout.title >= 0 and not layout.ids_count_rows
    only_titles = has_both and layout.known == _ID_AND_TITLE
    account.only_titles = only_titles and (account.only_titles or not account.columns)
    fields = {layout.place(field): field for field in FIELDS if layout.place(field) >= 0}
    stand_ins = {
        other: fields[place] for place, others in layout.others if place in fields for other in others
    }
    kinds = {place: kind for (_, place), kind in zip(layout.extra, layout.kinds, strict=True)}
    before = len(account.columns)
    for place, name in enumerate(names):
        became = fields.get(place) or kinds.get(place, "")
        if publisher and key_of(name) in publisher.without:
            became = LEFT_OUT
        if place in stand_ins:
            became = f"{stand_ins[place]}, where the first choice is empty"
        guess = "" if became or publisher else nearest(name, {*fields.values()})
        use = ColumnUse(name, became, guess)
        if use in account.columns:
            continue
        account.columns.append(use)
        if guess:
            reading.doubt(
                "columns", f"not known; kept as an extra. Is it the {CALLED.get(guess, guess)}?", column=name
            )
    if len(account.columns) > before and not other_things((*names,), reading.said):
        _tell_what_is_missing(names, layout, fields, reading)


def _tell_what_is_missing(
    names: Sequence[str], layout: Layout, fields: Mapping[int, str], reading: Reading
) -> None:
    if layout.ids_count_rows:
        message = "a number here counts rows, as portals of open data write it; it is not taken for the id"
        reading.doubt("columns", message, column=names[layout.id])
    keys = [*map(key_of, names)]
    for place in fields:
        if (alike := keys.count(keys[place])) > 1:
            message = f"{alike} columns are called so; the first is taken, the others are kept as extras"
            reading.doubt("columns", message, column=names[place])
    left = [use.name for use in reading.account.columns if not use.became and not use.guess]
    for lacks, near in missing(names, {*fields.values()}, left) if not layout.publisher else ():
        listed = ", ".join(f'"{name}"' for name in near[:_NAMED])
        more = f" or {len(near) - _NAMED} more" if len(near) > _NAMED else ""
        message = f"no column says {lacks}. Is it {listed}{more}? [columns] of fields.toml can say so"
        reading.doubt("columns", message)
    if not layout.publisher and (message := length_alone(names, {*fields.values()})):
        reading.doubt("columns", message)
    if layout.title_from >= 0:
        when = "there is no title;" if layout.title < 0 else "where a project has no title,"
        message = f"{when} the first sentence of this column is taken"
        reading.doubt("columns", message, column=names[layout.title_from])


def _habit_of(names: Sequence[str]) -> Habit | None:
    for name in names:
        if form := _FORM.search(name):
            order: Order = "day first" if form[0][0] in "dDjJ" else "month first"
            return Habit(order, f'the heading "{name[:80]}" says so', sure=True)
    language = language_of(tuple(names))
    return Habit("day first", f"headings in {language}: with the day first", sure=False) if language else None


def _is_numeric(text: str) -> bool:
    return bool(text) and text[_ISO_MARK : _ISO_MARK + 1] != "-" and bool(classified(text))


def _survey(grids: Sequence[Grid]) -> DateSurvey:
    survey = DateSurvey()
    for grid in grids:
        places = grid.heading.layout.date_places()
        for row in grid.rows():
            if not isinstance(row, Rejection):
                for place in places:
                    survey.add(row.cells[place])
    return survey


def _record(layout: Layout, row: Row, reading: Reading) -> Project | Rejection:
    reading.account.date_notes.line = row.line
    try:
        return project(layout, [*row.cells, None], f"{reading.path}:{row.line}", reading.account)
    except ValueError as error:
        return rejection(reading.path, row.line, str(error), row.text)
