"""Past: what happened to projects, as the history that was published with a generation tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property, partial

import numpy as np

from indexer.cluster.client import Cluster
from indexer.cluster.documents.past import events_of
from indexer.cluster.facts import read_more
from indexer.cluster.generations import Generation
from indexer.storage.arrays.text_tables import Texts
from indexer.storage.history.moments import time_of
from indexer.storage.segment import I64
from search_app.backend.page_of_changes import Changes, Chronicle, Present
from search_app.cluster.asking.reading import TextReader
from search_app.cluster.asking.translation import Query, all_of
from search_app.cluster.found import SEEN_FIELDS, Row
from search_app.cluster.walking import ID_ALONE, Hit, Walker, only
from search_app.request import ChangesRequest
from search_app.results import IndexInfo

# Ids that one request asks after.
AT_ONCE = 5_000


class Past:
    """The past of one generation; threads may share it."""

    def __init__(
        self, cluster: Cluster, generation: Generation, texts: TextReader, walker: Walker, info: IndexInfo
    ) -> None:
        """Read nothing yet; `texts` reads what changes are searched by, `walker` finds it."""
        self._cluster, self._generation = cluster, generation
        self._texts, self._walker, self._info = texts, walker, info

    @property
    def since(self) -> datetime | None:
        """When the history of the index begins, None where there is none."""
        return time_of(int(self._generation.meta.get("since", 0)))

    @property
    def told_after(self) -> datetime | None:
        """Up to when what happened is not kept one by one, None where all of it is."""
        return time_of(int(self._generation.meta.get("told_after", 0)))

    def page(self, request: ChangesRequest) -> Changes:
        """Return a page of what happened to projects."""
        read = self._texts.read(request.q, "and", True) if request.q.strip() else None
        how = (read.relaxed_to, read.parsed.warnings) if read else (None, ())
        if self._told is None:
            return Changes(request, 0, (), {}, self.since, self.told_after, self._info, *how)
        chronicle, ids = self._told
        rows = chronicle.chosen(request)
        if read:
            query = self._texts.translation(read.tree).query(read.tree)
            known = np.unique(chronicle.events.columns.documents[rows])
            rows = chronicle.among(rows, self._matching(known[known >= 0], ids, query))
        return chronicle.page(request, rows, *how)

    @cached_property
    def _told(self) -> tuple[Chronicle, Texts] | None:
        """The events and the ids of their documents, None where none were published."""
        digest = self._generation.meta.get("past")
        if digest is None:
            return None
        facts_index = self._generation.facts_index
        events, ids = events_of(read_more(self._cluster, facts_index, "past", str(digest)))
        present = partial(self._present, ids)
        return Chronicle(events, self.since, self.told_after, self._info, present), ids

    def _present(self, ids: Texts, documents: Sequence[int]) -> dict[int, Present]:
        """Return some projects as the cluster has them."""
        named = {document: ids[document] for document in documents}
        stored = {"_source": ["stored"], "docvalue_fields": [*SEEN_FIELDS]}
        rows = self._walker.of_ids([*named.values()], stored)
        return {
            document: Present(row.project.id, row.project.title, row.when.first_seen)
            for document, row in ((document, rows[name]) for document, name in named.items())
        }

    def _matching(self, documents: I64, ids: Texts, query: Query) -> I64:
        """Return those of some documents that a query finds, int64 [·]."""
        names = [ids[one] for one in documents.tolist()]
        found = self._found(names, query)
        return documents[[name in found for name in names]]

    def _found(self, ids: Sequence[str], query: Query) -> set[str]:
        """Return those of some ids that a query finds: all that it finds, where those are fewer."""
        counted = self._walker.ask({"query": all_of([query]), "size": 0, "track_total_hits": True})
        few = int(counted["hits"]["total"]["value"]) < len(ids)
        return {Row(hit).id for hit in (self._all(query) if few else self._among(ids, query))}

    def _all(self, query: Query) -> Iterator[Hit]:
        return self._walker.every({"query": all_of([query]), "sort": [{"id": "asc"}], **ID_ALONE})

    def _among(self, ids: Sequence[str], query: Query) -> Iterator[Hit]:
        for first in range(0, len(ids), AT_ONCE):
            both = all_of([query, only(ids[first : first + AT_ONCE])])
            yield from self._walker.ask({"query": both, "size": AT_ONCE, **ID_ALONE})["hits"]["hits"]
