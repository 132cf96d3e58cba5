"""Which columns of a corpus are fields, without a word of configuration.

A usual name says what a column is about ("Country", "Montant"), and so does a publisher's own name
("ecMaxContribution"), unless it may be called so for other reasons ("Total", "Award") and nothing else shows
that publisher; its texts say whether that can be so. A column that has no usual name goes by its texts alone:
amounts, numbers, days, links and codes where nearly all are so; names that repeat are keywords, long texts
are texts, and what is none of these is only shown with its project.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from indexer.corpus.fields.names import KINDS, Kind, key_of, kind_of
from indexer.corpus.fields.publishers import publishers
from indexer.own_fields.column_types import MANY, Column, can_be, completed, type_by_texts
from indexer.own_fields.kinds import MONEY, NUMBERS
from indexer.own_fields.money import currencies
from indexer.own_fields.naming import labelled, name_of, named_apart
from indexer.storage.own_fields import FieldType, OwnField

# With fewer texts nothing can be said of a column that has no usual name.
FEWEST = 4
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

# So many columns with names of a publisher's own show that a file is one of that publisher.
_OWN_NAMES = 2
# Keys of publishers' names that mean other things in other files: pupils, a prize, who prints books.
_OF_ANYTHING = frozenset(["total", "grandtotal", "award", "publisher"])

# Whether a project has both of two columns.
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
    named = labelled([*named_apart(_joined(found, columns, together), reserved)])
    return tuple(_few_facets(sorted(named, key=_place)))


def _paired(columns: Sequence[Column]) -> dict[str, tuple[str, ...]]:
    """Return for each column of numbers the columns that have its currency, by their names."""
    names: dict[str, list[str]] = {}
    for column in columns:
        names.setdefault(key_of(column.name), []).append(column.name)
    numbers = [column.name for column in columns if column.texts and column.share(*MONEY, *NUMBERS) >= MANY]
    return {name: found for name in numbers if (found := currencies.beside(name, names))}


def _usual(columns: Sequence[Column], together: Together, paired: Paired) -> Iterator[OwnField]:
    """Yield a field for each usual name, from all columns of that name that no project has together."""
    by_kind: dict[str, list[tuple[int, Column]]] = {}
    published = _published(frozenset(key_of(column.name) for column in columns))
    for column in columns:
        about, rank = _about(column.name, published)
        by_kind.setdefault(about, []).append((rank, column))
    own = {name for names in paired.values() for name in names}
    others = tuple(column.name for _, column in by_kind.get("currency", ()) if column.name not in own)
    for usual, (label, kind) in USUAL.items():
        chosen: list[Column] = []
        for _, column in sorted(by_kind.get(usual, ()), key=lambda one: one[0]):
            if can_be(column, kind) and not any(together(column, one) for one in chosen):
                chosen.append(column)
        if chosen:
            field = OwnField(usual, label, kind, tuple(column.name for column in chosen))
            stated = (name for column in chosen for name in paired.get(column.name, ()))
            yield completed(field, chosen, (*stated, *others))


def _about(name: str, published: Mapping[str, tuple[Kind, int]]) -> tuple[Kind, int]:
    """Return what a column is about by its name, without a currency in it, and its rank, the surest lowest.

    Names of publishers whose columns are there come first, then the usual ones in their order, then those
    of other publishers.
    """
    key = key_of(name)
    kind, rank = published.get(key, ("", 0))
    if kind and rank < 0:
        return kind, rank
    plain = currencies.without_currency(name)
    if usual := kind_of(name) or kind_of(plain):
        ranks = _ranks()
        return usual, min(ranks.get((usual, key), len(ranks)), ranks.get((usual, key_of(plain)), len(ranks)))
    return kind, rank


@cache
def _ranks() -> dict[tuple[Kind, str], int]:
    """Return the rank of each usual name, by what it is about and its key."""
    names = [(kind, name) for kind, listed in KINDS.items() for name in listed.split()]
    return {(kind, key_of(name)): rank for rank, (kind, name) in reversed([*enumerate(names)])}


def _published(keys: frozenset[str]) -> dict[str, tuple[Kind, int]]:
    """Return what a column is about that publishers have by a name of their own, and its rank, by its key.

    Ranks below zero are those of publishers whose files are there, given all keys of columns; the names of
    others count where all that have them agree and they mean nothing else.
    """
    found: dict[str, set[Kind]] = {}
    there: dict[str, tuple[Kind, int]] = {}
    disputed: set[str] = set()
    for publisher in publishers():
        for key, kind in publisher.kinds.items():
            found.setdefault(key, set()).add(kind)
        own = (key for key in publisher.kinds if key in keys - _OF_ANYTHING and not kind_of(key))
        if len([*own]) >= _OWN_NAMES:
            for rank, (key, kind) in enumerate(publisher.kinds.items(), -len(publisher.kinds)):
                if there.setdefault(key, (kind, rank))[0] != kind:
                    disputed.add(key)
    last = len(_ranks()) + 1
    agreed = {key: (kinds.pop(), last) for key, kinds in found.items() if len(kinds) == 1}
    anywhere = {key: one for key, one in agreed.items() if key not in _OF_ANYTHING}
    return anywhere | {key: one for key, one in there.items() if key not in disputed}


def _by_texts(column: Column, paired: Paired) -> OwnField | None:
    """Return the field that a column is by its texts alone, or None if it is only to be shown."""
    kind = type_by_texts(column) if column.texts >= FEWEST else None
    stated = paired.get(column.name, ())
    if stated:
        # Numbers with a currency beside them are money, however few or alike they are.
        kind = "money"
    if kind is None:
        return None
    return completed(OwnField(name_of(column.name), column.name, kind, (column.name,)), [column], stated)


def _joined(fields: Sequence[OwnField], columns: Sequence[Column], together: Together) -> Iterator[OwnField]:
    """Join fields whose columns are written differently from file to file: "Division", "division"."""
    by_name = {column.name: column for column in columns}
    joined: dict[tuple[str, FieldType], OwnField] = {}
    for field in fields:
        key = (key_of(field.label), field.type)
        other = joined.get(key)
        if other and not any(together(by_name[a], by_name[b]) for a in other.columns for b in field.columns):
            own = ((column, field.style_of(column)) for column in field.columns)
            styles = (*other.styles, *(one for one in own if one[1] != other.style))
            joined[key] = replace(other, columns=(*other.columns, *field.columns), styles=styles)
        else:
            joined[(field.label, field.type) if other else key] = field
    yield from joined.values()


def _place(field: OwnField) -> tuple[int, str]:
    order = [*USUAL]
    return (order.index(field.name) if field.name in order else len(order), field.label.casefold())


def _few_facets(fields: Iterable[OwnField]) -> Iterator[OwnField]:
    facets = 0
    for field in fields:
        facets += field.facet
        yield field if facets <= MOST_FACETS else replace(field, facet=False)
