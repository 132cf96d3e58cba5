"""An answer: SearchResults with every address that leads on from them, the same for page and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from indexer.document import Project, Status
from indexer.storage.history.moments import NEVER_SEEN, When
from search_app.facets.specs import FacetSpec
from search_app.results import (
    Bucket,
    Completion,
    Facet,
    Fields,
    Hit,
    SearchResults,
    Similar,
    Suggestion,
)
from search_app.web.page_links import PageLinks, turns
from search_app.web.urls import (
    SEARCH_API,
    SEARCH_PAGE,
    SearchLinks,
    project_url,
    search_url,
)

if TYPE_CHECKING:
    from search_app.web.contract import Contract
    from search_app.web.exports.specs import ExportSpec


@dataclass(frozen=True, slots=True)
class LinkedProject:
    """A project with its status on a day and its address."""

    project: Project
    status: Status
    url: str
    as_of: date
    fields: Fields
    when: When = NEVER_SEEN

    @property
    def extra(self) -> dict[str, str]:
        """The other columns of the source, by name."""
        return dict(self.project.extra)


class LinkedHit(NamedTuple):
    """A hit with the address of its project; a tuple, because a page makes dozens of these and buckets."""

    hit: Hit
    project: Project
    status: Status
    url: str


@dataclass(frozen=True, slots=True)
class LinkedSimilar:
    """A near project with its address."""

    similar: Similar
    project: Project
    status: Status
    url: str


class LinkedBucket(NamedTuple):
    """A bucket with the search that toggles it."""

    bucket: Bucket
    url: str


# What `LinkedBucket._make` does, without a step in Python for each of the 60 buckets of a page.
_linked_bucket: Callable[[tuple[Bucket, str]], LinkedBucket] = partial(tuple.__new__, LinkedBucket)


@dataclass(frozen=True, slots=True)
class LinkedFacet:
    """A facet whose buckets are links, with its entry in the table."""

    spec: FacetSpec
    facet: Facet
    buckets: list[LinkedBucket]


@dataclass(frozen=True, slots=True)
class LinkedSuggestion:
    """The corrected query as a search."""

    suggestion: Suggestion
    url: str


@dataclass(frozen=True, slots=True)
class LinkedCompletion:
    """A completion as a search, or as the project it names."""

    completion: Completion
    url: str


@dataclass(frozen=True, slots=True)
class AnsweredQuery:
    """The query as it was understood."""

    results: SearchResults
    filters: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of results and all its links."""

    results: SearchResults
    query: AnsweredQuery
    hits: list[LinkedHit]
    facets: Mapping[str, LinkedFacet]
    suggestion: LinkedSuggestion | None
    links: PageLinks
    related: list[LinkedSimilar]


def answer(
    results: SearchResults, links: SearchLinks, contract: Contract, *, keep_search: bool = False
) -> Answer:
    """Link results of an index; `keep_search` lets the addresses of projects carry the search along."""
    query = links.query if keep_search else ""
    suggestion, by_name = results.suggestion, {spec.name: spec for spec in contract.facets}
    filters = {name: texts for name, texts in links.given.items() if name in results.request.filters}
    return Answer(
        results,
        AnsweredQuery(results, filters),
        [LinkedHit(hit, hit.project, hit.status, project_url(hit.project.id, query)) for hit in results.hits],
        {facet.name: _linked_facet(by_name[facet.name], facet, links) for facet in results.facets},
        LinkedSuggestion(suggestion, links.changed(q=suggestion.q)) if suggestion else None,
        _answer_links(results, links, contract.exports),
        [linked_similar(one, query) for one in results.related],
    )


def _linked_facet(spec: FacetSpec, facet: Facet, links: SearchLinks) -> LinkedFacet:
    pairs = zip(facet.buckets, links.toggles(facet), strict=True)
    return LinkedFacet(spec, facet, list(map(_linked_bucket, pairs)))


def _answer_links(results: SearchResults, links: SearchLinks, exports: Iterable[ExportSpec]) -> PageLinks:
    return PageLinks(
        links.here,
        *turns(results.request.page, results.pages, links.page),
        html=links.at(SEARCH_PAGE, without=("facets", "explain")),
        json=links.at(SEARCH_API),
        exports={spec.name: links.at(spec.path, without=spec.without) for spec in exports},
    )


def linked_completion(completion: Completion) -> LinkedCompletion:
    """Link a completion: a title to its project, a grantee to its projects, a word to its search."""
    if completion.project_id is not None:
        return LinkedCompletion(completion, project_url(completion.project_id))
    name = "grantee" if completion.kind == "grantee" else "q"
    return LinkedCompletion(completion, search_url(**{name: completion.text}))


def linked_similar(similar: Similar, query: str = "") -> LinkedSimilar:
    """Link a near project; `query` is the search that its address carries along."""
    return LinkedSimilar(similar, similar.project, similar.status, project_url(similar.project.id, query))
