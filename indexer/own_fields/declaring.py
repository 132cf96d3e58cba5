"""Which fields a corpus has: recognised from its columns, as `fields.toml` says, and derived."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from indexer.corpus.files.settings_names import FIELDS_FILE
from indexer.own_fields.column_types import Column
from indexer.own_fields.configuration import Configured, configured
from indexer.own_fields.kinds import DAYS, MONEY, NUMBERS, Kind
from indexer.own_fields.naming import RESERVED
from indexer.own_fields.recognition import Together, recognised
from indexer.own_fields.values import COUNTRY, MENTIONED, WORLD_REGION
from indexer.reporting.numbers import counted
from indexer.storage.own_fields import FieldType, OwnField

# What is a value of each type that is measured.
_VALUES: dict[FieldType, tuple[Kind, ...]] = {
    "money": (*MONEY, *NUMBERS),
    "number": (*NUMBERS, *MONEY),
    "date": DAYS,
}
# Columns that are no fields, of which the report names the first.
_MOST_NAMED = 20
_SAID = {"money": "amount", "number": "number", "date": "day"}


def declared(
    columns: Sequence[Column],
    together: Together,
    said: Sequence[Configured],
    headings: Collection[str] = (),
) -> tuple[OwnField, ...]:
    """Return the fields of a corpus, in the order of their facets. Raises FieldsError.

    `headings` are the columns that its files name, also those in which no project has anything.
    """
    names = {*headings, *(column.name for column in columns)}
    of_derived = [one for one in said if one.name in (MENTIONED, WORLD_REGION) and "columns" not in one.keys]
    others = [one for one in said if one not in of_derived]
    fields = configured(recognised(columns, together, RESERVED), others, names)
    every = (*fields, *_derived(fields))
    return configured(every, of_derived, names) if of_derived else every


def warnings(columns: Sequence[Column], fields: Sequence[OwnField]) -> Iterator[str]:
    """Yield what is doubtful about fields: empty columns, and how many texts are no value of their type."""
    by_name = {column.name: column for column in columns if column.texts}
    for field in fields:
        for name in field.columns:
            if name not in by_name:
                empty = f'nothing is in the column "{name}" so far; the field waits for it'
                yield f"{FIELDS_FILE}: {field.name}: {empty}"
        own = [by_name[name] for name in field.columns if name in by_name]
        if field.type in _VALUES and (bad := sum(map(_bad(field.type), own))):
            of = sum(column.texts for column in own)
            noun = _SAID[field.type]
            said = f"is no {noun} and counts" if bad == 1 else f"are no {noun}s and count"
            yield f"{field.label}: {bad:,} of {counted(of, 'text')} {said} as unknown"


def told(columns: Sequence[Column], fields: Sequence[OwnField]) -> Iterator[str]:
    """Yield a line for each field, what it is and from which columns, and one for columns that are none."""
    for field in fields:
        uses = [field.type, *(["facet"] if field.facet else []), *(["searched"] if field.searched else [])]
        source = "derived" if field.derived else "from " + ", ".join(map(_quoted, field.columns))
        yield f"{field.name}: {', '.join(uses)} ({source})"
    used = {name for field in fields for name in (*field.columns, *field.currency_columns)}
    shown = [column.name for column in columns if column.name not in used]
    if shown:
        more = f" and {len(shown) - _MOST_NAMED:,} more" if len(shown) > _MOST_NAMED else ""
        yield f"shown with the project only: {', '.join(map(_quoted, shown[:_MOST_NAMED]))}{more}"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _bad(kind: FieldType) -> Callable[[Column], int]:
    values = _VALUES[kind]
    return lambda column: column.texts - sum(column.kinds.get(one, 0) for one in values)


def _derived(fields: Sequence[OwnField]) -> Iterator[OwnField]:
    """Yield countries out of the texts where no column has them, and the regions of the countries."""
    names = {one.name for one in fields}
    country = next((one for one in fields if one.name == COUNTRY and one.type == "keyword"), None)
    if country is None and MENTIONED not in names:
        yield OwnField(MENTIONED, "Countries mentioned", "keyword", searched=False, derived=True)
    if WORLD_REGION not in names:
        columns, separator = (country.columns, country.separator) if country else ((), "")
        yield OwnField(
            WORLD_REGION, "World region", "keyword", columns, separator, searched=False, derived=True
        )
