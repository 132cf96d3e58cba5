"""What a corpus says of its columns: the fields of a project that they are, whatever they are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from indexer.corpus.fields.names import key_of
from indexer.errors import FieldsError

# The name of a column and the field of `FIELDS` that it is, for each that is said; of one field the first
# choice first.
Said = tuple[tuple[str, str], ...]
# What the fields of `FIELDS` are called where people speak of them.
PROJECT_FIELDS = {
    "id": "id", "title": "title", "description": "description", "start_date": "start", "end_date": "end",
    "dates": "span", "grantee": "grantee",
}  # fmt: skip


def as_said(
    said: Said, keys: tuple[str, ...], chosen: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    """Return the places of each field among the columns with these `keys`.

    What the corpus has `said` goes before what was `chosen` by names. Of several columns for one field the
    first that a record fills counts.
    """
    told: dict[str, tuple[int, ...]] = {}
    for name, field in said:
        if (key := key_of(name)) in keys:
            told[field] = (*told.get(field, ()), keys.index(key))
    taken = {place for places in told.values() for place in places}
    if "span" in told:
        taken |= {*chosen.get("start", ()), *chosen.get("end", ())}
    left = {field: tuple(place for place in places if place not in taken) for field, places in chosen.items()}
    return {field: places for field, places in left.items() if places} | told


def said_in(table: Mapping[str, object], places: Callable[[str], str]) -> Said:
    """Return what a table of `PROJECT_FIELDS` says, each with the name of a column, or a list of names.

    `places` tells where a key stands. Raises FieldsError for the first mistake.
    """
    found: dict[str, tuple[str, str]] = {}
    for key, value in table.items():
        place, field = places(key), PROJECT_FIELDS.get(key)
        if field is None:
            raise FieldsError(f"{place}: unknown key {key}; known are {', '.join(PROJECT_FIELDS)}")
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not names or not all(_is_name(name) for name in names):
            raise FieldsError(f"{place}: {key} must be the name of a column, or a list of names")
        for name in names:
            if found.setdefault(key_of(name), (name, field))[1] != field:
                raise FieldsError(f'{place}: column "{name}" is said to be two fields')
    return tuple(found.values())


def _is_name(name: object) -> bool:
    return isinstance(name, str) and bool(key_of(name))
