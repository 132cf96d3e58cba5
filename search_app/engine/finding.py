"""From the text of a search to its matches, before any filter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

from search_app.facets.specs import Mask
from search_app.matching.evaluation import Matcher
from search_app.postings.matches import Documents, Matches
from search_app.query.parsing import Parsed, parse
from search_app.request import Operator
from search_app.results import QueryTerm
from search_app.words.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Found:
    """What a query matches before any filter, and how it was read; `seen` has the matches of each node."""

    parsed: Parsed
    matches: Matches
    relaxed: bool
    seen: dict[int, Matches]

    def terms(self) -> tuple[QueryTerm, ...]:
        """Return the clauses with the variants searched; those of a run stand with its first clause."""
        whole = {run.first: run.texts for run in self.parsed.runs}
        return tuple(
            QueryTerm(clause.text, (*clause.variants, *whole.get(number, ())))
            for number, clause in enumerate(self.parsed.clauses)
        )

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
    def _all_required(self) -> bool:
        """Whether what was found has every clause: nothing else was looked for."""
        return id(self.parsed.relaxed) not in self.seen

    def _has(self, number: int, documents: Documents) -> Mask:
        runs = (run.query for run in self.parsed.runs if run.first <= number < run.last)
        nodes = (self.seen.get(id(query)) for query in (self.parsed.clauses[number].query, *runs))
        masks: list[Mask] = [matches.has(documents) for matches in nodes if matches is not None]
        return reduce(np.logical_or, masks, np.zeros(len(documents), np.bool_))


def find(q: str, op: Operator, expand: bool, vocabulary: Vocabulary, matcher: Matcher) -> Found:
    """Return what a text matches; when nothing has all of its words, what has any."""
    parsed = parse(q, vocabulary, expand=expand)
    seen: dict[int, Matches] = {}
    if op == "or":
        return Found(parsed, matcher.match(parsed.relaxed, seen), relaxed=False, seen=seen)
    matches = matcher.match(parsed.strict, seen)
    if len(matches) or len(parsed.clauses) < 2:
        return Found(parsed, matches, relaxed=False, seen=seen)
    matches = matcher.match(parsed.relaxed, seen)
    return Found(parsed, matches, relaxed=len(matches) > 0, seen=seen)
