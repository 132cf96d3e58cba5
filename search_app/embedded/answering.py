"""EmbeddedBackend: answers from the arrays of one segment.

The query is parsed and matched; filters narrow; the best page is taken; facets are counted, each without
its own filter. All of it works on immutable arrays, so threads may share a backend.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache, partial

from indexer.document import STATUSES, Project
from indexer.storage.own_fields import OwnField
from indexer.storage.segment import Segment
from search_app.backend import Answer, Listed, Near, Ranked, Sought, Whole
from search_app.embedded import browsing
from search_app.embedded.excerpts import listed
from search_app.embedded.finding import Found, find
from search_app.embedded.matching.bonuses import DEFAULT_WEIGHTS, Bonuses, Weights
from search_app.embedded.matching.evaluation import Matcher
from search_app.embedded.matching.explain import explain
from search_app.embedded.matching.ordering import Ordering
from search_app.embedded.matching.surface_forms import query_terms
from search_app.embedded.narrowing import Facets, Narrowed
from search_app.embedded.postings.matches import Matches
from search_app.embedded.sources import SegmentSources
from search_app.embedded.uses import vocabulary_of
from search_app.facets.own_values import OwnValues, listed_values, texts_of
from search_app.facets.spans import Spans
from search_app.facets.table import specs_of
from search_app.facets.totals import money_columns
from search_app.query.parsing import Parsed
from search_app.request import Operator, SearchRequest
from search_app.results import NO_FIELDS, Fields, IndexInfo, Overview, RelaxedTo, ScorePart, SearchResults

# Matches cached, so that paging and filtering do not match again: 8 bytes a matching project each.
CACHED_MATCHES = 8


class EmbeddedBackend:
    """Finds the projects of one segment."""

    def __init__(
        self, segment: Segment, info: IndexInfo, *, cached: bool = True, weights: Weights = DEFAULT_WEIGHTS
    ) -> None:
        """Search `segment`; rank with `weights`; keep the latest matches if `cached`."""
        self.segment, self.info, self._weights = segment, info, weights
        self.vocabulary = vocabulary_of(segment)
        self._matcher = Matcher(segment, self.vocabulary.lexicon)
        self.sources = SegmentSources(segment, self._matcher)
        self._spans = Spans(segment)
        self._own = OwnValues(segment)
        self._ordering = Ordering(segment, self._own.declared)
        self._money = tuple(money_columns(segment, self._own.declared))
        self.specs = specs_of(segment)
        self._facets = Facets(self._spans, self.specs)
        self._found = lru_cache(CACHED_MATCHES)(self._find) if cached else self._find

    @property
    def own_fields(self) -> tuple[OwnField, ...]:
        """The fields of the index beside those that every index has, in their order."""
        return self._own.declared

    def answer(self, request: SearchRequest, as_of: date) -> Answer:
        """Return a page of what is asked for, and what is counted over all of it."""
        found = self._found(request.q, request.op, request.expand)
        narrowed = self._narrow(found, request, as_of)
        documents = narrowed.matches.documents
        bonuses = Bonuses(self._matcher, found.parsed, self._weights)
        page = self._page(narrowed.matches, request, bonuses)
        reasons = self._reasons(found, page, bonuses) if request.explain else [()] * len(page)
        statuses = self._spans.statuses(as_of).take(page.documents).tolist()
        missing = found.missing(page.documents)
        whole = found.tree if len(documents) == len(found.matches) else None
        scored = zip(statuses, page.scores.tolist(), missing, reasons, strict=True)
        return Answer(
            parsed=found.parsed,
            relaxed_to=found.relaxed_to,
            total=len(documents),
            page=tuple([Ranked(STATUSES[status], *others) for status, *others in scored]),
            read=partial(self._read, page),
            facets=self._facets.count(request, narrowed.counted),
            terms=query_terms(self._matcher, found.parsed, found.seen, documents, whole),
            totals=tuple(column.totals(narrowed.found) for column in self._money),
        )

    def _read(self, page: Matches, sought: Sought) -> list[Listed]:
        """Return the projects of a page as a list has them, with their own fields."""
        projects = listed(self._matcher, page.documents, sought)
        if not self._own.declared:
            return projects
        found = map(self._own.of, page.documents.tolist(), [one.project for one in projects])
        return [
            one._replace(fields=listed_values(own), own_texts=texts_of(self._own.declared, own))
            for one, own in zip(projects, found, strict=True)
        ]

    def _reasons(self, found: Found, page: Matches, bonuses: Bonuses) -> list[tuple[ScorePart, ...]]:
        return explain(self._matcher, found.parsed, found.seen, page, bonuses)

    def _find(self, q: str, op: Operator, expand: bool) -> Found:
        return find(q, op, expand, self.vocabulary, self._matcher)

    def _narrow(self, found: Found, request: SearchRequest, as_of: date) -> Narrowed:
        return self._facets.narrow(found.matches, request, as_of)

    def _page(self, matches: Matches, request: SearchRequest, bonuses: Bonuses) -> Matches:
        """Return the hits of the page asked for, in order."""
        first = (request.page - 1) * request.per_page
        if first >= len(matches):
            return Matches(matches.documents[:0], matches.scores[:0])
        ordered = self._ordering.first(matches, request.order, first + request.per_page, bonuses)
        return Matches(ordered.documents[first:], ordered.scores[first:])

    def parsed(self, request: SearchRequest) -> Parsed:
        """Return how the text of a request is read."""
        return self._found(request.q, request.op, request.expand).parsed

    def total(self, request: SearchRequest, as_of: date) -> tuple[int, RelaxedTo | None]:
        """Return how many projects an answer would have, and to what it would be relaxed."""
        found = self._find(request.q, request.op, request.expand)
        return len(self._narrow(found, request, as_of).matches), found.relaxed_to

    def every(self, request: SearchRequest, as_of: date) -> Iterator[Whole]:
        """Yield all hits in order."""
        ordered = self._all(request, as_of)
        statuses = self._spans.statuses(as_of)
        for document, score in zip(ordered.documents.tolist(), ordered.scores.tolist(), strict=True):
            project = self.segment.project(document)
            yield Whole(project, STATUSES[statuses[document]], score, self._own.of(document, project))

    def _all(self, request: SearchRequest, as_of: date) -> Matches:
        found = self._found(request.q, request.op, request.expand)
        matches = self._narrow(found, request, as_of).matches
        bonuses = Bonuses(self._matcher, found.parsed, self._weights)
        return self._ordering.first(matches, request.order, len(matches), bonuses)

    def neighbours(
        self, request: SearchRequest, as_of: date, project_id: str
    ) -> tuple[str | None, str | None]:
        """Return the ids before and after a project among the hits, None at the ends."""
        document = self.segment.find(project_id)
        if document is None:
            return None, None
        return browsing.around(self.segment, document, self._all(request, as_of).documents)

    def project(self, project_id: str) -> Project | None:
        """Return a project by its id."""
        document = self.segment.find(project_id)
        return None if document is None else self.segment.project(document)

    def fields(self, project_id: str) -> Fields:
        """Return what a project says in the index's own fields, by their names."""
        document = self.segment.find(project_id)
        return NO_FIELDS if document is None else self._own.of(document, self.segment.project(document))

    def project_ids(self) -> Iterator[str]:
        """Yield the ids of all projects, newest start first."""
        for document in range(len(self.segment)):
            yield self.segment.project(document).id

    def similar(self, project_id: str, as_of: date, limit: int) -> tuple[Near, ...]:
        """Return the nearest projects, nothing for an unknown id."""
        document = self.segment.find(project_id)
        if document is None:
            return ()
        return browsing.nearest(self.segment, document, self._spans.statuses(as_of), limit)

    def grantees(self) -> tuple[tuple[str, int], ...]:
        """Return every grantee with its number of projects, A to Z."""
        return browsing.grantees(*self.sources.grantees())

    def overview(self, everything: SearchResults) -> Overview:
        """Return what the home page tells of the index; `everything` is the answer to an empty search."""
        return browsing.overview(
            len(self.segment), self.segment.span_years, self.segment.grantee_names, everything
        )
