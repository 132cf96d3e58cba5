"""Searches sent to one index of a cluster: whole answers only, and hits from sort key to sort key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from indexer.cluster.client import Cluster, whole
from indexer.cluster.turning import document_id
from search_app.cluster.asking.ordering_keys import reverse_keys
from search_app.cluster.asking.translation import Query
from search_app.cluster.found import Row

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
# What comes with hits of which only the id is wanted.
ID_ALONE = {**_KEYS_ALONE, "docvalue_fields": ["id"]}


def only(ids: Sequence[str]) -> Query:
    """Return the query for projects with some ids."""
    return {"ids": {"values": [document_id(one) for one in ids]}}


def narrowed(body: Body, passing: Query) -> Body:
    """Return a search for those of its hits alone that pass a query."""
    asked = body["query"]["bool"]
    return {**body, "query": {"bool": {**asked, "filter": [*asked["filter"], passing]}}}


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
        return whole(self._cluster.ask("POST", self._path, body, parameters=parameters, seconds=seconds))

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

    def of_ids(self, ids: Sequence[str], fields: Body) -> dict[str, Row]:
        """Return the projects with some ids by these; `fields` is what has to come with each."""
        if not ids:
            return {}
        hits = self.ask({"query": only(ids), "size": len(ids), **fields})["hits"]["hits"]
        return {row.project.id: row for row in map(Row, hits)}

    def around(self, body: Body, project_id: str) -> tuple[str | None, str | None]:
        """Return the ids of the hits before and after a project, None at the ends."""
        here = self.stride(narrowed(body, only([project_id])), (), 1)
        if not here:
            return None, None
        before = self.stride({**body, **ID_ALONE, "sort": reverse_keys(body["sort"])}, here[0]["sort"], 1)
        after = self.stride({**body, **ID_ALONE}, here[0]["sort"], 1)
        return _id_of(before), _id_of(after)


def _id_of(hits: Sequence[Hit]) -> str | None:
    return Row(hits[0]).id if hits else None
