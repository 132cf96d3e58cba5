"""What the contracts are held over: the index folder on this machine, and the same projects in a cluster.

A test that asks for `backend` runs over both, where its module says so: `pytestmark = OVER_BOTH`. What differs
by a documented exception (docs/cluster.md) is marked where it does: `differs("why")`, a test or one case of it.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from flask import Flask

from indexer.cluster import generations
from indexer.cluster.publishing import Options, publish
from indexer.document import Project
from search_app import create_app
from search_app.cluster.opening import open_backend
from search_app.engine.search import SearchEngine
from tests.building import index_of

OVER_BOTH = pytest.mark.over_both
BOTH = ("embedded", "opensearch")


def differs(reason: str) -> pytest.MarkDecorator:
    """Mark what is another thing over a cluster, as docs/cluster.md says; `reason` says it in a line."""
    return pytest.mark.differs(reason)


def application(index: Path, **settings: object) -> Flask:
    """Return an application over an index, quiet unless told otherwise."""
    return create_app({"SEARCH_INDEX_DIR": index, "SEARCH_LOG_FORMAT": "none", **settings})


class OneMachine:
    """Answers from the index folder."""

    def engine(self, index: Path, **options: int) -> SearchEngine:
        """Return an engine over an index folder."""
        return SearchEngine.open(index, **options)

    def engine_of(self, folder: Path, projects: Sequence[Project]) -> SearchEngine:
        """Return an engine over projects indexed below `folder`."""
        return self.engine(index_of(folder, projects))

    def application(self, index: Path, **settings: object) -> Flask:
        """Return an application over an index folder."""
        return application(index, **settings)


class OverCluster(OneMachine):
    """Publishes index folders, each under a name of its own, and answers from what is there."""

    def __init__(self, node) -> None:
        self._node = node

    def name_of(self, index: Path) -> str:
        """Return what an index folder is called in the cluster, published as it is now, if it is an index."""
        name = f"contract-{hashlib.blake2b(os.fspath(index).encode(), digest_size=8).hexdigest()}"
        if (index / "CURRENT").exists():
            publish(index, self._node.cluster(name), Options(replicas=0))
        return name

    def engine(self, index: Path, **options: int) -> SearchEngine:
        cluster = self._node.cluster(self.name_of(index))
        return SearchEngine(open_backend(cluster, generations.current(cluster)), **options)

    def application(self, index: Path, **settings: object) -> Flask:
        return application(
            index.parent / "no-index-here",
            SEARCH_BACKEND="opensearch",
            SEARCH_CLUSTER_URL=self._node.url,
            SEARCH_CLUSTER_NAME=self.name_of(index),
            **settings,
        )
