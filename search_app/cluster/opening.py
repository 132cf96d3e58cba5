"""Open the generation that serves in a cluster."""

from __future__ import annotations

from datetime import datetime

from indexer.cluster.client import Cluster
from indexer.cluster.facts import Facts
from indexer.cluster.generations import Generation
from indexer.text.meaning.models import Model
from search_app.cluster.meaning import ClusterMeaning
from search_app.cluster.searching import ClusterBackend
from search_app.results import IndexInfo


def open_backend(cluster: Cluster, found: Generation, model: Model | None = None) -> ClusterBackend:
    """Return the backend of a generation, by the meaning of `model` if its vectors are of that.

    Raise ClusterError if its words or its vectors are not whole.
    """
    info = IndexInfo(found.name, found.documents, datetime.fromisoformat(str(found.meta["built_at"])))
    facts = Facts.read(cluster, found.facts_index, str(found.meta["facts"]))
    return ClusterBackend(cluster, found, facts, info, ClusterMeaning.of(cluster, found, model))
