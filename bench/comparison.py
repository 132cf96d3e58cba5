"""Times of several engines for the same queries, and the tables that compare them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median

import numpy as np

from bench.engines import OURS
from bench.queries import KINDS, Query
from bench.tables import Cell, Spread, Table, ratio, shown

EVERY = "all kinds"
# Stemmers and tokenizers differ in a few words, so totals differ by a few projects.
SAME = 0.01


@dataclass(slots=True)
class Times:
    """What one engine needed, by query: milliseconds of the processor (`spent`) and of the clock.

    And the number of matches by query, and the milliseconds of the processor and of the clock for opening.
    """

    opening: tuple[float, float] = (0.0, 0.0)
    spent: dict[Query, float] = field(default_factory=dict)
    clock: dict[Query, float] = field(default_factory=dict)
    totals: dict[Query, int] = field(default_factory=dict)

    @staticmethod
    def of_rounds(rounds: Sequence[Mapping[str, Times]]) -> dict[str, Times]:
        """Return the median of each engine's times over the rounds that it took part in, by its name."""
        return {name: Times._median([one[name] for one in rounds if name in one]) for name in rounds[0]}

    @staticmethod
    def _median(rounds: Sequence[Times]) -> Times:
        return Times(
            (median(one.opening[0] for one in rounds), median(one.opening[1] for one in rounds)),
            {query: median(one.spent[query] for one in rounds) for query in rounds[0].spent},
            {query: median(one.clock[query] for one in rounds) for query in rounds[0].clock},
            rounds[0].totals,
        )

    def of(self, kind: str) -> list[Query]:
        """Return the queries of a kind that the engine answered."""
        return [query for query in self.spent if kind in (query.kind, EVERY)]

    def spread(self, kind: str, clock: bool = False) -> Spread | None:
        """Return the spread of the milliseconds for a kind of query, None where it answered none."""
        times = self.clock if clock else self.spent
        measured = [times[query] for query in self.of(kind)]
        return Spread.of(measured) if measured else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The times of every engine for one corpus, ours among them: the medians of some rounds."""

    corpus: str
    projects: int
    times: dict[str, Times]
    rounds: tuple[dict[str, Times], ...]
    notes: tuple[str, ...] = ()

    @property
    def peers(self) -> list[str]:
        """The names of the engines that ours is compared with."""
        return [name for name in self.times if name != OURS]

    def factors(self, name: str, kind: str) -> tuple[float, float] | None:
        """Return how many times ours a peer takes, by medians and by sums, over the queries both answered."""
        return _factors(self.times, name, kind)

    def range(self, name: str, kind: str, which: int) -> tuple[float, float] | None:
        """Return the lowest and the highest factor of a peer in one round, None where it has only one."""
        found = [_factors(one, name, kind) for one in self.rounds if name in one]
        factors = [one[which] for one in found if one]
        return (min(factors), max(factors)) if len(factors) > 1 else None

    def agreement(self, name: str) -> float:
        """Return the share of a peer's queries for which ours found about as many projects."""
        peer, ours = self.times[name].totals, self.times[OURS].totals
        return float(np.mean([abs(ours[one] - peer[one]) <= max(1, peer[one] * SAME) for one in peer]))

    def medians(self) -> Table:
        """Return the table of medians, with the 95th percentiles."""
        kinds = (*KINDS, EVERY)
        rows = [(kind, *(_cell(times.spread(kind)) for times in self.times.values())) for kind in kinds]
        clock = (_cell(times.spread(EVERY, clock=True)) for times in self.times.values())
        opening, by_clock = (
            [shown(times.opening[which]) for times in self.times.values()] for which in range(2)
        )
        title = (
            f"A page of search over {shown(self.projects)} projects: "
            "median milliseconds of the processor (95th percentile)"
        )
        ends = (
            (f"{EVERY}, by the clock", *clock),
            ("opening", *opening),
            ("opening, by the clock", *by_clock),
        )
        return Table(title, ("query", *self.times), (*rows, *ends), self.notes)

    def ratios(self) -> Table:
        """Return the table of how many times our time each peer takes."""
        rows = [(kind, *(self._ratio(name, kind, 0) for name in self.peers)) for kind in (*KINDS, EVERY)]
        sums = (f"{EVERY}, total time", *(self._ratio(name, EVERY, 1) for name in self.peers))
        notes = [
            f"{name} finds within {SAME:.0%} as many projects as ours for {self.agreement(name):.0%} of the "
            f"{len(self.times[name].spent)} queries it was asked."
            for name in self.peers
        ]
        title = (
            f"Times as long as ours, over {shown(self.projects)} projects: ratio of medians "
            "(lowest and highest round)"
        )
        return Table(title, ("query", *self.peers), (*rows, sums), tuple(notes))

    def _ratio(self, name: str, kind: str, which: int) -> str | None:
        factors, spread = self.factors(name, kind), self.range(name, kind, which)
        if factors is None:
            return None
        ends = f" ({shown(spread[0])} to {shown(spread[1])})" if spread else ""
        return f"{ratio(factors[which], 1.0)}{ends}"

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
                    "opening_ms": times.opening[0],
                    "opening_clock_ms": times.opening[1],
                    "kinds_ms": {kind: _asdict(times.spread(kind)) for kind in (*KINDS, EVERY)},
                    "kinds_clock_ms": {kind: _asdict(times.spread(kind, True)) for kind in (*KINDS, EVERY)},
                }
                for name, times in self.times.items()
            },
            "times_ours": {
                name: {kind: self.factors(name, kind) for kind in (*KINDS, EVERY)} for name in self.peers
            },
            "rounds": len(self.rounds),
            "times_ours_by_round": {
                name: {kind: self.range(name, kind, 0) for kind in (*KINDS, EVERY)} for name in self.peers
            },
            "same_totals": {name: self.agreement(name) for name in self.peers},
            "notes": self.notes,
        }


def growth(comparisons: Sequence[Comparison]) -> list[Table]:
    """Return tables over corpora of several sizes: medians of pages, and what opening an index takes."""
    names = list(dict.fromkeys(name for one in comparisons for name in one.times))

    def table(what: str, told: Callable[[Times], float | None]) -> Table:
        """Return a table of one time of each engine, a row for each corpus."""
        rows: Iterable[tuple[Cell, ...]] = (
            (shown(one.projects), *(told(one.times[name]) if name in one.times else None for name in names))
            for one in comparisons
        )
        return Table(f"Growth: milliseconds of the processor {what}", ("projects", *names), tuple(rows))

    return [
        table("for a page, median of all kinds of query", _median),
        table("to open an index", lambda times: times.opening[0]),
    ]


def _median(times: Times) -> float | None:
    spread = times.spread(EVERY)
    return spread.median if spread else None


def _cell(spread: Spread | None) -> str | None:
    return f"{shown(spread.median)} ({shown(spread.p95)})" if spread else None


def _factors(times: Mapping[str, Times], name: str, kind: str) -> tuple[float, float] | None:
    peer, ours = times[name], times[OURS]
    if not (queries := peer.of(kind)):
        return None
    theirs, own = ([one.spent[query] for query in queries] for one in (peer, ours))
    return float(np.median(theirs) / np.median(own)), sum(theirs) / sum(own)


def _asdict(spread: Spread | None) -> dict[str, float] | None:
    return asdict(spread) if spread else None
