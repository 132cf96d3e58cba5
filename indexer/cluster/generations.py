"""Generations in a cluster: an index for each, and an alias that names the one which serves.

    NAME                       alias of the index that serves
    NAME-20260101t000000.0z    the projects of a generation; its `_meta` says what it is, and how many
    NAME-…-facts               its words and names (`facts`)
    NAME-state                 the lease of a running `reindex`, and which generation came before

An index without a whole `_meta` was left by a run that died. Only what bears this name and our layout is
ever removed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.cluster.client import NOT_FOUND, Cluster, Json
from indexer.cluster.mappings import LAYOUT
from indexer.errors import ClusterError, NoIndexError

# Seconds for what changes the state of a cluster: creating, deleting, swapping.
ADMIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation in a cluster: the index that has it, and its `_meta`."""

    index: str
    meta: Json

    @property
    def name(self) -> str:
        """The name of the generation, as the index folder has it."""
        return str(self.meta["generation"])

    @property
    def documents(self) -> int:
        """How many projects it has."""
        return int(self.meta["documents"])

    @property
    def facts_index(self) -> str:
        """The index with its words and names."""
        return f"{self.index}-facts"


def index_of(cluster: Cluster, generation: str) -> str:
    """Return the name of the index of a generation."""
    return f"{cluster.name}-{generation.lower()}"


def all_generations(cluster: Cluster) -> list[Generation]:
    """Return the whole generations in a cluster, the newest first."""
    answer = cluster.ask("GET", f"{cluster.name}-2*/_mapping", allowed=(NOT_FOUND,))
    found = [
        Generation(index, meta)
        for index, one in answer.items()
        if isinstance(one, dict) and (meta := _meta(one)) is not None and not index.endswith("-facts")
    ]
    return sorted(found, key=lambda one: one.name, reverse=True)


def current(cluster: Cluster) -> Generation:
    """Return the generation that serves; raise NoIndexError or ClusterError."""
    answer = cluster.ask("GET", f"{cluster.name}/_mapping", allowed=(NOT_FOUND,))
    found = [(index, one) for index, one in answer.items() if isinstance(one, dict) and "mappings" in one]
    if not found:
        raise NoIndexError(f"the cluster has no index {cluster.name} yet; run: reindex")
    if len(found) > 1 or (meta := _meta(found[0][1])) is None:
        raise ClusterError(
            f"{cluster.name} in the cluster was not made by reindex, or by another version of it"
        )
    return Generation(found[0][0], meta)


def _meta(one: Json) -> Json | None:
    meta = one.get("mappings", {}).get("_meta", {})
    return meta if meta.get("layout") == LAYOUT and meta.get("whole") else None


def left_over(cluster: Cluster) -> list[str]:
    """Return the indexes of our name that no whole generation has: what dead runs left."""
    answer = cluster.ask("GET", f"{cluster.name}-2*", allowed=(NOT_FOUND,))
    ours = re.compile(re.escape(cluster.name) + r"-\d{8}t\d{6}\.\d{6}z(-facts)?")
    whole = {one.index for one in all_generations(cluster)}
    return [index for index in answer if ours.fullmatch(index) and index.removesuffix("-facts") not in whole]


def delete(cluster: Cluster, *indexes: str) -> None:
    """Delete indexes, as far as they are there."""
    for index in indexes:
        cluster.ask("DELETE", index, allowed=(NOT_FOUND,), seconds=ADMIN_SECONDS)


def swap(cluster: Cluster, new: Generation) -> None:
    """Let the alias name a generation, in one step."""
    remove = {"remove": {"index": f"{cluster.name}-2*", "alias": cluster.name, "must_exist": False}}
    add = {"add": {"index": new.index, "alias": cluster.name}}
    cluster.ask("POST", "_aliases", {"actions": [remove, add]}, seconds=ADMIN_SECONDS)
