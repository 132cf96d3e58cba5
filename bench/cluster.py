"""Time pages and publishing over a cluster beside one machine: from which size on, and for what, it pays.

A cluster has to run (`--url`): docs/cluster.md tells how. What a page costs is told in processor time, here
and in the nodes, which say it themselves; how long one waits is told as well, for both on the same machine.
A size that takes an hour to publish need not be published again: `--published` asks what
`bench.publishing_memory` has left. `--meaning wordllama` times pages by meaning as well.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
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
from indexer.text.meaning.models import open_model
from search_app.engine.search import SearchEngine

# Queries of each kind that warm caches and memos on both sides.
WARMING = 3
# What the figures of a page are called in the table.
TOLD = {
    "own": "processor time of {} here, ms, median",
    "nodes": "processor time of {} in the nodes, ms, mean",
    "waited": "time waited for {}, ms, median",
}


@click.command()
@options.corpora
@options.cluster(shards=1, replicas=0, queries=20)
@click.option("--published", is_flag=True, help="Publish nothing: ask what bench.publishing_memory left.")
@click.option("--meaning", metavar="MODEL", default="", help="With vectors of this model, and pages by them.")
def main(
    corpora: list[Corpus],
    out: Path,
    urls: Sequence[str],
    shards: int,
    replicas: int,
    number: int,
    published: bool,
    meaning: str,
) -> None:
    """Publish each corpus to a cluster, and time pages over it and over one machine in turns."""
    for corpus in corpora:
        cluster = Cluster(Access(tuple(urls), publishing_memory.NAME if published else "bench"), seconds=60.0)
        if published:
            figures = pages(corpus, corpus.place / publishing_memory.INDEX, cluster, number, meaning)
        else:
            figures = measure(corpus, cluster, Options(shards, replicas, full=True), number, meaning)
        name = "-".join(["cluster", *(["meaning"] if meaning else []), corpus.name])
        keep(out, name, figures, [_table(figures, len(urls), shards)])


class _Stages:
    """Progress that keeps how many seconds each stage takes."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._stage, self._since = "", time.perf_counter()

    def __call__(self, what: str, _done: int, _total: int | None) -> None:
        now = time.perf_counter()
        self.seconds[self._stage] += now - self._since
        self._stage, self._since = what, now


def measure(
    corpus: Corpus, cluster: Cluster, published: Options, number: int, meaning: str = ""
) -> dict[str, float]:
    """Return the figures of one corpus: milliseconds of a page, and seconds of publishing."""
    index = corpus.place / "cluster-index"
    with aside(index) as folder:
        reindex(corpus.folder, folder, BuildOptions(meaning=meaning))
    before, nodes, began = time.process_time(), processor_of(cluster), time.perf_counter()
    stages = _Stages()
    publish(index, cluster, replace(published, progress=stages))
    seconds = time.perf_counter() - began
    figures = {
        "publish_seconds": seconds,
        "publish_own": time.process_time() - before,
        "publish_nodes": processor_of(cluster) - nodes,
        **({"publish_vectors": stages.seconds["sending vectors"]} if meaning else {}),
    }
    return figures | pages(corpus, index, cluster, number, meaning)


def pages(corpus: Corpus, index: Path, cluster: Cluster, number: int, meaning: str = "") -> dict[str, float]:
    """Return the milliseconds of a page over an index folder and over what a cluster has of it.

    With the name of a model those of pages by meaning as well. Raise ClickException if the two do not have
    the projects of the corpus.
    """
    sample = Sample.of(corpus.read())
    asked, warming = draw(sample, number), draw(sample, WARMING, SEED + 1)
    figures = {"documents": float(corpus.projects)}
    for model in (None, *([open_model(meaning)] if meaning else [])):
        ours, theirs = SearchEngine.open(index, answers=0, model=model), engine_over(cluster, model)
        if not ours.info.documents == theirs.info.documents == corpus.projects:
            raise click.ClickException(
                f"the cluster does not have the {corpus.projects:,} projects that were asked for"
            )
        found = _pages(ours, theirs, asked, warming, cluster)
        figures |= {f"meaning_{name}" if model else name: spent for name, spent in found.items()}
    return figures


def _pages(
    ours: SearchEngine, theirs: SearchEngine, asked: list[Query], warming: list[Query], cluster: Cluster
) -> dict[str, float]:
    """Return the milliseconds of a page of two engines by what is told of them."""
    for query in warming:
        _timed(ours, query)
        _timed(theirs, query)
    nodes = processor_of(cluster)
    times = [(*_timed(ours, query), *_timed(theirs, query)) for query in asked]
    spent = (processor_of(cluster) - nodes) / len(asked)
    names = ("ours_own", "ours_waited", "cluster_own", "cluster_waited")
    figures = {name: median(one[place] for one in times) * 1000 for place, name in enumerate(names)}
    return figures | {"cluster_nodes": spent * 1000}


def _timed(engine: SearchEngine, query: Query) -> tuple[float, float]:
    """Return the processor time here and the time waited of one page, in seconds."""
    asked, own, began = request(query), time.process_time(), time.perf_counter()
    engine.search(asked)
    return time.process_time() - own, time.perf_counter() - began


def _table(figures: dict[str, float], nodes: int, shards: int) -> Table:
    documents = figures["documents"]
    rows: list[tuple[Cell, ...]] = []
    for what, kind in (("a page", ""), ("a page by meaning as well", "meaning_")):
        if f"{kind}ours_own" in figures:
            rows += [
                (told.format(what), *(figures.get(f"{kind}{place}_{name}") for place in ("ours", "cluster")))
                for name, told in TOLD.items()
            ]
    if "publish_seconds" in figures:
        rows += [
            ("publishing, projects a second", None, documents / figures["publish_seconds"]),
            ("publishing, processor time here, s", None, figures["publish_own"]),
            ("publishing, processor time in the nodes, s", None, figures["publish_nodes"]),
        ]
    if "publish_vectors" in figures:
        rows.append(("publishing, seconds of it for vectors", None, figures["publish_vectors"]))
    what = f"Pages over {documents:,.0f} projects" + (
        ", and publishing them" if "publish_seconds" in figures else ""
    )
    return Table(f"{what} (nodes: {nodes}, shards: {shards})", ("", "one machine", "cluster"), tuple(rows))


if __name__ == "__main__":
    main()
