"""Measure what a machine needs: disk and memory for an index of some size, and the time that a reindex takes.

`python -m bench.sizing --size 1000 --size 100000`, then `python -m bench.report docs/operations.md`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench import options
from bench.build import peak_memory
from bench.ours import request
from bench.queries import KINDS, SEED, Sample, draw
from bench.tables import Table, keep
from bench.workspace import Corpus, apart
from indexer.build import reindex
from indexer.storage import generation
from search_app import create_app
from search_app.request import SearchRequest

# Different searches before a worker's memory is read: enough to have touched the whole index.
SEARCHES = 300
MEGABYTE = 1_000_000
COLUMNS = (
    "projects",
    "corpus MB",
    "index MB",
    "reindex s",
    "reindex, peak MB",
    "worker MB",
    "of that its own MB",
)


@dataclass(frozen=True, slots=True)
class Size:
    """What an index of so many projects needs: megabytes and seconds."""

    projects: int
    corpus: float
    index: float
    seconds: float
    peak: float
    worker: float
    private: float


@click.command()
@options.corpora
def main(corpora: list[Corpus], out: Path) -> None:
    """Measure disk, memory and time of each corpus."""
    sizes = [measure(corpus) for corpus in corpora]
    rows = tuple(astuple(size) for size in sizes)
    notes = (
        "A reindex needs room for three generations for a moment: the current one, the previous and the new.",
        "Of a worker's memory only its own counts for each; the rest is the index, mapped once for all.",
    )
    table = Table("Room for an index", COLUMNS, rows, notes)
    keep(out, "sizing", {"sizes": [asdict(size) for size in sizes]}, [table])


def measure(corpus: Corpus) -> Size:
    """Return what the index of a corpus needs."""
    queries = draw(Sample.of(corpus.read()), SEARCHES // len(KINDS), SEED)
    with TemporaryDirectory() as folder:
        index = Path(folder, "index")
        seconds, peak = apart(_reindexed, corpus.folder, index)
        worker, private = apart(_searched, index, [request(query) for query in queries])
        sizes = (_size(corpus.folder), _size(generation.current(index)))
        return Size(corpus.projects, *sizes, seconds, peak, worker, private)


def _reindexed(corpus: Path, index: Path) -> tuple[float, float]:
    began = time.perf_counter()
    reindex(corpus, index)
    return time.perf_counter() - began, peak_memory() / MEGABYTE


def _searched(index: Path, requests: Sequence[SearchRequest]) -> tuple[float, float]:
    application = create_app({"SEARCH_INDEX_DIR": index, "SEARCH_LOG_FORMAT": "none"})
    client = application.test_client()
    for asked in requests:
        client.get("/search", query_string={"q": asked.q, "op": asked.op})
    return _memory("Rss"), _memory("Anonymous")


def _memory(row: str) -> float:
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{row}:")) / MEGABYTE


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.iterdir()) / MEGABYTE


if __name__ == "__main__":
    main()
