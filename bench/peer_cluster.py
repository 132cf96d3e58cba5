"""Our own service over a cluster as a peer: the same pages, from OpenSearch in place of the index folder.

SEARCH_CLUSTER_URL names its nodes. What is measured is what the server's machine does and how long it waits;
what the nodes do meanwhile, `bench.cluster` tells.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.engines import CLUSTER, Search, UnavailableError
from bench.ours import page_of, request
from indexer.build import BuildOptions, reindex
from indexer.cluster import generations
from indexer.cluster.client import Access, Cluster
from indexer.cluster.publishing import Options, publish
from search_app.cluster.opening import open_backend
from search_app.engine.search import SearchEngine

# Beside the index folder: the name that the index has in the cluster.
_NAME = "name"
_SECONDS = 60.0


class OverCluster:
    """The engine over a cluster, with the cache of answers off; a shard for each node, without copies."""

    name = CLUSTER
    version = "now"

    def __init__(self) -> None:
        """Take the nodes from the environment; raise UnavailableError if it names none."""
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
        reindex(corpus, folder / "index", BuildOptions(full=full))
        publish(folder / "index", self._cluster(folder), Options(len(self._urls), 0, full))

    def _cluster(self, folder: Path) -> Cluster:
        name = (folder / _NAME).read_text(encoding="utf-8")
        return Cluster(Access(self._urls, name), seconds=_SECONDS)

    @contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        """Open what the cluster serves for searching."""
        engine = engine_over(self._cluster(folder))
        yield lambda query: page_of(engine.search(request(query)))


def engine_over(cluster: Cluster) -> SearchEngine:
    """Return the engine over what a cluster serves, with the cache of answers off."""
    return SearchEngine(open_backend(cluster, generations.current(cluster)), answers=0)
