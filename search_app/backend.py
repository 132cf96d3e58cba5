"""Backend: what the engine asks of whatever holds the index; it says nothing of arrays, nor of a network.

One call answers a page: the text is read, matched, narrowed, counted and ranked behind it. What is shown of
it (highlights, snippets, corrections, links) is made above, the same for every backend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from indexer.document import Project, Status
from indexer.history.events import EventKind
from indexer.history.moments import NEVER_SEEN, When
from indexer.storage.own_fields import OwnField
from search_app.facets.specs import FacetSpec
from search_app.query.parsing import Parsed
from search_app.request import ChangesRequest, SearchRequest
from search_app.results import (
    NO_FIELDS,
    Facet,
    Fields,
    IndexInfo,
    Overview,
    QueryTerm,
    RelaxedTo,
    ScorePart,
    SearchResults,
    Totals,
)

if TYPE_CHECKING:
    from indexer.storage.segment import I64
    from search_app.scoring.telling_grantees import GranteeWord, NearGrantee
from search_app.words.vocabulary import Vocabulary

# Characters of a description in a list: three times a long abstract; a page of a hundred stays below 3 MB.
DESCRIPTION_LENGTH = 5_000
# Titles read for completions, to find those that are shown.
MAX_TITLES_READ = 24

# Gives the words that a description is looked through for, by the number of the clause; called when needed.
Sought: TypeAlias = Callable[[], Mapping[int, frozenset[str]]]


class Listed(NamedTuple):
    """A project as a list has it, with a description that may be cut, and as a snippet looks at it.

    `own_texts` are the texts in own fields that are searched, each with the name of its field.
    """

    project: Project
    looked_at: Project
    cut: bool = False
    fields: Fields = NO_FIELDS
    own_texts: tuple[tuple[str, str], ...] = ()
    when: When = NEVER_SEEN


def cut(project: Project) -> Listed:
    """Return a project that was read whole as a list has it."""
    text = project.description
    if len(text) <= DESCRIPTION_LENGTH:
        return Listed(project, project)
    return Listed(replace(project, description=text[:DESCRIPTION_LENGTH]), project, cut=True)


class Ranked(NamedTuple):
    """Where a hit of a page stands: its score and the parts of it, and the clauses that it lacks.

    `meaning` is how near it is to the text of the search, where that counts.
    """

    status: Status
    score: float
    missing: frozenset[int] = frozenset()
    explanation: tuple[ScorePart, ...] = ()
    meaning: float | None = None


class Whole(NamedTuple):
    """A hit of a file or feed: the whole project and its fields."""

    project: Project
    status: Status
    score: float
    fields: Fields
    when: When = NEVER_SEEN


class Near(NamedTuple):
    """A project near to another one, or to a text, with the words that they share.

    One that shares none is near in meaning; `sentence` is the nearest one of a project near to a text.
    """

    project: Project
    status: Status
    score: float
    words: tuple[str, ...] = ()
    sentence: str = ""


class Event(NamedTuple):
    """What happened to a project in a run of `reindex`; id and title are None where nobody knows any more.

    `there` tells whether the index has it. `fields` are name, value before and value after, None where that
    was not recorded; `returned` is set for one that was added again.
    """

    kind: EventKind
    moment: datetime
    id: str | None
    title: str | None
    there: bool
    fields: tuple[tuple[str, str, str], ...] | None = None
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of events; `total` are all that were asked for, `counts` how many on each day of each kind.

    `since` is when the history begins, None where there is none; `relaxed` as of a search.
    """

    request: ChangesRequest
    total: int
    events: tuple[Event, ...]
    counts: Mapping[tuple[date, EventKind], int]
    since: datetime | None
    index: IndexInfo
    relaxed: bool = False

    @property
    def pages(self) -> int:
        """The number of pages; 0 when nothing happened."""
        return -(-self.total // self.request.per_page)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a backend found: how the text was read, the total, the page and everything that is counted.

    `related` are neither of the page nor of the total: projects that are only near in meaning. `read` gives
    the projects of the page, of long ones the part where most of what is sought stands.
    """

    parsed: Parsed
    relaxed_to: RelaxedTo | None
    total: int
    page: tuple[Ranked, ...]
    read: Callable[[Sought], list[Listed]]
    facets: tuple[Facet, ...]
    terms: tuple[QueryTerm, ...]
    totals: tuple[Totals, ...]
    related: tuple[Near, ...] = ()


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
