"""The terms of one field: of a text field out of the postings, of a field of values out of a column."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache, cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import FieldType, Schema

from indexer.storage.arrays.field_documents import field_documents
from indexer.storage.arrays.sums import begins
from indexer.storage.days import UNKNOWN_DAY, day_of
from indexer.storage.impacts import impacts_of, weight_of
from indexer.storage.schema import ANY_FIELD, GRANTEE_NAME, ID_FIELD, TEXT_FIELDS, FlatPositions
from indexer.storage.segment import U32, Segment


@dataclass(frozen=True, slots=True)
class FieldPostings:
    """The postings of a term in a field: documents uint32 [n], ascending, weights [n], encoded positions.

    `lengths` uint32 [n] are the positions in the field of each document.
    """

    documents: NDArray[np.uint32]
    weights: NDArray[Any]
    values: list[bytes]
    lengths: NDArray[np.uint32]


class FieldTerms(Protocol):
    """The terms of a field, numbered in ascending order of their bytes."""

    def find(self, text: bytes) -> int:
        """Return the number of a term, -1 if the field has none such."""

    def texts_from(self, prefix: bytes) -> Iterator[bytes]:
        """Yield the terms that are not below `prefix`, ascending."""

    def postings(self, number: int) -> FieldPostings:
        """Return the postings of a term."""


def terms_of_fields(segment: Segment, schema: Schema) -> dict[str, FieldTerms]:
    """Return the terms of every field that a segment has any for."""
    # Counted once for all fields, when one of them is first asked for a term.
    counted = cache(lambda: field_documents(segment))
    texts = {name: TextTerms(segment, name, counted) for name in (*TEXT_FIELDS, ANY_FIELD)}
    days = {name: DayTerms(getattr(segment, name), schema[name]) for name in ("start", "end")}
    return {ID_FIELD: IdTerms(segment), GRANTEE_NAME: GranteeTerms(segment), **days, **texts}


class TextTerms:
    """The terms of a text field; `text` is all of them at once, weighted by the precomputed impacts."""

    def __init__(self, segment: Segment, field: str, counted: Callable[[], U32]) -> None:
        """Read the terms of `field`; `counted` gives how many documents have each in each text field."""
        self._segment, self._field, self._counted = segment, field, counted

    def find(self, text: bytes) -> int:
        """Return the number of a term, -1 if the field has none such."""
        number = self._segment.terms.find(text.decode())
        return number if number >= 0 and self._has(number) else -1

    def _has(self, number: int) -> bool:
        if self._field == ANY_FIELD:
            return True
        return bool(self._counted()[TEXT_FIELDS.index(self._field), number])

    def texts_from(self, prefix: bytes) -> Iterator[bytes]:
        """Yield the terms that are not below `prefix`, ascending."""
        terms = self._segment.terms
        numbers = range(terms.lower_bound(prefix), len(terms))
        return (terms.encoded(number) for number in numbers if self._has(number))

    def postings(self, number: int) -> FieldPostings:
        """Return the postings of a term."""
        segment = self._segment
        begin, end = segment.term_postings[number : number + 2].tolist()
        first, last = segment.term_occurrences[number : number + 2].tolist()
        documents, counts = segment.documents.of(number).astype(np.uint32), segment.counts[begin:end]
        field_positions = segment.field_positions[first:last]
        if self._field == ANY_FIELD:
            impacts = impacts_of(segment, number, weight_of(segment, number))
            return self._of(documents, impacts, field_positions, counts)
        inside = segment.field_position_bits.fields(field_positions) == TEXT_FIELDS.index(self._field)
        positions = segment.field_position_bits.positions(field_positions[inside])
        own = np.bincount(np.repeat(np.arange(len(documents)), counts)[inside], minlength=len(documents))
        return self._of(documents[own > 0], own[own > 0].astype(float), positions, own[own > 0])

    def _of(
        self,
        documents: NDArray[np.uint32],
        weights: NDArray[Any],
        positions: NDArray[Any],
        counts: NDArray[Any],
    ) -> FieldPostings:
        encode, bounds = FlatPositions().encode, begins(counts)[1:-1].tolist()
        values = [encode(one) for one in np.split(positions, bounds)]
        return FieldPostings(documents, weights, values, lengths(self._segment, self._field)[documents])


def lengths(segment: Segment, field: str) -> NDArray[np.uint32]:
    """Return the positions in a field of each document, uint32 [N]; 1 in a field of values."""
    if field in TEXT_FIELDS:
        own: NDArray[np.uint32] = segment.lengths[TEXT_FIELDS.index(field)].astype(np.uint32)
        return own
    if field == ANY_FIELD:
        total: NDArray[np.uint32] = np.sum(segment.lengths, axis=0, dtype=np.uint32)
        return total
    return np.ones(len(segment), np.uint32)


class _ValueTerms:
    """The terms of a field whose documents have one value each, or none."""

    @cached_property
    def _texts(self) -> Sequence[bytes]:
        """All values, ascending."""
        raise NotImplementedError

    @cached_property
    def _numbers(self) -> NDArray[np.integer[Any]]:
        """Which of the values each document has, [N], -1 for none."""
        raise NotImplementedError

    @cached_property
    def _by_value(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The documents by value, and where those of each value begin."""
        numbers = self._numbers.astype(np.int64)
        order = np.argsort(numbers, kind="stable")
        return order.astype(np.uint32), np.searchsorted(numbers[order], np.arange(len(self._texts) + 1))

    def find(self, text: bytes) -> int:
        """Return the number of a value, -1 if no document has it."""
        number = bisect_left(self._texts, text)
        return number if number < len(self._texts) and self._texts[number] == text else -1

    def texts_from(self, prefix: bytes) -> Iterator[bytes]:
        """Yield the values that are not below `prefix`, ascending."""
        return iter(self._texts[bisect_left(self._texts, prefix) :])

    def postings(self, number: int) -> FieldPostings:
        """Return the documents that have a value."""
        order, starts = self._by_value
        return _whole(order[starts[number] : starts[number + 1]])


