"""Clauses: parts of a query with the operators that stand before them, and how they combine."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from whoosh import query as wq

from search_app.query.clauses import Part

Operator = Literal["and", "or", "not"]

OPERATORS: dict[str, Operator] = {
    "AND": "and", "&&": "and", "&": "and", "OR": "or", "||": "or", "|": "or", "NOT": "not",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """A part, whether it must not match, and whether OR joins it to the clause before.

    `plain` clauses are words without field, operator or mark.
    """

    part: Part
    negated: bool = False
    alternative: bool = False
    plain: bool = False

    @property
    def text(self) -> str:
        """The clause as typed."""
        return f"-{self.part.text}" if self.negated else self.part.text

    @property
    def query(self) -> wq.Query:
        """What the clause matches."""
        return wq.Not(self.part.query) if self.negated else self.part.query


@dataclass(slots=True)
class Group:
    """Clauses being collected, between parentheses or at the top, and the operators before the next one."""

    field: str
    negated: bool = False
    alternative: bool = False
    clauses: list[Clause] = dataclasses.field(default_factory=list)
    _next_negated: bool = False
    _next_joined: Literal["and", "or"] | None = None

    def add(self, clause: Clause) -> None:
        """Take a clause; one that OR joins to the clause before becomes one clause with it."""
        if not clause.alternative:
            self.clauses.append(clause)
            return
        before = self.clauses.pop()
        first = before.query
        queries = [*(first.subqueries if isinstance(first, wq.Or) else [first]), clause.query]
        text = f"{before.text} OR {clause.text}"
        stems = (*before.part.stems, *clause.part.stems)
        also = (*before.part.also, *clause.part.also)
        self.clauses.append(Clause(Part(text, wq.Or(queries), stems, None, also)))

    def operator(self, operator: Operator) -> bool:
        """Take an operator for the next clause; return False if it has nothing to work on."""
        if operator == "not":
            self._next_negated = not self._next_negated
        elif not self.clauses or self._next_joined:
            return False
        else:
            self._next_joined = operator
        return True

    def flags(self) -> tuple[bool, bool]:
        """Give away what the operators said of the next clause: is it negated, is it an alternative."""
        flags = self._next_negated, self._next_joined == "or" and bool(self.clauses)
        self._next_negated, self._next_joined = False, None
        return flags

    @property
    def has_operator(self) -> bool:
        """Whether an operator waits for a clause."""
        return self._next_negated or self._next_joined is not None

    def part(self) -> Part:
        """Return all the clauses as one part."""
        if len(self.clauses) == 1 and not self.clauses[0].negated:
            return self.clauses[0].part
        text = " ".join(clause.text for clause in self.clauses)
        also = tuple(form for clause in self.clauses for form in clause.part.also)
        return Part(f"({text})", all_of([clause.query for clause in self.clauses]), also=also)


@dataclass(frozen=True, slots=True)
class WholeRun:
    """The variants of several parts together: `parts[first:last]` or else `query`."""

    first: int
    last: int
    query: wq.Query
    texts: tuple[str, ...]


def required(parts: Sequence[Part], runs: Sequence[WholeRun]) -> list[wq.Query]:
    """Return what has to match: each part, and for a run its parts together or its variant."""
    return [
        wq.DisjunctionMax([all_of(queries), run.query]) if run else queries[0]
        for queries, run in _units(parts, runs)
    ]


def wanted(parts: Sequence[Part], runs: Sequence[WholeRun]) -> list[wq.Query]:
    """Return what any match adds to: each part, and for a run its parts or its variant, never both."""
    return [
        wq.DisjunctionMax([wq.Or(queries), run.query]) if run else queries[0]
        for queries, run in _units(parts, runs)
    ]


def _units(parts: Sequence[Part], runs: Sequence[WholeRun]) -> list[tuple[list[wq.Query], WholeRun | None]]:
    """Return the queries of each part alone and of the parts of each run together, in order."""
    units: list[tuple[list[wq.Query], WholeRun | None]] = []
    next_part = 0
    for run in runs:
        units += [([part.query], None) for part in parts[next_part : run.first]]
        units.append(([part.query for part in parts[run.first : run.last]], run))
        next_part = run.last
    return units + [([part.query], None) for part in parts[next_part:]]


def all_of(queries: Sequence[wq.Query]) -> wq.Query:
    """Return the query that all of `queries` match."""
    # A lone Not has nothing to be taken from: And gives it all documents.
    return queries[0] if len(queries) == 1 and not isinstance(queries[0], wq.Not) else wq.And(list(queries))
