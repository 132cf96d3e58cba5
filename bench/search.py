"""Time a page of search: ours against its peers, query by query in one run.

Every engine answers every query once, in turns, so that whatever else the machine does falls on all alike.
No query is asked twice and no answer comes from a cache. `bench.engines` says what a page holds.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import click

from bench import options
from bench.comparison import Comparison, Times, growth
from bench.engines import OURS, PEERS, SLOW, Engine, Search, load
from bench.queries import KINDS, SEED, Query, Sample, draw
from bench.tables import keep
from bench.workspace import Corpus, index_of
from search_app.cli import settle_allocator

# Queries of each kind that warm mapped files and memos before the measurement.
WARMING = 2

Result = TypeVar("Result")


@click.command()
@options.corpora
@options.peers(*PEERS)
@click.option(
    "--queries", "number", type=click.IntRange(1), default=40, show_default=True, help="Of each kind."
)
@click.option(
    "--slow", type=click.IntRange(1), default=4, show_default=True, help="Of each kind, stock Whoosh."
)
def main(corpora: list[Corpus], out: Path, names: tuple[str, ...], number: int, slow: int) -> None:
    """Time a page of search over each corpus, ours against its peers."""
    engines, notes = load((OURS, *names))
    found = []
    for corpus in corpora:
        found.append(compare(corpus, engines, number, slow, notes))
        keep(out, f"search-{corpus.name}", found[-1].figures(), found[-1].tables())
    if len(found) > 1:
        keep(out, "search-growth", {"sizes": [one.figures() for one in found]}, [growth(found)])


def compare(
    corpus: Corpus, engines: Sequence[Engine], number: int, slow: int, notes: Sequence[str] = ()
) -> Comparison:
    """Time `number` queries of each kind with every engine, `slow` of each kind with the slow ones."""
    sample = Sample.of(corpus.read())
    queries, warming = draw(sample, number), draw(sample, WARMING, SEED + 1)
    del sample
    few = [query for kind in KINDS for query in [one for one in queries if one.kind == kind][:slow]]
    comparison = Comparison(
        corpus.name, corpus.projects, {engine.name: Times() for engine in engines}, (*notes,)
    )
    with ExitStack() as stack:
        searches = {engine.name: _opened(stack, engine, corpus, comparison) for engine in engines}
        _warm(searches, warming)
        for turn, query in enumerate(queries):
            for name in _in_turn(list(searches), turn):
                if name not in SLOW or query in few:
                    _ask(searches[name], query, comparison.times[name])
    return comparison


def _opened(stack: ExitStack, engine: Engine, corpus: Corpus, comparison: Comparison) -> Search:
    place = index_of(corpus, engine, keep=engine.name != OURS)
    search, spent = timed(lambda: stack.enter_context(engine.open(place)))
    comparison.times[engine.name].opening = spent
    return search


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


def _ask(search: Search, query: Query, times: Times) -> None:
    page, spent = timed(lambda: search(query))
    times.spent[query], times.totals[query] = spent, page.total


def timed(action: Callable[[], Result]) -> tuple[Result, float]:
    """Return what `action` gives and the milliseconds it took."""
    began = time.perf_counter()
    result = action()
    return result, (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    # With the memory of a worker, which keeps what the arrays of a search take up.
    settle_allocator()
    main()
