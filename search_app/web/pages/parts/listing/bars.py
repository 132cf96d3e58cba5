"""Buckets as links with bars: the facets beside the hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from search_app.facets.specs import FacetSpec
from search_app.request import UNKNOWN
from search_app.results import Bucket, Facet
from search_app.web.answers import LinkedBucket, LinkedFacet
from search_app.web.pages.parts.forms.date_form import hidden
from search_app.web.pages.parts.forms.range_form import RangeForm
from search_app.web.pages.parts.readable.quotes import named
from search_app.web.urls import VALUES, SearchLinks

# Values of a facet that are seen at once; the rest is one click away.
VALUES_SHOWN = 8
# What a page of values has no use for: it leads back to the first page of the search.
NOT_OF_VALUES = ("page", "facets", "explain")


class Bar(NamedTuple):
    """A bucket as a link, with how many projects it has; `percent` of the largest is the length of its bar.

    A row of a template (`rows.py`): a page has some 60 of them.
    """

    label: str
    url: str
    count: str  # type: ignore[assignment]  # a bar is no sequence to its users
    percent: int
    selected: bool
    inside: bool
    is_one: bool


@dataclass(frozen=True, slots=True)
class FacetList:
    """A facet as a list: the values that are seen, chosen ones always; the others have a page of their own.

    `form` has a field for each end of a range, where the facet has them.
    `unknown` has the projects that say nothing of it, where there are any.
    `refusals` are values that are seen with the searches without them: behind a click, so that they are no
    stops of the Tab key between the values.
    `more` counts those that are not seen; `see_all` is the page that has them in the same search, and can be
    sent a name by a form at `see_all_of`, which carries `hidden` along.
    `word_field` is the name that finds values by a word in the search box.
    """

    label: str
    is_open: bool
    shown: Sequence[Bar]
    more: int
    see_all: str
    see_all_of: str
    hidden: Sequence[tuple[str, str]]
    unknown: Bar | None
    refusals: Sequence[tuple[str, str]] = ()
    word_field: str | None = None
    form: RangeForm | None = None


def can_narrow(facet: Facet, total: int, form: RangeForm | None) -> bool:
    """Tell whether some choice in a facet leaves fewer than the `total` projects that were found."""
    if form is not None and facet.buckets:
        return total > 1
    return any(0 < count < total for count in (facet.unknown, *(bucket.count for bucket in facet.buckets)))


def facet_list(linked: LinkedFacet, links: SearchLinks, form: RangeForm | None = None) -> FacetList:
    """Return a facet as a list; a facet of ranges shows all of them, one of names how to refuse the first."""
    facet, spec, buckets = linked.facet, linked.spec, _named(linked)
    seen = len(buckets) if facet.type == "range" else VALUES_SHOWN
    chosen = [one for one in buckets[seen:] if one.bucket.selected]
    shown, place = bars_of([*buckets[:seen], *chosen], buckets), f"{VALUES}/{quote(facet.name)}"
    return FacetList(
        label=facet.label,
        is_open=spec.is_open or any(bar.selected for bar in shown) or (form is not None and form.is_filled),
        shown=shown,
        more=facet.more + len(buckets) - len(shown),
        see_all=links.at(place, without=NOT_OF_VALUES),
        see_all_of=place,
        hidden=hidden(links.given, without=NOT_OF_VALUES),
        unknown=None if spec.reads == "choice" else unknown_bar(facet, links),
        refusals=refusals(spec, buckets[:seen], links),
        word_field=spec.word_field,
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
    return _bar(bucket, url, 0)


def refusals(spec: FacetSpec, buckets: Sequence[LinkedBucket], links: SearchLinks) -> list[tuple[str, str]]:
    """Return label and search without it of each bucket that is not chosen, if any can be refused."""
    if spec.exclusion is None:
        return []
    others = [bucket for bucket, _ in buckets if not bucket.selected]
    urls = links.adding(spec.exclusion_name, [bucket.value for bucket in others])
    return [(_label(bucket), url) for bucket, url in zip(others, urls, strict=True)]


def bars_of(shown: Sequence[LinkedBucket], among: Sequence[LinkedBucket]) -> list[Bar]:
    """Return a bar for each bucket shown; the longest is that of the most projects `among` all."""
    most = max([bucket.count for bucket, _ in among], default=0) or 1
    return [_bar(bucket, url, round(100 * bucket.count / most)) for bucket, url in shown]


def _bar(bucket: Bucket, url: str, percent: int) -> Bar:
    count, inside = bucket.count, bucket.within is not None
    return Bar(_label(bucket), url, f"{count:,}", percent, bucket.selected, inside, count == 1)


def _label(bucket: Bucket) -> str:
    # What stands for none, and a status, are words of ours.
    return bucket.label if bucket.value == UNKNOWN else named(bucket.label)
