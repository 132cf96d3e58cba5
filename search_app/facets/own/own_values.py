"""What a project says in its own fields: from their columns or, where they have none, from its texts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import cast

import numpy as np

from indexer.document import Project
from indexer.storage.days import UNKNOWN_DAY, date_of
from indexer.storage.own_fields import FieldType, OwnField, from_bytes, of_type, searched_of
from indexer.storage.segment import Segment
from search_app.facets.keywords import CACHED_NAMES
from search_app.facets.specs import Documents
from search_app.results import NO_FIELDS, Fields, FieldValue, Money

# Characters of a text in a list of hits; a page of a hundred has a bounded size whatever the records.
LONGEST_LISTED = 300
# Types whose fields share arrays.
_TOGETHER: tuple[tuple[FieldType, ...], ...] = (("keyword",), ("money", "number"), ("date",))


class OwnValues:
    """The own fields of the projects of one segment."""

    def __init__(self, segment: Segment) -> None:
        """Read the declarations of `segment`."""
        self._segment = segment
        self.declared = from_bytes(segment.own_fields)
        self.searched = tuple(searched_of(self.declared))
        self._codes = list(segment.own_codes)
        self._entries = segment.own_entries.view(np.uint8).data
        # Many projects have the same values.
        self._listed = lru_cache(CACHED_NAMES)(self._names_of)
        # The place of each field among those that share its arrays.
        self._places = {
            field.name: place
            for types in _TOGETHER
            for place, field in enumerate(of_type(self.declared, *types))
        }

    def of(self, document: int, project: Project) -> Fields:
        """Return the values of a document, those that it has, in the order of the fields."""
        return self.of_all(np.array([document]), [project])[0]

    def of_all(self, documents: Documents, projects: Sequence[Project]) -> list[Fields]:
        """Return the values of each of some documents, field by field: a page asks for a hundred of them."""
        found: list[dict[str, FieldValue]] = [{} for _ in projects]
        for field in self.declared:
            for own, value in zip(found, self._column(field, documents, projects), strict=True):
                if value is not None:
                    own[field.name] = value
        return cast("list[Fields]", found)

    def _column(
        self, field: OwnField, documents: Documents, projects: Sequence[Project]
    ) -> Iterable[FieldValue | None]:
        match field.type:
            case "keyword":
                return self._names(self._places[field.name], documents)
            case "money" | "number":
                return self._numbers(self._places[field.name], field, documents)
            case "date":
                days = self._segment.own_days[self._places[field.name]].take(documents).tolist()
                return [None if day == UNKNOWN_DAY else date_of(day) for day in days]
            case _:
                return [_text(field, project) for project in projects]

    def _names(self, place: int, documents: Documents) -> list[tuple[str, ...] | None]:
        segment, listed = self._segment, self._listed
        # Bytes of a view are taken in half of the time of a part of an array.
        starts, entries, width = segment.own_entry_starts, self._entries, segment.own_entries.itemsize
        firsts = documents + place * len(segment)
        bounds = zip(starts.take(firsts).tolist(), starts.take(firsts + 1).tolist(), strict=True)
        return [
            listed(place, bytes(entries[begin * width : end * width])) if begin < end else None
            for begin, end in bounds
        ]

    def _names_of(self, place: int, entries: bytes) -> tuple[str, ...]:
        """Return the values that some entries of a field stand for."""
        first = self._segment.own_value_starts.item(place)
        numbers = np.frombuffer(entries, self._segment.own_entries.dtype).tolist()
        return tuple([self._segment.own_values[first + number] for number in numbers])

    def _numbers(self, place: int, field: OwnField, documents: Documents) -> Iterator[FieldValue | None]:
        amounts = self._segment.own_numbers[place].take(documents).tolist()
        if field.type == "number":
            return (None if math.isnan(amount) else amount for amount in amounts)
        codes = map(self._codes.__getitem__, self._segment.own_currencies[place].take(documents).tolist())
        return (
            None if math.isnan(amount) else Money(amount, code)
            for amount, code in zip(amounts, codes, strict=True)
        )


def _text(field: OwnField, project: Project) -> str | None:
    return next(
        (text for column in field.columns for name, text in project.extra if name == column and text), None
    )


def texts_of(searched: Iterable[OwnField], found: Fields) -> tuple[tuple[str, str], ...]:
    """Return the texts of a project's values in the fields that are `searched`, with their names."""
    texts: list[tuple[str, str]] = []
    for field in searched if found else ():
        value = found.get(field.name)
        if isinstance(value, str):
            texts.append((field.name, value))
        elif isinstance(value, tuple):
            texts += [(field.name, one) for one in cast("tuple[str, ...]", value)]
    return tuple(texts)


def listed_values(found: Fields) -> Fields:
    """Return the values of a project as a list has them: long texts are cut."""
    if not found:
        return NO_FIELDS
    long = [name for name, value in found.items() if isinstance(value, str) and len(value) > LONGEST_LISTED]
    if not long:
        return found
    return {**found, **{name: f"{cast('str', found[name])[: LONGEST_LISTED - 1]}…" for name in long}}
