"""Own fields as facts: a few of them on a hit, all of them with links on the page of a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from indexer.document import Project
from indexer.storage.own_fields import FieldType, OwnField
from search_app.request import UNKNOWN
from search_app.results import NO_SNIPPETS, Fields, FieldValue, Money, OwnSnippets, Snippet
from search_app.web.pages.parts.readable.days import whole
from search_app.web.pages.parts.readable.money import amount, exact
from search_app.web.urls import search_url

# Facts on a hit, names in one of them, and characters of a name.
FACTS_LISTED, NAMES_LISTED, LONGEST_NAME = 4, 3, 80
# What people compare hits by; money goes before all else.
_ON_HITS: tuple[FieldType, ...] = ("keyword", "money", "date")


class ListedFact(NamedTuple):
    """A fact of a hit: a label and a text, or the values in which the query stands, with what is left."""

    label: str
    text: str
    snippets: tuple[Snippet, ...] = ()


class Value(NamedTuple):
    """One value of a fact as it is shown; `url` leads to what has it as well, or to the page it names."""

    shown: Snippet
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of a project; `written` is how its source says it, where that says more."""

    label: str
    values: tuple[Value, ...]
    written: str | None = None


class ListedFacts:
    """Tells of each hit the same few fields of an index, as far as it has them."""

    def __init__(self, declared: Sequence[OwnField], order: str = "") -> None:
        """Rank the fields: money, then what a column says, then what was derived; else in their order.

        The field that hits are in the `order` of goes before all: each hit says it, or that it is unknown.
        """
        self._sorted_by = next((one for one in declared if one.name == order.removeprefix("-")), None)
        by = self._sorted_by
        told = [(place, one) for place, one in enumerate(declared) if one.type in _ON_HITS or one is by]
        told.sort(key=lambda pair: (pair[1] is not by, pair[1].type != "money", pair[1].derived, pair[0]))
        self._ranked = [(place, one.name, one.heading) for place, one in told]
        self._all = [(place, one.name, one.heading) for place, one in enumerate(declared)]

    def of(self, fields: Fields, found: OwnSnippets = NO_SNIPPETS) -> list[ListedFact]:
        """Return the facts of a hit, in the order of the fields; where the query was `found` comes first."""
        known = [one for one in self._ranked if one[1] in fields and one[1] not in found]
        told = [one for one in self._all if one[1] in found]
        told += known[: max(FACTS_LISTED - len(told), 0)]
        told_facts = [
            _found(heading, fields[name], found[name])
            if name in found
            else ListedFact(heading, listed(fields[name]))
            for _, name, heading in sorted(told)
        ]
        if self._sorted_by and self._sorted_by.name not in fields:
            told_facts.append(self._of(self._sorted_by, fields))
        return told_facts

    def of_order(self, fields: Fields) -> ListedFact | None:
        """Return the fact that a hit has its place by, None where that is no own field."""
        return self._of(self._sorted_by, fields) if self._sorted_by else None

    def _of(self, field: OwnField, fields: Fields) -> ListedFact:
        return ListedFact(field.heading, listed(fields[field.name]) if field.name in fields else UNKNOWN)


def _found(heading: str, value: FieldValue, snippets: tuple[Snippet, ...]) -> ListedFact:
    """Return a fact with the values in which the query stands; of the others their number is told."""
    shown = snippets[:NAMES_LISTED]
    more = len(value) - len(shown) if isinstance(value, tuple) and not isinstance(value, Money) else 0
    return ListedFact(heading, f" and {more:,} more" if more else "", shown)


def listed(value: FieldValue) -> str:
    """Return a value as a list has it: at most three names."""
    if isinstance(value, Money):
        return amount(value)
    if isinstance(value, tuple):
        found = cast("tuple[str, ...]", value)
        names = "; ".join(map(_short, found[:NAMES_LISTED]))
        more = len(found) - NAMES_LISTED
        return f"{names} and {more:,} more" if more > 0 else names
    if isinstance(value, float):
        return exact(value)
    return whole(value) if isinstance(value, date) else str(value)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def facts(
    project: Project, fields: Fields, declared: Iterable[OwnField], found: OwnSnippets = NO_SNIPPETS
) -> list[Fact]:
    """Return what a project says in the own fields of its index, with what was `found` in them marked."""
    extra = dict(project.extra)
    return [
        Fact(
            field.heading,
            tuple(_values(field, fields[field.name], found.get(field.name, ()))),
            _written(field, fields, extra),
        )
        for field in declared
        if field.name in fields
    ]


def other_columns(project: Project, fields: Fields, declared: Iterable[OwnField]) -> list[tuple[str, str]]:
    """Return the columns of a project's source that no fact tells."""
    extra = dict(project.extra)
    told = {name for field in declared if field.name in fields for name in _told(field, fields, extra)}
    return [pair for pair in project.extra if pair[0] not in told]


def _values(field: OwnField, value: FieldValue, found: tuple[Snippet, ...]) -> Iterator[Value]:
    if isinstance(value, Money):
        yield Value(Snippet(amount(value)))
    elif isinstance(value, tuple):
        for one in found or map(Snippet, cast("tuple[str, ...]", value)):
            yield Value(one, search_url(**{field.name: one.text}))
    elif isinstance(value, date):
        yield Value(Snippet(whole(value)))
    elif isinstance(value, float):
        yield Value(Snippet(exact(value)))
    else:
        url = value if field.type == "url" and _is_address(value) else None
        yield Value(found[0] if found else Snippet(value), url)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _column(field: OwnField, extra: dict[str, str]) -> str | None:
    """Return the column that a field has its value from: the first that has one."""
    return next((name for name in field.columns if extra.get(name)), None)


def _written(field: OwnField, fields: Fields, extra: dict[str, str]) -> str | None:
    """Return an amount as its source has it where there are words beside it, as in "up to £2m"."""
    value, column = fields[field.name], _column(field, extra)
    if not isinstance(value, Money) or column is None:
        return None
    words = extra[column].upper().replace(value.currency, "") if value.currency else extra[column]
    return extra[column] if any(letter.isalpha() for letter in words) else None


def _told(field: OwnField, fields: Fields, extra: dict[str, str]) -> Iterator[str]:
    """Yield the columns that a fact tells: its own, and that of its currency where it says the same."""
    column = _column(field, extra)
    if column is not None and not field.derived:
        yield column
    value = fields[field.name]
    if isinstance(value, Money):
        for name in field.currency_columns:
            if extra.get(name, "").strip().upper() == value.currency:
                yield name
