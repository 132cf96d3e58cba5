"""What the history says of the projects of one generation, up to that generation."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from indexer.storage.history import journal
from indexer.storage.history.journal import Journal
from indexer.storage.history.known import known_of, place_of, since_of, told_after
from indexer.storage.history.moments import moment_of, time_of
from indexer.storage.history.records import Record, Run, Snapshot
from indexer.storage.segment import I64, Segment
from search_app.facets.seen import Seen

_log = logging.getLogger(__name__)


class Past:
    """When each document was first seen and last changed, and what each run saw; read when asked for."""

    def __init__(self, segment: Segment, folder: Path | None = None) -> None:
        """Take what the history beside the generation in `folder` says of `segment`.

        That is nothing where there is no folder, or where the history cannot be read.
        """
        self._segment, self._folder = segment, folder
        self.seen = Seen(self._moments)

    @cached_property
    def _records(self) -> tuple[Record, ...]:
        if self._folder is None:
            return ()
        served = moment_of(self._folder.name)
        # What later runs saw is not in this generation: somebody went back to it, or they were not published.
        records = _read(self._folder.parent).records
        return tuple(one for one in records if isinstance(one, Snapshot) or one.moment <= served)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """What each run saw, the oldest first."""
        return tuple(one for one in self._records if isinstance(one, Run))

    @cached_property
    def since(self) -> datetime | None:
        """When the history begins, None where there is none.

        Of projects from before it nobody knows when they were first seen.
        """
        return time_of(since_of(self._records)) if self._records else None

    @property
    def told_after(self) -> datetime | None:
        """Up to when what happened is not kept one by one, None where all of it is."""
        return time_of(told_after(self._records))

    def _moments(self) -> tuple[I64, I64]:
        """Return when each document was first seen and last changed, int64 [N], 0 where that is not known."""
        segment, known = self._segment, known_of(self._records)
        place = place_of(known.hashes, segment.id_hashes)
        first, changed = np.zeros(len(segment), np.int64), np.zeros(len(segment), np.int64)
        there = segment.id_documents[place >= 0]
        first[there], changed[there] = known.first[place[place >= 0]], known.changed[place[place >= 0]]
        return first, changed


def _read(index_dir: Path) -> Journal:
    try:
        found = journal.read(index_dir)
    except OSError as error:
        _log.warning("the history cannot be read: %s", error.strerror)
        return Journal()
    if found.damage:
        _log.warning("the history is damaged (%s): the next reindex says what to do", found.damage)
    return found
