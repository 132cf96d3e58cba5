"""How the clauses of a query combine: what must match, what adds to a match, and what is one with another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from whoosh import query as wq

from search_app.query.clause import Clause


@dataclass(frozen=True, slots=True)
class WholeRun:
    """The variants of several clauses together: `clauses[first:last]` match, or else `query`."""

    first: int
    last: int
    query: wq.Query
    texts: tuple[str, ...]


# Yields (first, last, query, texts) for the variants of each run of words, [first, last).
FindRuns = Callable[[list[str]], Iterable[tuple[int, int, wq.Query, tuple[str, ...]]]]


@dataclass(frozen=True, slots=True)
class Operand:
    """A clause, whether it must not match, and whether OR joins it to the operand before.

    `plain` operands are words without a field name or a mark; `members` are those of a group.
    """

    clause: Clause
    negated: bool = False
    alternative: bool = False
    plain: bool = False
    members: tuple[Operand, ...] = ()

    @property
    def flat(self) -> Iterator[Operand]:
        """The operand, or the members of a group that stands for itself: (a b) is a b."""
        if self.members and not self.negated:
            for member in self.members:
                yield from member.flat
        else:
            yield self

    @property
    def text(self) -> str:
        """The operand as typed."""
        return f"-{self.clause.text}" if self.negated else self.clause.text

    @property
    def query(self) -> wq.Query:
        """What the operand matches."""
        return wq.Not(self.clause.query) if self.negated else self.clause.query


def wanted_of(operands: Sequence[Operand], find: FindRuns) -> tuple[list[Clause], list[WholeRun]]:
    """Return the clauses that must match, and the runs of plain words among them that have variants."""
    wanted = [operand for operand in operands if not operand.negated]
    # What is no plain word ends a run.
    words = [(operand.clause.word or "") if operand.plain else "" for operand in wanted]
    return [operand.clause for operand in wanted], [WholeRun(*run) for run in find(words)]


def as_a_whole(operand: Operand, find: FindRuns) -> Operand:
    """Return an operand with the variants that its compound has as a phrase: of co-op *cooperative*."""
    clause = operand.clause
    if not operand.plain or not clause.word or clause.word.isalnum():
        return operand
    queries = [clause.query]
    variants = list(clause.variants)
    for _, _, query, texts in find([clause.word]):
        queries.append(query)
        variants += texts
    if len(queries) == 1:
        return operand
    whole = replace(clause, query=wq.DisjunctionMax(queries), word=None, variants=tuple(variants))
    return replace(operand, clause=whole, plain=False)


def required(clauses: Sequence[Clause], runs: Sequence[WholeRun]) -> list[wq.Query]:
    """Return what has to match: each clause, and for a run its clauses together or its variant."""
    return [
        wq.DisjunctionMax([all_of(queries), run.query]) if run else queries[0]
        for queries, run in _units([clause.query for clause in clauses], runs)
    ]


def wanted(clauses: Sequence[Clause], runs: Sequence[WholeRun]) -> list[wq.Query]:
    """Return what any match adds to: each clause, and for a run its clauses or its variant, never both."""
    loose = [clause.loose or clause.query for clause in clauses]
    return [
        wq.DisjunctionMax([wq.Or(list(queries)), run.query]) if run else queries[0]
        for queries, run in _units(loose, runs)
    ]


def _units(
    clauses: Sequence[wq.Query], runs: Sequence[WholeRun]
) -> list[tuple[Sequence[wq.Query], WholeRun | None]]:
    """Return the queries of each clause alone and of those of each run together, in order."""
    units: list[tuple[Sequence[wq.Query], WholeRun | None]] = []
    next_clause = 0
    for run in runs:
        units += [([query], None) for query in clauses[next_clause : run.first]]
        units.append((clauses[run.first : run.last], run))
        next_clause = run.last
    return units + [([query], None) for query in clauses[next_clause:]]


def all_of(queries: Sequence[wq.Query]) -> wq.Query:
    """Return the query that all of `queries` match."""
    # A lone Not has nothing to exclude from: And gives it all documents.
    return queries[0] if len(queries) == 1 and not isinstance(queries[0], wq.Not) else wq.And(list(queries))
