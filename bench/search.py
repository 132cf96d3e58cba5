"""Time a page of search: ours against its peers, query by query in one process, in several rounds.

Every engine answers every query once a round, in turns, so that whatever else the machine does falls on all
alike; what counts is processor time, with the clock's beside it. A round has a process of its own: no query
is asked twice and no answer comes from a cache. `bench.engines` says what a page holds.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from bench import options
from bench.comparison import Comparison, Times, growth
from bench.engines import CLUSTER, OURS, PEERS, SLOW, Engine, Search, load, processor_elsewhere
from bench.ours import Ours
from bench.queries import KINDS, SEED, Query, Sample, draw
from bench.tables import keep
from bench.workspace import Corpus, apart, index_of
from search_app.cli import settle_allocator
from search_app.web.serving.worker import MIDDLE, OLD, YOUNG

# Queries of each kind that warm mapped files and memos before the measurement.
WARMING = 2

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Round:
    """What one process measures: the engines by name with their indexes, and what they are asked."""

    places: Mapping[str, Path]
    names: tuple[str, ...]
    equal: bool
    queries: Sequence[Query]
    few: Collection[Query]
    warming: Sequence[Query]


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: queries of each kind, of each kind with the slow engines, and rounds.

    `equal`: ours does no work that a peer does not. `kept`: indexes that are there are asked, ours as well.
    """

    queries: int
    slow: int
    rounds: int
    equal: bool = False
    kept: bool = False


@click.command()
@options.corpora
@options.peers(*PEERS)
@click.option(
    "--queries", "number", type=click.IntRange(1), default=40, show_default=True, help="Of each kind."
)
@click.option(
    "--slow", type=click.IntRange(1), default=4, show_default=True, help="Of each kind, stock Whoosh."
)
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="The median counts.")
@click.option("--equal-work", "equal", is_flag=True, help="Ours counts no facet that a peer does not.")
@click.option("--kept", is_flag=True, help="Ask indexes that are there, ours as well: bench.build --keep.")
@click.option("--named", default="", help="Part of the figures' name, for another build of Python, say.")
def main(
    corpora: list[Corpus],
    out: Path,
    names: tuple[str, ...],
    number: int,
    slow: int,
    rounds: int,
    equal: bool,
    kept: bool,
    named: str,
) -> None:
    """Time a page of search over each corpus, ours against its peers."""
    kind = "-".join(["search", *(["equal"] if equal else []), *([named] if named else [])])
    found = []
    for corpus in corpora:
        found.append(compare(corpus, names, Extent(number, slow, rounds, equal, kept)))
        keep(out, f"{kind}-{corpus.name}", found[-1].figures(), found[-1].tables())
    if len(found) > 1:
        keep(out, f"{kind}-growth", {"sizes": [one.figures() for one in found]}, growth(found))


def compare(corpus: Corpus, names: Sequence[str], extent: Extent) -> Comparison:
    """Time the same queries with ours and the peers of some names."""
    sample = Sample.of(corpus.read())
    queries, warming = draw(sample, extent.queries), draw(sample, WARMING, SEED + 1)
    del sample
    engines, notes = load((OURS, *names))
    if extent.equal:
        notes.append("Ours counts only what every engine does: start years and ten grantees, no own fields.")
        _take_equal_work(engines)
    if CLUSTER in (one.name for one in engines):
        notes.append(f"What the nodes take of their processors is in the milliseconds of {CLUSTER}.")
    places = {
        one.name: index_of(corpus, one, keep=extent.kept or one.name not in (OURS, CLUSTER))
        for one in engines
    }
    few = {query for kind in KINDS for query in [one for one in queries if one.kind == kind][: extent.slow]}
    measured = []
    for turn in range(extent.rounds):
        # What is slow is measured once: it has seconds, which vary little.
        taking = tuple(one.name for one in engines if turn == 0 or one.name not in SLOW)
        asked = Round(places, (OURS, *names), extent.equal, queries, few, warming)
        measured.append(
            apart(measure, asked, taking, turn) if extent.rounds > 1 else measure(asked, taking, turn)
        )
    return Comparison(corpus.name, corpus.projects, Times.of_rounds(measured), tuple(measured), (*notes,))


def _take_equal_work(engines: Iterable[Engine]) -> None:
    for engine in engines:
        if isinstance(engine, Ours):
            engine.equal = True


def measure(one: Round, taking: Collection[str], first: int) -> dict[str, Times]:
    """Return the times of the engines that take part in a round; each begins with another one's turn."""
    # As a worker of the server collects garbage.
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    engines = [engine for engine in load(one.names)[0] if engine.name in taking]
    times = {engine.name: Times() for engine in engines}
    with ExitStack() as stack:
        searches: dict[str, Search] = {}
        others = {engine.name: partial(processor_elsewhere, engine) for engine in engines}
        if one.equal:
            _take_equal_work(engines)
        for engine in engines:
            opened = engine.open(one.places[engine.name])
            searches[engine.name], *spent = timed(partial(stack.enter_context, opened))
            times[engine.name].opening = spent[0], spent[1]
            if isinstance(engine, Ours):
                engine.warm()
        _warm(searches, one.warming)
        for turn, query in enumerate(one.queries):
            for name in _in_turn(list(searches), turn + first):
                if name not in SLOW or query in one.few:
                    _ask(searches[name], query, times[name], others[name])
    return times


def _warm(searches: Mapping[str, Search], queries: Sequence[Query]) -> None:
    for name, search in searches.items():
        for query in queries[: 1 if name in SLOW else None]:
            search(query)
    # What preparing has left in memory is no part of a server: keep it out of garbage collections.
    gc.collect()
    gc.freeze()


def _in_turn(names: list[str], turn: int) -> list[str]:
    first = turn % len(names)
    return names[first:] + names[:first]


def _ask(search: Search, query: Query, times: Times, others: Callable[[], float]) -> None:
    before = others()
    page, spent, times.clock[query] = timed(lambda: search(query))
    times.spent[query] = spent + (others() - before) * 1e3
    times.totals[query] = page.total


def timed(action: Callable[[], Result]) -> tuple[Result, float, float]:
    """Return what `action` gives, and the milliseconds of the processor and of the clock that it took."""
    began, spent = time.perf_counter_ns(), time.process_time_ns()
    result = action()
    spent = time.process_time_ns() - spent
    return result, spent / 1e6, (time.perf_counter_ns() - began) / 1e6


if __name__ == "__main__":
    # With the memory of a worker, which keeps what the arrays of a search take up.
    settle_allocator()
    main()
