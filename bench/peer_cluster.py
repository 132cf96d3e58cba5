"""Our own service over a cluster as a peer: the same pages, from OpenSearch in place of the index folder.

SEARCH_CLUSTER_URL names its nodes. What they do belongs to what a page and a build take, and what they hold
to the size of the index; `bench.cluster` tells the two apart.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.engines import CLUSTER, Search, UnavailableError
from bench.ours import page_of, request
from indexer.build import BuildOptions, reindex
from indexer.cluster import generations
from indexer.cluster.client import Access, Cluster
from indexer.cluster.publishing import Options, publish
from indexer.text.meaning.models import Model
from search_app.cluster.opening import open_backend
from search_app.engine.search import SearchEngine

# Beside the index folder: the name that the index has in the cluster.
_NAME = "name"
_SECONDS = 60.0
# Seconds after which a node has looked anew at what it has taken of the processor.
_LOOK = 1.1


class OverCluster:
    """The engine over a cluster, with the cache of answers off; a shard for each node, without copies."""

    name = CLUSTER
    version = "now"

    def __init__(self) -> None:
        """Take the nodes from the environment; raise UnavailableError if it names none."""
        self.jobs = 1
        self._urls = tuple(filter(None, os.environ.get("SEARCH_CLUSTER_URL", "").split(",")))
        if not self._urls:
            raise UnavailableError("SEARCH_CLUSTER_URL names no node")

    def build(self, corpus: Path, folder: Path) -> None:
        """Index a corpus folder into an empty folder, and publish that."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _NAME).write_text(f"bench-{corpus.parent.name}", encoding="utf-8")
        self._publish(corpus, folder, full=True)

    def update(self, corpus: Path, folder: Path) -> None:
        """Take over what changed in the corpus folder since `build`."""
        self._publish(corpus, folder, full=False)

    def _publish(self, corpus: Path, folder: Path, *, full: bool) -> None:
        reindex(corpus, folder / "index", BuildOptions(full=full, jobs=self.jobs))
        publish(folder / "index", self._cluster(folder), Options(len(self._urls), 0, full, self.jobs))

    def processor(self) -> float:
        """Return the seconds of the processor that all nodes have taken, once they have looked anew."""
        time.sleep(_LOOK)
        return processor_of(Cluster(Access(self._urls, "bench"), seconds=_SECONDS))

    def stored(self, folder: Path) -> int:
        """Return the bytes that the nodes hold of what serves: its projects, words and names."""
        cluster = self._cluster(folder)
        serving = generations.current(cluster)
        found = cluster.get(f"{serving.index},{serving.facts_index}/_stats/store")
        return int(found["_all"]["total"]["store"]["size_in_bytes"])

    def _cluster(self, folder: Path) -> Cluster:
        name = (folder / _NAME).read_text(encoding="utf-8")
        return Cluster(Access(self._urls, name), seconds=_SECONDS)

    @contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        """Open what the cluster serves for searching."""
        engine = engine_over(self._cluster(folder))
        yield lambda query: page_of(engine.search(request(query)))


def processor_of(cluster: Cluster) -> float:
    """Return the seconds of the processor that all nodes have taken, as they saw it in the last second."""
    found = cluster.get("_nodes/stats/process")["nodes"].values()
    return float(sum(one["process"]["cpu"]["total_in_millis"] for one in found) / 1000)


def engine_over(cluster: Cluster, model: Model | None = None) -> SearchEngine:
    """Return the engine over what a cluster serves, by meaning too with a model; no answers are cached."""
    backend = open_backend(cluster, generations.current(cluster), model)
    return SearchEngine(backend, answers=0, by_meaning=backend.meaning is not None)
