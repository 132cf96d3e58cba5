"""What is known of every project after some records: first seen, last changed, and its content as it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.storage.history.moments import UNKNOWN_MOMENT
from indexer.storage.history.records import KINDS, Kind, Record, Run, Snapshot
from indexer.storage.segment import I64, U64

_NOTHING = np.zeros(0, np.uint64)
NOTHING = Snapshot(
    UNKNOWN_MOMENT,
    UNKNOWN_MOMENT,
    0,
    _NOTHING,
    _NOTHING.reshape(0, 2),
    _NOTHING.astype(np.int64),
    _NOTHING.astype(np.int64),
    _NOTHING.astype(np.bool_),
)


def known_of(records: Sequence[Record]) -> Snapshot:
    """Return what is known after records, in their order; at most the first is a snapshot.

    All is worked out at once, however many runs there were.
    """
    if not records:
        return NOTHING
    first = records[0]
    before = first if isinstance(first, Snapshot) else NOTHING
    runs = [one for one in records if isinstance(one, Run)]
    if not runs:
        return before
    hashes, place = _united([before.hashes, *(run.hashes[kind] for run in runs for kind in KINDS)])
    states = _states(before, runs, place, len(hashes))
    return Snapshot(runs[-1].moment, since_of(records), runs[-1].form, hashes, *states)


def since_of(records: Sequence[Record]) -> int:
    """Return the moment when records, at least one, begin to say when projects were first seen."""
    # A snapshot keeps the beginning of the records that it replaced, so the first record has it.
    return records[0].since


def told_after(records: Sequence[Record]) -> int:
    """Return the moment up to which records say nothing of what happened one by one, 0 where they say all."""
    # A snapshot says how things were after the runs that it replaced, not what each of these saw.
    return records[0].moment if records and isinstance(records[0], Snapshot) else UNKNOWN_MOMENT


def _united(parts: Sequence[U64]) -> tuple[U64, list[NDArray[np.intp]]]:
    """Return all hashes once, ascending, and where those of each part are among them."""
    hashes, inverse = np.unique(np.concatenate(parts), return_inverse=True)
    return hashes, np.split(inverse.reshape(-1), np.cumsum([len(part) for part in parts])[:-1])


def _states(
    before: Snapshot, runs: Sequence[Run], places: Sequence[NDArray[np.intp]], size: int
) -> tuple[U64, I64, I64, NDArray[np.bool_]]:
    fingerprints = np.zeros((size, 2), np.uint64)
    first, changed = np.zeros(size, np.int64), np.zeros(size, np.int64)
    present, seen = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    own, *rest = places
    fingerprints[own], first[own], changed[own] = before.fingerprints, before.first, before.changed
    present[own], seen[own] = before.present, True
    steps: list[tuple[Run, Kind]] = [(run, kind) for run in runs for kind in KINDS]
    for (run, kind), place in zip(steps, rest, strict=True):
        present[place] = kind != "removed"
        if kind in run.fingerprints:
            fingerprints[place] = run.fingerprints[kind]
        if kind == "changed":
            changed[place] = run.moment
        if kind == "added":
            first[place[~seen[place]]] = run.moment
        seen[place] = True
    return fingerprints, first, changed, present


def place_of(hashes: U64, wanted: U64) -> NDArray[np.intp]:
    """Return where each wanted hash stands among ascending `hashes`, intp [wanted], -1 where it does not."""
    if not len(hashes):
        return np.full(len(wanted), -1, np.intp)
    if np.array_equal(hashes, wanted):
        # As it nearly always is, and seen far sooner than found.
        return np.arange(len(hashes))
    nearest = np.minimum(np.searchsorted(hashes, wanted), len(hashes) - 1)
    return np.where(hashes[nearest] == wanted, nearest, -1)
