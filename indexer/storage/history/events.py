"""Additions, changes and removals, as all runs that are kept saw them: by day, the latest day first.

They are arrays, an element for each event: there may be as many as projects. Texts are looked up for the
few that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.storage.days import date_of
from indexer.storage.history.known import place_of
from indexer.storage.history.moments import days_of
from indexer.storage.history.records import Detail, Kind, Run, unpack
from indexer.storage.segment import I64, U64

# What happens to projects, in the order in which a day tells of it.
EventKind: TypeAlias = Literal["added", "changed", "removed"]
EVENT_KINDS: tuple[EventKind, ...] = ("added", "changed", "removed")
# Of the texts of runs, those cached unpacked: a page is of one or two.
CACHED_RUNS = 4


class Columns(NamedTuple):
    """E events in the order in which they are told, each array [E].

    `runs` and `kinds` (in EVENT_KINDS) are numbers, `places` those among the run's hashes of the kind;
    `documents` are -1 for projects that are not there any more.
    """

    runs: I64
    kinds: I64
    places: I64
    hashes: U64
    documents: I64


def columns_of(runs: Sequence[Run], id_hashes: U64, id_documents: NDArray[np.integer]) -> Columns:
    """Return what runs saw of N documents, whose ids have ascending hashes uint64 [N]."""
    steps = [(run, kind) for run in range(len(runs)) for kind in range(len(EVENT_KINDS))]
    found = [runs[run].hashes[EVENT_KINDS[kind]] for run, kind in steps]
    sizes = [len(hashes) for hashes in found]
    run, kind = np.repeat(np.array(steps, np.int64).reshape(-1, 2), sizes, axis=0).T
    hashes = np.concatenate([np.zeros(0, np.uint64), *found])
    places = np.concatenate([np.zeros(0, np.int64), *(np.arange(size) for size in sizes)])
    place = place_of(id_hashes, hashes)
    documents = np.full(len(hashes), -1, np.int64)
    documents[place >= 0] = id_documents[place[place >= 0]]
    days = days_of(np.array([one.moment for one in runs], np.int64))[run]
    order = np.lexsort((hashes, documents, -run, kind, -days))
    return Columns(run[order], kind[order], places[order], hashes[order], documents[order])


class Events:
    """The events of some runs, and what was told of each; rows are numbers of events."""

    def __init__(self, columns: Columns, moments: I64, details: Sequence[bytes]) -> None:
        """Take the events of runs, and for each run its moment, int64 [runs], and its packed details."""
        self.columns, self.moments = columns, moments
        self._details = details
        self._days = days_of(moments)[columns.runs]
        self._unpacked = lru_cache(CACHED_RUNS)(lambda run: unpack(details[run]))

    def chosen(self, kinds: Sequence[str], first: int | None, last: int | None) -> NDArray[np.intp]:
        """Return the rows of events of some kinds, of all if there are none, from a day number to another."""
        chosen = np.ones(len(self._days), np.bool_)
        if kinds:
            wanted = [number for number, kind in enumerate(EVENT_KINDS) if kind in kinds]
            chosen &= np.isin(self.columns.kinds, wanted)
        if first is not None:
            chosen &= self._days >= first
        if last is not None:
            chosen &= self._days <= last
        return np.flatnonzero(chosen)

    def counts(self, rows: NDArray[np.intp], shown: NDArray[np.intp]) -> dict[tuple[date, EventKind], int]:
        """Return how many of the rows there are on the days and of the kinds of those shown."""
        size = len(EVENT_KINDS)
        numbers = self._days[rows].astype(np.int64) * size + self.columns.kinds[rows]
        wanted = dict.fromkeys(self._days[shown].astype(np.int64) * size + self.columns.kinds[shown])
        found = {int(number): int(np.count_nonzero(numbers == number)) for number in wanted}
        return {
            (date_of(number // size), EVENT_KINDS[number % size]): count for number, count in found.items()
        }

    def kind(self, row: int) -> EventKind:
        """Return what happened."""
        return EVENT_KINDS[int(self.columns.kinds[row])]

    def moment(self, row: int) -> int:
        """Return when it was seen."""
        return int(self.moments[self.columns.runs[row]])

    def detail(self, row: int) -> Detail | None:
        """Return what was told of an event; of one that is gone, else what was told when it went."""
        found = self._own(row)
        if found is None and self.columns.documents[row] < 0:
            found = self._removed.get(int(self.columns.hashes[row]))
        return found

    def _own(self, row: int) -> Detail | None:
        key: tuple[Kind, int] = (self.kind(row), int(self.columns.places[row]))
        found: dict[tuple[Kind, int], Detail] = self._unpacked(int(self.columns.runs[row]))
        return found.get(key)

    @cached_property
    def _removed(self) -> dict[int, Detail]:
        """What was told of projects when they went, the last time, by the hash of their ids."""
        rows = np.flatnonzero(self.columns.kinds == EVENT_KINDS.index("removed"))
        rows = rows[np.argsort(self.columns.runs[rows], kind="stable")]
        told = ((int(self.columns.hashes[row]), self._own(int(row))) for row in rows)
        return {key: detail for key, detail in told if detail is not None}