def _whole(documents: NDArray[np.uint32]) -> FieldPostings:
    ones = np.ones(len(documents))
    return FieldPostings(documents, ones, [b""] * len(documents), ones.astype(np.uint32))


class IdTerms(_ValueTerms):
    """The ids of projects; one is found by its hash, all are read only to be listed."""

    def __init__(self, segment: Segment) -> None:
        """Read no id yet."""
        self._segment = segment

    @cached_property
    def _ids(self) -> list[bytes]:
        documents = np.arange(len(self._segment))
        return [project.id.encode() for project in self._segment.projects(documents)]

    @cached_property
    def _texts(self) -> Sequence[bytes]:
        return sorted(self._ids)

    def find(self, text: bytes) -> int:
        """Return the document of an id, which stands for its number, -1 if no project has it."""
        document = self._segment.find(text.decode())
        return -1 if document is None else document

    def postings(self, number: int) -> FieldPostings:
        """Return the posting of a document."""
        return _whole(np.array([number], np.uint32))


class GranteeTerms(_ValueTerms):
    """The whole names of grantees, as they are shown."""

    def __init__(self, segment: Segment) -> None:
        """Read no name yet."""
        self._segment = segment

    @cached_property
    def _texts(self) -> Sequence[bytes]:
        # The empty name, of projects whose grantee is unknown, sorts first and is none.
        return [name.encode() for name in self._segment.grantee_names if name]

    @cached_property
    def _numbers(self) -> NDArray[np.integer[Any]]:
        return self._segment.grantee.astype(np.int64) - (len(self._segment.grantee_names) - len(self._texts))


class DayTerms(_ValueTerms):
    """The days of a column, as Whoosh's DATETIME field writes them."""

    def __init__(self, days: NDArray[np.int32], field: FieldType) -> None:
        """Read day numbers [N] as values of `field`."""
        self._days, self._field = days, field

    @cached_property
    def _distinct(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        days, numbers = np.unique(self._days, return_inverse=True)
        unknown = int(len(days) > 0 and days[0] == UNKNOWN_DAY)
        return days[unknown:], numbers.reshape(-1) - unknown

    @cached_property
    def _texts(self) -> Sequence[bytes]:
        return [self._field.to_bytes(midnight(int(day))) for day in self._distinct[0]]

    @cached_property
    def _numbers(self) -> NDArray[np.integer[Any]]:
        return self._distinct[1]


def midnight(number: int) -> datetime | None:
    """Return the beginning of a day by its number, None for an unknown one."""
    day = day_of(number)
    return None if day is None else datetime.combine(day, time())
