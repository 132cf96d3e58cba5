"""Open the generation that serves in a cluster."""

from __future__ import annotations

from datetime import datetime

from indexer.cluster.client import Cluster
from indexer.cluster.facts import Facts
from indexer.cluster.generations import Generation
from search_app.cluster.searching import ClusterBackend
from search_app.results import IndexInfo

# Parts of the facts that are asked for at once, and seconds for them.
PARTS_AT_ONCE, PARTS_SECONDS = 8, 60.0


def open_backend(cluster: Cluster, found: Generation) -> ClusterBackend:
    """Return the backend of a generation; raise ClusterError if its words are not whole."""
    info = IndexInfo(found.name, found.documents, datetime.fromisoformat(str(found.meta["built_at"])))
    facts = Facts.joined(_parts(cluster, found.facts_index), str(found.meta["facts"]))
    return ClusterBackend(cluster, found, facts, info)


def _parts(cluster: Cluster, index: str) -> list[str]:
    """Return the parts of the facts in their order."""
    parts: list[str] = []
    while True:
        body = {
            "size": PARTS_AT_ONCE,
            "sort": [{"part": "asc"}],
            "query": {"range": {"part": {"gte": len(parts)}}},
            "_source": ["blob"],
        }
        parameters = {"allow_partial_search_results": "false"}
        answer = cluster.ask("POST", f"{index}/_search", body, parameters=parameters, seconds=PARTS_SECONDS)
        found = [hit["_source"]["blob"] for hit in answer["hits"]["hits"]]
        if not found:
            return parts
        parts += found
