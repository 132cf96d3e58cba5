"""Buckets as links with bars: the facets beside the hits, and the chart of years above them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from search_app.results import Facet
from search_app.web.answers import LinkedBucket, LinkedFacet
from search_app.web.pages.parts.forms.range_form import RangeForm
from search_app.web.urls import SearchLinks

# Values of a facet that are seen at once; the rest is one click away.
VALUES_SHOWN = 8


class Bar(NamedTuple):
    """A bucket as a link; `percent` of the largest is the length of its bar, `refusal` the search without it.

    A tuple, which a template takes apart without a look-up by name: a page has some 60 of them.
    """

    label: str
    url: str
    projects: int
    percent: int
    selected: bool
    inside: bool
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class FacetList:
    """A facet as a list: the values that are seen, chosen ones always, and those behind a click.

    `form` has a field for each end of a range, where the facet has them.
    `more` counts those that are not listed here; `see_all` is the page that has them, if there is one.
    """

    label: str
    is_open: bool
    shown: Sequence[Bar]
    folded: Sequence[Bar]
    more: int
    see_all: str | None
    unknown: int
    form: RangeForm | None = None


def can_narrow(facet: Facet, total: int, form: RangeForm | None) -> bool:
    """Tell whether some choice in a facet leaves fewer than the `total` projects that were found."""
    if form is not None and facet.buckets:
        return total > 1
    return any(0 < bucket.count < total for bucket in facet.buckets)


def facet_list(linked: LinkedFacet, links: SearchLinks, form: RangeForm | None = None) -> FacetList:
    """Return a facet as a list; a facet of ranges shows all of them, one of names how to refuse the first."""
    facet, bars = linked.facet, _bars(linked.buckets)
    seen = len(bars) if facet.type == "range" else VALUES_SHOWN
    rest = bars[seen:]
    if linked.spec.exclusion is not None:
        refusals = links.adding(linked.spec.exclusion_name, [one.value for one, _ in linked.buckets[:seen]])
        bars[:seen] = map(_refusable, bars, refusals)
    return FacetList(
        label=facet.label,
        is_open=linked.spec.is_open
        or any(bar.selected for bar in bars)
        or (form is not None and form.is_filled),
        shown=[*bars[:seen], *(bar for bar in rest if bar.selected)],
        folded=[bar for bar in rest if not bar.selected],
        more=facet.more,
        see_all=linked.spec.see_all,
        unknown=facet.unknown,
        form=form,
    )


def _refusable(bar: Bar, refusal: str) -> Bar:
    return bar if bar.selected else bar._replace(refusal=refusal)


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
