"""Facets: what is in a result, counted in bulk, so that a second choice shows its true count.

Two counts do it: of the grantees, and of spans (`years`) with statuses as one number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from indexer.document import STATUSES
from indexer.storage.segment import I64, Segment, Unsigned, smallest
from search_app.facets.filters import CACHED_DAYS, Filters
from search_app.facets.years import Timeline, YearCounter
from search_app.postings.matches import Documents
from search_app.request import FacetName, SearchRequest
from search_app.results import Bucket, Facet

# More values than this nobody reads; the page and the answer say how many there are.
LISTED_VALUES = 50
# Names of grantees cached as texts: the same for every search.
CACHED_NAMES = 16_384
# On the home page a year is a bar, as long as bars are wide enough to be hit.
MOST_BARS = 60


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
        self._years = YearCounter(segment.span_years)
        self._name = lru_cache(CACHED_NAMES)(segment.grantee_names.__getitem__)
        self._combined = lru_cache(CACHED_DAYS)(self._combine)

    def facets(
        self, request: SearchRequest, counted: dict[FacetName, Counted], as_of: date
    ) -> tuple[Facet, ...]:
        """Return the facets asked for, in their order, each over the documents `counted` for it."""
        # All but the one of the grantees come from the same count, mostly over the same documents.
        shared: dict[int, tuple[dict[FacetName, Timeline], I64]] = {}
        found = []
        for name in request.facets:
            over = counted[name]
            if name == "grantee":
                found.append(self._grantee(request, over))
                continue
            if id(over) not in shared:
                shared[id(over)] = self._years_and_statuses(over, as_of)
            years, statuses = shared[id(over)]
            if name == "status":
                found.append(self._status(request, statuses))
            else:
                found.append(years[name].facet(getattr(request, name)))
        return tuple(found)

    def _years_and_statuses(self, over: Counted, as_of: date) -> tuple[dict[FacetName, Timeline], I64]:
        """Return the timelines of the documents, and how many of them have each status, int64 [statuses]."""
        spans, statuses = len(self._segment.span_years), len(STATUSES)
        counts = over.count(self._combined(as_of), spans * statuses).reshape(spans, statuses)
        return self._years.count(counts.sum(axis=1)), counts.sum(axis=0)

    def _combine(self, as_of: date) -> Unsigned:
        """Return span and status of every document as one number, [N]."""
        combined = self._segment.spans.astype(np.int64) * len(STATUSES) + self._filters.statuses(as_of)
        return combined.astype(smallest(len(self._segment.span_years) * len(STATUSES)))

    @cached_property
    def _grantee_column(self) -> Unsigned:
        # As narrow as can be: a search fetches from all over a column, so that it has to fit into the caches.
        return self._segment.grantee.astype(smallest(len(self._segment.grantee_names)))

    def every_year(self) -> tuple[Bucket, ...]:
        """Return how many projects of all were active in each year, or wider if these are many."""
        spans = self._segment.span_years
        counts = np.bincount(self._segment.spans, minlength=len(spans))
        return self._years.count(counts)["active_year"].facet(most=MOST_BARS).buckets

    def _status(self, request: SearchRequest, counts: I64) -> Facet:
        buckets = tuple(
            [
                Bucket(status, status.capitalize(), count, status in request.status)
                for status, count in zip(STATUSES, counts.tolist(), strict=True)
                if count or status in request.status
            ]
        )
        return Facet("status", "Status", "terms", buckets)

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
        return Facet("grantee", "Grantee", "terms", tuple(buckets), unknown, more)


def _most(counts: I64, size: int) -> list[int]:
    """Return the numbers with the highest counts above 0, equal ones in order: [2, 0] of [3, 0, 5]."""
    present = (counts > 0).nonzero()[0]
    found = counts.take(present)
    if len(present) > size:
        limit = np.partition(found, len(present) - size)[len(present) - size]
        present, found = present.compress(found >= limit), found.compress(found >= limit)
    numbers: list[int] = present.take(np.argsort(-found, kind="stable")[:size]).tolist()
    return numbers
