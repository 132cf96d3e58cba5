"""Additions, changes and removals, as all runs that are kept saw them: by day, the latest day first.

They are arrays, an element for each event: there may be as many as projects. Texts are looked up for the
few that are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.history.known import place_of
from indexer.history.moments import days_of, time_of
from indexer.history.records import Detail, Kind, Run, unpack
from indexer.storage.days import date_of, day_number
from indexer.storage.segment import U64, Segment
from search_app.backend import KINDS, Changes, Event, EventKind
from search_app.embedded.past.runs import Past
from search_app.embedded.postings.matches import Documents
from search_app.request import ChangesRequest
from search_app.results import IndexInfo

# Of the texts of runs, those cached unpacked: a page is of one or two.
CACHED_RUNS = 4


class Columns(NamedTuple):
    """E events in the order in which they are told, each array [E].

    `runs` and `kinds` (in KINDS) are numbers, `places` those among the run's hashes of the kind; `documents`
    are -1 for projects that are not there any more.
    """

    runs: NDArray[np.int64]
    kinds: NDArray[np.int64]
    places: NDArray[np.int64]
    hashes: U64
    documents: NDArray[np.int64]
    days: NDArray[np.int32]


class Events:
    """The events of one generation's past."""

    def __init__(self, segment: Segment, past: Past) -> None:
        """Take what the runs of `past` saw; nothing is worked out before it is asked for."""
        self._segment, self._past = segment, past
        self._details = lru_cache(CACHED_RUNS)(self._unpacked)

    @cached_property
    def _columns(self) -> Columns:
        runs = self._past.runs
        steps = [(run, kind) for run in range(len(runs)) for kind in range(len(KINDS))]
        found = [runs[run].hashes[KINDS[kind]] for run, kind in steps]
        sizes = [len(hashes) for hashes in found]
        run, kind = (np.repeat(np.array(one, np.int64), sizes) for one in zip(*steps, strict=True))
        hashes = np.concatenate(found)
        places = np.concatenate([np.arange(size) for size in sizes])
        place = place_of(self._segment.id_hashes, hashes)
        documents = np.where(place >= 0, self._segment.id_documents.astype(np.int64)[place], -1)
        days = days_of(np.array([one.moment for one in runs], np.int64))[run]
        order = np.lexsort((hashes, documents, -run, kind, -days))
        return Columns(run[order], kind[order], places[order], hashes[order], documents[order], days[order])

    def page(
        self, request: ChangesRequest, documents: Documents | None, index: IndexInfo, *, relaxed: bool = False
    ) -> Changes:
        """Return the page that is asked for of what happened, to some of the `documents` where given."""
        rows = self._select(request, documents)
        first = (request.page - 1) * request.per_page
        shown = rows[first : first + request.per_page].tolist()
        return Changes(
            request,
            total=len(rows),
            events=tuple(self._told(shown)),
            counts=self._counts(rows, shown),
            since=self._past.since,
            index=index,
            relaxed=relaxed,
        )

    def _select(self, request: ChangesRequest, documents: Documents | None) -> NDArray[np.intp]:
        """Return the rows of events that are asked for, in order, intp [·]."""
        if not self._past.runs:
            return np.zeros(0, np.intp)
        columns = self._columns
        chosen = np.ones(len(columns.runs), np.bool_)
        if request.kinds:
            chosen &= np.isin(columns.kinds, [KINDS.index(kind) for kind in request.kinds])
        if request.first is not None:
            chosen &= columns.days >= day_number(request.first.first)
        if request.last is not None:
            chosen &= columns.days <= day_number(request.last.last)
        if documents is not None:
            # Of what is not there any more no text is left to search.
            there = columns.documents >= 0
            wanted = np.zeros(len(self._segment), np.bool_)
            wanted[documents] = True
            chosen[there] &= wanted[columns.documents[there]]
            chosen &= there
        return np.flatnonzero(chosen)

    def _counts(self, rows: NDArray[np.intp], shown: Sequence[int]) -> dict[tuple[date, EventKind], int]:
        """Return how many of the events asked for there are, on the days and of the kinds that are shown."""
        if not shown:
            return {}
        columns = self._columns
        numbers = columns.days[rows].astype(np.int64) * len(KINDS) + columns.kinds[rows]
        wanted = dict.fromkeys(
            columns.days[shown].astype(np.int64) * len(KINDS) + columns.kinds[shown].astype(np.int64)
        )
        return {
            (date_of(int(number) // len(KINDS)), KINDS[int(number) % len(KINDS)]): int(
                np.count_nonzero(numbers == number)
            )
            for number in wanted
        }

    def _told(self, rows: Sequence[int]) -> Iterator[Event]:
        """Yield some events with their texts."""
        for row in rows:
            columns = self._columns
            run, kind = self._past.runs[columns.runs[row]], KINDS[columns.kinds[row]]
            detail = self._details(int(columns.runs[row])).get((kind, int(columns.places[row])))
            document = int(columns.documents[row])
            moment = time_of(run.moment)
            assert moment is not None
            if document >= 0:
                project = self._segment.project(document)
                returned = kind == "added" and int(self._past.seen.first[document]) != run.moment
                fields = detail.fields if detail else None
                yield Event(kind, moment, project.id, project.title, True, fields, returned)
            else:
                detail = detail or self._removed.get(int(columns.hashes[row]))
                name, title = (detail.id, detail.title) if detail else (None, None)
                yield Event(kind, moment, name, title, False, detail.fields if detail else None)

    @cached_property
    def _removed(self) -> dict[int, Detail]:
        """What was told of projects when they went, by the hash of their ids."""
        return {
            int(run.hashes["removed"][place]): detail
            for run in self._past.runs
            for (kind, place), detail in unpack(run.details).items()
            if kind == "removed" and place < run.count("removed")
        }

    def _unpacked(self, number: int) -> dict[tuple[Kind, int], Detail]:
        run: Run = self._past.runs[number]
        return unpack(run.details)
