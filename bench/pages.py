"""Time a page and an answer of the API round one search, this checkout against another, query by query.

Both run in processes of their own and are asked in turns, so that whatever else the machine does falls on
both alike; what counts is processor time. No query is asked twice, and no answer comes from a cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import click

from bench import options
from bench.checkouts import HERE, build
from bench.engines import HITS
from bench.ours import request
from bench.queries import SEED, Query, Sample, draw
from bench.tables import Table, keep, ratio
from bench.workspace import Corpus, aside
from search_app.cli import ALLOCATOR

TIMER = Path(__file__).with_name("page_timer.py")
# What is timed, as the table names it.
KINDS = {"engine": "engine alone", "api": "/api/v1/search", "page": "/search"}
# Queries of each kind that warm mapped files, memos and templates before the measurement.
WARMING = 3

# Nanoseconds of each query, by what is timed.
Times = Mapping[str, list[int]]


@dataclass(frozen=True, slots=True)
class Timer:
    """A process that times the pages of one checkout."""

    process: subprocess.Popen[str]

    def spent(self, kind: str, query: Query) -> int:
        """Return the nanoseconds of processor time that a query takes."""
        return self._asked(f"{kind} {query_string(query)}")

    def address(self, address: str) -> int:
        """Return the nanoseconds of processor time that an address of the site takes."""
        return self._asked(f"address {address}")

    def _asked(self, line: str) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


def query_string(query: Query, per_page: int = HITS) -> str:
    """Return a query as the parameters of a search."""
    asked = request(query)
    return urlencode({"q": asked.q, "op": asked.op, "per_page": per_page})


@click.command()
@options.corpora
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Another checkout.",
)
@click.option(
    "--queries", "number", type=click.IntRange(1), default=20, show_default=True, help="Of each kind."
)
def main(corpora: list[Corpus], out: Path, against: Path | None, number: int) -> None:
    """Time pages and answers over each corpus, this checkout against another."""
    for corpus in corpora:
        times = measure(corpus, [HERE, *([against] if against else [])], number)
        milliseconds = [{kind: median(one[kind]) / 1e6 for kind in KINDS} for one in times]
        keep(out, f"pages-{corpus.name}", {"milliseconds": milliseconds}, [table(corpus, milliseconds)])


def measure(corpus: Corpus, checkouts: Sequence[Path], number: int) -> list[Times]:
    """Return what `number` queries of each kind take in each checkout, asked in turns."""
    sample = Sample.of(corpus.read())
    queries, warming = draw(sample, number), draw(sample, WARMING, SEED + 1)
    del sample
    times: list[Times] = [{kind: [] for kind in KINDS} for _ in checkouts]
    with ExitStack() as stack:
        timers = [stack.enter_context(timing(checkout, indexed(corpus, checkout))) for checkout in checkouts]
        for kind in KINDS:
            for query in warming:
                for timer in timers:
                    timer.spent(kind, query)
        for turn, query in enumerate(queries):
            for kind in KINDS:
                for place in _in_turn(len(timers), turn):
                    times[place][kind].append(timers[place].spent(kind, query))
    return times


def _in_turn(number: int, turn: int) -> Iterator[int]:
    return ((place + turn) % number for place in range(number))


def indexed(corpus: Corpus, checkout: Path) -> Path:
    """Return the index that a checkout makes of a corpus: another one may have another format."""
    name = blake2b(str(checkout.resolve()).encode(), digest_size=4).hexdigest()
    with aside(corpus.place / f"pages-{name}") as folder:
        build(corpus, checkout, folder)
    return corpus.place / f"pages-{name}"


@contextmanager
def timing(checkout: Path, index: Path) -> Iterator[Timer]:
    """Give a process that times the pages of a checkout, with the memory of a worker."""
    with subprocess.Popen(
        [sys.executable, "-P", str(TIMER), str(index)],
        env={**os.environ, **ALLOCATOR, "PYTHONPATH": str(checkout)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Timer(process)
        assert process.stdin is not None
        process.stdin.close()


def table(corpus: Corpus, milliseconds: Sequence[Mapping[str, float]]) -> Table:
    """Return the medians of each checkout, in milliseconds, with the ratio to the other one."""
    rows = []
    for kind, name in KINDS.items():
        spent = [one[kind] for one in milliseconds]
        rows.append((name, *spent, ratio(spent[0], spent[1]) if len(spent) > 1 else None))
    others = ("the other checkout, ms",) if len(milliseconds) > 1 else ()
    return Table(
        f"Processor time of a page over {corpus.projects:,} projects, median",
        ("", "this checkout, ms", *others, "ratio"),
        tuple(rows),
    )


if __name__ == "__main__":
    main()
