"""Searches sent to one index of a cluster: whole answers only, and hits from sort key to sort key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from indexer.cluster.client import Cluster
from indexer.errors import ClusterGoneError

# A hit as the cluster gives it, and what is asked of it.
Hit: TypeAlias = Mapping[str, Any]
Body: TypeAlias = Mapping[str, Any]

# What one request may skip; what lies beyond is reached from sort key to sort key.
WINDOW = 10_000
# Hits read at a time where all are wanted.
STRIDE = 1_000
# One idf for all shards; a whole answer or none.
_PARAMETERS = {"search_type": "dfs_query_then_fetch", "allow_partial_search_results": "false"}
_SCORED_NAMES = {"include_named_queries_score": "true"}
# What leaves out all of a hit but its sort keys.
_KEYS_ALONE = {"_source": False, "docvalue_fields": []}


class Walker:
    """Searches one index; threads may share it."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        """Search `index`, which does not change: so no hit comes twice however slowly they are read."""
        self._cluster, self._path = cluster, f"{index}/_search"

    def ask(self, body: Body, *, scored: bool = False) -> Mapping[str, Any]:
        """Return the answer to a search, with the score of each named query if `scored`.

        Raise ClusterGoneError unless every shard has answered in time.
        """
        parameters = {**_PARAMETERS, **(_SCORED_NAMES if scored else {})}
        answer = self._cluster.ask("POST", self._path, body, parameters=parameters)
        shards = answer["_shards"]
        if answer["timed_out"] or shards["failed"] or shards["successful"] < shards["total"]:
            raise ClusterGoneError("the cluster has no whole answer now")
        return answer

    def stride(self, body: Body, after: Sequence[Any], size: int) -> list[Hit]:
        """Return the next `size` hits after one with some sort keys, the first where there are none."""
        begun = {"search_after": list(after)} if after else {}
        whole = {**body, "size": size, "track_total_hits": False, **begun}
        found: list[Hit] = self.ask(whole)["hits"]["hits"]
        return found

    def far(self, body: Body, first: int, size: int) -> list[Hit]:
        """Return `size` hits from the `first` on, which lies beyond what one request may skip."""
        after: Sequence[Any] = ()
        while first:
            step = min(first, WINDOW)
            hits = self.stride({**body, **_KEYS_ALONE}, after, step)
            if len(hits) < step:
                return []
            after, first = hits[-1]["sort"], first - step
        return self.stride(body, after, size)

    def every(self, body: Body) -> Iterator[Hit]:
        """Yield all hits in order."""
        after: Sequence[Any] = ()
        while hits := self.stride(body, after, STRIDE):
            yield from hits
            after = hits[-1]["sort"]
