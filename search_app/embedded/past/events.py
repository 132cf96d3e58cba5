"""The changes of one generation's past, with the texts of the few that are shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.storage.history.events import Events, columns_of
from indexer.storage.history.moments import time_of
from indexer.storage.segment import Segment
from search_app.backend.page_of_changes import Chronicle, Present
from search_app.embedded.past.runs import Past
from search_app.results import IndexInfo


def chronicle(segment: Segment, past: Past, index: IndexInfo) -> Chronicle:
    """Return what the runs of a past saw of the projects of a segment."""

    def present(documents: Sequence[int]) -> dict[int, Present]:
        """Return what is told of projects that the segment has."""
        found = {}
        for document in documents:
            project = segment.project(document)
            first_seen = time_of(int(past.seen.first[document]))
            found[document] = Present(project.id, project.title, first_seen)
        return found

    moments = np.array([one.moment for one in past.runs], np.int64)
    columns = columns_of(past.runs, segment.id_hashes, segment.id_documents)
    events = Events(columns, moments, [one.details for one in past.runs])
    return Chronicle(events, past.since, past.told_after, index, present)
