"""Facets: what is in a result, counted in bulk, so that a second choice shows its true count.

Start year, end year and "active in" come from one count over spans, the distinct pairs of start and end
year. A project is active in a bucket when it starts before the bucket ends and ends after it begins:
#(start <= last) - #(end < first), counted from the same pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from indexer.document import STATUSES
from indexer.segment import Segment
from search_app.filters import Filters
from search_app.request import FacetName, SearchRequest, Years
from search_app.results import Bucket, Facet

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
# On the home page a year is a bar, as long as bars are wide enough to be hit.
MOST_BARS = 60

I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counted:
    """The documents that a facet is counted over, uint32 [M]; None stands for all of them."""

    documents: NDArray[np.uint32] | None

    def count(self, column: NDArray[np.unsignedinteger], size: int) -> I64:
        """Return how often each of the numbers 0 to `size` - 1 stands in a column, int64 [size]."""
        values = column if self.documents is None else column[self.documents]
        return np.bincount(values, minlength=size)


class FacetCounter:
    """Counts the facets of one segment."""

    def __init__(self, segment: Segment, filters: Filters) -> None:
        """Count in `segment`, with the statuses that `filters` keeps."""
        self._segment, self._filters = segment, filters

    def facets(
        self, request: SearchRequest, counted: dict[FacetName, Counted], as_of: date
    ) -> tuple[Facet, ...]:
        """Return the facets asked for, in their order, each over the documents `counted` for it."""
        spans: dict[int, I64] = {}
        found = []
        for name in request.facets:
            over = counted[name]
            if name == "status":
                found.append(self._status(request, over, as_of))
            elif name == "grantee":
                found.append(self._grantee(request, over))
            else:
                # The three year facets are mostly over the same documents: counted once.
                if id(over) not in spans:
                    spans[id(over)] = over.count(self._segment.spans, len(self._segment.span_years))
                counts = spans[id(over)]
                found.append(year_facet(name, self._segment.span_years, counts, getattr(request, name)))
        return tuple(found)

    def every_year(self) -> tuple[Bucket, ...]:
        """Return how many projects of all were active in each year, or wider if these are many."""
        spans = self._segment.span_years
        counts = np.bincount(self._segment.spans, minlength=len(spans))
        return year_facet("active_year", spans, counts, (), most=MOST_BARS).buckets

    def _status(self, request: SearchRequest, counted: Counted, as_of: date) -> Facet:
        counts = counted.count(self._filters.statuses(as_of), len(STATUSES)).tolist()
        buckets = tuple(
            Bucket(status, status.capitalize(), count, status in request.status)
            for status, count in zip(STATUSES, counts, strict=True)
            if count or status in request.status
        )
        return Facet("status", LABELS["status"], "terms", buckets)

    def _grantee(self, request: SearchRequest, counted: Counted) -> Facet:
        names = self._segment.grantee_names
        counts = counted.count(self._segment.grantee, len(names))
        unknown = 0
        if len(names) and not names[0]:
            unknown, counts[0] = int(counts[0]), 0
        listed = _most(counts, LISTED_VALUES)
        buckets = [
            Bucket(name, name, count, name in request.grantee)
            for name, count in zip(map(names.__getitem__, listed), counts[listed].tolist(), strict=True)
        ]
        for name in dict.fromkeys(request.grantee):
            number = names.find(name)
            if number not in listed:
                buckets.append(Bucket(name, name, int(counts[number]) if number >= 0 else 0, selected=True))
        more = int(np.count_nonzero(counts)) - sum(1 for bucket in buckets if bucket.count)
        return Facet("grantee", LABELS["grantee"], "terms", tuple(buckets), unknown, more)


def _most(counts: I64, size: int) -> list[int]:
    """Return the numbers with the highest counts above 0, highest first, equal ones in order."""
    places = np.flatnonzero(counts)
    if len(places) > size:
        limit = np.partition(counts[places], len(places) - size)[len(places) - size]
        places = places[counts[places] >= limit]
    numbers: list[int] = places[np.argsort(-counts[places], kind="stable")][:size].tolist()
    return numbers


def year_facet(
    name: FacetName,
    spans: NDArray[np.int16],
    counts: I64,
    chosen: Sequence[Years],
    *,
    most: int = MOST_BUCKETS,
) -> Facet:
    """Return a facet of year buckets from counts [S] per span [S, 2] of start and end year."""
    histogram = _Histogram(name, spans, counts)
    widths: set[Years] = set()
    if histogram.first:
        widths |= set(_cut(histogram.first, histogram.last, most))
        for years in chosen:
            # A wide bucket that is chosen, or has a chosen one in it, opens into narrower ones.
            for wide in [one for one in widths if one.first <= years.first and years.last <= one.last]:
                if wide.first < wide.last:
                    widths |= set(_cut(wide.first, wide.last, most))
    listed = sorted(widths | set(chosen), key=lambda years: (years.first, -years.last))
    buckets = tuple(
        Bucket(
            value=str(years),
            label=str(years).replace("-", "\N{EN DASH}"),
            count=histogram.count(years),
            selected=years in chosen,
            first=date(years.first, 1, 1),
            last=date(years.last, 12, 31),
            within=_chosen_around(years, chosen),
        )
        for years in listed
    )
    return Facet(name, LABELS[name], "range", buckets, histogram.unknown)


def _chosen_around(years: Years, chosen: Sequence[Years]) -> str | None:
    for wide in chosen:
        if wide != years and wide.first <= years.first and years.last <= wide.last:
            return str(wide)
    return None


def _cut(first: int, last: int, most: int) -> list[Years]:
    """Cut a run of years into at most `most` buckets of the narrowest width that people count in."""
    width = next(width for width in WIDTHS if last // width - first // width < most)
    starts = range(first // width * width, last + 1, width)
    return [Years(max(start, 1), start + width - 1) for start in starts]


class _Histogram:
    """How many projects have begun and have ended by each year; years count from `first`."""

    def __init__(self, name: FacetName, spans: NDArray[np.int16], counts: I64) -> None:
        begin, end = {
            "active_year": (spans[:, 0], spans[:, 1]),
            "start_year": (spans[:, 0], spans[:, 0]),
        }.get(name, (spans[:, 1], spans[:, 1]))
        known = (begin > 0) & (end > 0) & (counts > 0)
        begin, end, counted = begin[known], end[known], counts[known]
        self.unknown = int(counts.sum() - counted.sum())
        self.first = int(begin.min()) if len(begin) else 0
        self.last = int(end.max()) if len(end) else 0
        size = self.last - self.first + 1
        self._begun = np.cumsum(np.bincount(begin - self.first, counted, size)).astype(np.int64).tolist()
        self._ended = np.cumsum(np.bincount(end - self.first, counted, size)).astype(np.int64).tolist()

    def count(self, years: Years) -> int:
        """Return #(begin <= last) - #(end < first)."""
        return self._by(self._begun, years.last) - self._by(self._ended, years.first - 1)

    def _by(self, totals: list[int], year: int) -> int:
        return totals[min(year - self.first, len(totals) - 1)] if year >= self.first else 0
