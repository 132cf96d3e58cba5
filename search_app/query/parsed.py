"""What a text becomes when it is parsed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from whoosh import query as wq

from search_app.query.clause import Clause
from search_app.query.clauses import EVERY_FORM, Reading
from search_app.query.operators.combining import WholeRun
from search_app.results import Repair

# What a hyphen does, said where it was taken for a part of the text.
HYPHEN_AS_TEXT = (
    "“-” before a word leaves out the projects that have it. Here nothing was left then, so the hyphen was "
    "read as part of the text; NOT before a word leaves it out in any case."
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed query: all clauses required (`strict`), any of them (`relaxed`), and how it was repaired.

    `sequence` has the stems for each word as typed, stop words too, if the query is nothing but words;
    `quoted` tells whether there is a phrase as written in it, `hyphens` whether a hyphen leaves a word out.
    """

    strict: wq.Query
    relaxed: wq.Query
    clauses: tuple[Clause, ...] = ()
    runs: tuple[WholeRun, ...] = ()
    sequence: tuple[tuple[str, ...], ...] = ()
    warnings: tuple[Repair, ...] = ()
    quoted: bool = False
    hyphens: bool = False
    reading: Reading = EVERY_FORM

    def firsts(self) -> list[int]:
        """Return for each clause the number of the first that is the same: 0, 1, 0 of *a b a*.

        A clause of a run counts as one of its kind: the run is looked for under its number as well.
        """
        in_runs = {number for run in self.runs for number in range(run.first, run.last)}
        seen: dict[str, int] = {}
        firsts = []
        for number, clause in enumerate(self.clauses):
            first = number if number in in_runs else seen.setdefault(clause.text, number)
            firsts.append(first if clause == self.clauses[first] else number)
        return firsts

    def loosened(self) -> Parsed:
        """Return this as `relaxed` reads it: of a compound, one of its words is enough."""
        if not any(clause.loose for clause in self.clauses):
            return self
        clauses = (replace(clause, query=clause.loose or clause.query) for clause in self.clauses)
        return replace(self, clauses=tuple(clauses))
