"""What is beside a project, in an order and in its words, and what was doubtful in the sources."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.document import STATUSES
from indexer.reporting.report import from_json
from indexer.storage.folder.report_files import read_report
from indexer.storage.segment import Segment
from search_app.backend.returned import Near
from search_app.embedded.meaning import similar
from search_app.embedded.postings.matches import Documents
from search_app.query.meaning.nearness import Nearness


def told_doubts(folder: Path) -> tuple[str, ...]:
    """Return the warnings in the report of the generation in `folder`, none where it cannot be read."""
    try:
        return from_json(read_report(folder)).warnings
    except (OSError, ValueError):
        return ()


def nearest(
    segment: Segment,
    document: int,
    statuses: NDArray[np.uint8],
    limit: int,
    meaning: Nearness | None = None,
) -> tuple[Near, ...]:
    """Return the projects nearest to one, by words or by `meaning` as well, with the words they share."""
    return tuple(
        Near(segment.project(other), STATUSES[statuses[other]], score, words)
        for other, score, words in similar.similar(segment, document, limit, meaning)
    )


def around(segment: Segment, document: int, ordered: Documents) -> tuple[str | None, str | None]:
    """Return the ids before and after a document in an order, None at the ends and if it is not there."""
    found = np.flatnonzero(ordered == document)
    if not len(found):
        return None, None
    row = int(found[0])
    before = segment.project(int(ordered[row - 1])).id if row else None
    after = segment.project(int(ordered[row + 1])).id if row + 1 < len(ordered) else None
    return before, after
