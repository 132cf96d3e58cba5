"""When the documents of a generation were first seen and last changed, as the history beside it tells."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexer.cluster.turning import Moments
from indexer.history import journal
from indexer.history.known import known_of, place_of
from indexer.history.moments import moment_of
from indexer.history.records import Snapshot
from indexer.storage.segment import Segment


def moments_of(folder: Path, segment: Segment) -> Moments:
    """Return the moments of the documents of the generation in `folder`; raise OSError."""
    served = moment_of(folder.name)
    records = journal.read(folder.parent).records
    known = known_of([one for one in records if isinstance(one, Snapshot) or one.moment <= served])
    place = place_of(known.hashes, segment.id_hashes)
    found = {}
    for name, moments in (("added", known.first), ("changed", known.changed)):
        found[name] = np.zeros(len(segment), np.int64)
        found[name][segment.id_documents[place >= 0]] = moments[place[place >= 0]]
    return found
