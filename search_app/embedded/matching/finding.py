"""From the text of a search to its matches, before any filter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
from whoosh import query as wq

from search_app.embedded.matching.evaluation import Matcher
from search_app.embedded.postings.matches import Documents, Matches
from search_app.facets.specs import Mask
from search_app.query.parsing import Parsed, Reading, parse
from search_app.query.relaxing import asked, ways
from search_app.request import Operator
from search_app.results import RelaxedTo
from search_app.words.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Found:
    """What a query matches before any filter, and how it was read; `seen` has the matches of each node."""

    parsed: Parsed
    matches: Matches
    relaxed_to: RelaxedTo | None
    seen: dict[int, Matches]

    def missing(self, documents: Documents) -> list[frozenset[int]]:
        """Return for each document the numbers of the clauses that it lacks."""
        missing = [frozenset[int]()] * len(documents)
        if self._all_required and not self.parsed.runs:
            return missing
        for number in range(len(self.parsed.clauses)):
            for row in (~self._has(number, documents)).nonzero()[0].tolist():
                missing[row] |= {number}
        return missing

    @property
    def tree(self) -> wq.Query:
        """What the matches are of."""
        return self.parsed.strict if self._all_required else self.parsed.relaxed

    @property
    def _all_required(self) -> bool:
        """Whether what was found has every clause: nothing else was looked for."""
        return id(self.parsed.relaxed) not in self.seen

    def _has(self, number: int, documents: Documents) -> Mask:
        runs = (run.query for run in self.parsed.runs if run.first <= number < run.last)
        nodes = (self.seen.get(id(query)) for query in (self.parsed.clauses[number].query, *runs))
        masks: list[Mask] = [matches.has(documents) for matches in nodes if matches is not None]
        return reduce(np.logical_or, masks, np.zeros(len(documents), np.bool_))


def find(q: str, op: Operator, expand: bool, vocabulary: Vocabulary, matcher: Matcher) -> Found:
    """Return what a text matches; when nothing does as it was asked for, what matches less strictly.

    Quoted words are looked for as written, then in their other forms; all words, then any of them.
    """
    seen: dict[int, Matches] = {}
    readings = [_first_reading(q, op, expand, vocabulary, matcher)]
    for parsed, tree, relaxed_to in ways(readings, q, op, vocabulary):
        matches = matcher.match(tree, seen).all_scored()
        if len(matches):
            return Found(parsed.loosened() if tree is parsed.relaxed else parsed, matches, relaxed_to, seen)
    return Found(parsed, matches, None, seen)


def count_of_all(q: str, vocabulary: Vocabulary, matcher: Matcher) -> int:
    """Return how many documents match all that a text asks for."""
    return len(matcher.match(_first_reading(q, "and", True, vocabulary, matcher).strict))


def _first_reading(q: str, op: Operator, expand: bool, vocabulary: Vocabulary, matcher: Matcher) -> Parsed:
    """Return how a text is read first: hyphens are text where only so anything has all of it."""
    parsed = parse(q, vocabulary, Reading(expand))
    if not parsed.hyphens or len(matcher.match(asked(parsed, op))):
        return parsed
    # A pasted title has its hyphens in the text: "… -Phase II".
    as_text = parse(q, vocabulary, Reading(expand, hyphens=False))
    return as_text if len(matcher.match(asked(as_text, op))) else parsed
