"""EmbeddedBackend: answers from the arrays of one segment.

The query is parsed and matched; filters narrow; the best page is taken; facets are counted, each without
its own filter. All of it works on immutable arrays, so threads may share a backend.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache, partial

import numpy as np

from indexer.document import STATUSES, Project
from indexer.storage.history.moments import NEVER_SEEN, When
from indexer.storage.own_fields import OwnField
from indexer.storage.segment import Segment
from indexer.text.meaning.models import F32
from search_app.backend.page_of_changes import Changes, Chronicle
from search_app.backend.returned import Answer, Listed, Near, Ranked, Sought, Whole
from search_app.embedded import browsing
from search_app.embedded.excerpts import listed
from search_app.embedded.matching.bonuses import Bonuses
from search_app.embedded.matching.evaluation import Matcher
from search_app.embedded.matching.explain import explain
from search_app.embedded.matching.finding import Found, count_of_all, find
from search_app.embedded.matching.ordering import Ordering
from search_app.embedded.matching.surface_forms import query_terms
from search_app.embedded.meaning.asked import Meaning
from search_app.embedded.meaning.grantee_words import GranteeWords
from search_app.embedded.narrowing import Facets, Narrowed
from search_app.embedded.past.events import chronicle
from search_app.embedded.past.runs import Past
from search_app.embedded.postings.matches import Matches, Scores
from search_app.embedded.sources import SegmentSources
from search_app.embedded.uses import vocabulary_of
from search_app.facets.overview import grantees_of, overview_of
from search_app.facets.own.own_values import OwnValues, listed_values, texts_of
from search_app.facets.spans import Spans
from search_app.facets.table import specs_of
from search_app.facets.totals import MoneyColumn, money_columns
from search_app.query.meaning.comparing import looks_beside, says_something
from search_app.query.meaning.lifting import POOL
from search_app.query.parsing import Parsed
from search_app.request import ChangesRequest, Operator, SearchRequest
from search_app.results import (
    NO_FIELDS,
    Fields,
    IndexInfo,
    Overview,
    RelaxedTo,
    ScorePart,
    SearchResults,
)
from search_app.scoring.telling_grantees import GranteeWord, NearGrantee
from search_app.scoring.weights import DEFAULT_WEIGHTS, Weights

# Matches cached, so that paging and filtering do not match again: 8 bytes a matching project each.
CACHED_MATCHES = 8


class EmbeddedBackend:
    """Finds the projects of one segment."""

    def __init__(
        self,
        segment: Segment,
        info: IndexInfo,
        *,
        past: Past | None = None,
        cached: bool = True,
        weights: Weights = DEFAULT_WEIGHTS,
        meaning: Meaning | None = None,
    ) -> None:
        """Search `segment`, with its `past`; rank with `weights`, by `meaning`; keep matches if `cached`."""
        self.segment, self.info, self._weights, self._meaning = segment, info, weights, meaning
        self.vocabulary = vocabulary_of(segment)
        self._matcher = Matcher(segment, self.vocabulary.lexicon)
        self.sources = SegmentSources(segment, self._matcher)
        self._past = past or Past(segment)
        self._grantee_words = GranteeWords(segment)
        self._spans = Spans(segment, self._past.seen)
        self._own = OwnValues(segment)
        self._ordering = Ordering(segment, self._own.declared, self._past.seen)
        self.specs = specs_of(segment)
        self._facets = Facets(self._spans, self.specs)
        self._found = lru_cache(CACHED_MATCHES)(self._find) if cached else self._find

    @property
    def own_fields(self) -> tuple[OwnField, ...]:
        """The fields of the index beside those that every index has, in their order."""
        return self._own.declared

    @cached_property
    def _money(self) -> tuple[MoneyColumn, ...]:
        return (*money_columns(self.segment, self._own.declared),)

    def answer(self, request: SearchRequest, as_of: date) -> Answer:
        """Return a page of what is asked for, and what is counted over all of it."""
        found = self._found(request.q, request.op, request.expand)
        narrowed = self._narrow(found, request, as_of)
        documents = narrowed.matches.documents
        bonuses = Bonuses(self._matcher, found.parsed, self._weights)
        vector = self._meaning.asked(request, found.parsed) if self._meaning else None
        page, lifts = self._page(narrowed.matches, request, bonuses, vector)
        reasons = self._reasons(found, page, bonuses, lifts) if request.explain else [()] * len(page)
        near = self._near(page, request, vector)
        statuses = self._spans.statuses(as_of).take(page.documents).tolist()
        missing = found.missing(page.documents)
        whole = found.tree if len(documents) == len(found.matches) else None
        scored = zip(statuses, page.scores.tolist(), missing, reasons, near, strict=True)
        return Answer(
            parsed=found.parsed,
            relaxed_to=found.relaxed_to,
            total=len(documents),
            page=tuple([Ranked(STATUSES[status], *others) for status, *others in scored]),
            read=partial(self._read, page),
            facets=self._facets.count(request, narrowed.counted),
            terms=query_terms(self._matcher, found, documents, whole, bonuses.sampled),
            totals=tuple(column.totals(narrowed.found) for column in self._money),
            related=self._related(found, request, as_of, len(documents), vector),
        )

    def _read(self, page: Matches, sought: Sought) -> list[Listed]:
        """Return the projects of a page as a list has them, with their own fields."""
        projects = listed(self._matcher, page.documents, sought)
        found = self._own.of_all(page.documents, [one.project for one in projects])
        seen = self._past.seen.of_all(page.documents)
        return [
            Listed(one[0], one[1], one[2], listed_values(own), texts_of(self._own.searched, own), when)
            for one, own, when in zip(projects, found, seen, strict=True)
        ]

    def _reasons(
        self, found: Found, page: Matches, bonuses: Bonuses, lifts: Scores
    ) -> list[tuple[ScorePart, ...]]:
        return explain(self._matcher, found, page, bonuses, lifts)

    def _near(self, page: Matches, request: SearchRequest, vector: F32 | None) -> Sequence[float | None]:
        """Return how near in meaning each hit of a page is, None where that does not count."""
        if self._meaning is None or vector is None or request.order != "relevance":
            return [None] * len(page)
        near: list[float] = self._meaning.nearness.of(vector, page.documents).tolist()
        return near

    def _related(
        self, found: Found, request: SearchRequest, as_of: date, total: int, vector: F32 | None
    ) -> tuple[Near, ...]:
        """Return what is near in meaning and not found by words, where words find less than a page."""
        if self._meaning is None or vector is None or not looks_beside(request, total, found.relaxed_to):
            return ()
        if not says_something(found.parsed, self.vocabulary):
            return ()
        among = self._facets.allowed(request.filters, as_of)
        among[found.matches.documents] = False
        statuses = self._spans.statuses(as_of)
        return tuple(
            Near(project, STATUSES[statuses[document]], near, sentence=sentence)
            for document, project, near, sentence in self._meaning.related(vector, among)
        )

    def _find(self, q: str, op: Operator, expand: bool) -> Found:
        return find(q, op, expand, self.vocabulary, self._matcher)

    def _narrow(self, found: Found, request: SearchRequest, as_of: date) -> Narrowed:
        return self._facets.narrow(found.matches, request, as_of)

    def _page(
        self, matches: Matches, request: SearchRequest, bonuses: Bonuses, vector: F32 | None
    ) -> tuple[Matches, Scores]:
        """Return the hits of the page asked for, in order, and what their meaning added to their scores."""
        first = (request.page - 1) * request.per_page
        if first >= len(matches):
            return Matches(matches.documents[:0], matches.scores[:0]), matches.scores[:0]
        last = first + request.per_page
        ordered, lifts = self._ordered(matches, request, last, bonuses, vector)
        return Matches(ordered.documents[first:last], ordered.scores[first:last]), lifts[first:last]

    def _ordered(
        self, matches: Matches, request: SearchRequest, size: int, bonuses: Bonuses, vector: F32 | None
    ) -> tuple[Matches, Scores]:
        """Return at least the first `size` matches in order, and what meaning added to their scores."""
        if self._meaning is None or vector is None or request.order != "relevance":
            ordered = self._ordering.first(matches, request.order, size, bonuses)
            return ordered, np.zeros(len(ordered), np.float32)
        # Always as many, so that every page is cut out of the same order.
        ordered = self._ordering.first(matches, request.order, max(size, POOL), bonuses)
        return self._meaning.fused(ordered, vector)

    def parsed(self, request: SearchRequest) -> Parsed:
        """Return how the text of a request is read."""
        return self._found(request.q, request.op, request.expand).parsed

    def total(self, request: SearchRequest, as_of: date) -> tuple[int, RelaxedTo | None]:
        """Return how many projects an answer would have, and to what it would be relaxed."""
        found = self._find(request.q, request.op, request.expand)
        return len(self._narrow(found, request, as_of).matches), found.relaxed_to

    def totals(self, texts: Sequence[str]) -> list[int]:
        """Return how many projects have all that each of some texts asks for, before any filter."""
        return [count_of_all(text, self.vocabulary, self._matcher) for text in texts]

    def every(self, request: SearchRequest, as_of: date) -> Iterator[Whole]:
        """Yield all hits in order."""
        ordered = self._all(request, as_of)
        statuses = self._spans.statuses(as_of)
        for document, score in zip(ordered.documents.tolist(), ordered.scores.tolist(), strict=True):
            project = self.segment.project(document)
            facts = self._own.of(document, project), self._past.seen.of(document)
            yield Whole(project, STATUSES[statuses[document]], score, *facts)

    def _all(self, request: SearchRequest, as_of: date) -> Matches:
        found = self._found(request.q, request.op, request.expand)
        matches = self._narrow(found, request, as_of).matches
        bonuses = Bonuses(self._matcher, found.parsed, self._weights)
        vector = self._meaning.asked(request, found.parsed) if self._meaning else None
        return self._ordered(matches, request, len(matches), bonuses, vector)[0]

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

    def when(self, project_id: str) -> When:
        """Return when a project was first seen and last changed."""
        document = self.segment.find(project_id)
        return NEVER_SEEN if document is None else self._past.seen.of(document)

    @property
    def since(self) -> datetime | None:
        """When the history of the index begins, None where there is none."""
        return self._past.since

    def changes(self, request: ChangesRequest) -> Changes:
        """Return a page of what happened to projects."""
        rows = self._chronicle.chosen(request)
        if not request.q.strip():
            return self._chronicle.page(request, rows)
        found = self._found(request.q, "and", True)
        rows = self._chronicle.among(rows, found.matches.documents)
        return self._chronicle.page(request, rows, found.relaxed_to, found.parsed.warnings)

    @cached_property
    def _chronicle(self) -> Chronicle:
        return chronicle(self.segment, self._past, self.info)

    def project_ids(self) -> Iterator[tuple[str, When]]:
        """Yield the id of each project, and when it was first seen and last changed; newest start first."""
        for document in range(len(self.segment)):
            yield self.segment.project(document).id, self._past.seen.of(document)

    def similar(self, project_id: str, as_of: date, limit: int) -> tuple[Near, ...]:
        """Return the nearest projects, nothing for an unknown id."""
        document = self.segment.find(project_id)
        if document is None:
            return ()
        meaning = self._meaning.nearness if self._meaning else None
        return browsing.nearest(self.segment, document, self._spans.statuses(as_of), limit, meaning)

    def grantees(self) -> tuple[tuple[str, int], ...]:
        """Return every grantee with its number of projects."""
        return grantees_of(*self.sources.grantees())

    def grantee_words(self, name: str) -> tuple[GranteeWord, ...]:
        """Return the words that tell a grantee apart, the heaviest first; nothing for an unknown name."""
        return self._grantee_words.telling(name)

    def near_grantees(self, name: str, limit: int) -> tuple[NearGrantee, ...]:
        """Return the grantees with most of the same words; nothing for an unknown name."""
        return self._grantee_words.near(name, limit)

    def overview(self, everything: SearchResults) -> Overview:
        """Return what the home page tells of the index; `everything` is the answer to an empty search."""
        return overview_of(len(self.segment), self.segment.span_years, self.segment.grantee_names, everything)
