"""Searches sent to one index of a cluster: whole answers only, and hits from sort key to sort key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from indexer.cluster.client import Cluster
from indexer.errors import ClusterGoneError
from search_app.cluster.asking.ordering_keys import reverse_keys

# A hit as the cluster gives it, and what is asked of it.
Hit: TypeAlias = Mapping[str, Any]
Body: TypeAlias = Mapping[str, Any]

# What one request may skip; what lies beyond is reached from sort key to sort key.
WINDOW = 10_000
# Hits read at a time where all are wanted.
STRIDE = 1_000
# Seconds for a step of many hits: who asks for all of them, or for a page far away, waits longer.
STEP_SECONDS = 20.0
# One idf for all shards; a whole answer or none.
_PARAMETERS = {"search_type": "dfs_query_then_fetch", "allow_partial_search_results": "false"}
_SCORED_NAMES = {"include_named_queries_score": "true"}
# What leaves out all of a hit but its sort keys: nothing that is stored is unpacked for them.
_KEYS_ALONE = {"_source": False, "stored_fields": "_none_", "docvalue_fields": []}
# Of a hit of which only the id is wanted.
_ID = {**_KEYS_ALONE, "docvalue_fields": ["id"]}


class Walker:
    """Searches one index; threads may share it."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        """Search `index`, which does not change: so no hit comes twice however slowly they are read."""
        self._cluster, self._path = cluster, f"{index}/_search"

    def ask(self, body: Body, *, scored: bool = False, seconds: float | None = None) -> Mapping[str, Any]:
        """Return the answer to a search, with the score of each named query if `scored`.

        Raise ClusterGoneError unless every shard has answered in time.
        """
        parameters = {**_PARAMETERS, **(_SCORED_NAMES if scored else {})}
        answer = self._cluster.ask("POST", self._path, body, parameters=parameters, seconds=seconds)
        shards = answer["_shards"]
        if answer["timed_out"] or shards["failed"] or shards["successful"] < shards["total"]:
            raise ClusterGoneError("the cluster has no whole answer now")
        return answer

    def stride(self, body: Body, after: Sequence[Any], size: int) -> list[Hit]:
        """Return the next `size` hits after one with some sort keys, the first where there are none."""
        begun = {"search_after": list(after)} if after else {}
        whole = {**body, "size": size, "track_total_hits": False, **begun}
        found: list[Hit] = self.ask(whole, seconds=STEP_SECONDS)["hits"]["hits"]
        return found

    def far(self, body: Body, first: int, size: int, total: int) -> list[Hit]:
        """Return `size` of `total` hits from the `first` on, however far: from the end that is nearer."""
        last = min(first + size, total)
        if first <= total - last:
            return self._beyond(body, first, last - first)
        return self._beyond({**body, "sort": reverse_keys(body["sort"])}, total - last, last - first)[::-1]

    def _beyond(self, body: Body, skipped: int, size: int) -> list[Hit]:
        """Return `size` hits after so many that are skipped, as many at a time as one request may."""
        after: Sequence[Any] = ()
        while skipped:
            step = min(skipped, WINDOW)
            # The first hits need not be sent to name the last of them.
            keys = {**body, **_KEYS_ALONE, **({} if after else {"from": step - 1})}
            hits = self.stride(keys, after, step if after else 1)
            if not hits:
                return []
            after, skipped = hits[-1]["sort"], skipped - step
        return self.stride(body, after, size)

    def every(self, body: Body) -> Iterator[Hit]:
        """Yield all hits in order."""
        after: Sequence[Any] = ()
        while hits := self.stride(body, after, STRIDE):
            yield from hits
            after = hits[-1]["sort"]

    def around(self, body: Body, only: Body) -> tuple[str | None, str | None]:
        """Return the ids of the hits before and after the one that `only` passes, None at the ends."""
        asked = body["query"]["bool"]
        one = {"query": {"bool": {**asked, "filter": [*asked["filter"], only]}}}
        here = self.stride({**body, **one}, (), 1)
        if not here:
            return None, None
        before = self.stride({**body, **_ID, "sort": reverse_keys(body["sort"])}, here[0]["sort"], 1)
        after = self.stride({**body, **_ID}, here[0]["sort"], 1)
        return _id_of(before), _id_of(after)


def _id_of(hits: Sequence[Hit]) -> str | None:
    return str(hits[0]["fields"]["id"][0]) if hits else None
