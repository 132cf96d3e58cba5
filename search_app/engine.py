"""SearchEngine: an open generation, and the way from a SearchRequest to SearchResults.

The query is parsed and matched; filters narrow; the best page is taken; facets are counted, each without
its own filter; the hits of the page are cut into snippets. Everything below works on immutable arrays,
so threads may share an engine.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache, reduce
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer import generation, report
from indexer.analysis import fold
from indexer.document import STATUSES, Project
from indexer.segment import UNKNOWN_DAY, Segment
from search_app import similar, spelling, suggest
from search_app.explain import explain
from search_app.facets import Counted, FacetCounter
from search_app.filters import Filters
from search_app.highlighting import markers
from search_app.matching import Matcher, Matches
from search_app.query import Parsed, parse
from search_app.ranking import Bonuses, Weights, best, smallest_keys
from search_app.request import FACETS, FacetName, SearchRequest, Sort
from search_app.results import (
    Completion,
    Hit,
    IndexInfo,
    Overview,
    QueryTerm,
    SearchResults,
    Similar,
    Suggestion,
)
from search_app.showing import Shown, show, whole
from search_app.vocabulary import Vocabulary

# Whole answers kept: some 50 kB each. A front page and its first clicks repeat all day.
KEPT_ANSWERS = 512
# Matches kept, so that paging and filtering do not match again: 8 bytes a matching project each.
KEPT_MATCHES = 8
# What the home page shows of each.
RECENT_PROJECTS = 5
TOP_GRANTEES = 10


@dataclass(frozen=True, slots=True)
class Found:
    """What a query matches before any filter, and how it was read."""

    parsed: Parsed
    matches: Matches
    relaxed: bool
    seen: dict[int, Matches]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The matches left by all filters, and the documents that each facet is counted over."""

    matches: Matches
    counted: dict[FacetName, Counted]


