"""SearchEngine: an open generation, and the way from a SearchRequest to SearchResults.

A backend finds, counts and ranks; here the hits of its page are cut into snippets, a better query is
proposed, and whole answers are cached. Backends are immutable, so threads may share an engine.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self

from indexer.document import Project
from indexer.storage import generation
from indexer.storage.days import today
from indexer.storage.folder.manifest import read_manifest
from indexer.storage.history.moments import When
from indexer.storage.own_fields import OwnField
from indexer.text.meaning.models import Model
from search_app.backend.interface import Backend
from search_app.backend.page_of_changes import Changes
from search_app.embedded.answering import EmbeddedBackend
from search_app.embedded.browsing import told_doubts
from search_app.embedded.meaning.asked import Meaning
from search_app.embedded.past.runs import Past
from search_app.engine import showing
from search_app.engine.grantee_names import GranteeName, GranteeNames, GranteeProfile
from search_app.facets.overview import RECENT_PROJECTS
from search_app.facets.specs import FacetSpec
from search_app.request import EVERY_VALUE, PER_PAGE, ChangesRequest, Filters, SearchRequest
from search_app.results import (
    Completion,
    Facet,
    Fields,
    Hit,
    IndexInfo,
    Overview,
    SearchResults,
    Similar,
)
from search_app.snippets.presentation import Shown, whole
from search_app.snippets.sought import highlighters
from search_app.suggest import spelling
from search_app.suggest.completions import Completer
from search_app.suggest.counted import counted
from search_app.suggest.examples import Examples, examples
from search_app.suggest.proposal import Found, proposed

# Whole answers cached: some 50 kB each. A front page and its first clicks repeat all day. Long pages are
# seldom asked for, and have the texts of many projects.
CACHED_ANSWERS, LONGEST_CACHED = 256, 50
NEAR_GRANTEES = 5


class SearchEngine:
    """Answers searches from one generation."""

    def __init__(
        self,
        backend: Backend,
        *,
        folder: Path | None = None,
        answers: int = CACHED_ANSWERS,
        by_meaning: bool = False,
    ) -> None:
        """Answer from `backend`, which has the generation in `folder`; cache so many `answers`.

        `by_meaning` tells whether the backend goes by meaning as well.
        """
        self.backend, self._folder, self.by_meaning = backend, folder, by_meaning
        self._vocabulary = backend.vocabulary
        self._completer = Completer(self._vocabulary, backend.sources)
        self._answer = lru_cache(answers)(self._compute) if answers else self._compute

    @classmethod
    def open(
        cls,
        index_dir: Path,
        *,
        verify: bool = False,
        answers: int = CACHED_ANSWERS,
        model: Model | None = None,
    ) -> Self:
        """Open the current generation of an index; with `verify`, read every file against its checksum.

        Without, long arrays are not read: for an index that was verified, or built by whoever opens it.
        With a `model` whose vectors the index has, searches go by meaning as well.

        Raise NoIndexError, IndexFormatError or DamagedIndexError.
        """
        folder = generation.current(Path(index_dir))
        return cls.of(folder, verify=verify, answers=answers, model=model)

    @classmethod
    def of(
        cls, folder: Path, *, verify: bool = False, answers: int = CACHED_ANSWERS, model: Model | None = None
    ) -> Self:
        """Open the generation in `folder`; raise as `open` does."""
        if verify:
            manifest, segment = generation.verified(folder)
        else:
            manifest = read_manifest(folder)
            segment = generation.open_segment(folder, all_values=False)
        info = IndexInfo(folder.name, manifest.documents, datetime.fromisoformat(manifest.built_at))
        past, meaning = Past(segment, folder), Meaning.of(segment, model)
        backend = EmbeddedBackend(segment, info, past=past, cached=bool(answers), meaning=meaning)
        return cls(backend, folder=folder, answers=answers, by_meaning=meaning is not None)

    @property
    def info(self) -> IndexInfo:
        """The generation that answers."""
        return self.backend.info

    @property
    def specs(self) -> tuple[FacetSpec, ...]:
        """The facets of the index, in the order in which they are shown."""
        return self.backend.specs

    def search(self, request: SearchRequest) -> SearchResults:
        """Return a page of what `request` asks for."""
        answer = self._answer if request.per_page <= LONGEST_CACHED else self._compute
        found = answer(request.alone, request.as_of or today())
        return found if found.request == request else replace(found, request=request)

    def _compute(self, request: SearchRequest, as_of: date) -> SearchResults:
        started = time.perf_counter()
        answer = self.backend.answer(request, as_of)

        def _found(q: str) -> Found:
            return self.backend.total(replace(request, q=q, page=1), as_of)

        return SearchResults(
            request=request,
            as_of=as_of,
            total=answer.total,
            hits=showing.hits(answer, self._vocabulary.lexicon),
            facets=answer.facets,
            index=self.info,
            terms=answer.terms,
            relaxed_to=answer.relaxed_to,
            suggestion=proposed(self._vocabulary, request.q, answer, _found),
            warnings=answer.parsed.warnings,
            totals=answer.totals,
            related=showing.similar(answer.related),
            took_ms=round((time.perf_counter() - started) * 1000, 3),
        )

    def every_hit(self, request: SearchRequest) -> Iterator[Hit]:
        """Yield all hits in order, without highlights: for files and feeds."""
        return map(showing.unhighlighted, self.backend.every(request, request.as_of or today()))

    def values(self, request: SearchRequest, name: str) -> Facet:
        """Return a facet of what `request` asks for with all of its values; for a page of its own."""
        asked = replace(request.alone, page=1, per_page=1, facets=(name,), listed=EVERY_VALUE)
        (facet,) = self.backend.answer(asked, request.as_of or today()).facets
        return facet

    def project(self, project_id: str) -> Project | None:
        """Return a project by its id."""
        return self.backend.project(project_id)

    @property
    def own_fields(self) -> tuple[OwnField, ...]:
        """The fields of the index beside those that every index has, in their order."""
        return self.backend.own_fields

    def fields(self, project_id: str) -> Fields:
        """Return what a project says in the index's own fields, by their names."""
        return self.backend.fields(project_id)

    def when(self, project_id: str) -> When:
        """Return when a project was first seen and last changed."""
        return self.backend.when(project_id)

    @property
    def since(self) -> datetime | None:
        """When the history of the index begins, None where there is none."""
        return self.backend.since

    def changes(self, request: ChangesRequest) -> Changes:
        """Return a page of what happened to projects."""
        return self.backend.changes(request)

    def highlighted(self, request: SearchRequest, project_id: str) -> Shown | None:
        """Return the whole texts of a project with what the query of `request` finds in them highlighted."""
        project = self.project(project_id)
        if project is None:
            return None
        sought = highlighters(self._vocabulary.lexicon, self.backend.parsed(request))
        return whole(project, sought, self.fields(project_id))

    def project_ids(self) -> Iterator[tuple[str, When]]:
        """Yield the id of each project, and when it was first seen and last changed; newest start first."""
        return self.backend.project_ids()

    def neighbours(self, request: SearchRequest, project_id: str) -> tuple[str | None, str | None]:
        """Return the ids before and after a project among the hits of `request`, None at the ends."""
        return self.backend.neighbours(request, request.as_of or today(), project_id)

    def similar(self, project_id: str, limit: int = 5) -> tuple[Similar, ...]:
        """Return the nearest projects with the words they share; nothing for an unknown id."""
        return showing.similar(self.backend.similar(project_id, today(), limit))

    def suggest(self, text: str, limit: int = 8) -> tuple[Completion, ...]:
        """Return completions of what is being typed."""
        return counted(self._completer.complete(text, limit), self.backend.totals)

    @cached_property
    def grantees(self) -> GranteeNames:
        """The names of all grantees."""
        return GranteeNames(self.backend.grantees())

    def profile(self, grantee: GranteeName, per_page: int = PER_PAGE) -> GranteeProfile:
        """Return what is told of a grantee, with the first of its projects."""
        name = grantee.name
        results = self.search(SearchRequest(filters=Filters.of({"grantee": [name]}), per_page=per_page))
        alike = tuple(self.grantees.alike(name))
        others = {name, *(one.name for one in alike)}
        near = self.backend.near_grantees(name, NEAR_GRANTEES + len(alike))
        return GranteeProfile(
            grantee,
            results,
            words=self.backend.grantee_words(name),
            alike=alike,
            near=tuple(one for one in near if one.name not in others)[:NEAR_GRANTEES],
        )

    def overview(self) -> Overview:
        """Return what the home page tells of the index."""
        return self.backend.overview(self.search(SearchRequest(per_page=RECENT_PROJECTS)))

    @cached_property
    def examples(self) -> Examples | None:
        """Searches that find something, to learn from."""
        return examples(self._vocabulary, self.overview().recent)

    def warm(self) -> None:
        """Do now what the first visitors would wait for: read the vocabulary, import the stemmer."""
        self.overview()
        self.search(SearchRequest(per_page=1, facets=tuple(spec.name for spec in self.specs)))
        self.suggest("a")
        self.changes(ChangesRequest(per_page=1))
        self.grantees.by_slug("")
        spelling.corrected_query(self._vocabulary, "zzzzzz")
        if self.by_meaning:
            # Words that hardly a project has: what is near to them is looked for.
            self.search(SearchRequest(q="zeppelin xylophone"))

    @cached_property
    def doubts(self) -> tuple[str, ...]:
        """What was doubtful in the sources, as the `reindex` that built this generation told it."""
        return told_doubts(self._folder) if self._folder else ()
