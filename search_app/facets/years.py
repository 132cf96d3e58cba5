"""Years as facets: how many projects started, ended and were active in each, in buckets that people count in.

All three come from one count over spans, the distinct pairs of start and end year. A project is active in
a bucket when it starts before the bucket ends and ends after it begins: #(start <= last) - #(end < first),
counted from the same pairs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import begins
from indexer.storage.days import charted, run_of
from indexer.storage.segment import I64
from search_app.facets.keywords import buckets_of
from search_app.request import FilterValue, Years
from search_app.results import Facet, YearCounts

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
        # In that order, the documents of one year in one of the four rows end where those of the next
        # begin.
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
        by_year = YearCounts(self.first, begun, ended)
        cut = self._listed(by_year, chosen)
        # Begun by the end of the last year, less ended before the first one.
        counts = [begun[last] - ended[first] for first, last in cut.edges]
        buckets = buckets_of(cut.values, cut.labels, counts, days=(cut.first_days, cut.last_days))
        if chosen:
            buckets = [
                bucket._replace(selected=years in chosen, within=_around(years, chosen))
                for bucket, years in zip(buckets, cut.years, strict=True)
            ]
        return Facet(self.name, label, "range", tuple(buckets), self.undated, by_year=by_year)

    def _listed(self, by_year: YearCounts, chosen: Sequence[Years]) -> _Cut:
        """Return the buckets to show: those that cover what was found, opened where one is chosen."""
        first, size = self.first, len(self.begun) - 1
        likely = likely_years(by_year)
        if likely is None:
            return _Cut.of(sorted(set(chosen)), first, size)
        cut = _cut(*likely, first, size)
        if not chosen:
            return cut
        opened = {*cut.years, *chosen}
        for years in chosen:
            # A wide bucket that is chosen, or has a chosen one in it, opens into narrower ones.
            for wide in cut.years:
                if wide.first < wide.last and wide.first <= years.first and years.last <= wide.last:
                    opened.update(_cut(wide.first, wide.last, first, size).years)
        return _Cut.of(sorted(opened, key=lambda one: (one.first, -one.last)), first, size)


def likely_years(counts: YearCounts) -> tuple[int, int] | None:
    """Return the first and the last year that any are in, but for doubtful years where there are others."""
    known = counts.known()
    if known is None:
        return None
    first, last = charted(*known)
    if not counts.within(first, last):
        return known
    # Without doubtful years there are some in the first and in the last.
    while not counts.within(first, first):
        first += 1
    while not counts.within(last, last):
        last -= 1
    return first, last


def year_ranges(years: Collection[int]) -> Iterator[tuple[Years, str]]:
    """Yield the buckets that a facet cuts a run of years into, each with its label: 2015 to 2031 are four."""
    # Only years and labels are taken, so any timeline will do: always this one, whose cuts are cached.
    cut = _cut(*run_of(years), 0, 0)
    return zip(cut.years, cut.labels, strict=True)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Years in buckets, each as it is shown whatever its count; the same for all searches.

    Of the edges of a bucket, the second is where a timeline has what began by the end of its last year, the
    first what ended before its first one.
    """

    years: tuple[Years, ...]
    values: tuple[str, ...]
    labels: tuple[str, ...]
    first_days: tuple[date, ...]
    last_days: tuple[date, ...]
    edges: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, years: Sequence[Years], first: int, size: int) -> Self:
        """Return buckets of years, which may lie outside of a timeline: `size` years from the `first` on."""
        values = tuple(map(str, years))
        return cls(
            tuple(years),
            values,
            tuple(value.replace("-", "\N{EN DASH}") for value in values),
            tuple(date(one.first, 1, 1) for one in years),
            tuple(date(one.last, 12, 31) for one in years),
            tuple((_place(one.first - first, size), _place(one.last + 1 - first, size)) for one in years),
        )


def _place(year: int, size: int) -> int:
    return min(max(year, 0), size)


def _around(years: Years, chosen: Sequence[Years]) -> str | None:
    """Return the wider bucket that is chosen and has `years` in it."""
    for wide in chosen:
        if wide != years and wide.first <= years.first and years.last <= wide.last:
            return str(wide)
    return None


def width_of(first: int, last: int, most: int) -> int:
    """Return the narrowest width, that people count in, of at most `most` buckets for a run of years."""
    return next(width for width in WIDTHS if last // width - first // width < most)


def _cut(earliest: int, latest: int, first: int, size: int) -> _Cut:
    """Cut a run of years into buckets, few enough for a glance, for a timeline of `size` from `first` on."""
    width = width_of(earliest, latest, MOST_BUCKETS)
    return _buckets(width, earliest // width, latest // width, first, size)


@lru_cache(CACHED_CUTS)
def _buckets(width: int, earliest: int, latest: int, first: int, size: int) -> _Cut:
    """Return the buckets of a width, numbered from that of the years below `width` on."""
    starts = range(earliest * width, latest * width + 1, width)
    return _Cut.of([Years(max(start, 1), start + width - 1) for start in starts], first, size)
