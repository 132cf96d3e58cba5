"""The columns of own fields: names of which a project may have several, numbers in ranges, days in years."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import begins, smallest
from indexer.storage.days import UNKNOWN_DAY, day_number, years_of
from indexer.storage.segment import I64
from indexer.text.analysis import as_written, fold
from search_app.facets.keywords import buckets_of, most_frequent, unknown_bucket
from search_app.facets.own.value_sets import ValueSets
from search_app.facets.ranges import range_buckets, range_numbers, ranges_in, ranges_of
from search_app.facets.specs import Counted, FacetSpec, Mask, Side
from search_app.facets.years import Timeline, years_in
from search_app.request import UNKNOWN, FilterValue, Number, Period, Range
from search_app.results import Bucket, Facet

if TYPE_CHECKING:
    from search_app.facets.spans import Spans


class KeywordsColumn:
    """The values of each document in one keyword field, of which it may have several or none.

    Many documents have the same values, so that the sets of values that there are have numbers (`ValueSets`):
    documents are counted by set, and sets by value.
    """

    def __init__(self, spec: FacetSpec, spans: Spans, field: int) -> None:
        """Count the keyword field that is the `field`-th of a segment."""
        self._spec, self._segment, self._field = spec, spans.segment, field
        self._others, segment = spans.value_sets, spans.segment
        first, last = segment.own_value_starts[field : field + 2].tolist()
        spellings = segment.own_values[first:last]
        number_of: dict[str, int] = {}
        # Of each spelling, which value it is; what differs in case or accents only is one.
        self._value_of = np.array(
            [number_of.setdefault(_key(one), len(number_of)) for one in spellings], np.int64
        )
        self._number_of, self._spellings = number_of, spellings

    @cached_property
    def _entries(self) -> tuple[I64, NDArray[np.integer]]:
        """Where the spellings of each document begin, int64 [N + 1], and which they are."""
        segment, size = self._segment, len(self._segment)
        starts = segment.own_entry_starts[self._field * size : (self._field + 1) * size + 1].astype(np.int64)
        entries = segment.own_entries[int(starts[0]) : int(starts[-1])] if size else np.zeros(0, np.int64)
        return starts - starts[:1], entries

    @cached_property
    def _sets(self) -> ValueSets:
        """The values of all documents; made when first counted."""
        (starts, entries), values = self._entries, len(self._number_of)
        if values < len(self._spellings):
            documents = np.arange(len(starts) - 1).repeat(np.diff(starts))
            # A document may have a value in two spellings.
            different = np.unique(documents * values + self._value_of.take(entries))
            starts = begins(np.bincount(different // values, minlength=len(starts) - 1))
            entries = different % values
        own = ValueSets.of(starts, entries, values)
        known = filter(None, map(own.numbered_as, self._others))
        found = next(known, own)
        self._others += [own] if found is own else []
        return found

    @cached_property
    def _labels(self) -> list[str]:
        """The most frequent spelling of each value."""
        counts = np.bincount(self._entries[1], minlength=len(self._spellings))
        order = np.lexsort((np.arange(len(counts)), -counts, self._value_of))
        firsts = np.unique(self._value_of.take(order), return_index=True)[1]
        return [self._spellings[number] for number in order.take(firsts).tolist()]

    def _numbers(self, value: FilterValue) -> list[int]:
        """Return the number that a value has, whatever its case and accents, if there is any."""
        # A value such as "Unknown" is not what no value is.
        if value == UNKNOWN and UNKNOWN not in self._spellings:
            return []
        number = self._number_of.get(_key(str(value)))
        return [] if number is None else [number]

    @cached_property
    def _unknown(self) -> list[int]:
        """The number of the value that says that there is none, if there is one."""
        return self._numbers(UNKNOWN)

    def mask(self, values: tuple[FilterValue, ...], _as_of: date) -> Mask:
        """Return the documents that have any of the values."""
        numbers = [number for value in values for number in self._numbers(value)]
        return self._sets.having([*numbers, self._sets.none] if UNKNOWN in values else numbers)

    def facet(self, chosen: tuple[FilterValue, ...], over: Counted) -> Facet:
        """Return the most frequent values, and those chosen."""
        counts, unknown = self._sets.count(over)
        for number in self._unknown:
            # A value that says so is unknown as well.
            unknown, counts[number] = unknown + int(counts[number]), 0
        listed, found, more = most_frequent(counts, over.listed)
        known = [value for value in chosen if value != UNKNOWN]
        selected = {number: str(value) for value in known for number in self._numbers(value)}
        for number in (one for one in selected if one not in listed):
            listed.append(number)
            found.append(int(counts[number]))
            more -= found[-1] > 0
        labels = list(map(self._labels.__getitem__, listed))
        names = list(map(selected.get, listed, labels))
        buckets = buckets_of(names, labels, found, map(selected.__contains__, listed))
        buckets += [Bucket(str(one), str(one), 0, selected=True) for one in known if not self._numbers(one)]
        buckets += [unknown_bucket(unknown)] if UNKNOWN in chosen else []
        return Facet(self._spec.name, self._spec.label, "terms", tuple(buckets), unknown, more)


def _key(value: str) -> str:
    return fold(as_written(value))


class NumbersColumn:
    """The amount or number of each document, in ranges that are the same for every search."""

    def __init__(self, spec: FacetSpec, values: NDArray[np.float64]) -> None:
        """Count `values` [N], NaN for none."""
        self._spec, self._values = spec, values
        self._ranges = ranges_of(values)
        # Where values cannot be divided into ranges, those that are known still count as known.
        self._unknown = max(len(self._ranges), 1)
        numbers = np.where(np.isnan(values), self._unknown, range_numbers(values, self._ranges))
        self._numbers = numbers.astype(smallest(self._unknown + 1))

    def mask(self, values: tuple[FilterValue, ...], _as_of: date) -> Mask:
        """Return the documents in any of the ranges."""
        found: Mask = np.isnan(self._values) if UNKNOWN in values else np.zeros(len(self._values), np.bool_)
        for one in ranges_in(values):
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
        counts = over.count(self._numbers, self._unknown + 1).tolist()
        listed = dict(zip(self._ranges, counts, strict=False))
        for one in ranges_in(chosen):
            if one not in listed:
                inside = self._inside(one)
                listed[one] = int(
                    inside.sum() if over.documents is None else inside.take(over.documents).sum()
                )
        return Facet(self._spec.name, self._spec.label, "range", range_buckets(listed, chosen), counts[-1])


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
