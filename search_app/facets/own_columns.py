"""The columns of own fields: names of which a project may have several, numbers in ranges, days in years."""

from __future__ import annotations

from datetime import date
from functools import cached_property, lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from indexer.storage.days import UNKNOWN_DAY, day_number, years_of
from indexer.storage.segment import I64, Segment, smallest
from indexer.text.analysis import fold
from search_app.facets.keywords import CACHED_NAMES, LISTED_VALUES, most_frequent, unknown_bucket
from search_app.facets.ranges import range_numbers, ranges_of
from search_app.facets.specs import Counted, FacetSpec, Mask, Side
from search_app.facets.years import Timeline, years_in
from search_app.request import UNKNOWN, FilterValue, Number, Period, Range
from search_app.results import Bucket, Facet


class KeywordsColumn:
    """The values of each document in one keyword field, of which it may have several or none.

    Nearly all documents have at most one: the first of each is a column of its own, as narrow as can be, and
    only the others are lists: `more_documents` and `more_numbers`, one for each further value.
    """

    def __init__(self, spec: FacetSpec, segment: Segment, field: int) -> None:
        """Count the keyword field that is the `field`-th of a segment."""
        self._spec, self._size = spec, len(segment)
        first, last = segment.own_value_starts[field : field + 2].tolist()
        self._values = segment.own_values[first:last]
        self._name = lru_cache(CACHED_NAMES)(self._values.__getitem__)
        starts = segment.own_entry_starts[field * self._size : (field + 1) * self._size + 1].astype(np.int64)
        counts = np.diff(starts)
        entries = (
            segment.own_entries[int(starts[0]) : int(starts[-1])] if self._size else np.zeros(0, np.int64)
        )
        starts -= starts[:1]
        # Numbered from 1, for 0 stands for none.
        firsts = np.zeros(self._size, np.int64)
        firsts[counts > 0] = entries[starts[:-1][counts > 0]].astype(np.int64) + 1
        self._firsts = firsts.astype(smallest(len(self._values) + 1))
        is_more = np.ones(len(entries), np.bool_)
        is_more[starts[:-1][counts > 0]] = False
        self._more_documents = np.arange(self._size).repeat(counts)[is_more]
        self._more_numbers = entries[is_more].astype(np.int64) + 1

    @cached_property
    def _number_of(self) -> dict[str, list[int]]:
        """The numbers of the values that are the same but for case and accents, from 1."""
        found: dict[str, list[int]] = {}
        for number, value in enumerate(self._values, 1):
            found.setdefault(fold(value), []).append(number)
        return found

    def _numbers(self, value: FilterValue) -> list[int]:
        """Return the numbers that a value stands for: itself, or what differs from it in case or accents.

        0 is for those without a value.
        """
        if value == UNKNOWN:
            return [
                0,
                *(number for number in self._number_of.get(UNKNOWN, ()) if self._values[number - 1] == value),
            ]
        alike = self._number_of.get(fold(str(value)), [])
        exact = [number for number in alike if self._values[number - 1] == value]
        return exact or alike

    def mask(self, values: tuple[FilterValue, ...], _as_of: date) -> Mask:
        """Return the documents that have any of the values."""
        wanted = np.zeros(len(self._values) + 1, np.bool_)
        wanted[[number for value in values for number in self._numbers(value)]] = True
        found: Mask = wanted.take(self._firsts)
        found[self._more_documents[wanted.take(self._more_numbers)]] = True
        return found

    def facet(self, chosen: tuple[FilterValue, ...], over: Counted) -> Facet:
        """Return the most frequent values, and those chosen."""
        counts = self._count(over)
        unknown, counts[0] = int(counts[0]), 0
        selected = {number: value for value in chosen for number in self._numbers(value)}
        listed = most_frequent(counts, LISTED_VALUES)
        listed += [number for number in selected if number and number not in listed]
        names = [self._name(number - 1) for number in listed]
        buckets = [
            Bucket(str(selected.get(number, name)), name, count, number in selected)
            for number, name, count in zip(listed, names, counts.take(listed).tolist(), strict=True)
        ]
        buckets += [Bucket(str(one), str(one), 0, selected=True) for one in chosen if not self._numbers(one)]
        buckets += [unknown_bucket(unknown)] if 0 in selected else []
        more = int(np.count_nonzero(counts)) - sum(1 for number in listed if counts[number])
        return Facet(self._spec.name, self._spec.label, "terms", tuple(buckets), unknown, more)

    def _count(self, over: Counted) -> I64:
        """Return how many documents have each value, by its number; none at 0."""
        size = len(self._values) + 1
        counts = over.count(self._firsts, size)
        if not len(self._more_numbers):
            return counts
        if over.documents is None:
            return counts + np.bincount(self._more_numbers, minlength=size)
        chosen = over.members(self._size).take(self._more_documents)
        return counts + np.bincount(self._more_numbers.compress(chosen), minlength=size)


