"""Of which type a column is by its texts, and how its values are written in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from indexer.own_fields.kinds import DAYS, MONEY, NUMBERS, Kind
from indexer.own_fields.money import currencies
from indexer.storage.own_fields import DAY_FIRST, MONTH_FIRST, FieldType, OwnField

# A column is of a type if this share of its texts is; a usual name needs less of them.
MOST, MANY = 0.95, 0.7
# Beyond so many distinct values, or this share of the texts, names are no values to choose from.
MOST_VALUES, MOST_DISTINCT = 2_000, 0.5
# Years that are few and whole are chosen, not measured.
MOST_YEARS = 80
# A column is a list of values where this share of its texts has a separator.
LISTS = 0.02
_IDENTIFIER = re.compile(r"(?:[Ii]dentifier|[\W_]id|Id|[Cc]ode|[Nn]umber)(?:s|\(s\))?$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the corpus: how many projects have it, and what its texts look like.

    `number` is its place among all columns by name; `kinds` counts the texts of each kind, and `distinct`
    how many texts differ.
    """

    name: str
    number: int
    kinds: dict[Kind, int]
    distinct: int

    @property
    def texts(self) -> int:
        """How many projects say something in it."""
        return sum(count for kind, count in self.kinds.items() if kind is not Kind.NOTHING)

    def share(self, *kinds: Kind) -> float:
        """Return the share of its texts that are of some kinds, from 0 to 1."""
        return sum(self.kinds.get(kind, 0) for kind in kinds) / max(self.texts, 1)


Kinds = tuple[Kind, ...]
_POINT = (Kind.NUMBER_POINT, Kind.MONEY_POINT)
_COMMA = (Kind.NUMBER_COMMA, Kind.MONEY_COMMA)


def can_be(column: Column, kind: FieldType) -> bool:
    """Return whether the texts of a column that is called so can be of a type."""
    if not column.texts:
        return False
    if kind == "money":
        return column.share(*MONEY, *NUMBERS) >= MANY
    if kind == "url":
        return column.share(Kind.URL) >= MANY
    if kind == "keyword":
        return column.share(Kind.LONG) <= 1 - MANY
    if kind == "code":
        return column.share(Kind.LONG, *MONEY) <= 1 - MANY
    return True


def type_by_texts(column: Column) -> FieldType | None:
    """Return the type that a column without a usual name has, or None if its texts are of none."""
    for kinds, kind in ((MONEY, "money"), ((Kind.URL,), "url"), (DAYS, "date")):
        if column.share(*kinds) >= MOST:
            return kind  # type: ignore[return-value]
    if column.share(*NUMBERS, *MONEY) >= MOST:
        if column.share(*MONEY) >= 1 - MANY:
            return "money"
        return "keyword" if _are_years(column) else _number(column)
    if column.share(Kind.LONG) >= 1 - MANY:
        return "text"
    if _are_choices(column):
        # Nobody chooses from identifiers, however often they repeat.
        is_code = column.share(Kind.CODE) >= MANY and _IDENTIFIER.search(column.name)
        return "code" if is_code else "keyword"
    return "code" if column.share(Kind.CODE) >= MANY else None


def _number(column: Column) -> FieldType | None:
    # Whole numbers that are all different are numbers that name something: nobody asks for a range of them.
    whole = column.share(Kind.NUMBER, Kind.YEAR) == 1
    return "code" if whole and column.distinct == column.texts else "number"


def _are_choices(column: Column) -> bool:
    return column.distinct <= min(MOST_VALUES, column.texts * MOST_DISTINCT)


def _are_years(column: Column) -> bool:
    return column.share(Kind.YEAR) >= MOST and column.distinct <= MOST_YEARS


def completed(field: OwnField, columns: Sequence[Column], stated: tuple[str, ...]) -> OwnField:
    """Return a field with what its columns tell besides: decimals, currency, separator, facet or not."""
    texts = sum(column.texts for column in columns)
    if field.type in ("money", "number"):
        return replace(
            field,
            style=_style(columns),
            styles=_others(columns, _style),
            unit=_unit(columns) if field.type == "money" else "",
            currency_columns=stated if field.type == "money" else (),
            searched=False,
        )
    if field.type == "keyword":
        listed = sum(column.kinds.get(Kind.LISTED, 0) for column in columns)
        distinct = sum(column.distinct for column in columns)
        separator = ";" if listed >= max(texts * LISTS, 1) else ""
        return replace(field, separator=separator, facet=bool(separator) or distinct < texts or texts == 1)
    is_date = field.type == "date"
    return replace(
        field,
        style=_order(columns) if is_date else "",
        styles=_others(columns, _order) if is_date else (),
        facet=field.type == "date",
        searched=field.type == "text",
    )


def _unit(columns: Sequence[Column]) -> str:
    """Return the currency that the headings of all columns name, "" where one names none or another."""
    units = {currencies.in_headings([column.name]) for column in columns}
    return units.pop() if len(units) == 1 else ""


def _order(columns: Sequence[Column]) -> str:
    """Return which of two numbers is the day, by the texts that tell."""
    return _more(columns, (Kind.DAY_FIRST,), (Kind.MONTH_FIRST,), DAY_FIRST, MONTH_FIRST)


def _others(
    columns: Sequence[Column], style: Callable[[Sequence[Column]], str]
) -> tuple[tuple[str, str], ...]:
    """Return the columns whose own texts tell otherwise than those of all: each is of a file of its own."""
    whole = style(columns)
    return tuple((column.name, own) for column in columns if (own := style([column])) != whole)


def _style(columns: Sequence[Column]) -> str:
    """Return what begins the decimals, by the texts that tell."""
    return _more(columns, _POINT, _COMMA, "point", "comma")


def _more(columns: Sequence[Column], one: Kinds, other: Kinds, is_one: str, is_other: str) -> str:
    """Return which of two groups of kinds more texts are of, "" if as many are of both."""
    ones, others = (
        sum(column.kinds.get(kind, 0) for column in columns for kind in kinds) for kinds in (one, other)
    )
    return "" if ones == others else is_one if ones > others else is_other
