"""Open the generation that serves in a cluster."""

from __future__ import annotations

from datetime import datetime

from indexer.cluster.client import Cluster
from indexer.cluster.facts import Facts
from indexer.cluster.generations import Generation
from search_app.cluster.searching import ClusterBackend
from search_app.results import IndexInfo


def open_backend(cluster: Cluster, found: Generation) -> ClusterBackend:
    """Return the backend of a generation; raise ClusterError if its words are not whole."""
    info = IndexInfo(found.name, found.documents, datetime.fromisoformat(str(found.meta["built_at"])))
    facts = Facts.read(cluster, found.facts_index, str(found.meta["facts"]))
    return ClusterBackend(cluster, found, facts, info)
