"""Buckets as links with bars: the facets beside the hits, and the chart of years above them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from search_app.web.answers import LinkedBucket, LinkedFacet

# Values of a facet that are seen at once; the rest is one click away.
VALUES_SHOWN = 8


class Bar(NamedTuple):
    """A bucket as a link; `percent` of the largest is the length of its bar.

    A tuple, which a template takes apart without a look-up by name: a page has some 60 of them.
    """

    label: str
    url: str
    projects: int
    percent: int
    selected: bool
    inside: bool


@dataclass(frozen=True, slots=True)
class FacetList:
    """A facet as a list: the values that are seen, chosen ones always, and those behind a click.

    `more` counts those that are not listed here; `see_all` is the page that has them, if there is one.
    """

    label: str
    is_open: bool
    shown: Sequence[Bar]
    folded: Sequence[Bar]
    more: int
    see_all: str | None
    unknown: int


def facet_list(linked: LinkedFacet) -> FacetList:
    """Return a facet as a list; a facet of years shows all of them."""
    facet, bars = linked.facet, _bars(linked.buckets)
    seen = len(bars) if facet.type == "range" else VALUES_SHOWN
    rest = bars[seen:]
    return FacetList(
        label=facet.label,
        is_open=linked.spec.is_open or any(bar.selected for bar in bars),
        shown=[*bars[:seen], *(bar for bar in rest if bar.selected)],
        folded=[bar for bar in rest if not bar.selected],
        more=facet.more,
        see_all=linked.spec.see_all,
        unknown=facet.unknown,
    )


def chart(buckets: Sequence[LinkedBucket]) -> list[Bar]:
    """Return the bars that stand side by side: without a wide one whose narrower ones are there too."""
    opened = {one.bucket.within for one in buckets}
    pairs = zip(buckets, _bars(buckets), strict=True)
    return [bar for one, bar in pairs if one.bucket.value not in opened]


def _bars(buckets: Iterable[LinkedBucket]) -> list[Bar]:
    most = max([bucket.count for bucket, _ in buckets], default=0) or 1
    return [
        Bar(
            bucket.label,
            url,
            bucket.count,
            round(100 * bucket.count / most),
            bucket.selected,
            bucket.within is not None,
        )
        for bucket, url in buckets
    ]
