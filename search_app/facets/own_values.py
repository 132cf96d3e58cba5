"""What a project says in its own fields: from their columns or, where they have none, from its texts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import cast

from indexer.document import Project
from indexer.storage.days import UNKNOWN_DAY, date_of
from indexer.storage.own_fields import FieldType, OwnField, from_bytes, of_type, searched_of
from indexer.storage.segment import Segment
from search_app.facets.keywords import CACHED_NAMES
from search_app.results import Fields, FieldValue, Money

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
        self._codes = list(segment.own_codes)
        self._name = lru_cache(CACHED_NAMES)(segment.own_values.__getitem__)
        # The place of each field among those that share its arrays.
        self._places = {
            field.name: place
            for types in _TOGETHER
            for place, field in enumerate(of_type(self.declared, *types))
        }

    def of(self, document: int, project: Project) -> Fields:
        """Return the values of a document, those that it has, in the order of the fields."""
        extra = dict(project.extra)
        found = {field.name: self._value(field, document, extra) for field in self.declared}
        return {name: value for name, value in found.items() if value is not None}

    def _value(self, field: OwnField, document: int, extra: dict[str, str]) -> FieldValue | None:
        match field.type:
            case "keyword":
                return self._names(self._places[field.name], document) or None
            case "money" | "number":
                return self._number(self._places[field.name], field, document)
            case "date":
                return self._day(self._places[field.name], document)
            case _:
                return next((text for column in field.columns if (text := extra.get(column))), None)

    def _names(self, number: int, document: int) -> tuple[str, ...]:
        segment = self._segment
        place = number * len(segment) + document
        begin, end = segment.own_entry_starts[place : place + 2].tolist()
        first = int(segment.own_value_starts[number])
        return tuple(self._name(first + entry) for entry in segment.own_entries[begin:end].tolist())

    def _number(self, number: int, field: OwnField, document: int) -> FieldValue | None:
        value = float(self._segment.own_numbers[number, document])
        if math.isnan(value):
            return None
        if field.type == "number":
            return value
        return Money(value, self._codes[int(self._segment.own_currencies[number, document])])

    def _day(self, number: int, document: int) -> date | None:
        day = int(self._segment.own_days[number, document])
        return None if day == UNKNOWN_DAY else date_of(day)


def texts_of(declared: Sequence[OwnField], found: Fields) -> tuple[tuple[str, str], ...]:
    """Return the texts of a project's values that are searched, with the names of their fields."""
    texts: list[tuple[str, str]] = []
    for field in searched_of(declared):
        value = found.get(field.name)
        if isinstance(value, str):
            texts.append((field.name, value))
        elif isinstance(value, tuple):
            texts += [(field.name, one) for one in cast("tuple[str, ...]", value)]
    return tuple(texts)


def listed_values(found: Fields) -> Fields:
    """Return the values of a project as a list has them: long texts are cut."""
    return {
        name: f"{value[: LONGEST_LISTED - 1]}…"
        if isinstance(value, str) and len(value) > LONGEST_LISTED
        else value
        for name, value in found.items()
    }
