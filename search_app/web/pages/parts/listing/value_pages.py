"""All the values of a facet within a search: those that have what is typed, page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from indexer.text.analysis import fold
from search_app.facets.specs import FacetSpec
from search_app.request import UNKNOWN, SearchRequest
from search_app.results import Facet, SearchResults
from search_app.web.answers import LinkedBucket
from search_app.web.pages.parts.listing.bars import Bar, bars_of, refusals
from search_app.web.urls import SearchLinks

# Names on a page: more take longer to read than to find.
NAMES_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class ValuePage:
    """A page of the values of a facet; `found` of them have what is typed, all `known` without it."""

    label: str
    bars: Sequence[Bar]
    refusals: Sequence[tuple[str, str]]
    found: int
    known: int
    page: int
    pages: int


def value_page(facet: Facet, spec: FacetSpec, links: SearchLinks, typed: str, page: int) -> ValuePage:
    """Return a page of values, the most frequent first; `links` are those of the page of results."""
    parts = fold(typed).split()
    named = [one for one in facet.buckets if spec.reads == "choice" or one.value != UNKNOWN]
    found = [one for one in named if all(part in fold(one.label) for part in parts)]
    pages = -(-len(found) // NAMES_A_PAGE)
    first = (min(page, max(pages, 1)) - 1) * NAMES_A_PAGE
    listed = tuple(islice(found, first, first + NAMES_A_PAGE))
    urls = links.toggles(Facet(facet.name, facet.label, facet.type, listed))
    linked = [LinkedBucket(bucket, url) for bucket, url in zip(listed, urls, strict=True)]
    refused = refusals(spec, linked, links)
    return ValuePage(
        facet.label,
        bars_of(linked, linked),
        refused,
        len(found),
        len(named),
        first // NAMES_A_PAGE + 1,
        pages,
    )


def counted_in(asked: SearchRequest, name: str, search: Callable[[SearchRequest], SearchResults]) -> int:
    """Return how many projects the values of a facet are counted in: those of any choice among them."""
    alone = replace(asked, per_page=1, facets=())
    found = search(alone)
    if not asked.filters[name]:
        return found.total
    # Values are counted as the search was relaxed, though with another choice it need not be.
    op = "or" if found.relaxed_to == "any" else asked.op
    return search(replace(alone.filtered(name, ()), op=op)).total
