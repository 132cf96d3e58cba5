"""Time pages and publishing over a cluster beside one machine: from which size on, and for what, it pays.

A cluster has to run (`--url`): docs/cluster.md tells how. What a page costs is told in processor time, here
and in the nodes, which say it themselves; how long one waits is told as well, for both on the same machine.
A size that takes an hour to publish need not be published again: `--published` asks what
`bench.publishing_memory` has left.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import click

from bench import options, publishing_memory
from bench.ours import request
from bench.peer_cluster import engine_over, processor_of
from bench.queries import SEED, Query, Sample, draw
from bench.tables import Cell, Table, keep
from bench.workspace import Corpus, aside
from indexer.build import BuildOptions, reindex
from indexer.cluster.client import Access, Cluster
from indexer.cluster.publishing import Options, publish
from search_app.engine.search import SearchEngine

# Queries of each kind that warm caches and memos on both sides.
WARMING = 3


@click.command()
@options.corpora
@options.cluster(shards=1, replicas=0, queries=20)
@click.option("--published", is_flag=True, help="Publish nothing: ask what bench.publishing_memory left.")
def main(
    corpora: list[Corpus],
    out: Path,
    urls: Sequence[str],
    shards: int,
    replicas: int,
    number: int,
    published: bool,
) -> None:
    """Publish each corpus to a cluster, and time pages over it and over one machine in turns."""
    for corpus in corpora:
        cluster = Cluster(Access(tuple(urls), publishing_memory.NAME if published else "bench"), seconds=60.0)
        if published:
            figures = pages(corpus, corpus.place / publishing_memory.INDEX, cluster, number)
        else:
            figures = measure(corpus, cluster, Options(shards, replicas, full=True), number)
        keep(out, f"cluster-{corpus.name}", figures, [_table(figures, len(urls), shards)])


def measure(corpus: Corpus, cluster: Cluster, published: Options, number: int) -> dict[str, float]:
    """Return the figures of one corpus: milliseconds of a page, and seconds of publishing."""
    index = corpus.place / "cluster-index"
    with aside(index) as folder:
        reindex(corpus.folder, folder, BuildOptions())
    before, nodes, began = time.process_time(), processor_of(cluster), time.perf_counter()
    publish(index, cluster, published)
    seconds = time.perf_counter() - began
    figures = {
        "publish_seconds": seconds,
        "publish_own": time.process_time() - before,
        "publish_nodes": processor_of(cluster) - nodes,
    }
    return figures | pages(corpus, index, cluster, number)


def pages(corpus: Corpus, index: Path, cluster: Cluster, number: int) -> dict[str, float]:
    """Return the milliseconds of a page over an index folder and over what a cluster has of it.

    Raise ClickException if they do not have the projects of the corpus.
    """
    ours = SearchEngine.open(index, answers=0)
    theirs = engine_over(cluster)
    if not ours.info.documents == theirs.info.documents == corpus.projects:
        raise click.ClickException(
            f"the cluster does not have the {corpus.projects:,} projects that were asked for"
        )
    figures = {}
    sample = Sample.of(corpus.read())
    for query in draw(sample, WARMING, SEED + 1):
        _timed(ours, query)
        _timed(theirs, query)
    queries, nodes = draw(sample, number), processor_of(cluster)
    times = [(*_timed(ours, query), *_timed(theirs, query)) for query in queries]
    spent = (processor_of(cluster) - nodes) / len(queries)
    for place, name in enumerate(("ours_own", "ours_waited", "cluster_own", "cluster_waited")):
        figures[name] = median(one[place] for one in times) * 1000
    return figures | {"cluster_nodes": spent * 1000, "documents": float(theirs.info.documents)}


def _timed(engine: SearchEngine, query: Query) -> tuple[float, float]:
    """Return the processor time here and the time waited of one page, in seconds."""
    asked, own, began = request(query), time.process_time(), time.perf_counter()
    engine.search(asked)
    return time.process_time() - own, time.perf_counter() - began


def _table(figures: dict[str, float], nodes: int, shards: int) -> Table:
    documents = figures["documents"]
    rows: list[tuple[Cell, ...]] = [
        ("processor time of a page here, ms, median", figures["ours_own"], figures["cluster_own"]),
        ("processor time of a page in the nodes, ms, mean", None, figures["cluster_nodes"]),
        ("time waited for a page, ms, median", figures["ours_waited"], figures["cluster_waited"]),
    ]
    if "publish_seconds" in figures:
        rows += [
            ("publishing, projects a second", None, documents / figures["publish_seconds"]),
            ("publishing, processor time here, s", None, figures["publish_own"]),
            ("publishing, processor time in the nodes, s", None, figures["publish_nodes"]),
        ]
    what = f"Pages over {documents:,.0f} projects" + (", and publishing them" if len(rows) > 3 else "")
    return Table(f"{what} (nodes: {nodes}, shards: {shards})", ("", "one machine", "cluster"), tuple(rows))


if __name__ == "__main__":
    main()
