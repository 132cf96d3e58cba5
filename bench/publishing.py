"""Publish a corpus to a cluster: whole, with ten projects changed, and rolled back; and the memory it takes.

A cluster has to run (`--url`); `python -m tests.opensearch --nodes 3` starts one on this machine. Each
publication has a process of its own, whose memory is looked at all the while: what files are mapped to is not
counted, for the system takes it back when it needs it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from bench import options
from bench.ours import request
from bench.peer_cluster import engine_over
from bench.queries import Query, Sample, draw
from bench.tables import Table, keep
from bench.workspace import Corpus, apart, aside, few_changed
from indexer.build import BuildOptions, reindex
from indexer.cluster import generations
from indexer.cluster.client import Access, Cluster
from indexer.cluster.publishing import Options, publish
from search_app.engine.search import SearchEngine

CHANGED = 10
# Seconds between two looks at the memory of a process.
LOOK_EVERY = 0.02
KIBIBYTE, MEBIBYTE = 2**10, 2**20


@dataclass(frozen=True, slots=True)
class Publishing:
    """What one publication took: seconds, of the clock and of this processor, and what it sent and deleted.

    `held` are the bytes of memory that it had at most, beyond those before it began.
    """

    seconds: float
    processor: float
    held: int
    sent: int
    deleted: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Both publications, the seconds of the way back, and how many of the searches were answered the same.

    `same` are those after each step: as on one machine, as on one machine, as before the change.
    """

    documents: int
    whole: Publishing
    changed: Publishing
    rollback_seconds: float
    searches: int
    same: tuple[int, ...]


@click.command()
@options.corpora
@options.cluster(shards=3, replicas=1, queries=5)
def main(
    corpora: list[Corpus], out: Path, urls: Sequence[str], shards: int, replicas: int, number: int
) -> None:
    """Publish each corpus whole, publish it again with ten projects changed, and roll back."""
    for corpus in corpora:
        access = Access(tuple(urls), "publishing")
        found = measure(corpus, access, shards, replicas, number)
        table = _table(found, len(urls), shards, replicas)
        keep(out, f"cluster-publishing-{corpus.name}", asdict(found), [table])


def measure(corpus: Corpus, access: Access, shards: int, replicas: int, number: int) -> Figures:
    """Return the figures of one corpus: what each publication took, and how many searches are as before."""
    cluster, index = Cluster(access, seconds=60.0), corpus.place / "publishing-index"
    with aside(index) as folder:
        reindex(corpus.folder, folder, BuildOptions())
    # Phrases have another order there, as docs/cluster.md says.
    queries = [one for one in draw(Sample.of(corpus.read()), number) if one.way != "phrase"]
    whole: Publishing = apart(publication, index, access, shards, replicas)
    before = _answers(engine_over(cluster), queries)
    same = [_same(before, _answers(SearchEngine.open(index, answers=0), queries))]
    reindex(few_changed(corpus, CHANGED).folder, index, BuildOptions())
    some: Publishing = apart(publication, index, access, shards, replicas, False)
    after = _answers(SearchEngine.open(index, answers=0), queries)
    same.append(_same(_answers(engine_over(cluster), queries), after))
    seconds = _roll_back(cluster)
    same.append(_same(before, _answers(engine_over(cluster), queries)))
    return Figures(corpus.projects, whole, some, seconds, len(queries), tuple(same))


def publication(index: Path, access: Access, shards: int, replicas: int, full: bool = True) -> Publishing:
    """Publish what an index folder has, in a process that does nothing else."""
    cluster = Cluster(access, seconds=60.0)
    cluster.confirm()
    began, spent = time.perf_counter(), time.process_time()
    with _watched() as held:
        found = publish(index, cluster, Options(shards, replicas, full=full))
    assert found is not None
    return Publishing(
        time.perf_counter() - began,
        time.process_time() - spent,
        max(held) - held[0],
        found.sent,
        found.deleted,
    )


@contextmanager
def _watched() -> Iterator[list[int]]:
    """Give the bytes of memory that this process has, looked at again and again."""
    held, over = [_anonymous()], threading.Event()

    def _look() -> None:
        while not over.wait(LOOK_EVERY):
            held.append(_anonymous())

    thread = threading.Thread(target=_look)
    thread.start()
    try:
        yield held
    finally:
        over.set()
        thread.join()


def _anonymous() -> int:
    """Return the bytes of memory of this process that no file is mapped to (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) * KIBIBYTE


def _answers(engine: SearchEngine, queries: Sequence[Query]) -> list[tuple[object, ...]]:
    """Return of each answer what has to be the same: how many, and which come first with which texts."""
    found = [engine.search(request(query)) for query in queries]
    return [(one.total, *(hit.project.stored() for hit in one.hits)) for one in found]


def _same(some: Sequence[object], others: Sequence[object]) -> int:
    return sum(one == other for one, other in zip(some, others, strict=True))


def _roll_back(cluster: Cluster) -> float:
    """Let the alias name the generation before; return the seconds that it took."""
    began, serving = time.perf_counter(), generations.current(cluster)
    before = next(one for one in generations.all_generations(cluster) if one.index != serving.index)
    generations.swap(cluster, before)
    return time.perf_counter() - began


def _table(one: Figures, nodes: int, shards: int, replicas: int) -> Table:
    both = (one.whole, one.changed)
    same = [f"{number} of {one.searches}" for number in one.same]
    return Table(
        f"Publishing {one.documents:,} projects to {nodes} nodes on one machine "
        f"(shards: {shards}, copies beside each: {replicas})",
        ("", "all of them", f"{CHANGED} changed", "rolled back"),
        (
            ("projects sent", *(each.sent for each in both), 0),
            ("projects deleted", *(each.deleted for each in both), 0),
            ("time, s", *(each.seconds for each in both), one.rollback_seconds),
            ("processor time here, s", *(each.processor for each in both), None),
            ("memory held, MiB", *(each.held / MEBIBYTE for each in both), None),
            ("searches answered as on one machine", *same[:2], None),
            ("searches answered as before the change", None, None, same[2]),
        ),
        ("Two projects whose scores are a millionth apart may change places, as docs/cluster.md says.",),
    )


if __name__ == "__main__":
    main()
