"""The columns of a file of rows: their names, and the cells of a hit, each of the type that it has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, cast

from indexer.storage.own_fields import OwnField
from search_app.results import Fields, FieldValue, Hit, Money
from search_app.web.api.json_values import rounded
from search_app.web.urls import project_url

# What a hit has in a column: a text, a number, a day, or nothing.
Cell: TypeAlias = str | float | date | None

STANDARD_COLUMNS = (
    "id", "title", "description", "grantee", "start_date", "end_date", "status", "score", "url",
)  # fmt: skip
# What says which project a row is.
ALWAYS = ("id", "title", "url")
_CURRENCY = "_currency"
# What stands between the values of a cell that has several.
BETWEEN = "; "


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the files of one index: `names`, and what each hit has there, in the same order."""

    names: tuple[str, ...]
    _places: tuple[int, ...]
    _readers: tuple[Callable[[Fields], Cell], ...]
    _site: str

    def cells(self, hit: Hit) -> list[Cell]:
        """Return the cells of a hit, one for each name."""
        project, fields = hit.project, hit.fields
        cells = [
            project.id,
            project.title,
            project.description,
            project.grantee,
            project.start,
            project.end,
            hit.status,
            rounded(hit.score),
            self._site + project_url(project.id),
            *[read(fields) for read in self._readers],
        ]
        return [cells[place] for place in self._places]


def columns(fields: Iterable[OwnField], site: str, chosen: Collection[str] = ()) -> Columns:
    """Return the columns of an index with these own fields; addresses of projects begin with `site`.

    A field has one column, money a second one for the currency. Of the columns that a table on a page has,
    there are those `chosen`, and what says which project it is; all of them where none is chosen.
    """
    own = list(_own(fields))
    names = [*STANDARD_COLUMNS, *(name for name, _ in own)]
    wanted = {*ALWAYS, *chosen, *(f"{name}{_CURRENCY}" for name in chosen)} if chosen else names
    places = tuple(place for place, name in enumerate(names) if name in wanted)
    apart = _apart(names)
    return Columns(tuple(apart[place] for place in places), places, tuple(read for _, read in own), site)


def _own(fields: Iterable[OwnField]) -> Iterator[tuple[str, Callable[[Fields], Cell]]]:
    for field in fields:
        yield field.name, _reader(field.name)
        if field.type == "money":
            yield f"{field.name}{_CURRENCY}", _currency(field.name)


def _reader(name: str) -> Callable[[Fields], Cell]:
    return lambda fields: _cell(fields.get(name))


def _currency(name: str) -> Callable[[Fields], Cell]:
    def _read(fields: Fields) -> Cell:
        value = fields.get(name)
        return value.currency if isinstance(value, Money) else None

    return _read


def _cell(value: FieldValue | None) -> Cell:
    if isinstance(value, Money):
        return value.amount
    return BETWEEN.join(cast("tuple[str, ...]", value)) if isinstance(value, tuple) else value


def _apart(names: Iterable[str]) -> list[str]:
    """Return the names, with `_` behind one that an earlier column has."""
    apart: list[str] = []
    for name in names:
        column = name
        while column in apart:
            column = f"{column}_"
        apart.append(column)
    return apart
