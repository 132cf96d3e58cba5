"""Answer: what a backend returns of a search, and the projects that it returns otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from indexer.document import Project, Status
from indexer.storage.history.moments import NEVER_SEEN, When
from search_app.query.parsing import Parsed
from search_app.results import NO_FIELDS, Facet, Fields, QueryTerm, RelaxedTo, ScorePart, Totals

# Characters of a description in a list: three times a long abstract; a page of a hundred stays below 3 MB.
DESCRIPTION_LENGTH = 5_000
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
