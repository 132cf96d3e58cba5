"""Generations in a cluster: an index for each, and an alias that names the one which serves.

    NAME                       alias of the index that serves
    NAME-20260101t000000.0z    the projects of a generation; its `_meta` says what it is, and how many
    NAME-…-facts               its words and names (`facts`)
    NAME-state                 the lease of a running `reindex`, and which generation came before

A second index of one generation, made while the first one serves, ends in -2. An index without a whole
`_meta` was left by a run that died. Only what bears this name and our layout is
ever removed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.cluster.client import NOT_FOUND, TIMED_OUT, Cluster, Json
from indexer.cluster.mappings import LAYOUT
from indexer.errors import ClusterError, ClusterGoneError, IndexFormatError, NoIndexError

# Seconds for what changes the state of a cluster: creating, deleting, swapping.
ADMIN_SECONDS = 60.0
# Seconds that an index has to be whole in, and between two looks at how far its copies are.
WHOLE_SECONDS, COPY_SECONDS = 60, 10


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation in a cluster: the index that has it, and its `_meta`."""

    index: str
    meta: Json

    @property
    def name(self) -> str:
        """The name of the generation, as the index folder has it."""
        return str(self.meta.get("generation", ""))

    @property
    def documents(self) -> int:
        """How many projects it has."""
        return int(self.meta.get("documents", 0))

    @property
    def readable(self) -> bool:
        """Whether it is whole, and laid out as this version reads it."""
        return self.meta.get("layout") == LAYOUT and bool(self.meta.get("whole"))

    @property
    def facts_index(self) -> str:
        """The index with its words and names."""
        return f"{self.index}-facts"


def index_of(cluster: Cluster, generation: str, taken: Generation | None) -> str:
    """Return the name of an index for a generation; another one than that of what serves already."""
    index = f"{cluster.name}-{generation.lower()}"
    return f"{index}-2" if taken and taken.index == index else index


def all_generations(cluster: Cluster) -> list[Generation]:
    """Return the whole generations in a cluster, the newest first."""
    answer = cluster.ask("GET", f"{cluster.name}-2*/_mapping", allowed=(NOT_FOUND,))
    # The indexes of another corpus, called NAME-2 or NAME-2026, begin so as well.
    ours = _ours(cluster)
    found = [one for one in _described(answer) if one.readable and ours.fullmatch(one.index)]
    return [one for one in found if not one.index.endswith("-facts")]


def named(cluster: Cluster) -> list[Generation]:
    """Return what the alias names, the newest first, of whatever version; raise ClusterError if not ours."""
    found = _described(cluster.ask("GET", f"{cluster.name}/_mapping", allowed=(NOT_FOUND,)))
    ours = _ours(cluster)
    for one in found:
        if not ours.fullmatch(one.index):
            what = "is an index" if one.index == cluster.name else f"names the index {one.index}"
            raise ClusterError(
                f"{cluster.name} in the cluster {what} that reindex did not make; choose another "
                "SEARCH_CLUSTER_NAME"
            )
    return found


def current(cluster: Cluster) -> Generation:
    """Return the generation that serves; raise NoIndexError, IndexFormatError or ClusterError."""
    found = named(cluster)
    if not found:
        raise NoIndexError(f"the cluster has no index {cluster.name} yet; run: reindex")
    if len(found) > 1:
        indexes = " and ".join(one.index for one in found)
        raise ClusterError(
            f"{cluster.name} in the cluster names {indexes}; run: reindex, which leaves one of them"
        )
    if not found[0].readable:
        raise IndexFormatError(
            f"the index {cluster.name} in the cluster is of another version (layout "
            f"{found[0].meta.get('layout')}, {LAYOUT} is needed); run: reindex"
        )
    return found[0]


def _described(answer: Json) -> list[Generation]:
    found = [
        Generation(index, one["mappings"].get("_meta", {}))
        for index, one in answer.items()
        if isinstance(one, dict) and "mappings" in one
    ]
    return sorted(found, key=lambda one: (one.readable, one.name, one.index), reverse=True)


def _ours(cluster: Cluster) -> re.Pattern[str]:
    return re.compile(re.escape(cluster.name) + r"-\d{8}t\d{6}\.\d{6}z(-2)?(-facts)?")


def left_over(cluster: Cluster) -> list[str]:
    """Return the indexes of our name that no whole generation has and nobody serves from.

    They were left by dead runs, or are of another version.
    """
    answer = cluster.ask("GET", f"{cluster.name}-2*", allowed=(NOT_FOUND,))
    ours, kept = _ours(cluster), {one.index for one in (*all_generations(cluster), *named(cluster))}
    return [index for index in answer if ours.fullmatch(index) and index.removesuffix("-facts") not in kept]


def delete(cluster: Cluster, *indexes: str) -> None:
    """Delete indexes, as far as they are there."""
    for index in indexes:
        cluster.ask("DELETE", index, allowed=(NOT_FOUND,), seconds=ADMIN_SECONDS)


def swap(cluster: Cluster, new: Generation) -> None:
    """Let the alias name a generation, in one step."""
    remove = {"remove": {"index": f"{cluster.name}-2*", "alias": cluster.name, "must_exist": False}}
    add = {"add": {"index": new.index, "alias": cluster.name}}
    cluster.ask("POST", "_aliases", {"actions": [remove, add]}, seconds=ADMIN_SECONDS)


def delete_all_but(cluster: Cluster, new: Generation, before: Generation | None) -> None:
    """Delete all generations but the new one and the one before."""
    needed = {new.index, *([before.index] if before else [])}
    for one in all_generations(cluster):
        if one.index not in needed:
            delete(cluster, one.index, one.facts_index)


def clone(cluster: Cluster, source: str, target: str) -> None:
    """Make an index with the files of another one, linked; raise ClusterGoneError if it is broken."""
    cluster.ask("PUT", f"{source}/_settings", {"index.blocks.write": True}, seconds=ADMIN_SECONDS)
    settings = {"settings": {"index.number_of_replicas": 0, "index.blocks.write": None}}
    cluster.ask("POST", f"{source}/_clone/{target}", settings, seconds=ADMIN_SECONDS)
    if _health(cluster, target, "yellow", WHOLE_SECONDS)["status"] == "red":
        raise ClusterGoneError(f"{source} cannot be cloned in the cluster; are its disks full?")


def wait_for_all(cluster: Cluster, index: str, replicas: int) -> None:
    """Wait until an index has all its shards, and its copies as far as there are nodes for them.

    Raise ClusterGoneError if it lacks shards.
    """
    health = _health(cluster, index, "yellow", WHOLE_SECONDS)
    if health["status"] == "red":
        raise ClusterGoneError(f"{index} lacks shards in the cluster; are its nodes up, its disks full?")
    if health["number_of_data_nodes"] <= replicas:
        return
    while health["status"] != "green":
        health = _health(cluster, index, "green", COPY_SECONDS)
        if not health["initializing_shards"]:
            return


def _health(cluster: Cluster, index: str, status: str, seconds: int) -> Json:
    """Return the health of an index as soon as it has a status, or after some seconds."""
    parameters = {"wait_for_status": status, "timeout": f"{seconds}s"}
    path = f"_cluster/health/{index}"
    return cluster.ask(
        "GET", path, parameters=parameters, seconds=seconds + ADMIN_SECONDS, allowed=(TIMED_OUT,)
    )
