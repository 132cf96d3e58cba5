"""The changes of one generation's past, with the texts of the few that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.history import events
from indexer.history.events import columns_of
from indexer.history.moments import time_of
from indexer.storage.days import day_number
from indexer.storage.segment import Segment
from search_app.backend import Changes, Event
from search_app.embedded.past.runs import Past
from search_app.embedded.postings.matches import Documents
from search_app.request import ChangesRequest
from search_app.results import IndexInfo


class Events:
    """The events of one generation's past."""

    def __init__(self, segment: Segment, past: Past) -> None:
        """Take what the runs of `past` saw; nothing is worked out before it is asked for."""
        self._segment, self._past = segment, past

    @cached_property
    def _events(self) -> events.Events:
        runs, segment = self._past.runs, self._segment
        moments = np.array([one.moment for one in runs], np.int64)
        columns = columns_of(runs, segment.id_hashes, segment.id_documents)
        return events.Events(columns, moments, [one.details for one in runs])

    def page(
        self, request: ChangesRequest, documents: Documents | None, index: IndexInfo, *, relaxed: bool = False
    ) -> Changes:
        """Return the page that is asked for of what happened, to some of the `documents` where given."""
        rows = self._select(request, documents)
        first = (request.page - 1) * request.per_page
        shown = rows[first : first + request.per_page]
        return Changes(
            request,
            total=len(rows),
            events=tuple(self._told(shown.tolist())),
            counts=self._events.counts(rows, shown),
            since=self._past.since,
            index=index,
            relaxed=relaxed,
        )

    def _select(self, request: ChangesRequest, documents: Documents | None) -> NDArray[np.intp]:
        """Return the rows of events that are asked for, in order, intp [·]."""
        first = None if request.first is None else day_number(request.first.first)
        last = None if request.last is None else day_number(request.last.last)
        rows = self._events.chosen(request.kinds, first, last)
        if documents is None:
            return rows
        # Of what is not there any more no text is left to search.
        wanted = np.zeros(len(self._segment) + 1, np.bool_)
        wanted[documents] = True
        return rows[wanted[self._events.columns.documents[rows]]]

    def _told(self, rows: Sequence[int]) -> Iterator[Event]:
        """Yield some events with their texts."""
        for row in rows:
            kind, moment = self._events.kind(row), self._events.moment(row)
            detail = self._events.detail(row)
            document = int(self._events.columns.documents[row])
            fields, seen = detail.fields if detail else None, time_of(moment)
            assert seen is not None
            if document >= 0:
                project = self._segment.project(document)
                returned = kind == "added" and int(self._past.seen.first[document]) != moment
                yield Event(kind, seen, project.id, project.title, True, fields, returned)
            else:
                name, title = (detail.id, detail.title) if detail else (None, None)
                yield Event(kind, seen, name, title, False, fields)
