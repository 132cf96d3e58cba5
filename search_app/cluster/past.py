"""Past: what happened to projects, as the history that was published with a generation tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.cluster.client import Cluster
from indexer.cluster.documents.past import events_of
from indexer.cluster.facts import read_more
from indexer.cluster.generations import Generation
from indexer.history.events import Events
from indexer.history.moments import time_of
from indexer.storage.arrays.text_tables import Texts
from indexer.storage.days import day_number
from search_app.backend import Changes, Event
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

    @cached_property
    def _told(self) -> tuple[Events, Texts] | None:
        """The events and the ids of their documents, None where none were published."""
        digest = self._generation.meta.get("past")
        if digest is None:
            return None
        return events_of(read_more(self._cluster, self._generation.facts_index, "past", str(digest)))

    def page(self, request: ChangesRequest) -> Changes:
        """Return a page of what happened to projects."""
        if self._told is None:
            return Changes(request, 0, (), {}, self.since, self._info)
        events, ids = self._told
        first = None if request.first is None else day_number(request.first.first)
        last = None if request.last is None else day_number(request.last.last)
        rows, relaxed = events.chosen(request.kinds, first, last), False
        if request.q.strip():
            read = self._texts.read(request.q, "and", True)
            relaxed = read.relaxed_to is not None
            rows = self._narrowed(rows, events, ids, self._texts.translation(read.tree).query(read.tree))
        begin = (request.page - 1) * request.per_page
        shown = rows[begin : begin + request.per_page]
        return Changes(
            request,
            total=len(rows),
            events=tuple(self._events(events, ids, shown.tolist())),
            counts=events.counts(rows, shown),
            since=self.since,
            index=self._info,
            relaxed=relaxed,
        )

    def _narrowed(self, rows: NDArray[np.intp], events: Events, ids: Texts, query: Query) -> NDArray[np.intp]:
        """Return the rows whose projects a query finds; of what is not there any more no text is left."""
        documents = events.columns.documents[rows]
        known = np.unique(documents[documents >= 0]).tolist()
        found = self._found([ids[one] for one in known], query)
        wanted = np.zeros(len(ids) + 1, np.bool_)
        wanted[[one for one in known if ids[one] in found]] = True
        return rows[wanted[documents]]

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

    def _events(self, events: Events, ids: Texts, rows: Sequence[int]) -> Iterator[Event]:
        """Yield some events with their texts, those of projects that are there from the cluster."""
        documents = {row: int(events.columns.documents[row]) for row in rows}
        shown = [ids[one] for one in set(documents.values()) if one >= 0]
        there = self._walker.of_ids(shown, {"_source": ["stored"], "docvalue_fields": [*SEEN_FIELDS]})
        for row in rows:
            kind, moment, detail = events.kind(row), time_of(events.moment(row)), events.detail(row)
            fields = detail.fields if detail else None
            assert moment is not None
            if documents[row] >= 0:
                found = there[ids[documents[row]]]
                project, returned = found.project, kind == "added" and found.when.first_seen != moment
                yield Event(kind, moment, project.id, project.title, True, fields, returned)
            else:
                name, title = (detail.id, detail.title) if detail else (None, None)
                yield Event(kind, moment, name, title, False, fields)
