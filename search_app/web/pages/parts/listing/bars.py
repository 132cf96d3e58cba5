"""Buckets as links with bars: the facets beside the hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from search_app.request import UNKNOWN
from search_app.results import Bucket, Facet
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
    `unknown` has the projects that say nothing of it, where there are any.
    `more` counts those that are not listed here; `see_all` is the page that has them, if there is one.
    """

    label: str
    is_open: bool
    shown: Sequence[Bar]
    folded: Sequence[Bar]
    more: int
    see_all: str | None
    unknown: Bar | None
    form: RangeForm | None = None


def can_narrow(facet: Facet, total: int, form: RangeForm | None) -> bool:
    """Tell whether some choice in a facet leaves fewer than the `total` projects that were found."""
    if form is not None and facet.buckets:
        return total > 1
    return any(0 < count < total for count in (facet.unknown, *(bucket.count for bucket in facet.buckets)))


def facet_list(linked: LinkedFacet, links: SearchLinks, form: RangeForm | None = None) -> FacetList:
    """Return a facet as a list; a facet of ranges shows all of them, one of names how to refuse the first."""
    facet, buckets = linked.facet, _named(linked)
    bars = _bars(buckets)
    seen = len(bars) if facet.type == "range" else VALUES_SHOWN
    rest = bars[seen:]
    if linked.spec.exclusion is not None:
        values = [bucket.value for bucket, _ in buckets[:seen]]
        refusals = links.adding(linked.spec.exclusion_name, values)
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
        unknown=None if linked.spec.reads == "choice" else unknown_bar(facet, links),
        form=form,
    )


def _named(linked: LinkedFacet) -> list[LinkedBucket]:
    """Return the buckets but for that of what is unknown, which stands last; a status is a name."""
    if linked.spec.reads == "choice":
        return linked.buckets
    return [one for one in linked.buckets if one.bucket.value != UNKNOWN]


def unknown_bar(facet: Facet, links: SearchLinks) -> Bar | None:
    """Return the projects that say nothing of a facet as a link like the others, None where all say it."""
    chosen = UNKNOWN in links.given.get(facet.name, ())
    if not facet.unknown and not chosen:
        return None
    bucket = Bucket(UNKNOWN, UNKNOWN.capitalize(), facet.unknown, chosen)
    (url,) = links.toggles(Facet(facet.name, facet.label, facet.type, (bucket,)))
    return Bar(bucket.label, url, bucket.count, 0, chosen, inside=False)


def _refusable(bar: Bar, refusal: str) -> Bar:
    return bar if bar.selected else bar._replace(refusal=refusal)


def _bars(buckets: Sequence[LinkedBucket]) -> list[Bar]:
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
