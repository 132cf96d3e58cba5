"""The timeline of hits: each a bar from its start to its end over the years of the result.

A date that is unknown is no date: such a bar ends in a dashed line that leads to the edge, and a project
without dates has no bar. Everything that is drawn stands beside it in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from indexer.document import Project
from indexer.storage.days import run_of
from search_app.facets.years import likely_years
from search_app.results import SearchResults
from search_app.web.answers import LinkedHit
from search_app.web.pages.parts.drawing.axis import Axis, Tick
from search_app.web.pages.parts.facts import ListedFact, ListedFacts

# In percent: so that a day is still seen among centuries.
LEAST_WIDTH = 0.6
_DATES = ("start_year", "end_year")


class Span(NamedTuple):
    """A bar from `begin`, so wide, in percent; an `open` one is a line towards an unknown date."""

    begin: float
    width: float
    open: bool


class TimelineRow(NamedTuple):
    """A hit, its bar (None where there is nothing to draw), and the fact that it has its place by, if any."""

    linked: LinkedHit
    span: Span | None
    fact: ListedFact | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The hits of a page over one axis; `day` is where the day of the status is, None where outside."""

    rows: Sequence[TimelineRow]
    ticks: Sequence[Tick]
    day: float | None


def timeline(hits: Sequence[LinkedHit], results: SearchResults, listed: ListedFacts) -> Timeline:
    """Return the timeline of the hits of a page; `listed` tells what they are in the order of."""
    axis = _axis(hits, results)
    day = results.as_of
    inside = axis.first <= day.year <= axis.last
    return Timeline(
        rows=[TimelineRow(hit, _span(axis, hit.project), listed.of_order(hit.hit.fields)) for hit in hits],
        ticks=axis.ticks(),
        day=_percent(axis.share(day)) if inside else None,
    )


def _axis(hits: Sequence[LinkedHit], results: SearchResults) -> Axis:
    """Return the years of the result: of its starts and ends, as they are counted or chosen."""
    days = [day for hit in hits for day in (hit.project.start, hit.project.end)]
    years = [day.year for day in days if day is not None]
    # A facet is counted without its own filter: where that is set, it has more years than the result.
    counted = [one for one in results.facets if one.name in _DATES and not results.request.filters[one.name]]
    for facet in counted:
        years += (likely_years(facet.by_year) if facet.by_year is not None else None) or ()
    return Axis(*run_of(years or [results.as_of.year]), 1)


def _span(axis: Axis, project: Project) -> Span | None:
    start, end = project.start, project.end
    if start is None and end is None:
        return None
    begin = axis.share(start) if start else 0.0
    after = axis.share(end, after=True) if end else 1.0
    width = max(_percent(after - begin), LEAST_WIDTH)
    return Span(min(_percent(begin), 100 - width), width, start is None or end is None)


def _percent(share: float) -> float:
    return round(100 * share, 2)
