"""The chart of years: a bar for each year that has any projects, each a link, and the span that is chosen.

It has one width of bucket from end to end. What it shows is said again as a list of links, for those who do
not see it and for the keyboard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, cast

from search_app.facets.specs import Bound, FacetSpec
from search_app.facets.table import YEARS_OF
from search_app.facets.years import likely_years, years_in
from search_app.request import CHARTED_YEARS, UNKNOWN, ChartedYears, Filters, Period, SearchRequest, Years
from search_app.results import Bucket, Facet
from search_app.web.pages.parts.drawing.axis import Axis, Tick, axis_of
from search_app.web.pages.parts.readable.numbers import projects

# Of 100: low enough to be little, high enough to be seen.
LEAST_HEIGHT = 3
# Axes whose buckets are remembered.
_CACHED = 64
# Bars of the same height that are named; of more it is said how many there are.
_NAMED = 3
_LABELS: Mapping[ChartedYears, str] = {"active": "Active", "started": "Started", "ended": "Ended"}


class YearBar(NamedTuple):
    """A bar: its years, and what it stands for in words; its place from the left, its top and height of 100.

    It is `selected` where most of it lies in a span that is chosen.
    """

    url: str
    label: str
    text: str
    place: int
    top: int
    height: int
    selected: bool


class Band(NamedTuple):
    """A span that is chosen: where it begins and how wide it is, of the number of bars."""

    begin: float
    width: float


class Choice(NamedTuple):
    """One of a few ways to show something; `url` is the page that shows it so."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class YearChart:
    """The chart as it is drawn: `size` places for bars of at most 100; `summary` is it in a sentence."""

    summary: str
    size: int
    bars: Sequence[YearBar]
    bands: Sequence[Band]
    ticks: Sequence[Tick]
    choices: Sequence[Choice]
    unknown: int
    unknown_url: str
    unknown_chosen: bool


class ChartLinks(NamedTuple):
    """Where a chart leads: the search that each bucket of a facet makes, and the page with other years."""

    toggles: Callable[[Facet], Sequence[str]]
    switched: Callable[[ChartedYears], str]


def charted(request: SearchRequest) -> ChartedYears:
    """Return the years that the chart has: those that are asked for, or that the search is narrowed by."""
    if request.chart is not None:
        return request.chart
    given = {name.split("_")[0] for name in request.filters}
    beginnings = {kind: YEARS_OF[kind].split("_")[0] for kind in CHARTED_YEARS}
    return next((kind for kind, begins in beginnings.items() if begins in given), "active")


def year_chart(
    kind: ChartedYears,
    facet: Facet,
    spec: FacetSpec,
    filters: Filters,
    links: ChartLinks,
) -> YearChart | None:
    """Return the chart of a facet of years, None where there is nothing to choose between."""
    counts = facet.by_year
    likely = likely_years(counts) if counts is not None else None
    chosen = years_in(filters[facet.name])
    if counts is None or likely is None:
        return None
    axis = axis_of(
        min((likely[0], *(one.first for one in chosen))), max((likely[1], *(one.last for one in chosen)))
    )
    buckets, unknown_chosen = _buckets(axis), UNKNOWN in filters[facet.name]
    if chosen:
        buckets = tuple(one._replace(selected=Years.parse(one.value) in chosen) for one in buckets)
    *urls, unknown_url = links.toggles(
        Facet(facet.name, facet.label, "range", (*buckets, Bucket(UNKNOWN, "", 0, unknown_chosen)))
    )
    found = [counts.within(first, first + axis.width - 1) for first in axis.starts()]
    bands = tuple(_bands(axis, chosen, spec.bounds, filters))
    if axis.size < 2 and not bands:
        return None
    return YearChart(
        summary=_summary(kind, axis, buckets, found),
        size=axis.size,
        bars=tuple(_bars(buckets, found, urls, bands)),
        bands=bands,
        ticks=axis.ticks(),
        choices=[Choice(_LABELS[one], links.switched(one), one == kind) for one in CHARTED_YEARS],
        unknown=facet.unknown,
        unknown_url=unknown_url,
        unknown_chosen=unknown_chosen,
    )


@lru_cache(_CACHED)
def _buckets(axis: Axis) -> tuple[Bucket, ...]:
    """Return the buckets of an axis with nothing in them: many searches have one axis."""
    values = [str(Years(first, first + axis.width - 1)) for first in axis.starts()]
    return tuple(Bucket(value, value.replace("-", "\N{EN DASH}"), 0) for value in values)


def _bars(
    buckets: Sequence[Bucket], counts: Sequence[int], urls: Sequence[str], bands: Sequence[Band]
) -> Iterator[YearBar]:
    most = max(counts) or 1
    for place, (bucket, count, url) in enumerate(zip(buckets, counts, urls, strict=True)):
        if count:
            height = max(round(100 * count / most), LEAST_HEIGHT)
            inside = bool(bands) and _is_inside(place, bands)
            yield YearBar(url, bucket.label, projects(count), place, 100 - height, height, inside)


def _is_inside(place: int, bands: Sequence[Band]) -> bool:
    return any(band.begin < place + 0.5 < band.begin + band.width for band in bands)


def _bands(axis: Axis, chosen: Sequence[Years], bounds: Sequence[Bound], filters: Filters) -> Iterator[Band]:
    """Yield the spans that are chosen: runs of years, and what lies between the dates of the form."""
    whole = axis.last + 1 - axis.first
    for years in chosen:
        yield from _band(axis, (years.first - axis.first) / whole, (years.last + 1 - axis.first) / whole)
    begin, end = 0.0, 1.0
    limits = [(bound.side, cast("Period", one)) for bound in bounds for one in filters[bound.name]]
    for side, period in limits:
        if side in ("from", "on"):
            begin = max(begin, axis.share(period.first))
        if side in ("to", "on"):
            end = min(end, axis.share(period.last, after=True))
    if limits:
        yield from _band(axis, begin, end)


def _band(axis: Axis, begin: float, end: float) -> Iterator[Band]:
    begin, end = max(begin, 0.0), min(end, 1.0)
    if begin < end:
        yield Band(round(begin * axis.size, 3), round((end - begin) * axis.size, 3))


def _summary(kind: ChartedYears, axis: Axis, buckets: Sequence[Bucket], counts: Sequence[int]) -> str:
    shown = f"{_LABELS[kind]} by year, {axis.first} to {axis.last}"
    most = max(counts)
    if not most:
        return f"{shown}: no projects."
    highest = [bucket.label for bucket, count in zip(buckets, counts, strict=True) if count == most]
    if len(highest) > _NAMED:
        spans = "years" if axis.width == 1 else f"spans of {axis.width} years"
        return f"{shown}. Most: {projects(most)} in each of {len(highest)} {spans}."
    *others, last = highest
    named = f"each of {', '.join(others)} and {last}" if others else last
    return f"{shown}. Most: {projects(most)} in {named}."
