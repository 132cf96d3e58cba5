"""Facets: what is in a result, counted in bulk, so that a second choice shows its true count.

Start year, end year and "active in" come from one count over spans, the distinct pairs of start and end
year. A project is active in a bucket when it starts before the bucket ends and ends after it begins:
#(start <= last) - #(end < first), counted from the same pairs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.document import STATUSES
from indexer.segment import Segment
from search_app.filters import KEPT_DAYS, Filters
from search_app.request import YEAR_FACETS, FacetName, SearchRequest, Years
from search_app.results import Bucket, Facet
from search_app.terms import Documents

LABELS: dict[FacetName, str] = {
    "active_year": "Active in",
    "start_year": "Started in",
    "end_year": "Ended in",
    "status": "Status",
    "grantee": "Grantee",
}
# More values than this nobody reads; the page and the answer say how many there are.
LISTED_VALUES = 50
# Widths of year buckets that people count in, and how many buckets are still a glance.
WIDTHS = (1, 5, 10, 20, 50, 100, 1000)
MOST_BUCKETS = 12
# Names of grantees kept as texts, and ways to cut a run of years: the same for every search.
KEPT_NAMES = 16_384
KEPT_CUTS = 1_024
# On the home page a year is a bar, as long as bars are wide enough to be hit.
MOST_BARS = 60

I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counted:
    """The documents that a facet is counted over, intp [M]; None stands for all of them."""

    documents: Documents | None

    def count(self, column: NDArray[np.integer], size: int) -> I64:
        """Return how often each of the numbers 0 to `size` - 1 stands in a column, int64 [size]."""
        values = column if self.documents is None else column.take(self.documents)
        return np.bincount(values, minlength=size)


class FacetCounter:
    """Counts the facets of one segment."""

    def __init__(self, segment: Segment, filters: Filters) -> None:
        """Count in `segment`, with the statuses that `filters` keeps."""
        self._segment, self._filters = segment, filters
        self._years = {name: YearCounter(name, segment.span_years) for name in YEAR_FACETS}
        self._name = lru_cache(KEPT_NAMES)(segment.grantee_names.__getitem__)
        self._combined = lru_cache(KEPT_DAYS)(self._combine)

    def facets(
        self, request: SearchRequest, counted: dict[FacetName, Counted], as_of: date
    ) -> tuple[Facet, ...]:
        """Return the facets asked for, in their order, each over the documents `counted` for it."""
        # All but the one of the grantees come from the same count, mostly over the same documents.
        shared: dict[int, tuple[I64, I64]] = {}
        found = []
        for name in request.facets:
            over = counted[name]
            if name == "grantee":
                found.append(self._grantee(request, over))
                continue
            if id(over) not in shared:
                shared[id(over)] = self._spans_and_statuses(over, as_of)
            spans, statuses = shared[id(over)]
            if name == "status":
                found.append(self._status(request, statuses))
            else:
                found.append(self._years[name].facet(spans, getattr(request, name)))
        return tuple(found)

    def _spans_and_statuses(self, over: Counted, as_of: date) -> tuple[I64, I64]:
        """Return how many documents have each span, int64 [S], and each status, int64 [statuses]."""
        spans, statuses = len(self._segment.span_years), len(STATUSES)
        counts = over.count(self._combined(as_of), spans * statuses).reshape(spans, statuses)
        return counts.sum(axis=1), counts.sum(axis=0)

    def _combine(self, as_of: date) -> I64:
        """Return span and status of every document as one number, int64 [N]."""
        return self._segment.spans.astype(np.int64) * len(STATUSES) + self._filters.statuses(as_of)

    @cached_property
    def _grantee_column(self) -> NDArray[np.intp]:
        # As wide as counting needs it, else NumPy widens it for every search.
        return self._segment.grantee.astype(np.intp)

    def every_year(self) -> tuple[Bucket, ...]:
        """Return how many projects of all were active in each year, or wider if these are many."""
        spans = self._segment.span_years
        counts = np.bincount(self._segment.spans, minlength=len(spans))
        return self._years["active_year"].facet(counts, (), MOST_BARS).buckets

    def _status(self, request: SearchRequest, counts: I64) -> Facet:
        buckets = tuple(
            [
                Bucket(status, status.capitalize(), count, status in request.status)
                for status, count in zip(STATUSES, counts.tolist(), strict=True)
                if count or status in request.status
            ]
        )
        return Facet("status", LABELS["status"], "terms", buckets)

    def _grantee(self, request: SearchRequest, counted: Counted) -> Facet:
        names = self._segment.grantee_names
        counts = counted.count(self._grantee_column, len(names))
        unknown = 0
        if len(names) and not names[0]:
            unknown, counts[0] = int(counts[0]), 0
        listed = _most(counts, LISTED_VALUES)
        chosen = request.grantee
        buckets = [
            Bucket(name, name, count, name in chosen)
            for name, count in zip(map(self._name, listed), counts.take(listed).tolist(), strict=True)
        ]
        for name in dict.fromkeys(chosen):
            number = names.find(name)
            if number not in listed:
                buckets.append(Bucket(name, name, int(counts[number]) if number >= 0 else 0, selected=True))
        more = int(np.count_nonzero(counts)) - sum(1 for bucket in buckets if bucket.count)
        return Facet("grantee", LABELS["grantee"], "terms", tuple(buckets), unknown, more)


def _most(counts: I64, size: int) -> list[int]:
    """Return the numbers with the highest counts above 0, highest first, equal ones in order."""
    places = counts.nonzero()[0]
    found = counts.take(places)
    if len(places) > size:
        limit = np.partition(found, len(places) - size)[len(places) - size]
        places, found = places.compress(found >= limit), found.compress(found >= limit)
    numbers: list[int] = places.take(np.argsort(-found, kind="stable")[:size]).tolist()
    return numbers


class YearCounter:
    """Counts one year facet of a segment; years are told from the first one there, undated ones last."""

    def __init__(self, name: FacetName, span_years: NDArray[np.int16]) -> None:
        self._facet_name: FacetName = name
        start, end = span_years[:, 0].astype(np.int64), span_years[:, 1].astype(np.int64)
        begin, end = {"active_year": (start, end), "start_year": (start, start)}.get(name, (end, end))
        known = (begin > 0) & (end > 0)
        self._first = int(begin[known].min(initial=9999))
        self._size = max(int(end[known].max(initial=0)) - self._first + 1, 0)
        self._begin = np.where(known, begin - self._first, self._size)
        self._end = np.where(known, end - self._first, self._size)

    def facet(self, counts: I64, chosen: Sequence[Years], most: int = MOST_BUCKETS) -> Facet:
        """Return the facet for counts [S] of documents per span; `most` buckets, and those chosen."""
        size = self._size
        begun = np.bincount(self._begin, counts, size + 1).astype(np.int64)
        ended = np.bincount(self._end, counts, size + 1).astype(np.int64)
        histogram = _Histogram(self._first, begun[:size].cumsum().tolist(), ended[:size].cumsum().tolist())
        buckets = tuple(
            [
                Bucket(
                    one.value,
                    one.label,
                    histogram.count(one.years),
                    one.years in chosen,
                    one.first_day,
                    one.last_day,
                    _around(one.years, chosen) if chosen else None,
                )
                for one in histogram.listed(chosen, most)
            ]
        )
        return Facet(self._facet_name, LABELS[self._facet_name], "range", buckets, int(begun[size]))


@dataclass(frozen=True, slots=True)
class _YearBucket:
    """A bucket of years as it is shown, whatever its count."""

    years: Years
    value: str
    label: str
    first_day: date
    last_day: date

    @classmethod
    def of(cls, years: Years) -> Self:
        value = str(years)
        days = date(years.first, 1, 1), date(years.last, 12, 31)
        return cls(years, value, value.replace("-", "\N{EN DASH}"), *days)


@dataclass(frozen=True, slots=True)
class _Histogram:
    """How many projects had begun and had ended by the end of each year from `first` on."""

    first: int
    begun: list[int]
    ended: list[int]

    def count(self, years: Years) -> int:
        """Return #(begin <= last) - #(end < first)."""
        return self._by(self.begun, years.last) - self._by(self.ended, years.first - 1)

    def _by(self, totals: list[int], year: int) -> int:
        return totals[min(year - self.first, len(totals) - 1)] if totals and year >= self.first else 0

    def listed(self, chosen: Sequence[Years], most: int) -> Sequence[_YearBucket]:
        """Return the buckets to show: those that cover what was found, opened where one is chosen."""
        if not self.begun or not self.begun[-1]:
            return [_YearBucket.of(years) for years in sorted(set(chosen))]
        first = self.first + bisect_right(self.begun, 0)
        last = self.first + bisect_left(self.ended, self.ended[-1])
        listed = _cut(first, last, most)
        if not chosen:
            return listed
        opened = {one.years for one in listed} | set(chosen)
        for years in chosen:
            # A wide bucket that is chosen, or has a chosen one in it, opens into narrower ones.
            for wide in (one.years for one in listed):
                if wide.first < wide.last and wide.first <= years.first and years.last <= wide.last:
                    opened |= {one.years for one in _cut(wide.first, wide.last, most)}
        return [
            _YearBucket.of(years) for years in sorted(opened, key=lambda years: (years.first, -years.last))
        ]


def _around(years: Years, chosen: Sequence[Years]) -> str | None:
    """Return the wider bucket that is chosen and has `years` in it."""
    for wide in chosen:
        if wide != years and wide.first <= years.first and years.last <= wide.last:
            return str(wide)
    return None


@lru_cache(KEPT_CUTS)
def _cut(first: int, last: int, most: int) -> tuple[_YearBucket, ...]:
    """Cut a run of years into at most `most` buckets of the narrowest width that people count in."""
    width = next(width for width in WIDTHS if last // width - first // width < most)
    starts = range(first // width * width, last + 1, width)
    return tuple(_YearBucket.of(Years(max(start, 1), start + width - 1)) for start in starts)