class SearchEngine:
    """Answers searches from one generation."""

    def __init__(
        self, segment: Segment, info: IndexInfo, *, answers: int = KEPT_ANSWERS, weights: Weights = Weights()
    ) -> None:
        """Search `segment`; keep so many `answers` (0: none); rank with `weights`."""
        self.segment, self.info = segment, info
        self._weights = weights
        self._vocabulary = Vocabulary(segment)
        self._matcher = Matcher(segment, lru_cache(maxsize=65_536)(segment.terms.find))
        self._filters = Filters(segment)
        self._facets = FacetCounter(segment, self._filters)
        self._answer = lru_cache(answers)(self._compute) if answers else self._compute
        self._found = lru_cache(KEPT_MATCHES)(self._find) if answers else self._find

    @classmethod
    def open(cls, index_dir: Path, *, verify: bool = False, answers: int = KEPT_ANSWERS) -> Self:
        """Open the current generation of an index; with `verify`, read every file against its checksum.

        Raise NoIndexError, IndexFormatError or DamagedIndexError.
        """
        return cls.of(generation.current(Path(index_dir)), verify=verify, answers=answers)

    @classmethod
    def of(cls, folder: Path, *, verify: bool = False, answers: int = KEPT_ANSWERS) -> Self:
        """Open the generation in `folder`."""
        manifest = generation.verify(folder) if verify else generation.manifest(folder)
        segment = generation.open_segment(folder)
        info = IndexInfo(folder.name, manifest.documents, datetime.fromisoformat(manifest.built_at))
        return cls(segment, info, answers=answers)

    def search(self, request: SearchRequest) -> SearchResults:
        """Return a page of what `request` asks for."""
        return self._answer(request, request.as_of or datetime.now(UTC).date())

    def _compute(self, request: SearchRequest, as_of: date) -> SearchResults:
        started = time.perf_counter()
        found = self._found(request.q, request.op, request.expand)
        narrowed = self._narrow(found.matches, request, as_of)
        bonuses = Bonuses(self._matcher, found.parsed, self._weights)
        page = self._page(narrowed.matches, request, bonuses)
        results = SearchResults(
            request=request,
            as_of=as_of,
            total=len(narrowed.matches),
            hits=self._hits(page, found, bonuses, request, as_of),
            facets=self._facets.facets(request, narrowed.counted, as_of),
            index=self.info,
            terms=tuple(QueryTerm(part.text, _also(found.parsed, n)) for n, part in enumerate(found.parsed.parts)),
            relaxed=found.relaxed,
            suggestion=self._suggestion(request, found, len(narrowed.matches), as_of),
            warnings=found.parsed.warnings,
        )
        return replace(results, took_ms=round((time.perf_counter() - started) * 1000, 3))

    def _find(self, q: str, op: str, expand: bool) -> Found:
        parsed = parse(q, self._vocabulary, expand=expand)
        seen: dict[int, Matches] = {}
        if op == "or":
            return Found(parsed, self._matcher.match(parsed.relaxed, seen), relaxed=False, seen=seen)
        matches = self._matcher.match(parsed.strict, seen)
        if len(matches) or len(parsed.parts) < 2:
            return Found(parsed, matches, relaxed=False, seen=seen)
        matches = self._matcher.match(parsed.relaxed, seen)
        return Found(parsed, matches, relaxed=len(matches) > 0, seen=seen)

    def _narrow(self, matches: Matches, request: SearchRequest, as_of: date) -> Narrowed:
        """Apply the filters; count each facet over what all filters but its own leave."""
        own = self._filters.own(request, as_of)
        for mask in self._filters.periods(request):
            matches = _masked(matches, mask)
        narrowed = reduce(_masked, own.values(), matches)
        every = Counted(None if len(narrowed) == len(self.segment) else narrowed.documents)
        counted: dict[FacetName, Counted] = dict.fromkeys(FACETS, every)
        for name in own:
            others = reduce(_masked, (mask for other, mask in own.items() if other != name), matches)
            counted[name] = Counted(others.documents)  # type: ignore[index]
        return Narrowed(matches=narrowed, counted=counted)

    def _page(self, matches: Matches, request: SearchRequest, bonuses: Bonuses) -> Matches:
        """Return the hits of the page asked for, in order."""
        first = (request.page - 1) * request.per_page
        if first >= len(matches):
            return Matches(matches.documents[:0], matches.scores[:0])
        ordered = self._ordered(matches, request.order, first + request.per_page, bonuses)
        return Matches(ordered.documents[first:], ordered.scores[first:])

    def _ordered(self, matches: Matches, order: Sort, size: int, bonuses: Bonuses) -> Matches:
        """Return the first `size` matches in an order."""
        if order == "relevance":
            return best(matches, bonuses, size)
        if order == "-start_date":
            places: NDArray[np.intp] | slice = slice(size)
        else:
            places = smallest_keys(self._sort_keys(order, matches.documents), size)
        documents, scores = matches.documents[places], matches.scores[places]
        if not bonuses.bound:
            return Matches(documents, scores)
        back = np.argsort(documents)
        extra = np.empty(len(documents), np.float32)
        extra[back] = bonuses.of(documents[back])
        return Matches(documents, scores + extra)

    def _sort_keys(self, order: Sort, documents: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Return int64 keys that ascend in an order, unknown values last."""
        segment = self.segment
        if order in ("title", "grantee"):
            column = segment.title_ranks if order == "title" else segment.grantee
            keys = column[documents].astype(np.int64)
            unnamed = order == "grantee" and len(segment.grantee_names) and not segment.grantee_names[0]
            return np.where(keys == 0, len(segment.grantee_names), keys) if unnamed else keys
        days = (segment.start if order == "start_date" else segment.end)[documents].astype(np.int64)
        keys = -days if order.startswith("-") else days
        return np.where(days == UNKNOWN_DAY, np.iinfo(np.int64).max, keys)

    def _hits(
        self, page: Matches, found: Found, bonuses: Bonuses, request: SearchRequest, as_of: date
    ) -> tuple[Hit, ...]:
        projects = [self.segment.project(document) for document in page.documents.tolist()]
        missing = _missing(found, page.documents)
        shown = show(projects, markers(self._matcher, found.parsed), found.parsed, missing)
        parts = explain(self._matcher, found.parsed, found.seen, page, bonuses) if request.explain else None
        statuses = self._filters.statuses(as_of)[page.documents].tolist()
        return tuple(
            Hit(
                project=project,
                status=STATUSES[status],
                score=score,
                title=one.title,
                description=one.description,
                grantee=one.grantee,
                matched=one.matched,
                explanation=parts[place] if parts else (),
            )
            for place, (project, status, score, one) in enumerate(
                zip(projects, statuses, page.scores.tolist(), shown, strict=True)
            )
        )

    def _suggestion(
        self, request: SearchRequest, found: Found, total: int, as_of: date
    ) -> Suggestion | None:
        """Return the corrected query if it finds more than the one typed."""
        if total and not found.relaxed and all(self._known(part.word) for part in found.parsed.parts):
            return None
        corrected = spelling.corrected_query(self._vocabulary, request.q)
        if corrected is None:
            return None
        instead = replace(request, q=corrected, page=1)
        other = self._find(corrected, request.op, request.expand)
        more = len(self._narrow(other.matches, instead, as_of).matches)
        better = more > total or (found.relaxed and not other.relaxed and more)
        return Suggestion(corrected, more) if better else None

    def _known(self, word: str | None) -> bool:
        return word is None or self.segment.words.find(word) >= 0

    def every_hit(self, request: SearchRequest) -> Iterator[Hit]:
        """Yield all hits in order, without marks: for files and feeds."""
        as_of = request.as_of or datetime.now(UTC).date()
        ordered = self._all(request, as_of)
        statuses = self._filters.statuses(as_of)
        for document, score in zip(ordered.documents.tolist(), ordered.scores.tolist(), strict=True):
            yield Shown.unmarked(self.segment.project(document)).hit(STATUSES[statuses[document]], score)

    def _all(self, request: SearchRequest, as_of: date) -> Matches:
        found = self._found(request.q, request.op, request.expand)
        matches = self._narrow(found.matches, request, as_of).matches
        bonuses = Bonuses(self._matcher, found.parsed, self._weights)
        return self._ordered(matches, request.order, len(matches), bonuses)

    def project(self, project_id: str) -> Project | None:
        """Return a project by its id."""
        document = self.segment.find(project_id)
        return None if document is None else self.segment.project(document)

    def marked(self, request: SearchRequest, project_id: str) -> Shown | None:
        """Return the whole texts of a project with what the query of `request` finds in them marked."""
        project = self.project(project_id)
        if project is None:
            return None
        found = self._found(request.q, request.op, request.expand)
        return whole(project, markers(self._matcher, found.parsed))

    def neighbours(self, request: SearchRequest, project_id: str) -> tuple[str | None, str | None]:
        """Return the ids before and after a project among the hits of `request`, None at the ends."""
        document = self.segment.find(project_id)
        documents = self._all(request, request.as_of or datetime.now(UTC).date()).documents
        places = np.flatnonzero(documents == document) if document is not None else np.zeros(0, np.intp)
        if not len(places):
            return None, None
        place = int(places[0])
        before = self.segment.project(int(documents[place - 1])).id if place else None
        after = self.segment.project(int(documents[place + 1])).id if place + 1 < len(documents) else None
        return before, after

    def similar(self, project_id: str, limit: int = 5) -> tuple[Similar, ...]:
        """Return the nearest projects with the words they share; nothing for an unknown id."""
        document = self.segment.find(project_id)
        if document is None:
            return ()
        statuses = self._filters.statuses(datetime.now(UTC).date())
        return tuple(
            Similar(self.segment.project(other), STATUSES[statuses[other]], score, words)
            for other, score, words in similar.similar(self.segment, document, limit)
        )

    def suggest(self, text: str, limit: int = 8) -> tuple[Completion, ...]:
        """Return completions of what is being typed."""
        return self._completions(text, limit)

    def grantees(self) -> tuple[tuple[str, int], ...]:
        """Return every grantee with its number of projects, A to Z."""
        counts = np.bincount(self.segment.grantee, minlength=len(self.segment.grantee_names)).tolist()
        named = [(name, count) for name, count in zip(self.segment.grantee_names, counts, strict=True) if name]
        return tuple(sorted(named, key=lambda one: fold(one[0])))

    def overview(self) -> Overview:
        """Return what the home page tells of the index."""
        request = SearchRequest(per_page=RECENT_PROJECTS)
        results = self.search(request)
        facets = {facet.name: facet for facet in results.facets}
        years = self.segment.span_years
        known = years[years > 0]
        return Overview(
            documents=len(self.segment),
            first_year=int(known.min()) if len(known) else None,
            last_year=int(known.max()) if len(known) else None,
            grantees=sum(1 for name in self.segment.grantee_names if name),
            active_by_year=self._facets.every_year(),
            top_grantees=facets["grantee"].buckets[:TOP_GRANTEES],
            recent=tuple(hit.project for hit in results.hits),
        )

    def changes(self) -> Report | None:
        """Return what the `reindex` that built this generation changed."""
        return self._report()


def _masked(matches: Matches, mask: NDArray[np.bool_]) -> Matches:
    keep = mask[matches.documents]
    return Matches(matches.documents[keep], matches.scores[keep])


def _also(parsed: Parsed, number: int) -> tuple[str, ...]:
    """Return the other forms searched for a part; those of a run stand with its first part."""
    return (*parsed.parts[number].also, *(run.text for run in parsed.runs if run.first == number))


def _missing(found: Found, documents: NDArray[np.uint32]) -> list[frozenset[int]]:
    """Return for each document the numbers of the parts of the query that it lacks."""
    has = []
    for number, part in enumerate(found.parsed.parts):
        queries = [part.query, *(run.query for run in found.parsed.runs if run.first <= number < run.last)]
        matches = [found.seen[id(query)] for query in queries if id(query) in found.seen]
        has.append(reduce(np.logical_or, [one.has(documents) for one in matches], np.zeros(len(documents), bool)))
    return [
        frozenset(number for number, row in enumerate(has) if not row[place]) for place in range(len(documents))
    ]
