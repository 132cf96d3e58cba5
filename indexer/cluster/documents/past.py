"""What the history beside a generation says: when documents were seen, and what happened to projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.cluster.turning import Moments
from indexer.history import journal
from indexer.history.events import Columns, Events, columns_of
from indexer.history.known import known_of, place_of
from indexer.history.moments import moment_of
from indexer.history.records import Run, Snapshot
from indexer.storage.arrays.sums import narrowed
from indexer.storage.arrays.text_tables import Texts
from indexer.storage.segment import Segment


@dataclass(frozen=True, slots=True)
class Past:
    """The past of a generation: moments of its documents, and events as arrays that can be sent.

    `since` is the moment in which the history begins. Documents of events are numbered among those that have
    any, whose ids are sent along.
    """

    seen: Moments
    since: int
    arrays: dict[str, NDArray[Any]]

    @classmethod
    def of(cls, folder: Path, segment: Segment) -> Self:
        """Return what the history tells of the generation in `folder`; raise OSError."""
        served = moment_of(folder.name)
        records = [
            one
            for one in journal.read(folder.parent).records
            if isinstance(one, Snapshot) or one.moment <= served
        ]
        known = known_of(records)
        place = place_of(known.hashes, segment.id_hashes)
        seen = {}
        for name, moments in (("added", known.first), ("changed", known.changed)):
            seen[name] = np.zeros(len(segment), np.int64)
            seen[name][segment.id_documents[place >= 0]] = moments[place[place >= 0]]
        return cls(seen, known.since, _arrays(segment, [one for one in records if isinstance(one, Run)]))


def _arrays(segment: Segment, runs: Sequence[Run]) -> dict[str, NDArray[Any]]:
    columns = columns_of(runs, segment.id_hashes, segment.id_documents)
    documents, numbers = np.unique(columns.documents, return_inverse=True)
    # Those that are not there any more, -1, are no document.
    gone = int(np.searchsorted(documents, 0))
    ids = [segment.project(int(one)).id.encode() for one in documents[gone:]]
    details = [one.details for one in runs]
    return {
        **columns._replace(documents=numbers.reshape(-1).astype(np.int64) - gone)._asdict(),
        "moments": np.array([one.moment for one in runs], np.int64),
        **_blobs("details", details),
        **_blobs("ids", ids),
    }


def _blobs(name: str, parts: Sequence[bytes]) -> dict[str, NDArray[Any]]:
    sizes = narrowed(np.array([len(one) for one in parts], np.int64))
    return {f"{name}_blob": np.frombuffer(b"".join(parts), np.uint8), f"{name}_sizes": sizes}


def events_of(arrays: dict[str, NDArray[Any]]) -> tuple[Events, Texts]:
    """Return the events of arrays that were sent, and the ids of their documents."""
    columns = Columns(*(arrays[name] for name in Columns._fields))
    ends = np.cumsum(arrays["details_sizes"], dtype=np.int64).tolist()
    blob = arrays["details_blob"].tobytes()
    details = [blob[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]
    ids = Texts(arrays["ids_blob"].tobytes(), arrays["ids_sizes"])
    return Events(columns, arrays["moments"], details), ids
