"""Publishers of grants that are known by the columns of their files: the table in `publishers.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from indexer.corpus.dates import Habit
from indexer.corpus.dates.order import Order
from indexer.corpus.fields.names import KINDS, Kind, key_of

# The fields of a project that a column can be.
FIELDS = ("id", "title", "description", "start", "end", "span", "grantee")


@dataclass(frozen=True)
class Publisher:
    """The columns of one publisher's files, as `publishers.toml` explains; names as they are compared.

    Each of `known_by` is a set of columns that tell them. `fields` has for each field the columns that
    may give it, the first choice first, and `kinds` what each other column is about. Columns `without`
    are left out: they say nothing of a project. `guarded` says that an apostrophe stands before what a
    spreadsheet would take for a formula.
    """

    name: str
    source: str
    known_by: tuple[frozenset[str], ...]
    fields: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, Kind]
    order: Order | None = None
    compact: str = "YYYYMMDD"
    ahead: int = 0
    unix_days: bool = False
    title_from: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    guarded: bool = False

    @cached_property
    def habit(self) -> Habit | None:
        """Return the order of its dates as a reason."""
        return Habit(self.order, f"{self.name}: with the {self.order}", sure=True) if self.order else None


@cache
def publishers() -> tuple[Publisher, ...]:
    """Return all publishers of the table."""
    text = (files(__package__) / "publishers.toml").read_text(encoding="utf-8")
    return tuple(_publisher(**row) for row in tomllib.loads(text)["publisher"])


def publisher_of(keys: frozenset[str]) -> Publisher | None:
    """Return the publisher whose columns these are, given as names are compared, or None.

    Of several the one that is known by the most columns.
    """
    known = [(len(columns), one) for one in publishers() for columns in one.known_by if columns <= keys]
    return max(known, key=lambda one: one[0], default=(0, None))[1]


def _publisher(
    *,
    known_by: list[str],
    fields: dict[str, list[str]],
    kinds: dict[Kind, list[str]],
    **row: Any,  # noqa: ANN401
) -> Publisher:
    assert fields.keys() <= set(FIELDS)
    assert kinds.keys() <= KINDS.keys()
    title_from = _keys(row.pop("title_from", []))
    return Publisher(
        known_by=tuple(frozenset(_keys(names)) for names in (known_by, row.pop("or_by", None)) if names),
        fields={field: _keys(columns) for field, columns in fields.items()},
        kinds={key: kind for kind, columns in kinds.items() for key in _keys(columns)},
        title_from=title_from,
        without=frozenset(_keys(row.pop("without", []))),
        **row,
    )


def _keys(names: list[str]) -> tuple[str, ...]:
    return tuple(map(key_of, names))
