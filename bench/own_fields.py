"""What own fields cost: builds and pages of a corpus with six columns more against the corpus without them.

Both are built and asked in turns, so that whatever else the machine does falls on both alike; what counts is
processor time. No answer comes from a cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import click

from bench import options
from bench.checkouts import HERE, spent
from bench.pages import WARMING, timing
from bench.queries import SEED, Query, Sample, draw
from bench.tables import Table, keep, ratio
from bench.workspace import Corpus, aside, with_own_fields

# What a page may cost at most, and a build, beside one without own fields.
MOST_PAGE, MOST_BUILD = 1.3, 1.25
ROWS = (("A full build, one process, s", MOST_BUILD), ("A page of /search, ms", MOST_PAGE))


@click.command()
@options.corpora
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="Builds of each.")
@click.option(
    "--queries", "number", type=click.IntRange(1), default=20, show_default=True, help="Of each kind."
)
def main(corpora: list[Corpus], out: Path, rounds: int, number: int) -> None:
    """Time builds and pages of each corpus with six own fields and without."""
    for corpus in corpora:
        both = (corpus, with_own_fields(corpus))
        spent = [[_build(one) for one in both] for _ in range(rounds)]
        builds = [median(turn[place] for turn in spent) for place in range(len(both))]
        pages = [1_000 * one for one in _pages(both, number)]
        keep(
            out, f"own-fields-{corpus.name}", {"build_seconds": builds, "page_milliseconds": pages},
            [table(corpus, (builds, pages))],
        )  # fmt: skip


def _index(corpus: Corpus) -> Path:
    return corpus.place / "own-fields-index"


def _build(corpus: Corpus) -> float:
    """Build the index of a corpus anew; return the seconds of processor time."""
    with aside(_index(corpus)) as folder:
        return spent(corpus, HERE, folder, "--jobs", "1")


def _pages(corpora: Sequence[Corpus], number: int) -> list[float]:
    """Return the median of the seconds of processor time that a page of each corpus takes."""
    sample = Sample.of(corpora[0].read())
    warming = draw(sample, WARMING, SEED + 1)
    queries: list[Query] = draw(sample, number)
    spent: list[list[int]] = [[] for _ in corpora]
    with ExitStack() as stack:
        timers = [stack.enter_context(timing(HERE, _index(one))) for one in corpora]
        for query in warming:
            for timer in timers:
                timer.spent("page", query)
        for turn, query in enumerate(queries):
            for place in range(len(timers)):
                place = (place + turn) % len(timers)
                spent[place].append(timers[place].spent("page", query))
    return [median(one) / 1e9 for one in spent]


def table(corpus: Corpus, found: Sequence[Sequence[float]]) -> Table:
    """Return what was found: without own fields, with them, and how much more that is."""
    rows = [
        (name, plain, own, ratio(own, plain), f"{most}x")
        for (name, most), (plain, own) in zip(ROWS, found, strict=True)
    ]
    title = f"What six own fields cost over {corpus.projects:,} projects, in processor time (medians)"
    return Table(title, ("", "without", "with six own fields", "ratio", "held to"), tuple(rows))


if __name__ == "__main__":
    main()
