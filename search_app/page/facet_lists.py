"""Facets as lists of links, each with a bar: the list is the histogram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from search_app.answers import LinkedFacet
from search_app.results import Bucket

# Facets that stand open; the others open with a click, or when something in them is chosen.
OPEN_FACETS = ("active_year", "status", "grantee")
# Values of a facet that are seen at once; the rest is one click away.
VALUES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class BucketLink:
    """A bucket to choose; its share of the largest, in percent, is the length of its bar."""

    label: str
    count: int
    selected: bool
    inside: bool
    percent: int
    url: str

    @classmethod
    def of(cls, bucket: Bucket, url: str, most: int) -> Self:
        """Return the link of a bucket where the largest has `most` projects."""
        percent = min(100, round(100 * bucket.count / most))
        return cls(bucket.label, bucket.count, bucket.selected, bucket.within is not None, percent, url)


@dataclass(frozen=True, slots=True)
class FacetList:
    """A facet: the values that are seen, those behind a click, and those of a chart."""

    name: str
    label: str
    shown: list[BucketLink]
    folded: list[BucketLink]
    unknown: int
    more: int
    opened: bool
    columns: list[BucketLink]


def facet_list(linked: LinkedFacet) -> FacetList:
    """Return a facet as a list; what is chosen is always seen."""
    facet = linked.facet
    most = max((one.bucket.count for one in linked.buckets), default=0) or 1
    buckets = [BucketLink.of(one.bucket, one.url, most) for one in linked.buckets]
    seen = len(buckets) if facet.type == "range" else VALUES_SHOWN
    return FacetList(
        name=facet.name,
        label=facet.label,
        shown=[one for place, one in enumerate(buckets) if place < seen or one.selected],
        folded=[one for one in buckets[seen:] if not one.selected],
        unknown=facet.unknown,
        more=facet.more,
        opened=facet.name in OPEN_FACETS or any(one.selected for one in buckets),
        columns=_columns(linked, buckets),
    )


def _columns(linked: LinkedFacet, links: list[BucketLink]) -> list[BucketLink]:
    """Return the buckets that stand side by side: without a wide one whose narrower ones are there too."""
    opened = {one.bucket.within for one in linked.buckets}
    return [link for one, link in zip(linked.buckets, links, strict=True) if one.bucket.value not in opened]
