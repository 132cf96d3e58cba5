"""SearchEngine: an open generation, and the way from a SearchRequest to SearchResults.

The query is parsed and matched; filters narrow; the best page is taken; facets are counted, each without
its own filter; the hits of the page are cut into snippets. Everything below works on immutable arrays,
so threads may share an engine.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self

from indexer.document import STATUSES, Project
from indexer.storage import generation
from indexer.storage.days import today
from indexer.storage.folder.manifest import read_manifest
from indexer.storage.own_fields import OwnField
from indexer.storage.segment import Segment
from search_app.engine import browsing
from search_app.engine.events import Changes, Events
from search_app.engine.finding import Found, find
from search_app.engine.past import Past
from search_app.facets.narrowing import Facets, Narrowed
from search_app.facets.own_values import OwnValues
from search_app.facets.seen import Seen
from search_app.facets.spans import Spans
from search_app.facets.table import specs_of
from search_app.facets.totals import totals_of
from search_app.matching.bonuses import DEFAULT_WEIGHTS, Bonuses, Weights
from search_app.matching.evaluation import Matcher
from search_app.matching.explain import explain
from search_app.matching.ordering import Ordering
from search_app.matching.surface_forms import query_terms
from search_app.postings.matches import Matches
from search_app.query.clauses import Clause
from search_app.request import ChangesRequest, Operator, SearchRequest
from search_app.results import (
    NEVER_SEEN,
    NO_FIELDS,
    Completion,
    Fields,
    Hit,
    IndexInfo,
    Overview,
    SearchResults,
    Similar,
    Suggestion,
    When,
)
from search_app.snippets.excerpts import as_listed, listed
from search_app.snippets.presentation import Shown, show, whole
from search_app.snippets.sought import highlighters
from search_app.suggest import spelling
from search_app.suggest.completions import Completer
from search_app.words.vocabulary import Vocabulary

# Whole answers cached: some 50 kB each. A front page and its first clicks repeat all day. Long pages are
# seldom asked for, and have the texts of many projects.
CACHED_ANSWERS, LONGEST_CACHED = 256, 50
# Matches cached, so that paging and filtering do not match again: 8 bytes a matching project each.
CACHED_MATCHES = 8
# Stems whose numbers are cached: a query has a few, and most queries share theirs.
CACHED_TERMS = 16_384


class SearchEngine:
    """Answers searches from one generation."""

    def __init__(
        self,
        segment: Segment,
        info: IndexInfo,
        *,
        folder: Path | None = None,
        past: Past | None = None,
        answers: int = CACHED_ANSWERS,
        weights: Weights = DEFAULT_WEIGHTS,
    ) -> None:
        """Search `segment`, of the generation in `folder`, with its `past`.

        Cache so many `answers`; rank with `weights`.
        """
        self.segment, self.info = segment, info
        self.past = past or Past(Seen.never(len(segment)))
        self._folder, self._weights = folder, weights
        self._vocabulary = Vocabulary(segment)
        self._completer = Completer(self._vocabulary)
        self._matcher = Matcher(segment, lru_cache(CACHED_TERMS)(segment.terms.find))
        self._spans = Spans(segment, self.past.seen)
        self._own = OwnValues(segment)
        self._ordering = Ordering(segment, self._own.declared, self.past.seen)
        self.specs = specs_of(segment)
        self._facets = Facets(self._spans, self.specs)
        self._answer = lru_cache(answers)(self._compute) if answers else self._compute
        self._found = lru_cache(CACHED_MATCHES)(self._find) if answers else self._find

    @classmethod
    def open(cls, index_dir: Path, *, verify: bool = False, answers: int = CACHED_ANSWERS) -> Self:
        """Open the current generation of an index; with `verify`, read every file against its checksum.

        Raise NoIndexError, IndexFormatError or DamagedIndexError.
        """
        return cls.of(generation.current(Path(index_dir)), verify=verify, answers=answers)

    @classmethod
    def of(cls, folder: Path, *, verify: bool = False, answers: int = CACHED_ANSWERS) -> Self:
        """Open the generation in `folder`."""
        manifest = generation.verify(folder) if verify else read_manifest(folder)
        segment = generation.open_segment(folder)
        info = IndexInfo(folder.name, manifest.documents, datetime.fromisoformat(manifest.built_at))
        return cls(segment, info, folder=folder, past=Past.of(folder, segment), answers=answers)

    def search(self, request: SearchRequest) -> SearchResults:
        """Return a page of what `request` asks for."""
        answer = self._answer if request.per_page <= LONGEST_CACHED else self._compute
        return answer(request, request.as_of or today())

    def _compute(self, request: SearchRequest, as_of: date) -> SearchResults:
        started = time.perf_counter()
        found = self._found(request.q, request.op, request.expand)
        narrowed = self._narrow(found, request, as_of)
        bonuses = Bonuses(self._matcher, found.parsed, self._weights)
        page = self._page(narrowed.matches, request, bonuses)
        return SearchResults(
            request=request,
            as_of=as_of,
            total=len(narrowed.matches),
            hits=self._hits(page, found, bonuses, request, as_of),
            facets=self._facets.count(request, narrowed.counted),
            index=self.info,
            terms=query_terms(self._matcher, found.parsed, found.seen, narrowed.matches.documents),
            relaxed_to=found.relaxed_to,
            suggestion=self._suggestion(request, found, len(narrowed.matches), as_of),
            warnings=found.parsed.warnings,
            totals=tuple(totals_of(self.segment, self._own.declared, narrowed.matches.documents)),
            took_ms=round((time.perf_counter() - started) * 1000, 3),
        )

    def _find(self, q: str, op: Operator, expand: bool) -> Found:
        return find(q, op, expand, self._vocabulary, self._matcher)

    def _narrow(self, found: Found, request: SearchRequest, as_of: date) -> Narrowed:
        return self._facets.narrow(found.matches, request, as_of)

    def _page(self, matches: Matches, request: SearchRequest, bonuses: Bonuses) -> Matches:
        """Return the hits of the page asked for, in order."""
        first = (request.page - 1) * request.per_page
        if first >= len(matches):
            return Matches(matches.documents[:0], matches.scores[:0])
        ordered = self._ordering.first(matches, request.order, first + request.per_page, bonuses)
        return Matches(ordered.documents[first:], ordered.scores[first:])

    def _hits(
        self, page: Matches, found: Found, bonuses: Bonuses, request: SearchRequest, as_of: date
    ) -> tuple[Hit, ...]:
        marking = highlighters(self._matcher, found.parsed)
        projects = listed(self._matcher, page.documents, marking)
        missing = found.missing(page.documents)
        shown = show([one.looked_at for one in projects], marking, found.parsed, missing)
        statuses = self._spans.statuses(as_of).take(page.documents).tolist()
        own = map(self._own.listed, page.documents.tolist(), [one.project for one in projects])
        when = map(self.past.seen.of, page.documents.tolist())
        scored = zip(shown, statuses, page.scores.tolist(), own, when, strict=True)
        hits = tuple([one.hit(STATUSES[status], *facts) for one, status, *facts in scored])
        if any(one.cut for one in projects):
            hits = tuple(map(as_listed, hits, projects))
        if not request.explain:
            return hits
        reasons = explain(self._matcher, found.parsed, found.seen, page, bonuses)
        return tuple(hit._replace(explanation=why) for hit, why in zip(hits, reasons, strict=True))

    def _suggestion(self, request: SearchRequest, found: Found, total: int, as_of: date) -> Suggestion | None:
        """Return the corrected query if it finds more than the one typed, or as much with known words."""
        if total and found.relaxed_to != "any" and all(map(self._is_known, found.parsed.clauses)):
            return None
        corrected = spelling.corrected_query(self._vocabulary, request.q)
        if corrected is None:
            return None
        instead = replace(request, q=corrected, page=1)
        other = self._find(corrected, request.op, request.expand)
        more = len(self._narrow(other, instead, as_of).matches)
        better = more >= total or (found.relaxed_to and not other.relaxed_to)
        return Suggestion(corrected, more) if more and better else None

    def _is_known(self, clause: Clause) -> bool:
        if clause.code:
            return True
        words = clause.word.split("-") if clause.word and not clause.variants else ()
        return all(self._vocabulary.known_term(word) >= 0 for word in words)

    def every_hit(self, request: SearchRequest) -> Iterator[Hit]:
        """Yield all hits in order, without highlights: for files and feeds."""
        as_of = request.as_of or today()
        ordered = self._all(request, as_of)
        statuses = self._spans.statuses(as_of)
        for document, score in zip(ordered.documents.tolist(), ordered.scores.tolist(), strict=True):
            project = self.segment.project(document)
            facts = score, self._own.of(document, project), self.past.seen.of(document)
            yield Shown.unhighlighted(project).hit(STATUSES[statuses[document]], *facts)

    def _all(self, request: SearchRequest, as_of: date) -> Matches:
        found = self._found(request.q, request.op, request.expand)
        matches = self._narrow(found, request, as_of).matches
        bonuses = Bonuses(self._matcher, found.parsed, self._weights)
        return self._ordering.first(matches, request.order, len(matches), bonuses)

    def project(self, project_id: str) -> Project | None:
        """Return a project by its id."""
        document = self.segment.find(project_id)
        return None if document is None else self.segment.project(document)

    @property
    def own_fields(self) -> tuple[OwnField, ...]:
        """The fields of the index beside those that every index has, in their order."""
        return self._own.declared

    def fields(self, project_id: str) -> Fields:
        """Return what a project says in the index's own fields, by their names."""
        document = self.segment.find(project_id)
        return NO_FIELDS if document is None else self._own.of(document, self.segment.project(document))

    def when(self, project_id: str) -> When:
        """Return when a project was first seen and last changed."""
        document = self.segment.find(project_id)
        return NEVER_SEEN if document is None else self.past.seen.of(document)

    def highlighted(self, request: SearchRequest, project_id: str) -> Shown | None:
        """Return the whole texts of a project with what the query of `request` finds in them highlighted."""
        project = self.project(project_id)
        if project is None:
            return None
        found = self._found(request.q, request.op, request.expand)
        return whole(project, highlighters(self._matcher, found.parsed))

    def project_ids(self) -> Iterator[str]:
        """Yield the ids of all projects, newest start first."""
        for document in range(len(self.segment)):
            yield self.segment.project(document).id

    def neighbours(self, request: SearchRequest, project_id: str) -> tuple[str | None, str | None]:
        """Return the ids before and after a project among the hits of `request`, None at the ends."""
        document = self.segment.find(project_id)
        if document is None:
            return None, None
        ordered = self._all(request, request.as_of or today())
        return browsing.around(self.segment, document, ordered.documents)

    def similar(self, project_id: str, limit: int = 5) -> tuple[Similar, ...]:
        """Return the nearest projects with the words they share; nothing for an unknown id."""
        document = self.segment.find(project_id)
        if document is None:
            return ()
        return browsing.nearest(self.segment, document, self._spans.statuses(today()), limit)

    def suggest(self, text: str, limit: int = 8) -> tuple[Completion, ...]:
        """Return completions of what is being typed."""
        return self._completer.complete(text, limit)

    def grantees(self) -> tuple[tuple[str, int], ...]:
        """Return every grantee with its number of projects, A to Z."""
        return browsing.grantees(self.segment)

    def overview(self) -> Overview:
        """Return what the home page tells of the index."""
        everything = self.search(SearchRequest(per_page=browsing.RECENT_PROJECTS))
        return browsing.overview(self._spans, everything)

    def warm(self) -> None:
        """Do now what the first visitors would wait for: read the vocabulary, import the stemmer."""
        self.overview()
        self.suggest("a")
        spelling.corrected_query(self._vocabulary, "zzzzzz")

    def changes(self, request: ChangesRequest) -> Changes:
        """Return a page of what happened to projects."""
        found = self._found(request.q, "and", True) if request.q.strip() else None
        documents = found.matches.documents if found else None
        relaxed = found is not None and found.relaxed_to is not None
        return self._events.page(request, documents, self.info, relaxed=relaxed)

    @cached_property
    def _events(self) -> Events:
        return Events(self.segment, self.past)

    @cached_property
    def doubts(self) -> tuple[str, ...]:
        """What was doubtful in the sources, as the `reindex` that built this generation told it."""
        return browsing.doubts(self._folder) if self._folder else ()
