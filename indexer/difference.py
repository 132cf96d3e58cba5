"""What is new in a corpus against the last generation: by fingerprint first, by id for the rest."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.document import Project
from indexer.intake import Intake
from indexer.report import Change, compare
from indexer.segment import Segment

# A first build of 60,000 projects need not list them; the counts are always exact.
LISTED_CHANGES = 1_000


@dataclass(frozen=True, slots=True)
class Difference:
    """New documents against old ones.

    `new_numbers` int64 [old] is the number an old document has now, ascending, -1 where it is gone or
    changed; `fresh` int64 [·] the documents that have to be analysed, ascending.
    """

    new_numbers: NDArray[np.int64]
    fresh: NDArray[np.int64]
    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    removed: tuple[Change, ...]
    added_count: int
    changed_count: int
    removed_count: int


def difference(intake: Intake, order: NDArray[np.intp], prior: Segment | None) -> Difference:
    """Compare what was taken in, in display `order`, with the segment before."""
    marks = intake.marks()[order]
    if prior is None:
        fresh = np.arange(len(order))
        added = tuple(
            Change(one.id, one.title, one.place) for one in _projects(intake, order[:LISTED_CHANGES])
        )
        return Difference(np.zeros(0, np.int64), fresh, added, (), (), len(order), 0, 0)
    new_numbers = _match(prior.fingerprints, marks)
    known = np.zeros(len(order), np.bool_)
    known[new_numbers[new_numbers >= 0]] = True
    fresh = np.flatnonzero(~known)
    return _listed(intake, order, prior, new_numbers, fresh)


def _listed(
    intake: Intake,
    order: NDArray[np.intp],
    prior: Segment,
    new_numbers: NDArray[np.int64],
    fresh: NDArray[np.int64],
) -> Difference:
    added: list[Change] = []
    changed: list[Change] = []
    replaced = 0
    for project in _projects(intake, order[fresh]):
        before = prior.find(project.id)
        replaced += before is not None
        if before is None and len(added) < LISTED_CHANGES:
            added.append(Change(project.id, project.title, project.place))
        elif before is not None and len(changed) < LISTED_CHANGES:
            fields = compare(prior.project(before), project)
            changed.append(Change(project.id, project.title, project.place, fields))
    removed: list[Change] = []
    gone = np.flatnonzero(new_numbers < 0)
    for document in gone.tolist():
        if len(removed) == LISTED_CHANGES:
            break
        project = prior.project(document)
        if project.id not in intake.projects:
            removed.append(Change(project.id, project.title, ""))
    return Difference(
        new_numbers, fresh, tuple(added), tuple(changed), tuple(removed),
        len(fresh) - replaced, replaced, len(gone) - replaced,
    )  # fmt: skip


def _match(old: NDArray[np.uint64], new: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return for each old fingerprint [old, 2] the place of the same one in `new` [new, 2], or -1."""
    if not len(new):
        return np.full(len(old), -1, np.int64)
    by_key = np.argsort(new[:, 0], kind="stable")
    found = np.searchsorted(new[by_key, 0], old[:, 0])
    candidates = by_key[np.minimum(found, len(new) - 1)]
    return np.where((new[candidates] == old).all(axis=1), candidates, -1)


def _projects(intake: Intake, records: NDArray[np.intp]) -> Iterator[Project]:
    """Yield spilled projects with their places."""
    if not len(records):
        return
    intake.spill.flush()
    with mmap.mmap(intake.spill.fileno(), 0, access=mmap.ACCESS_READ) as spill:
        for record in records.tolist():
            begin, size = intake.offsets[record], intake.sizes[record]
            yield Project.from_stored(spill[begin : begin + size], place=intake.places[record])
