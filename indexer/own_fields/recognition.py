"""Which columns of a corpus are fields, without a word of configuration.

A usual name says what a column is about ("Country", "Montant", a publisher's own names); its texts say
whether that can be so. A column that has no usual name goes by its texts alone: amounts, numbers, days,
links and codes where nearly all are so; names that repeat are keywords, long texts are texts, and what is
none of these is only shown with its project.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from indexer.corpus.fields.names import key_of, kind_of
from indexer.corpus.fields.publishers import publishers
from indexer.own_fields import currencies
from indexer.own_fields.kinds import DAYS, MONEY, NUMBERS, Kind
from indexer.storage.own_fields import DAY_FIRST, MONTH_FIRST, FieldType, OwnField

# A column is of a type if this share of its texts is; a usual name needs less of them.
MOST, MANY = 0.95, 0.7
# Beyond so many distinct values, or this share of the texts, names are no values to choose from.
MOST_VALUES, MOST_DISTINCT = 2_000, 0.5
# With fewer texts nothing can be said of a column that has no usual name.
FEWEST = 4
# Years that are few and whole are chosen, not measured.
MOST_YEARS = 80
# A column is a list of values where this share of its texts has a separator.
LISTS = 0.02
# Facets that a page has room for; the other fields still narrow, by their parameters.
MOST_FACETS = 10

# What usual columns are called in parameters, and of which type they are; in the order of their facets.
USUAL: dict[str, tuple[str, FieldType]] = {
    "country": ("Country", "keyword"),
    "region": ("Region", "keyword"),
    "theme": ("Theme", "keyword"),
    "programme": ("Programme", "keyword"),
    "funder": ("Funder", "keyword"),
    "amount": ("Amount", "money"),
    "reference": ("Reference", "code"),
    "link": ("Link", "url"),
}
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
Together = Callable[[Column, Column], bool]
# By the name of a column of numbers, the columns that have its currency.
Paired = Mapping[str, tuple[str, ...]]


def recognised(
    columns: Sequence[Column], together: Together, reserved: Collection[str]
) -> tuple[OwnField, ...]:
    """Return the fields of a corpus, given its columns, those that are facets first.

    `together(a, b)` tells whether a project has both of two columns: then they are two fields, whatever
    they are called. `reserved` names are those that no field may have.
    """
    paired = _paired(columns)
    found = [*_usual(columns, together, paired)]
    used = {name for one in found for name in (*one.columns, *one.currency_columns)}
    used.update(*paired.values())
    found += filter(None, (_by_texts(column, paired) for column in columns if column.name not in used))
    named = _named_apart(_joined(found, columns, together), reserved)
    return tuple(_few_facets(sorted(named, key=_place)))


def name_of(label: str) -> str:
    """Return the name in parameters of a column: "Año fiscal" -> "ano_fiscal"."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().casefold()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return name if name[:1].isalpha() else f"column_{name}".rstrip("_")


def _paired(columns: Sequence[Column]) -> dict[str, tuple[str, ...]]:
    """Return for each column of numbers the columns that have its currency, by their names."""
    names: dict[str, list[str]] = {}
    for column in columns:
        names.setdefault(key_of(column.name), []).append(column.name)
    numbers = [column.name for column in columns if column.texts and column.share(*MONEY, *NUMBERS) >= MANY]
    return {name: found for name in numbers if (found := currencies.beside(name, names))}


def _usual(columns: Sequence[Column], together: Together, paired: Paired) -> Iterator[OwnField]:
    """Yield a field for each usual name, from all columns of that name that no project has together."""
    by_kind: dict[str, list[Column]] = {}
    for column in columns:
        by_kind.setdefault(_about(column.name), []).append(column)
    own = {name for names in paired.values() for name in names}
    others = tuple(column.name for column in by_kind.get("currency", ()) if column.name not in own)
    for usual, (label, kind) in USUAL.items():
        chosen: list[Column] = []
        for column in by_kind.get(usual, ()):
            if _can_be(column, kind) and not any(together(column, one) for one in chosen):
                chosen.append(column)
        if chosen:
            field = OwnField(usual, label, kind, tuple(column.name for column in chosen))
            stated = (name for column in chosen for name in paired.get(column.name, ()))
            yield _completed(field, chosen, (*stated, *others))


def _about(name: str) -> str:
    """Return what a column is about by its name, without a currency in it: "Amount (EUR)" -> "amount"."""
    return kind_of(name) or kind_of(currencies.without_currency(name)) or _published().get(key_of(name), "")


