"""What differs between the generation that a cluster has and a new one, if it may be sent alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.cluster.documents.own_there import spellings_of
from indexer.cluster.turning import Moments
from indexer.storage.segment import Segment

# Above this share of new or changed projects, all are sent: a clone would be mostly deletions. So they are
# where the mean lengths have moved by more than so much: old frequencies would be too far from new ones.
MOST_CHANGED, MOST_DRIFT = 0.2, 0.02


@dataclass(frozen=True, slots=True)
class Delta:
    """The documents to send, ascending, and the ids to delete."""

    changed: NDArray[np.intp]
    removed: list[str]

    def __len__(self) -> int:
        return len(self.changed) + len(self.removed)


def delta_of(prior: Segment, new: Segment, seen: tuple[Moments, Moments], drift: float) -> Delta | None:
    """Return what differs, None where all has to be sent.

    `seen` says when the documents of both were seen: after a rollback only that may differ.
    `drift` is by how much mean lengths have moved since what `prior` was measured by.
    """
    same_fields = bytes(prior.own_fields) == bytes(new.own_fields)
    same_rules = list(prior.word_rules) == list(new.word_rules)
    if drift > MOST_DRIFT or not same_fields or not same_rules or _respelled(prior, new):
        return None
    found = _differences(prior, new, seen)
    return found if len(found) <= MOST_CHANGED * len(new) else None


def _differences(prior: Segment, new: Segment, seen: tuple[Moments, Moments]) -> Delta:
    """Return the documents of `new` that `prior` has not as they are, and the ids that only `prior` has."""
    before, now = _marks(prior, seen[0]), _marks(new, seen[1])
    gone = np.flatnonzero(~np.isin(before, now))
    ids = (prior.project(int(number)).id for number in gone)
    return Delta(np.flatnonzero(~np.isin(now, before)), [one for one in ids if new.find(one) is None])


def _marks(segment: Segment, seen: Moments) -> NDArray[np.void]:
    """Return the fingerprint of each document and when it was seen as one value."""
    moments = [seen[name].view(np.uint64) for name in sorted(seen)]
    rows = np.column_stack([segment.fingerprints, *moments])
    found: NDArray[np.void] = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    return found


def _respelled(prior: Segment, new: Segment) -> bool:
    """Tell whether another spelling stands for a value now: what was sent before has the old one."""
    return any(
        now.get(spelled, first) != first
        for before, now in zip(spellings_of(prior), spellings_of(new), strict=True)
        for spelled, first in before.items()
    )
