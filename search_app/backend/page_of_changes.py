"""Changes: a page of what happened to projects, made in the same way from the events of either backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.storage.days import day_number
from indexer.storage.history.events import EventKind, Events
from indexer.storage.history.moments import time_of
from search_app.request import ChangesRequest
from search_app.results import IndexInfo, RelaxedTo, Repair

Rows: TypeAlias = NDArray[np.intp]


class Event(NamedTuple):
    """What happened to a project in a run of `reindex`; id and title are None where nobody knows any more.

    `there` tells whether the index has it. `fields` are name, value before and value after, None where that
    was not recorded; `returned` is set for one that was added again. `hash` is that of its id, known of all.
    """

    kind: EventKind
    moment: datetime
    id: str | None
    title: str | None
    there: bool
    fields: tuple[tuple[str, str, str], ...] | None = None
    returned: bool = False
    hash: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of events; `total` are all that were asked for, `counts` how many on each day of each kind.

    `since` is when the history begins, None where there is none; `told_after` up to when what happened is not
    kept one by one, None where all of it is. `relaxed_to` and `warnings` are as of a search.
    """

    request: ChangesRequest
    total: int
    events: tuple[Event, ...]
    counts: Mapping[tuple[date, EventKind], int]
    since: datetime | None
    told_after: datetime | None
    index: IndexInfo
    relaxed_to: RelaxedTo | None = None
    warnings: tuple[Repair, ...] = ()

    @property
    def relaxed(self) -> bool:
        """Whether no project has the words as they were asked for, and the search was relaxed."""
        return self.relaxed_to is not None

    @property
    def pages(self) -> int:
        """The number of pages; 0 when nothing happened."""
        return -(-self.total // self.request.per_page)


class Present(NamedTuple):
    """A project that the index has: what an event says of it, and when it was first seen."""

    id: str
    title: str
    first_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The events of a generation, when its history begins, and up to when it does not keep them one by one.

    Rows are numbers of events, in order.

    `present` gives the projects of some documents, each by its document.
    """

    events: Events
    since: datetime | None
    told_after: datetime | None
    index: IndexInfo
    present: Callable[[Sequence[int]], Mapping[int, Present]]

    def chosen(self, request: ChangesRequest) -> Rows:
        """Return the rows of the kinds and days that are asked for, intp [·]."""
        first = None if request.first is None else day_number(request.first.first)
        last = None if request.last is None else day_number(request.last.last)
        return self.events.chosen(request.kinds, first, last)

    def among(self, rows: Rows, documents: NDArray[np.integer]) -> Rows:
        """Return the rows that are about some documents; of what is not there any more no text is left."""
        return rows[np.isin(self.events.columns.documents[rows], documents)]

    def page(
        self,
        request: ChangesRequest,
        rows: Rows,
        relaxed_to: RelaxedTo | None = None,
        warnings: tuple[Repair, ...] = (),
    ) -> Changes:
        """Return the page that is asked for of some rows; with words, also how these were read."""
        first = (request.page - 1) * request.per_page
        shown = rows[first : first + request.per_page]
        return Changes(
            request,
            total=len(rows),
            events=tuple(self._told(shown.tolist())),
            counts=self.events.counts(rows, shown),
            since=self.since,
            told_after=self.told_after,
            index=self.index,
            relaxed_to=relaxed_to,
            warnings=warnings,
        )

    def _told(self, rows: Sequence[int]) -> Iterator[Event]:
        """Yield some events with their texts."""
        documents = {row: int(self.events.columns.documents[row]) for row in rows}
        present = self.present(sorted({one for one in documents.values() if one >= 0}))
        for row in rows:
            kind, moment, detail = (
                self.events.kind(row),
                time_of(self.events.moment(row)),
                self.events.detail(row),
            )
            fields, hashed = detail.fields if detail else None, int(self.events.columns.hashes[row])
            assert moment is not None
            if documents[row] >= 0:
                project = present[documents[row]]
                returned = kind == "added" and project.first_seen != moment
                yield Event(kind, moment, project.id, project.title, True, fields, returned, hashed)
            else:
                name, title = (detail.id, detail.title) if detail else (None, None)
                yield Event(kind, moment, name, title, False, fields, hash=hashed)