@cache
def _published() -> dict[str, str]:
    """Return what a column is about that publishers have by a name of their own, where they agree."""
    found: dict[str, set[str]] = {}
    for publisher in publishers():
        for key, kind in publisher.kinds.items():
            found.setdefault(key, set()).add(kind)
    return {key: kinds.pop() for key, kinds in found.items() if len(kinds) == 1}


def _can_be(column: Column, kind: FieldType) -> bool:
    """Return whether the texts of a column that is called so can be of a type."""
    if not column.texts:
        return False
    if kind == "money":
        return column.share(*MONEY, *NUMBERS) >= MANY
    if kind == "url":
        return column.share(Kind.URL) >= MANY
    if kind == "keyword":
        return column.share(Kind.LONG) <= 1 - MANY
    return True


def _by_texts(column: Column, paired: Paired) -> OwnField | None:
    """Return the field that a column is by its texts alone, or None if it is only to be shown."""
    kind = _type_by_texts(column) if column.texts >= FEWEST else None
    stated = paired.get(column.name, ())
    if stated:
        # Numbers with a currency beside them are money, however few or alike they are.
        kind = "money"
    if kind is None:
        return None
    return _completed(OwnField(name_of(column.name), column.name, kind, (column.name,)), [column], stated)


def _type_by_texts(column: Column) -> FieldType | None:
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


def _completed(field: OwnField, columns: Sequence[Column], stated: tuple[str, ...]) -> OwnField:
    """Return a field with what its columns tell besides: decimals, currency, separator, facet or not."""
    texts = sum(column.texts for column in columns)
    if field.type in ("money", "number"):
        return replace(
            field,
            style=_style(columns),
            unit=currencies.in_headings(column.name for column in columns) if field.type == "money" else "",
            currency_columns=stated if field.type == "money" else (),
            searched=False,
        )
    if field.type == "keyword":
        listed = sum(column.kinds.get(Kind.LISTED, 0) for column in columns)
        distinct = sum(column.distinct for column in columns)
        separator = ";" if listed >= max(texts * LISTS, 1) else ""
        return replace(field, separator=separator, facet=bool(separator) or distinct < texts or texts == 1)
    style = _more(columns, (Kind.DAY_FIRST,), (Kind.MONTH_FIRST,), DAY_FIRST, MONTH_FIRST)
    return replace(
        field,
        style=style if field.type == "date" else "",
        facet=field.type == "date",
        searched=field.type == "text",
    )


def _style(columns: Sequence[Column]) -> str:
    """Return what begins the decimals, by the texts that tell."""
    return _more(columns, _POINT, _COMMA, "point", "comma")


def _more(columns: Sequence[Column], one: Kinds, other: Kinds, is_one: str, is_other: str) -> str:
    """Return which of two groups of kinds more texts are of, "" if as many are of both."""
    ones, others = (
        sum(column.kinds.get(kind, 0) for column in columns for kind in kinds) for kinds in (one, other)
    )
    return "" if ones == others else is_one if ones > others else is_other


_POINT = (Kind.NUMBER_POINT, Kind.MONEY_POINT)
_COMMA = (Kind.NUMBER_COMMA, Kind.MONEY_COMMA)


def _joined(fields: Sequence[OwnField], columns: Sequence[Column], together: Together) -> Iterator[OwnField]:
    """Join fields whose columns are written differently from file to file: "Division", "division"."""
    by_name = {column.name: column for column in columns}
    joined: dict[tuple[str, FieldType], OwnField] = {}
    for field in fields:
        key = (key_of(field.label), field.type)
        other = joined.get(key)
        if other and not any(together(by_name[a], by_name[b]) for a in other.columns for b in field.columns):
            joined[key] = replace(other, columns=(*other.columns, *field.columns))
        else:
            joined[(field.label, field.type) if other else key] = field
    yield from joined.values()


def _named_apart(fields: Iterable[OwnField], reserved: Collection[str]) -> Iterator[OwnField]:
    """Give each field a name of its own that is no parameter's."""
    taken = set(reserved)
    for field in fields:
        name = f"column_{field.name}" if field.name in taken else field.name
        number = 2
        while name in taken:
            name, number = f"column_{field.name}_{number}", number + 1
        taken |= {name, *parameters_of(name)}
        yield replace(field, name=name)


def parameters_of(name: str) -> tuple[str, ...]:
    """Return the parameters that a field may have beside its own name."""
    return f"{name}_not", f"{name}_from", f"{name}_to"


def _place(field: OwnField) -> tuple[int, str]:
    order = [*USUAL]
    return (order.index(field.name) if field.name in order else len(order), field.label.casefold())


def _few_facets(fields: Iterable[OwnField]) -> Iterator[OwnField]:
    facets = 0
    for field in fields:
        facets += field.facet
        yield field if facets <= MOST_FACETS else replace(field, facet=False)
