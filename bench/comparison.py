"""Times of several engines for the same queries, and the tables that compare them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from bench.engines import OURS
from bench.queries import KINDS, Query
from bench.tables import Cell, Spread, Table, ratio, shown

EVERY = "all kinds"
# Stemmers and tokenizers differ in a few words, so totals differ by a few projects.
SAME = 0.01


@dataclass(slots=True)
class Times:
    """What one engine needed: milliseconds and number of matches by query, milliseconds to open."""

    opening: float = 0.0
    spent: dict[Query, float] = field(default_factory=dict)
    totals: dict[Query, int] = field(default_factory=dict)

    def of(self, kind: str) -> list[Query]:
        """Return the queries of a kind that the engine answered."""
        return [query for query in self.spent if kind in (query.kind, EVERY)]

    def spread(self, kind: str) -> Spread | None:
        """Return the spread of the milliseconds for a kind of query, None where it answered none."""
        measured = [self.spent[query] for query in self.of(kind)]
        return Spread.of(measured) if measured else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The times of every engine for one corpus; ours are among them."""

    corpus: str
    projects: int
    times: dict[str, Times]
    notes: tuple[str, ...] = ()

    @property
    def peers(self) -> list[str]:
        """The names of the engines that ours is compared with."""
        return [name for name in self.times if name != OURS]

    def factors(self, name: str, kind: str) -> tuple[float, float] | None:
        """Return how many times ours a peer takes, by medians and by sums, over the queries both answered."""
        peer, ours = self.times[name], self.times[OURS]
        if not (queries := peer.of(kind)):
            return None
        theirs, own = ([times.spent[query] for query in queries] for times in (peer, ours))
        return float(np.median(theirs) / np.median(own)), sum(theirs) / sum(own)

    def agreement(self, name: str) -> float:
        """Return the share of a peer's queries for which ours found about as many projects."""
        peer, ours = self.times[name].totals, self.times[OURS].totals
        return float(np.mean([abs(ours[one] - peer[one]) <= max(1, peer[one] * SAME) for one in peer]))

    def medians(self) -> Table:
        """Return the table of medians, with the 95th percentiles."""
        rows = [
            (kind, *(_cell(times.spread(kind)) for times in self.times.values())) for kind in (*KINDS, EVERY)
        ]
        opening = ("opening", *(shown(times.opening) for times in self.times.values()))
        title = (
            f"A page of search over {shown(self.projects)} projects: median milliseconds (95th percentile)"
        )
        return Table(title, ("query", *self.times), (*rows, opening), self.notes)

    def ratios(self) -> Table:
        """Return the table of how many times our time each peer takes."""
        rows = [
            (kind, *(_times(self.factors(name, kind), 0) for name in self.peers)) for kind in (*KINDS, EVERY)
        ]
        sums = ("all kinds, total time", *(_times(self.factors(name, EVERY), 1) for name in self.peers))
        notes = [
            f"{name} finds within {SAME:.0%} as many projects as ours for {self.agreement(name):.0%} of the "
            f"{len(self.times[name].spent)} queries it was asked."
            for name in self.peers
        ]
        title = f"Times as long as ours, over {shown(self.projects)} projects: ratio of medians"
        return Table(title, ("query", *self.peers), (*rows, sums), tuple(notes))

    def tables(self) -> list[Table]:
        """Return the tables that there is something to tell in."""
        return [self.medians(), *([self.ratios()] if self.peers else [])]

    def figures(self) -> dict[str, object]:
        """Return all of it for a JSON file."""
        return {
            "corpus": self.corpus,
            "projects": self.projects,
            "engines": {
                name: {
                    "opening_ms": times.opening,
                    "kinds_ms": {kind: _asdict(times.spread(kind)) for kind in (*KINDS, EVERY)},
                }
                for name, times in self.times.items()
            },
            "times_ours": {
                name: {kind: self.factors(name, kind) for kind in (*KINDS, EVERY)} for name in self.peers
            },
            "same_totals": {name: self.agreement(name) for name in self.peers},
            "notes": self.notes,
        }


def growth(comparisons: Sequence[Comparison]) -> Table:
    """Return the table of medians over corpora of several sizes."""
    names = list(dict.fromkeys(name for one in comparisons for name in one.times))
    rows: Iterable[tuple[Cell, ...]] = (
        (shown(one.projects), *(_median(one.times.get(name)) for name in names)) for one in comparisons
    )
    return Table(
        "Growth: median milliseconds of a page, all kinds of query", ("projects", *names), tuple(rows)
    )


def _median(times: Times | None) -> float | None:
    spread = times.spread(EVERY) if times else None
    return spread.median if spread else None


def _cell(spread: Spread | None) -> str | None:
    return f"{shown(spread.median)} ({shown(spread.p95)})" if spread else None


def _times(factors: tuple[float, float] | None, which: int) -> str | None:
    return ratio(factors[which], 1.0) if factors else None


def _asdict(spread: Spread | None) -> dict[str, float] | None:
    return asdict(spread) if spread else None
