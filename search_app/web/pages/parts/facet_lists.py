"""Facets as lists of links, each with a bar: the list is the histogram.

The links are HTML already, written in Python: a page has some 60 of them, too many for a template.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from markupsafe import Markup

from search_app.results import Bucket, Facet
from search_app.web.answers import LinkedBucket, LinkedFacet

# Facets that stand open; the others open with a click, or when something in them is chosen.
OPEN_FACETS = ("active_year", "status", "grantee")
# Values of a facet that are seen at once; the rest is one click away.
VALUES_SHOWN = 8
# Escaped labels kept: years, statuses and grantees come back with every search.
_KEPT_LABELS = 4096

_CURRENT = ' aria-current="true"'
_INSIDE = ' class="inside"'
_ONE, _SEVERAL = '<span class="hidden"> project</span>', '<span class="hidden"> projects</span>'
_ACTIVE = '<span class="hidden"> active in </span>'
_TICK = '<span class="tick" aria-hidden="true">✓</span><span class="hidden">Remove </span>'


@dataclass(frozen=True, slots=True)
class Columns:
    """Buckets side by side, a chart of links, and how many they are."""

    count: int
    html: Markup


def facet_list(linked: LinkedFacet) -> Markup:
    """Return a facet as a list: the values that are seen, chosen ones always, and those behind a click."""
    facet, buckets = linked.facet, linked.buckets
    most = _most(buckets)
    seen = len(buckets) if facet.type == "range" else VALUES_SHOWN
    rest = buckets[seen:]
    shown = [*buckets[:seen], *(one for one in rest if one.bucket.selected)]
    folded = [one for one in rest if not one.bucket.selected]
    opened = facet.name in OPEN_FACETS or any(bucket.selected for bucket in facet.buckets)
    return Markup(  # noqa: S704
        f'<details class="facet"{" open" if opened else ""}>\n'
        f"<summary><h3>{_label(facet.label)}</h3></summary>\n"
        f"{_values(shown, most)}{_folded(folded, most)}{_notes(facet)}</details>"
    )


def _values(buckets: list[LinkedBucket], most: int) -> str:
    if not buckets:
        return ""
    items = "\n".join([_item(bucket, url, most) for bucket, url in buckets])
    return f'<ul class="buckets">\n{items}\n</ul>\n'


def _folded(buckets: list[LinkedBucket], most: int) -> str:
    if not buckets:
        return ""
    return (
        f'<details class="rest">\n<summary>{len(buckets)} more</summary>\n'
        f"{_values(buckets, most)}</details>\n"
    )


def _notes(facet: Facet) -> str:
    notes = ""
    if facet.more:
        all_of_them = '<a href="/grantees">See all</a>'
        notes = f'<p class="note">{facet.more:,} more with fewer projects. {all_of_them}</p>\n'
    if facet.unknown:
        notes += f'<p class="note">Unknown ({facet.unknown:,})</p>\n'
    return notes


def columns(buckets: list[LinkedBucket]) -> Columns:
    """Return the buckets that stand side by side: without a wide one whose narrower ones are there too."""
    opened = {one.bucket.within for one in buckets}
    side_by_side = [one for one in buckets if one.bucket.value not in opened]
    most = _most(buckets)
    lines = [_column(bucket, url, most) for bucket, url in side_by_side]
    return Columns(len(lines), Markup("\n".join(lines)))  # noqa: S704


def _most(buckets: Iterable[LinkedBucket]) -> int:
    return max([one.bucket.count for one in buckets], default=0) or 1


def _item(bucket: Bucket, url: str, most: int) -> str:
    """Return a value as a link; the share of the largest, in percent, is the length of its bar."""
    count = bucket.count
    current, tick = (_CURRENT, _TICK) if bucket.selected else ("", "")
    return (
        f"<li{'' if bucket.within is None else _INSIDE}>"
        f'<a href="{url.replace("&", "&amp;")}" rel="nofollow"{current}>\n'
        '<svg class="bar" width="100%" height="100%" aria-hidden="true">'
        f'<rect width="{round(100 * count / most)}%" height="100%"/></svg>\n'
        f'<span class="value">{tick}{_label(bucket.label)}</span> '
        f'<span class="count">{count:,}{_ONE if count == 1 else _SEVERAL}</span></a></li>'
    )


def _column(bucket: Bucket, url: str, most: int) -> str:
    count = bucket.count
    percent = round(100 * count / most)
    return (
        f'<li><a href="{url.replace("&", "&amp;")}" rel="nofollow"{_CURRENT if bucket.selected else ""}>\n'
        f'<span class="count">{count:,}{_ONE if count == 1 else _SEVERAL}{_ACTIVE}</span>\n'
        '<svg class="column" width="100%" height="100%" aria-hidden="true">'
        f'<rect width="100%" height="{percent}%" y="{100 - percent}%"/></svg>\n'
        f'<span class="value">{_label(bucket.label)}</span></a></li>'
    )


@lru_cache(_KEPT_LABELS)
def _label(text: str) -> str:
    return escape(text)
