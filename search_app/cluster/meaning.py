"""Meaning over a cluster: the vectors of a generation, which each server reads, and what is asked by them.

They are compared here, not in the cluster: that takes no plugin and no script there, and the nearest are the
same as on one machine. What passes filters, and what has the words, the cluster says: a page costs two
requests more for the order, and one for what is beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Self

import numpy as np

from indexer.cluster.client import Cluster
from indexer.cluster.documents.sent_vectors import vectors_of
from indexer.cluster.facts import read_more
from indexer.cluster.generations import Generation
from indexer.cluster.turning import document_id
from indexer.document import Project
from indexer.storage.arrays.text_tables import Texts
from indexer.text.meaning.models import F32, Model
from indexer.text.meaning.vectors import I8
from search_app.cluster.asking.translation import Query
from search_app.cluster.found import Row
from search_app.cluster.walking import ID_ALONE, WINDOW, Body, Hit, Walker, narrowed, only
from search_app.query.meaning.comparing import Meaning, Related
from search_app.query.meaning.lifting import POOL, fused_order
from search_app.query.meaning.nearness import EXACTLY


class ClusterMeaning(Meaning):
    """Vectors of one generation in a cluster, the model that made them; threads may share it."""

    def __init__(self, vectors: I8, ids: Texts, model: Model, walker: Walker) -> None:
        """Compare with `vectors` int8 [N, d] of the projects with some `ids` [N], which `walker` finds."""
        super().__init__(vectors, model, self._read)
        self._vectors, self._ids, self._walker = vectors, ids, walker

    @classmethod
    def of(cls, cluster: Cluster, found: Generation, model: Model | None) -> Self | None:
        """Return the meaning of a generation; None without a model, or if its vectors are not of the model.

        Raise ClusterError if the vectors are not whole.
        """
        made_by, digest = found.meta.get("vector_model", ()), found.meta.get("vectors")
        if model is None or digest is None or [*made_by][1:] != [model.fingerprint]:
            return None
        vectors, ids = vectors_of(read_more(cluster, found.facts_index, "vectors", str(digest)))
        return cls(vectors, ids, model, Walker(cluster, found.index))

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {self._ids[row]: row for row in range(len(self._ids))}

    def __len__(self) -> int:
        return len(self._ids)

    def vector(self, row: int) -> F32:
        """Return the vector of a project, float32 [d]."""
        found: F32 = self._vectors[row].astype(np.float32)
        return found

    def row(self, project_id: str) -> int:
        """Return the row of a project among the vectors."""
        return self._rows[project_id]

    def id(self, row: int) -> str:
        """Return the id of a row."""
        return self._ids[row]

    def _read(self, rows: Sequence[int]) -> list[Project]:
        """Return the projects of some rows."""
        ids = [self._ids[row] for row in rows]
        found = self._walker.of_ids(ids, {"_source": ["stored"]})
        return [found[one].project for one in ids]

    def order(self, body: Body, vector: F32, *, scored: bool) -> Order:
        """Return the best hits of a body in order by words and by meaning, explained if `scored`."""
        best = self._walker.stride({**body, **ID_ALONE}, (), POOL)
        rows = np.array([self.row(Row(hit).id) for hit in best], np.int64)
        scores = np.array([Row(hit).score for hit in best], np.float32)
        near = self.nearness.of(vector, rows)
        order, added = fused_order(scores, rows, near, self.fusion)
        lifted = (scores + added)[order].tolist()
        ids = [self._ids[row] for row in rows[order].tolist()]
        return Order(self._walker, body, ids, lifted, added[order].tolist(), vector, scored)

    def near(self, vector: F32, ids: Sequence[str]) -> list[float]:
        """Return how near to a vector projects are."""
        rows = np.array([self.row(one) for one in ids], np.int64)
        found: list[float] = self.nearness.of(vector, rows).tolist()
        return found

    def beside(self, vector: F32, allowed: Sequence[Query], words: Query) -> list[Related]:
        """Return at most ten projects near to a vector that pass filters and have not the `words`."""
        among = np.zeros(len(self._ids), np.bool_)
        among[self._nearest_passing(vector, {"bool": {"filter": [*allowed], "must_not": [words]}})] = True
        return self.related(vector, among)

    def _nearest_passing(self, vector: F32, query: Query) -> list[int]:
        """Return the rows that one machine would compare exactly, of the projects that a query finds.

        All that there are up to EXACTLY, else the nearest of them by their signs. Mostly one request tells:
        of many the nearest pass, of few all are asked for.
        """
        rows = self.nearness.by_signs(vector)
        first, found = EXACTLY + EXACTLY // 4, list[int]()
        asked, size = 0, first
        while len(found) < EXACTLY and asked < len(rows):
            part = rows[asked : asked + size].tolist()
            ids = only([self._ids[row] for row in part])
            passed, _ = self._passing({"bool": {"filter": [query, ids]}}, len(part))
            found += [row for row in part if row in passed]
            if not asked and len(found) < EXACTLY and len(rows) > size:
                every, total = self._passing(query, EXACTLY)
                if total <= EXACTLY:
                    return sorted(every)
            asked += size
            # As many more as should do, from how many passed so far.
            size = min(max(first, (EXACTLY - len(found)) * 5 * asked // (4 * max(1, len(found)))), WINDOW)
        return found[:EXACTLY]

    def _passing(self, query: Query, most: int) -> tuple[set[int], int]:
        """Return the rows of at most so many projects that a query finds, and how many it finds."""
        body = {"query": {"bool": {"filter": [query]}}, "size": most, "track_total_hits": True, **ID_ALONE}
        hits = self._walker.ask(body)["hits"]
        return {self.row(Row(hit).id) for hit in hits["hits"]}, int(hits["total"]["value"])


@dataclass(frozen=True, slots=True)
class Order:
    """The best hits of a search in order by meaning as well: `ids`, their `scores`, what was added to each.

    The others follow in the order of `body`.
    """

    walker: Walker
    body: Body
    ids: list[str]
    scores: list[float]
    added: list[float]
    vector: F32
    scored: bool

    def hits(self, first: int, size: int, total: int) -> list[Hit]:
        """Return `size` of `total` hits from the `first` on."""
        last = min(first + size, total)
        pooled = self._pooled(first, last)
        start = first + len(pooled)
        return [*pooled, *(self.walker.far(self.body, start, last - start, total) if start < last else ())]

    def every(self) -> Iterator[Hit]:
        """Yield all hits in order."""
        yield from self._pooled(0, len(self.ids))
        yield from islice(self.walker.every(self.body), len(self.ids), None)

    def around(self, project_id: str) -> tuple[str | None, str | None] | None:
        """Return the ids before and after a project, None at the ends; None if it is not among the best."""
        if project_id not in self.ids:
            return None
        place = self.ids.index(project_id)
        after: str | None
        if place + 1 < len(self.ids):
            after = self.ids[place + 1]
        else:
            beyond = self.walker.ask({**self.body, **ID_ALONE, "from": len(self.ids), "size": 1})
            after = next((Row(hit).id for hit in beyond["hits"]["hits"]), None)
        return (self.ids[place - 1] if place else None), after

    def _pooled(self, first: int, last: int) -> list[Hit]:
        """Return the hits of some places as the search gives them, with their scores here."""
        places = range(first, min(last, len(self.ids)))
        ids = [self.ids[place] for place in places]
        if not ids:
            return []
        asked = {**narrowed(self.body, only(ids)), "size": len(ids)}
        answer = self.walker.ask(asked, scored=self.scored)
        found = {hit["_id"]: hit for hit in answer["hits"]["hits"]}
        return [
            {**found[document_id(self.ids[place])], "_score": self.scores[place], "_lift": self.added[place]}
            for place in places
        ]
