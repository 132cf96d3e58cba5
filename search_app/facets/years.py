"""Years as facets: how many projects started, ended and were active in each, in buckets that people count in.

All three come from one count over spans, the distinct pairs of start and end year. A project is active in
a bucket when it starts before the bucket ends and ends after it begins: #(start <= last) - #(end < first),
counted from the same pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.storage.days import charted
from indexer.storage.segment import I64, begins
from search_app.request import FilterValue, Years
from search_app.results import Bucket, Facet, YearCounts

# Widths of year buckets, and how many buckets are still a glance.
WIDTHS = (1, 5, 10, 20, 50, 100, 1000)
MOST_BUCKETS = 12
# Ways to cut a run of years that are cached: the same for every search.
CACHED_CUTS = 1_024


def years_in(values: Sequence[FilterValue]) -> tuple[Years, ...]:
    """Return the values that are years: one may be for unknown dates."""
    return tuple(one for one in values if isinstance(one, Years))


class YearCounter:
    """Counts the year facets of a segment, all at once."""

    def __init__(self, span_years: NDArray[np.int16]) -> None:
        """Count over `span_years` [S, 2], start and end year of each span, 0 for unknown."""
        start, end = span_years[:, 0].astype(np.int64), span_years[:, 1].astype(np.int64)
        known = span_years[span_years > 0]
        self._first = int(known.min(initial=9999))
        self._size = max(int(known.max(initial=0)) - self._first + 1, 0)
        dated = (start > 0) & (end > 0)
        rows = np.stack([np.where(dated, start, 0), np.where(dated, end, 0), start, end])
        # Years are numbered from the first one there is, the undated after the last.
        years = np.where(rows > 0, rows - self._first, self._size)
        self._spans = years.argsort(axis=1, kind="stable").ravel()
        # In that order, a year of one of the four rows is over where that of the next one begins.
        slots = (years + np.arange(4)[:, None] * (self._size + 1)).ravel()
        self._ends = begins(np.bincount(slots, minlength=4 * (self._size + 1)))[1:]
        self._rows = np.arange(4)[:, None] * len(start)

    def count(self, counts: I64) -> dict[str, Timeline]:
        """Return a timeline for each facet, given the counts [S] of documents per span."""
        passed = begins(counts.take(self._spans))
        # Each row has all documents, so that it begins with those of the rows before it.
        by_year = passed.take(self._ends).reshape(4, -1) - passed.take(self._rows)
        begun, ended, start, end = by_year.tolist()
        return {
            "active_year": Timeline.of("active_year", self._first, begun, ended),
            "start_year": Timeline.of("start_year", self._first, start, start),
            "end_year": Timeline.of("end_year", self._first, end, end),
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """How many projects had begun and had ended by the end of each year, from the one before `first` on."""

    name: str
    first: int
    begun: list[int]
    ended: list[int]
    undated: int

    @classmethod
    def of(cls, name: str, first: int, begun: Sequence[int], ended: Sequence[int]) -> Self:
        """Return the timeline of totals from the year `first` on, the last ones with the undated."""
        totals = [0, *begun[:-1]]
        return cls(name, first, totals, [0, *ended[:-1]], begun[-1] - totals[-1])

    def facet(self, label: str, chosen: Sequence[Years] = ()) -> Facet:
        """Return the facet with a label, of at most MOST_BUCKETS buckets, and those chosen."""
        begun, ended = self.begun, self.ended
        buckets = tuple(
            [
                Bucket(
                    one.value,
                    one.label,
                    # Begun by the end of its last year, less ended before its first one.
                    begun[one.last] - ended[one.first],
                    one.years in chosen,
                    one.first_day,
                    one.last_day,
                    _around(one.years, chosen) if chosen else None,
                )
                for one in self._listed(chosen)
            ]
        )
        return Facet(self.name, label, "range", buckets, self.undated, by_year=self._by_year)

    @property
    def _by_year(self) -> YearCounts:
        return YearCounts(self.first, self.begun, self.ended)

    def _listed(self, chosen: Sequence[Years]) -> Sequence[_YearBucket]:
        """Return the buckets to show: those that cover what was found, opened where one is chosen."""
        scale = _Scale(self.first, len(self.begun) - 1)
        if not self.begun[-1]:
            return [scale.bucket(years) for years in sorted(set(chosen))]
        known = self._by_year.known()
        assert known is not None
        earliest, latest = charted(*known)
        if not chosen:
            return _cut(earliest, latest, scale)
        listed = [one.years for one in _cut(earliest, latest, scale)]
        opened = {*listed, *chosen}
        for years in chosen:
            # A wide bucket that is chosen, or has a chosen one in it, opens into narrower ones.
            for wide in listed:
                if wide.first < wide.last and wide.first <= years.first and years.last <= wide.last:
                    opened |= {one.years for one in _cut(wide.first, wide.last, scale)}
        return [scale.bucket(years) for years in sorted(opened, key=lambda one: (one.first, -one.last))]


def year_ranges(first: int, last: int) -> tuple[Years, ...]:
    """Return the buckets that a facet cuts a run of years into: 2015 to 2031 are four of five years."""
    first, last = charted(first, last)
    return tuple(one.years for one in _cut(first, last, _Scale(first, last - first + 1)))


@dataclass(frozen=True, slots=True)
class _YearBucket:
    """A bucket of years as it is shown, whatever its count.

    `last` is where a timeline has what began by the end of the last year, `first` what ended before the
    first one.
    """

    years: Years
    value: str
    label: str
    first_day: date
    last_day: date
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Scale:
    """The years of a timeline: the first one, and how many there are."""

    first: int
    size: int

    def bucket(self, years: Years) -> _YearBucket:
        """Return a bucket of years, which may lie outside."""
        value, days = str(years), (date(years.first, 1, 1), date(years.last, 12, 31))
        edges = (min(max(year - self.first, 0), self.size) for year in (years.first, years.last + 1))
        return _YearBucket(years, value, value.replace("-", "\N{EN DASH}"), *days, *edges)


def _around(years: Years, chosen: Sequence[Years]) -> str | None:
    """Return the wider bucket that is chosen and has `years` in it."""
    for wide in chosen:
        if wide != years and wide.first <= years.first and years.last <= wide.last:
            return str(wide)
    return None


def width_of(first: int, last: int, most: int) -> int:
    """Return the narrowest width, that people count in, of at most `most` buckets for a run of years."""
    return next(width for width in WIDTHS if last // width - first // width < most)


@lru_cache(CACHED_CUTS)
def _cut(first: int, last: int, scale: _Scale) -> tuple[_YearBucket, ...]:
    """Cut a run of years into buckets, few enough for a glance."""
    width = width_of(first, last, MOST_BUCKETS)
    starts = range(first // width * width, last + 1, width)
    return tuple(scale.bucket(Years(max(start, 1), start + width - 1)) for start in starts)
