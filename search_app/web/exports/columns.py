"""The columns of a file of rows: their names, and the cells of a hit, each of the type that it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, cast

from indexer.storage.own_fields import OwnField
from search_app.results import Fields, FieldValue, Hit, Money
from search_app.web.urls import project_url

# What a hit has in a column: a text, a number, a day, or nothing.
Cell: TypeAlias = str | float | date | None

STANDARD_COLUMNS = (
    "id", "title", "description", "grantee", "start_date", "end_date", "status", "score", "url",
)  # fmt: skip
# What stands between the values of a cell that has several.
BETWEEN = "; "
SCORE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the files of one index: `names`, and what each hit has there, in the same order."""

    names: tuple[str, ...]
    _readers: tuple[Callable[[Fields], Cell], ...]
    _site: str

    def cells(self, hit: Hit) -> list[Cell]:
        """Return the cells of a hit, one for each name."""
        project, fields = hit.project, hit.fields
        return [
            project.id,
            project.title,
            project.description,
            project.grantee,
            project.start,
            project.end,
            hit.status,
            round(hit.score, SCORE_DIGITS),
            self._site + project_url(project.id),
            *[read(fields) for read in self._readers],
        ]


def columns(fields: Iterable[OwnField], site: str) -> Columns:
    """Return the columns of an index with these own fields; addresses of projects begin with `site`.

    A field has one column, money a second one for the currency.
    """
    own = list(_own(fields))
    return Columns(
        tuple(_apart((*STANDARD_COLUMNS, *(name for name, _ in own)))), tuple(read for _, read in own), site
    )


def _own(fields: Iterable[OwnField]) -> Iterator[tuple[str, Callable[[Fields], Cell]]]:
    for field in fields:
        yield field.name, _reader(field.name)
        if field.type == "money":
            yield f"{field.name}_currency", _currency(field.name)


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
