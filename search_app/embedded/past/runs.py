"""What the history says of the projects of one generation, up to that generation."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import numpy as np

from indexer.history import journal
from indexer.history.journal import Journal
from indexer.history.known import known_of, place_of
from indexer.history.moments import moment_of, time_of
from indexer.history.records import Run, Snapshot
from indexer.storage.segment import Segment
from search_app.facets.seen import Seen

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Past:
    """When each document was first seen and last changed, and what each run saw, the oldest first.

    `since` is when the history begins, None where there is none; of projects from before it nobody knows when
    they were first seen.
    """

    seen: Seen
    since: datetime | None = None
    runs: tuple[Run, ...] = ()

    @classmethod
    def of(cls, folder: Path, segment: Segment) -> Self:
        """Return what the history beside the generation in `folder` says; nothing where it cannot be read."""
        found = _read(folder.parent)
        served = moment_of(folder.name)
        # What later runs saw is not in this generation: somebody went back to it, or they were not published.
        records = [one for one in found.records if isinstance(one, Snapshot) or one.moment <= served]
        known = known_of(records)
        if not records:
            return cls(Seen.never(len(segment)))
        place = place_of(known.hashes, segment.id_hashes)
        first, changed = np.zeros(len(segment), np.int64), np.zeros(len(segment), np.int64)
        there = segment.id_documents[place >= 0]
        first[there], changed[there] = known.first[place[place >= 0]], known.changed[place[place >= 0]]
        runs = tuple(one for one in records if isinstance(one, Run))
        return cls(Seen(first, changed), time_of(known.since), runs)


def _read(index_dir: Path) -> Journal:
    try:
        found = journal.read(index_dir)
    except OSError as error:
        _log.warning("the history cannot be read: %s", error.strerror)
        return Journal()
    if found.damage:
        _log.warning("the history is damaged (%s): the next reindex says what to do", found.damage)
    return found