class NumbersColumn:
    """The amount or number of each document, in ranges that are the same for every search."""

    def __init__(self, spec: FacetSpec, values: NDArray[np.float64]) -> None:
        """Count `values` [N], NaN for none."""
        self._spec, self._values = spec, values
        self._ranges = ranges_of(values)
        self._numbers = range_numbers(values, self._ranges).astype(smallest(len(self._ranges) + 1))

    def mask(self, values: tuple[FilterValue, ...], _as_of: date) -> Mask:
        """Return the documents in any of the ranges."""
        found: Mask = np.isnan(self._values) if UNKNOWN in values else np.zeros(len(self._values), np.bool_)
        for one in _ranges_in(values):
            found |= self._inside(one)
        return found

    def _inside(self, one: Range) -> Mask:
        found: Mask = ~np.isnan(self._values)
        if one.low is not None:
            found &= self._values >= one.low
        if one.high is not None:
            found &= self._values < one.high
        return found

    def bounded(self, side: Side, limit: Period | Number) -> Mask:
        """Return the documents with so much or more, or so much or less."""
        value = cast("Number", limit).value
        found: Mask = self._values >= value if side == "from" else self._values <= value
        return found

    def facet(self, chosen: tuple[FilterValue, ...], over: Counted) -> Facet:
        """Return the counts in the ranges, and in those chosen."""
        counts = over.count(self._numbers, len(self._ranges) + 1).tolist()
        listed = dict(zip(self._ranges, counts, strict=False))
        for one in _ranges_in(chosen):
            if one not in listed:
                inside = self._inside(one)
                listed[one] = int(
                    inside.sum() if over.documents is None else inside.take(over.documents).sum()
                )
        buckets = [
            Bucket(str(one), shown_range(one), count, one in chosen, low=one.low, high=one.high)
            for one, count in sorted(listed.items(), key=lambda pair: _order(pair[0]))
            if count or one in chosen
        ]
        return Facet(self._spec.name, self._spec.label, "range", tuple(buckets), counts[-1])


class DaysColumn:
    """The day of each document in a date field, in buckets of years."""

    def __init__(self, spec: FacetSpec, days: NDArray[np.int32]) -> None:
        """Count `days` [N], UNKNOWN_DAY for none."""
        self._spec, self._days = spec, days
        years = years_of(days)
        known = years[years > 0]
        self._years = years.astype(np.int16)
        self._first = int(known.min(initial=9999))
        self._size = max(int(known.max(initial=0)) - self._first + 1, 0)
        self._numbers = np.where(years > 0, years - self._first, self._size).astype(smallest(self._size + 1))

    def mask(self, values: tuple[FilterValue, ...], _as_of: date) -> Mask:
        """Return the documents in any of the years."""
        found = np.zeros(len(self._days), np.bool_)
        if UNKNOWN in values:
            found |= self._days == UNKNOWN_DAY
        for years in years_in(values):
            found |= (self._years >= years.first) & (self._years <= years.last)
        return found

    def bounded(self, side: Side, limit: Period | Number) -> Mask:
        """Return the documents whose day is not before, or not after, a date."""
        period = cast("Period", limit)
        known: Mask = self._days != UNKNOWN_DAY
        if side == "from":
            return known & (self._days >= day_number(period.first))
        return known & (self._days <= day_number(period.last))

    def facet(self, chosen: tuple[FilterValue, ...], over: Counted) -> Facet:
        """Return the counts in buckets of years."""
        totals = over.count(self._numbers, self._size + 1).cumsum().tolist()
        timeline = Timeline.of(self._spec.name, self._first, totals, totals)
        return timeline.facet(self._spec.label, years_in(chosen))


def _ranges_in(values: tuple[FilterValue, ...]) -> tuple[Range, ...]:
    return tuple(one for one in values if isinstance(one, Range))


def shown_range(one: Range) -> str:
    """Return a range as people read it: "1,000 to 5,000", "under 1,000", "5,000 and more"."""
    low, high = (None if side is None else _shown(side) for side in (one.low, one.high))
    if low is None:
        return f"under {high}"
    return f"{low} and more" if high is None else f"{low} to {high}"


def _shown(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,}"


def _order(one: Range) -> tuple[float, float]:
    return (
        float("-inf") if one.low is None else one.low,
        float("inf") if one.high is None else one.high,
    )
