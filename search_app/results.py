"""SearchResults: what a search found, the same whether a page or JSON shows it.

What a page has by the dozen is a named tuple: it is made in half the time of a frozen dataclass.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from indexer.document import Project, Status
from indexer.storage.history.moments import NEVER_SEEN, When
from search_app.request import SearchRequest

# How far from what was typed a form is: as written, another form of the word, for the same thing.
Degree = Literal[1, 2, 3]
# What a search was relaxed to: quoted words in other forms, or any of the words.
RelaxedTo = Literal["forms", "any"]


class Money(NamedTuple):
    """An amount and the ISO 4217 code of its currency, "" where its source does not say."""

    amount: float
    currency: str


# The value of an own field: several names, an amount, a number, a day, or a text.
FieldValue: TypeAlias = tuple[str, ...] | Money | float | date | str
Fields: TypeAlias = Mapping[str, FieldValue]
NO_FIELDS: Fields = MappingProxyType({})


class Snippet(NamedTuple):
    """A fragment of a project's text and the ranges in it, [start, end) characters, that matched."""

    text: str
    highlights: tuple[tuple[int, int], ...] = ()


# The values, or the fragments of a text, in which a query stands, by the names of own fields.
OwnSnippets: TypeAlias = Mapping[str, tuple[Snippet, ...]]
NO_SNIPPETS: OwnSnippets = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One required clause of the query as typed, and the other forms through which hits were found.

    `forms` are of the same word, `synonyms` stand for the same thing.
    """

    text: str
    forms: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()

    @property
    def variants(self) -> tuple[str, ...]:
        """All forms but the one typed, those of the same word first."""
        return (*self.forms, *self.synonyms)


class TermMatch(NamedTuple):
    """Why a hit matched one clause of the query: the words that matched there, and the fields they stand in.

    `degree` is that of the word nearest to what was typed.
    """

    text: str
    words: tuple[str, ...]
    fields: tuple[str, ...]
    degree: Degree = 1


class Matched(NamedTuple):
    """Which clauses of the query a hit matches, and which it lacks."""

    terms: tuple[TermMatch, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScorePart:
    """A share of a hit's score: from one clause of the query (in one field), or a bonus."""

    name: str
    field: str | None
    score: float


class Hit(NamedTuple):
    """A project that was found, with its score and what to show of it.

    `description_cut`: only the beginning of its description is here. `meaning`: how near it is, None if it
    does not count.
    """

    project: Project
    status: Status
    score: float
    title: Snippet
    description: tuple[Snippet, ...]
    grantee: Snippet
    matched: Matched
    explanation: tuple[ScorePart, ...] = ()
    description_cut: bool = False
    fields: Fields = NO_FIELDS
    own: OwnSnippets = NO_SNIPPETS
    when: When = NEVER_SEEN
    meaning: float | None = None


class YearTotal(NamedTuple):
    """The amounts of the projects that started in one year, None where the start is unknown."""

    year: int | None
    count: int  # type: ignore[assignment]  # it is no sequence to its users
    sum: float


@dataclass(frozen=True, slots=True)
class Total:
    """The amounts of a result in one currency, "" where the source does not say which.

    `count` projects state an amount in it; `median` is what as many of them are above as below; `years` are
    the years in which they started, ascending, an unknown one last.
    """

    currency: str
    count: int
    sum: float
    median: float
    years: tuple[YearTotal, ...] = ()

    @property
    def average(self) -> float:
        """The mean amount."""
        return self.sum / self.count


@dataclass(frozen=True, slots=True)
class Totals:
    """What the projects of a result have together in one money field, and how many state no amount."""

    field: str
    label: str
    totals: tuple[Total, ...]
    unknown: int


class Bucket(NamedTuple):
    """One value of a facet.

    `first` and `last` are the days that a bucket of years spans, `low` and `high` the numbers that one of
    numbers does, up to but without the last. `within` is the wider bucket, itself selected, that this one
    narrows: choosing it replaces that one.
    """

    value: str
    label: str
    count: int  # type: ignore[assignment]  # a bucket is no sequence to its users
    selected: bool = False
    first: date | None = None
    last: date | None = None
    within: str | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class YearCounts:
    """How many projects had begun and had ended by the end of each year, from the one before `first` on."""

    first: int
    begun: Sequence[int]
    ended: Sequence[int]

    def within(self, first: int, last: int) -> int:
        """Return how many are in any of the years `first` to `last`, which may lie outside."""
        size = len(self.begun) - 1
        before, after = first - self.first, last + 1 - self.first
        # Begun by the end of the last year, less ended before the first one.
        return self.begun[min(max(after, 0), size)] - self.ended[min(max(before, 0), size)]

    def known(self) -> tuple[int, int] | None:
        """Return the first and the last year that any are in, None where there are none."""
        if not self.begun[-1]:
            return None
        last = bisect_left(self.ended, self.ended[-1])
        return self.first - 1 + bisect_right(self.begun, 0), self.first - 1 + last


@dataclass(frozen=True, slots=True)
class Facet:
    """The buckets of a facet; `unknown` counts undated matches, `more` the values not listed.

    `by_year` has the years of which the buckets are made, one by one, where they are made of years.
    """

    name: str
    label: str
    type: Literal["range", "terms"]
    buckets: tuple[Bucket, ...] = ()
    unknown: int = 0
    more: int = 0
    by_year: YearCounts | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The whole query corrected, and how many projects it finds."""

    q: str
    total: int


@dataclass(frozen=True, slots=True)
class Repair:
    """A warning: how text that could not be understood as typed was repaired; `instead` is for programs."""

    code: str
    message: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """The generation that answered."""

    generation: str
    documents: int
    built_at: datetime


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of hits with everything that both faces need; `as_of` is the day status is for."""

    request: SearchRequest
    as_of: date
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    index: IndexInfo
    terms: tuple[QueryTerm, ...] = ()
    relaxed_to: RelaxedTo | None = None
    suggestion: Suggestion | None = None
    warnings: tuple[Repair, ...] = ()
    totals: tuple[Totals, ...] = ()
    took_ms: float = 0.0
    related: tuple[Similar, ...] = ()

    @property
    def relaxed(self) -> bool:
        """Whether nothing was found as it was asked for, and the search was relaxed."""
        return self.relaxed_to is not None

    @property
    def pages(self) -> int:
        """The number of pages; 0 when nothing was found."""
        return -(-self.total // self.request.per_page)


@dataclass(frozen=True, slots=True)
class Overview:
    """What is in the index: the years that it spans, None when no date is known, and all of it by year."""

    documents: int
    first_year: int | None
    last_year: int | None
    grantees: int
    years: tuple[Facet, ...]
    top_grantees: tuple[Bucket, ...]
    recent: tuple[Project, ...]


@dataclass(frozen=True, slots=True)
class Completion:
    """A text that completes what is being typed: a word, a title (with its project) or a grantee."""

    text: str
    kind: Literal["word", "title", "grantee"]
    count: int
    project_id: str | None = None


@dataclass(frozen=True, slots=True)
class Similar:
    """A project near to another, with the words shared, or to a search, with its nearest sentence."""

    project: Project
    status: Status
    score: float
    terms: tuple[str, ...]
    description_cut: bool = False
    sentence: str = ""
