"""Backend: what the engine asks of whatever holds the index; it says nothing of arrays, nor of a network.

One call answers a page: the text is read, matched, narrowed, counted and ranked behind it. What is shown of
it (highlights, snippets, corrections, links) is made above, the same for every backend.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from indexer.document import Project
from indexer.storage.history.moments import When
from indexer.storage.own_fields import OwnField
from search_app.backend.page_of_changes import Changes
from search_app.backend.returned import Answer, Near, Whole
from search_app.facets.specs import FacetSpec
from search_app.query.parsing import Parsed
from search_app.request import ChangesRequest, SearchRequest
from search_app.results import Fields, IndexInfo, Overview, RelaxedTo, SearchResults
from search_app.words.vocabulary import Vocabulary

if TYPE_CHECKING:
    from indexer.storage.segment import I64
    from search_app.scoring.telling_grantees import GranteeWord, NearGrantee

# Titles read for completions, to find those that are shown.
MAX_TITLES_READ = 24


class Sources(Protocol):
    """What completions need beside the lexicon; `whole` has the terms of each word that is there as well."""

    def with_codes(self, key: str, limit: int) -> Iterator[Project]:
        """Yield the projects with one of the first `limit` codes that begin with a key."""

    def uses(self, terms: Sequence[int], whole: Sequence[frozenset[int]]) -> list[int]:
        """Return how many projects have each of some terms and one of each set of `whole`."""

    def form_uses(self, term: int, whole: Sequence[frozenset[int]]) -> list[int]:
        """Return how often each form of a term stands in projects that have one of each set of `whole`."""

    def first_with(self, term: int, form: int) -> Project:
        """Return the first project that has a form of a term."""

    def grantees(self) -> tuple[Sequence[str], I64]:
        """Return the names of all grantees, sorted, "" for none, and the number of projects of each."""

    def titles(
        self, text: str, whole: Sequence[frozenset[int]], terms: Sequence[int], prefixes: tuple[str, ...]
    ) -> Iterator[tuple[Project, int]]:
        """Yield projects by their titles, each title once, and how many have that title.

        The title begins with `text`, or it has one of each set of terms in `whole` and, if there are
        `prefixes`, one of the `terms` of the words that begin with them.
        """


class Backend(Protocol):
    """Holds the projects of one generation and finds them; threads may share it."""

    @property
    def info(self) -> IndexInfo:
        """The generation that answers."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the index and what else they stand for."""

    @property
    def sources(self) -> Sources:
        """What completions are taken from."""

    @property
    def specs(self) -> tuple[FacetSpec, ...]:
        """The facets of the index, in the order in which they are shown."""

    @property
    def own_fields(self) -> tuple[OwnField, ...]:
        """The fields of the index beside those that every index has, in their order."""

    def answer(self, request: SearchRequest, as_of: date) -> Answer:
        """Return a page of what is asked for, and what is counted over all of it."""

    def total(self, request: SearchRequest, as_of: date) -> tuple[int, RelaxedTo | None]:
        """Return how many projects an answer would have, and to what it would be relaxed."""

    def totals(self, texts: Sequence[str]) -> list[int]:
        """Return how many projects have all that each of some texts asks for, before any filter."""

    def every(self, request: SearchRequest, as_of: date) -> Iterator[Whole]:
        """Yield all hits in order."""

    def neighbours(
        self, request: SearchRequest, as_of: date, project_id: str
    ) -> tuple[str | None, str | None]:
        """Return the ids before and after a project among the hits, None at the ends."""

    def project(self, project_id: str) -> Project | None:
        """Return a project by its id."""

    def fields(self, project_id: str) -> Fields:
        """Return what a project says in the index's own fields, by their names."""

    def when(self, project_id: str) -> When:
        """Return when a project was first seen and last changed."""

    @property
    def since(self) -> datetime | None:
        """When the history of the index begins, None where there is none."""

    def changes(self, request: ChangesRequest) -> Changes:
        """Return a page of what happened to projects."""

    def project_ids(self) -> Iterator[tuple[str, When]]:
        """Yield the id of each project, and when it was first seen and last changed; newest start first."""

    def parsed(self, request: SearchRequest) -> Parsed:
        """Return how the text of a request is read."""

    def similar(self, project_id: str, as_of: date, limit: int) -> tuple[Near, ...]:
        """Return the nearest projects, nothing for an unknown id."""

    def grantees(self) -> tuple[tuple[str, int], ...]:
        """Return every grantee with its number of projects."""

    def grantee_words(self, name: str) -> tuple[GranteeWord, ...]:
        """Return the words that tell a grantee apart, the heaviest first; nothing for an unknown name."""

    def near_grantees(self, name: str, limit: int) -> tuple[NearGrantee, ...]:
        """Return the grantees with most of the same words; nothing for an unknown name."""

    def overview(self, everything: SearchResults) -> Overview:
        """Return what the home page tells of the index; `everything` is the answer to an empty search."""
