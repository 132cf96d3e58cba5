"""What a corpus says of its columns: the fields of a project that they are, whatever they are called."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.corpus.fields.names import key_of

# The name of a column and the field of `FIELDS` that it is, for each that is said; of one field the first
# choice first.
Said = tuple[tuple[str, str], ...]


def as_said(
    said: Said, keys: tuple[str, ...], chosen: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    """Return the places of each field among the columns with these keys, as is said over what was `chosen`.

    Several columns of a field stand in for each other, the first that is filled counts.
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
