"""Publish a corpus to a cluster: whole, with ten projects changed, and rolled back; and the memory it takes.

A cluster has to run (`--url`); `python -m tests.opensearch --nodes 3` starts one on this machine. Each
publication has a process of its own, whose memory is looked at all the while.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from bench import options
from bench.memory import MEBIBYTE, Stage, Stages, most_by_stage, watched
from bench.ours import request
from bench.peer_cluster import engine_over
from bench.queries import Query, Sample, draw
from bench.tables import Table, keep
from bench.workspace import Corpus, aside, few_changed
from indexer.build import BuildOptions, reindex
from indexer.cluster import generations
from indexer.cluster.client import Access, Cluster
from indexer.cluster.publishing import Options, publish
from search_app.engine.search import SearchEngine

CHANGED = 10


@dataclass(frozen=True, slots=True)
class Publishing:
    """What one publication took: seconds, of the clock and of this processor, and what it sent and deleted.

    `held` are the bytes of memory that it had at most in each stage, beyond those before it began.
    """

    seconds: float
    processor: float
    held: dict[str, int]
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
    whole = publication(index, access, Options(shards, replicas, full=True))
    before = _answers(engine_over(cluster), queries)
    same = [_same(before, _answers(SearchEngine.open(index, answers=0), queries))]
    reindex(few_changed(corpus, CHANGED).folder, index, BuildOptions())
    some = publication(index, access, Options(shards, replicas))
    after = _answers(SearchEngine.open(index, answers=0), queries)
    same.append(_same(_answers(engine_over(cluster), queries), after))
    seconds = _roll_back(cluster)
    same.append(_same(before, _answers(engine_over(cluster), queries)))
    return Figures(corpus.projects, whole, some, seconds, len(queries), tuple(same))


def publication(index: Path, access: Access, published: Options) -> Publishing:
    """Return what it takes to publish what an index folder has, in a process that does nothing else."""
    (found, stages), looks = watched(_published, index, access, published)
    return replace(found, held=most_by_stage(looks, stages))


def _published(index: Path, access: Access, published: Options) -> tuple[Publishing, list[Stage]]:
    cluster, stages = Cluster(access, seconds=60.0), Stages("reading")
    cluster.confirm()
    began, spent = time.perf_counter(), time.process_time()
    found = publish(index, cluster, replace(published, progress=stages))
    assert found is not None
    figures = Publishing(
        time.perf_counter() - began, time.process_time() - spent, {}, found.sent, found.deleted
    )
    return figures, stages.gone_through


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
            ("memory held, MiB", *(max(each.held.values()) / MEBIBYTE for each in both), None),
            ("searches answered as on one machine", *same[:2], None),
            ("searches answered as before the change", None, None, same[2]),
        ),
        ("Two projects whose scores are a millionth apart may change places, as docs/cluster.md says.",),
    )


if __name__ == "__main__":
    main()
