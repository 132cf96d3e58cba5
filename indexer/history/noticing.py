"""What a run sees: the projects of a new generation against all that is known, and against the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.document import STORED_FORM, Project
from indexer.reporting.report import FieldChange, compare
from indexer.storage.arrays.sums import changes
from indexer.storage.history.known import NOTHING, known_of, place_of
from indexer.storage.history.records import KINDS, Detail, Kind, Run, Snapshot, pack
from indexer.storage.segment import U64, Segment

# Of a value that is longer, the part around the first difference is told: the project has the whole.
MOST_VALUE, BEFORE_DIFFERENCE = 1_000, 100

Mask: TypeAlias = NDArray[np.bool_]
# Hashes of ids, ascending, and the fingerprints of what the projects say.
Prints: TypeAlias = tuple[U64, U64]


@dataclass(frozen=True, slots=True)
class Content:
    """The projects of a segment by the hash of their ids: each hash once, ascending."""

    segment: Segment
    hashes: U64
    documents: NDArray[np.intp]

    @classmethod
    def of(cls, segment: Segment) -> Content:
        """Return the content of a segment."""
        first = np.flatnonzero(changes(segment.id_hashes))
        return cls(segment, segment.id_hashes[first], segment.id_documents[first].astype(np.intp))

    def fingerprints(self, rows: NDArray[np.intp] | Mask) -> U64:
        """Return the fingerprints of some of the projects, uint64 [rows, 2]."""
        return self.segment.fingerprints[self.documents[rows]]

    def stored(self, row: int) -> bytes:
        """Return the stored form of a project."""
        return self.segment.stored[int(self.documents[row])]

    def project(self, row: int) -> Project:
        """Return a project."""
        return self.segment.project(int(self.documents[row]))


class Look(NamedTuple):
    """When a run looks at the projects, and since when those that nobody has looked at are known to be there.

    Both are moments; the index is `fresh` where there was none before, not even a damaged one.
    """

    moment: int
    since: int
    fresh: bool = False


def noticed(new: Segment, prior: Segment | None, last: Segment | None, known: Snapshot, look: Look) -> Run:
    """Return what a run sees.

    `prior` is the generation before, if that can be read: what of it is not known was there before anybody
    looked. Unless the index is fresh, so is all of `new` where nothing is known and nothing before it can be
    read. `last` is the generation whose run the history has as its last: `prior`, but for a rollback.
    """
    after = Content.of(new)
    before = Content.of(prior) if prior is not None else None
    told = before if last is prior else Content.of(last) if last is not None else None
    nothing_known = before is None and not look.fresh and not len(known.hashes)
    adopted = _unknown(known, after if nothing_known else before)
    state = known_of([known, _adopting(adopted, look)]) if len(adopted[0]) else known
    place = place_of(state.hashes, after.hashes)
    there = np.zeros(len(place), np.bool_)
    there[place >= 0] = state.present[place[place >= 0]]
    other = there.copy()
    other[there] = (state.fingerprints[place[there]] != after.fingerprints(there)).any(axis=1)
    comparable = known.form in (0, STORED_FORM)
    changed = _really(other, after, told, comparable=comparable)
    # The same in another form or order, or with other names of its grantee, is noticed and is no change.
    adopted = _both((after.hashes[other & ~changed], after.fingerprints(other & ~changed)), adopted)
    gone = state.hashes[state.present & (place_of(after.hashes, state.hashes) < 0)]
    return Run(
        look.moment, look.since, STORED_FORM,
        {"adopted": adopted[0], "added": after.hashes[~there], "changed": after.hashes[changed],
         "removed": gone},
        {"adopted": adopted[1], "added": after.fingerprints(~there), "changed": after.fingerprints(changed)},
        pack(_details(after, told, np.flatnonzero(changed), gone)),
    )  # fmt: skip


def _unknown(known: Snapshot, before: Content | None) -> Prints:
    """Return what was there before anybody looked, as hashes and fingerprints."""
    if before is None:
        return NOTHING.hashes, NOTHING.fingerprints
    new = place_of(known.hashes, before.hashes) < 0
    return before.hashes[new], before.fingerprints(new)


def _adopting(adopted: Prints, look: Look) -> Run:
    nothing: dict[Kind, U64] = dict.fromkeys(KINDS, NOTHING.hashes)
    return Run(
        look.moment, look.since, STORED_FORM, {**nothing, "adopted": adopted[0]}, {"adopted": adopted[1]}
    )


def _both(first: Prints, second: Prints) -> Prints:
    """Return two lists of hashes with fingerprints as one; where both have a hash, the first counts."""
    hashes, rows = np.unique(np.concatenate([first[0], second[0]]), return_index=True)
    return hashes, np.concatenate([first[1], second[1]])[rows]


def _really(other: Mask, after: Content, before: Content | None, *, comparable: bool) -> Mask:
    """Return which of the projects with other fingerprints say something else than when last told of."""
    changed = other.copy()
    rows = np.flatnonzero(other)
    old = np.full(len(rows), -1, np.intp) if before is None else place_of(before.hashes, after.hashes[rows])
    for row, place in zip(rows.tolist(), old.tolist(), strict=True):
        if before is not None and place >= 0:
            differs = after.stored(row) != before.stored(place)
            # A publisher may put its columns in another order: that says nothing else.
            changed[row] = differs and bool(compare(before.project(place), after.project(row)))
        else:
            changed[row] = comparable
    return changed


def _details(
    after: Content, before: Content | None, changed: NDArray[np.intp], gone: U64
) -> Iterator[tuple[Kind, int, Detail]]:
    """Yield in words what only the generation before can tell; first of those that nothing else tells of."""
    if before is None:
        return
    for number, place in enumerate(place_of(before.hashes, gone).tolist()):
        if place >= 0:
            project = before.project(place)
            yield "removed", number, Detail(project.id, project.title)
    old = place_of(before.hashes, after.hashes[changed]).tolist()
    for number, (row, place) in enumerate(zip(changed.tolist(), old, strict=True)):
        if place >= 0:
            project = after.project(row)
            fields = tuple(map(_told, compare(before.project(place), project)))
            yield "changed", number, Detail(project.id, project.title, fields)


def _told(change: FieldChange) -> tuple[str, str, str]:
    shown = change.shown(MOST_VALUE, BEFORE_DIFFERENCE)
    return shown.field, shown.before, shown.after
