"""Tell where the processor time of a page of search goes, stage by stage, for each kind of query.

Each stage is a function of the engine that is wrapped by a clock; what one stage spends within another counts
for the inner one alone, so that the stages add up to the page.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from statistics import median
from typing import Any

import click

from bench import options
from bench.ours import Ours, request
from bench.queries import KINDS, SEED, Query, Sample, draw
from bench.search import WARMING
from bench.tables import Table, keep
from bench.workspace import Corpus, index_of
from search_app.cli import settle_allocator
from search_app.embedded import answering
from search_app.embedded.matching import finding
from search_app.embedded.matching.bonuses import Bonuses
from search_app.embedded.matching.evaluation import Matcher
from search_app.embedded.matching.ordering import Ordering
from search_app.embedded.narrowing import Facets
from search_app.engine import showing
from search_app.engine.search import SearchEngine

# What is wrapped for each stage: where it is looked up, and its name there.
STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "parsing": ((finding, "parse"),),
    "matching": ((Matcher, "match"),),
    "ranking": ((Ordering, "first"),),
    "bonuses": ((Bonuses, "__init__"), (Bonuses, "of"), (Bonuses, "untitled"), (Bonuses, "untitled_limits")),
    "also searched": ((answering, "query_terms"),),
    "facets": ((Facets, "count"),),
    "fetching projects": ((answering.EmbeddedBackend, "_read"),),
    "highlighting": ((showing, "highlighters"), (showing, "show")),
}
REST = "the rest"

# Milliseconds of each stage.
Spent = Mapping[str, float]


@dataclass(slots=True)
class Clock:
    """Processor time by stage: only the innermost stage's clock runs."""

    spent: Counter[str] = field(default_factory=Counter)
    stack: list[str] = field(default_factory=lambda: [REST])
    since: int = 0

    def turn(self) -> None:
        """Charge the time since the last turn to the stage that runs."""
        now = time.process_time_ns()
        self.spent[self.stack[-1]] += now - self.since
        self.since = time.process_time_ns()

    def wrapped(self, stage: str, action: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same and charges its time to a stage."""

        @wraps(action)
        def _timed(*arguments: object, **named: object) -> object:
            self.turn()
            self.stack.append(stage)
            try:
                return action(*arguments, **named)
            finally:
                self.turn()
                self.stack.pop()

        return _timed

    def of(self, action: Callable[[], object]) -> Spent:
        """Return the milliseconds that an action spends in each stage."""
        self.spent.clear()
        self.since = time.process_time_ns()
        action()
        self.turn()
        return {stage: self.spent[stage] / 1e6 for stage in (*STAGES, REST)}


@contextmanager
def clocked() -> Iterator[Clock]:
    """Give the clock of the stages, which run as ever when the block ends."""
    clock = Clock()
    plain = [(place, name, getattr(place, name)) for found in STAGES.values() for place, name in found]
    for stage, found in STAGES.items():
        for place, name in found:
            setattr(place, name, clock.wrapped(stage, getattr(place, name)))
    try:
        yield clock
    finally:
        for place, name, action in plain:
            setattr(place, name, action)


@click.command()
@options.corpora
@click.option(
    "--queries", "number", type=click.IntRange(1), default=40, show_default=True, help="Of each kind."
)
def main(corpora: list[Corpus], out: Path, number: int) -> None:
    """Tell where the time of a page of search goes over each corpus."""
    for corpus in corpora:
        index = index_of(corpus, Ours(), keep=False)
        sample = Sample.of(corpus.read())
        found = profile(index, draw(sample, WARMING, SEED + 1), draw(sample, number))
        keep(out, f"profile-{corpus.name}", {"milliseconds": found}, [table(corpus, found)])


def profile(index: Path, warming: Sequence[Query], queries: Sequence[Query]) -> dict[str, Spent]:
    """Return the median milliseconds of each stage by kind of query, none of which is asked twice."""
    engine = SearchEngine.open(index, answers=0)
    engine.warm()
    spent: dict[str, list[Spent]] = {kind: [] for kind in KINDS}
    with clocked() as clock:
        for query in warming:
            engine.search(request(query))
        for query in queries:
            asked = request(query)
            spent[query.kind].append(clock.of(lambda asked=asked: engine.search(asked)))  # type: ignore[misc]
    return {
        kind: {stage: median(one[stage] for one in found) for stage in (*STAGES, REST)}
        for kind, found in spent.items()
        if found
    }


def table(corpus: Corpus, found: Mapping[str, Spent]) -> Table:
    """Return the stages of each kind of query, with their sum."""
    return Table(
        f"Where a page over {corpus.projects:,} projects spends its time: median ms of the processor",
        ("query", *STAGES, REST, "all"),
        tuple((kind, *one.values(), sum(one.values())) for kind, one in found.items()),
    )


if __name__ == "__main__":
    # With the memory of a worker, which keeps what the arrays of a search take up.
    settle_allocator()
    main()
