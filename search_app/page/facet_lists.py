"""Facets as lists of links, each with a bar: the list is the histogram.

The links are HTML already, written in Python: a page has some 60 of them, too many for a template.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from markupsafe import Markup

from search_app.answers import LinkedBucket, LinkedFacet
from search_app.page.hits import in_address

# Facets that stand open; the others open with a click, or when something in them is chosen.
OPEN_FACETS = ("active_year", "status", "grantee")
# Values of a facet that are seen at once; the rest is one click away.
VALUES_SHOWN = 8
# Escaped labels kept: years, statuses and grantees come back with every search.
_KEPT_LABELS = 4096

_CURRENT = ' aria-current="true"'
_TICK = '<span class="tick" aria-hidden="true">✓</span><span class="hidden">Remove </span>'


@dataclass(frozen=True, slots=True)
class Links:
    """Links of buckets, one to a line, and how many they are."""

    count: int
    html: Markup


@dataclass(frozen=True, slots=True)
class FacetList:
    """A facet: the values that are seen, and those behind a click."""

    name: str
    label: str
    shown: Links
    folded: Links
    unknown: int
    more: int
    opened: bool


def facet_list(linked: LinkedFacet) -> FacetList:
    """Return a facet as a list; what is chosen is always seen."""
    facet, buckets = linked.facet, linked.buckets
    most = _most(buckets)
    seen = len(buckets) if facet.type == "range" else VALUES_SHOWN
    rest = buckets[seen:]
    return FacetList(
        name=facet.name,
        label=facet.label,
        shown=_listed(buckets[:seen] + [one for one in rest if one.bucket.selected], most),
        folded=_listed([one for one in rest if not one.bucket.selected], most),
        unknown=facet.unknown,
        more=facet.more,
        opened=facet.name in OPEN_FACETS or any(bucket.selected for bucket in facet.buckets),
    )


def columns(buckets: list[LinkedBucket]) -> Links:
    """Return the buckets that stand side by side: without a wide one whose narrower ones are there too."""
    opened = {one.bucket.within for one in buckets}
    side_by_side = [one for one in buckets if one.bucket.value not in opened]
    most = _most(buckets)
    return _links([_column(one, most) for one in side_by_side])


def _most(buckets: Iterable[LinkedBucket]) -> int:
    return max([one.bucket.count for one in buckets], default=0) or 1


def _listed(buckets: list[LinkedBucket], most: int) -> Links:
    return _links([_item(one, most) for one in buckets])


def _links(lines: list[str]) -> Links:
    return Links(len(lines), Markup("\n".join(lines)))  # noqa: S704


def _item(linked: LinkedBucket, most: int) -> str:
    bucket, url = linked
    current, tick = (_CURRENT, _TICK) if bucket.selected else ("", "")
    inside = "" if bucket.within is None else ' class="inside"'
    return (
        f'<li{inside}><a href="{in_address(url)}" rel="nofollow"{current}>\n'
        '<svg class="bar" width="100%" height="100%" aria-hidden="true">'
        f'<rect width="{_percent(bucket.count, most)}%" height="100%"/></svg>\n'
        f'<span class="value">{tick}{_label(bucket.label)}</span> '
        f'<span class="count">{_counted(bucket.count)}</span></a></li>'
    )


def _column(linked: LinkedBucket, most: int) -> str:
    bucket, url = linked
    percent = _percent(bucket.count, most)
    return (
        f'<li><a href="{in_address(url)}" rel="nofollow"{_CURRENT if bucket.selected else ""}>\n'
        f'<span class="count">{_counted(bucket.count)}<span class="hidden"> active in </span></span>\n'
        '<svg class="column" width="100%" height="100%" aria-hidden="true">'
        f'<rect width="100%" height="{percent}%" y="{100 - percent}%"/></svg>\n'
        f'<span class="value">{_label(bucket.label)}</span></a></li>'
    )


def _percent(count: int, most: int) -> int:
    """Return the length of a bar: the share of the largest."""
    return min(100, round(100 * count / most))


def _counted(count: int) -> str:
    return f'{count:,}<span class="hidden"> {"project" if count == 1 else "projects"}</span>'


@lru_cache(_KEPT_LABELS)
def _label(text: str) -> str:
    return escape(text)
