"""Facets that follow from two dates: years and status, all counted at once over spans.

A span is a distinct pair of start and end year (`years`); span and status of each document are one number, so
that one count gives the three facets of years and that of statuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from indexer.document import STATUSES, Status
from indexer.storage.arrays.sums import smallest
from indexer.storage.days import UNKNOWN_DAY, day_number
from indexer.storage.segment import I64, Segment, Unsigned
from search_app.facets.own.value_sets import ValueSets
from search_app.facets.seen import Seen
from search_app.facets.specs import Counted, FacetSpec, Mask, Side
from search_app.facets.years import Timeline, YearCounter, years_in
from search_app.request import LAST_YEAR, UNKNOWN, FilterValue, Number, Period, Years
from search_app.results import Bucket, Facet

# Days whose columns of statuses are cached, nine bytes a project each.
CACHED_DAYS = 2


class SpanCounts(NamedTuple):
    """How many documents there are in each year, by facet, and with each status, int64 [statuses]."""

    timelines: dict[str, Timeline]
    statuses: I64


class Spans:
    """The spans and statuses of one segment, which all of its facets may share."""

    def __init__(self, segment: Segment, seen: Seen | None = None) -> None:
        """Count the documents of `segment`, of which the history knows when they were `seen`."""
        self.segment, self.seen = segment, seen or Seen.never(len(segment))
        self._years = YearCounter(segment.span_years)
        # The sets of values that documents have in keyword fields, as far as these were counted.
        self.value_sets: list[ValueSets] = []
        self.statuses = lru_cache(CACHED_DAYS)(self._statuses)
        self._combined = lru_cache(CACHED_DAYS)(self._combine)

    def counts(self, over: Counted) -> SpanCounts:
        """Return the counts over some documents, worked out once for all facets."""
        if self not in over.shared:
            spans, statuses = len(self.segment.span_years), len(STATUSES)
            counts = over.count(self._combined(over.as_of), statuses * spans).reshape(statuses, spans)
            by_span, by_status = np.add.reduce(counts), np.add.reduce(counts, axis=1)
            over.shared[self] = SpanCounts(self._years.count(by_span), by_status)
        return cast("SpanCounts", over.shared[self])

    def _combine(self, as_of: date) -> Unsigned:
        """Return status and span of every document as one number, [N]."""
        spans = len(self.segment.span_years)
        combined = self.statuses(as_of).astype(np.int64) * spans + self.segment.spans
        return combined.astype(smallest(len(STATUSES) * spans))

    def _statuses(self, as_of: date) -> NDArray[np.uint8]:
        """Return the status of every document on a day, as its number in STATUSES, uint8 [N]."""
        day, start, end = day_number(as_of), self.segment.start, self.segment.end
        number: dict[Status, int] = {status: index for index, status in enumerate(STATUSES)}
        known = (start != UNKNOWN_DAY) & (end != UNKNOWN_DAY)
        result = np.where(known, np.uint8(number["active"]), np.uint8(number["unknown"]))
        result[(end != UNKNOWN_DAY) & (end < day)] = number["completed"]
        result[start > day] = number["planned"]
        return result


class StatusColumn:
    """The status of each document on a day."""

    def __init__(self, spec: FacetSpec, spans: Spans) -> None:
        """Count by the statuses of `spans`."""
        self._spec, self._spans = spec, spans

    def mask(self, values: tuple[FilterValue, ...], as_of: date) -> Mask:
        """Return the documents that have any of the statuses on a day."""
        return np.isin(self._spans.statuses(as_of), [STATUSES.index(cast("Status", one)) for one in values])

    def facet(self, chosen: tuple[FilterValue, ...], over: Counted) -> Facet:
        """Return the counts, in the order of a project's life."""
        counts = self._spans.counts(over).statuses.tolist()
        buckets = [
            Bucket(status, status.capitalize(), count, status in chosen)
            for status, count in zip(STATUSES, counts, strict=True)
            if count or status in chosen
        ]
        return Facet(self._spec.name, self._spec.label, "terms", tuple(buckets))


class YearColumn:
    """The years in which each document was active, started or ended."""

    def __init__(self, spec: FacetSpec, spans: Spans) -> None:
        """Count by the years of `spans`; the name of the facet says which."""
        self._spec, self._spans = spec, spans

    def mask(self, values: tuple[FilterValue, ...], _as_of: date) -> Mask:
        """Return the documents in any of the years."""
        segment, name = self._spans.segment, self._spec.name
        inside = in_years(name, segment.span_years, years_in(values))
        if UNKNOWN in values:
            inside |= ~in_years(name, segment.span_years, [Years(1, LAST_YEAR)])
        found: Mask = inside[segment.spans]
        return found

    def bounded(self, side: Side, limit: Period | Number) -> Mask:
        """Return the documents whose interval, start or end lies on the right side of a date."""
        period = cast("Period", limit)
        segment, name = self._spans.segment, self._spec.name
        earliest = segment.end if name != "start_year" else segment.start
        latest = segment.start if name != "end_year" else segment.end
        if side == "from":
            return _not_before(earliest, period)
        if side == "to":
            return _not_after(latest, period)
        return _not_before(earliest, period) & _not_after(latest, period)

    def facet(self, chosen: tuple[FilterValue, ...], over: Counted) -> Facet:
        """Return the counts in buckets of years."""
        timeline = self._spans.counts(over).timelines[self._spec.name]
        return timeline.facet(self._spec.label, years_in(chosen))


def in_years(name: str, spans: NDArray[np.int16], chosen: Sequence[Years]) -> Mask:
    """Tell which rows of `spans` [S, 2] (start and end year, 0 unknown) are in any of the buckets."""
    start, end = spans[:, 0], spans[:, 1]
    result = np.zeros(len(spans), np.bool_)
    for years in chosen:
        if name == "active_year":
            result |= (start > 0) & (end > 0) & (start <= years.last) & (end >= years.first)
        else:
            year = start if name == "start_year" else end
            result |= (year >= years.first) & (year <= years.last)
    return result


def _not_before(column: NDArray[np.int32], period: Period) -> Mask:
    # An unknown day is below every real one.
    return column >= day_number(period.first)


def _not_after(column: NDArray[np.int32], period: Period) -> Mask:
    known: Mask = column != UNKNOWN_DAY
    return known & (column <= day_number(period.last))
