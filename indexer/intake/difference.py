"""What is new in a corpus against the last generation: by fingerprint first, by id for the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.intake.columns import Columns, matched
from indexer.reporting.report import Change, compare
from indexer.storage.segment import Segment

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


def difference(columns: Columns, prior: Segment | None) -> Difference:
    """Compare what was accepted with the segment before."""
    if prior is None:
        fresh = np.arange(len(columns))
        added = tuple(
            Change(one.id, one.title, one.source_line)
            for one in map(columns.project, fresh[:LISTED_CHANGES].tolist())
        )
        return Difference(np.zeros(0, np.int64), fresh, added, (), (), len(columns), 0, 0)
    new_numbers = _new_numbers(columns, prior)
    known = np.zeros(len(columns), np.bool_)
    known[new_numbers[new_numbers >= 0]] = True
    return _listed(columns, prior, new_numbers, np.flatnonzero(~known))


def _new_numbers(columns: Columns, prior: Segment) -> NDArray[np.int64]:
    if columns.intake.earlier is None:
        return matched(prior.fingerprints, columns.fingerprints)
    # Whatever is as it was has been accepted as a document of the last generation.
    numbers = np.full(len(prior), -1, np.int64)
    numbers[columns.old] = np.flatnonzero(~columns.is_row)
    return numbers


def _listed(
    columns: Columns, prior: Segment, new_numbers: NDArray[np.int64], fresh: NDArray[np.int64]
) -> Difference:
    added: list[Change] = []
    changed: list[Change] = []
    replaced: set[int] = set()
    changed_count = 0
    for project in map(columns.project, fresh.tolist()):
        before = prior.find(project.id)
        if before is not None:
            replaced.add(before)
        if before is None:
            if len(added) < LISTED_CHANGES:
                added.append(Change(project.id, project.title, project.source_line))
        # Nothing of it is changed if a publisher only put its columns in another order.
        elif fields := compare(prior.project(before), project):
            changed_count += 1
            if len(changed) < LISTED_CHANGES:
                changed.append(Change(project.id, project.title, project.source_line, fields))
    gone = np.flatnonzero(new_numbers < 0)
    removed = [document for document in gone.tolist() if document not in replaced]
    first = map(prior.project, removed[:LISTED_CHANGES])
    listed = tuple(Change(one.id, one.title, "") for one in first)
    return Difference(
        new_numbers, fresh, tuple(added), tuple(changed), listed,
        len(fresh) - len(replaced), changed_count, len(removed),
    )  # fmt: skip
