"""What the history beside a generation says: when documents were seen, and what happened to projects."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.cluster.turning import Moments
from indexer.document import id_of
from indexer.storage.arrays.sums import narrowed
from indexer.storage.arrays.text_tables import Texts
from indexer.storage.history import journal
from indexer.storage.history.events import Columns, Events, columns_of
from indexer.storage.history.known import known_of, place_of, told_after
from indexer.storage.history.moments import moment_of
from indexer.storage.history.records import Record, Run, Snapshot
from indexer.storage.segment import Segment

# Ids that are read at once.
IDS_AT_ONCE = 4_096


@dataclass(frozen=True, slots=True)
class Past:
    """When the documents of a generation were seen, when the history begins, and after when it tells all."""

    seen: Moments
    since: int
    told_after: int

    @classmethod
    def of(cls, folder: Path, segment: Segment) -> Self:
        """Return what the history tells of the generation in `folder`; raise OSError."""
        records = _records(folder)
        known = known_of(records)
        place = place_of(known.hashes, segment.id_hashes)
        seen = {}
        for name, moments in (("added", known.first), ("changed", known.changed)):
            seen[name] = np.zeros(len(segment), np.int64)
            seen[name][segment.id_documents[place >= 0]] = moments[place[place >= 0]]
        return cls(seen, known.since, told_after(records))


def _records(folder: Path) -> list[Record]:
    """Return what the history has up to the generation in `folder`."""
    served, records = moment_of(folder.name), journal.read(folder.parent).records
    return [one for one in records if isinstance(one, Snapshot) or one.moment <= served]


def events_to_send(folder: Path, segment: Segment) -> dict[str, NDArray[Any]]:
    """Return the events of the generation in `folder` as arrays that can be sent; raise OSError.

    Documents are numbered among those that have events, whose ids are sent along.
    """
    runs = [one for one in _records(folder) if isinstance(one, Run)]
    columns = columns_of(runs, segment.id_hashes, segment.id_documents)
    documents, numbers = np.unique(columns.documents, return_inverse=True)
    # Those that are not there any more, -1, are no document.
    gone = int(np.searchsorted(documents, 0))
    return {
        **{name: narrowed(getattr(columns, name)) for name in ("runs", "kinds", "places")},
        "hashes": columns.hashes,
        "documents": numbers.reshape(-1).astype(np.int32) - np.int32(gone),
        "moments": np.array([one.moment for one in runs], np.int64),
        **blobs("details", [one.details for one in runs]),
        **blobs("ids", ids_of(segment, documents[gone:])),
    }


def ids_of(segment: Segment, documents: NDArray[np.int64]) -> Iterator[bytes]:
    """Yield the ids of documents, some thousand read at a time."""
    for first in range(0, len(documents), IDS_AT_ONCE):
        for stored in segment.stored_forms(documents[first : first + IDS_AT_ONCE]):
            yield id_of(stored).encode()


def blobs(name: str, parts: Iterable[bytes]) -> dict[str, NDArray[Any]]:
    """Return byte strings as two arrays whose names begin so: all of them joined, and the length of each."""
    blob, sizes = bytearray(), array("I")
    for part in parts:
        blob += part
        sizes.append(len(part))
    return {
        f"{name}_blob": np.frombuffer(blob, np.uint8),
        f"{name}_sizes": narrowed(np.array(sizes, np.uint32)),
    }


def events_of(arrays: dict[str, NDArray[Any]]) -> tuple[Events, Texts]:
    """Return the events of arrays that were sent, and the ids of their documents."""
    columns = Columns(*(arrays[name] for name in Columns._fields))
    ends = np.cumsum(arrays["details_sizes"], dtype=np.int64).tolist()
    blob = arrays["details_blob"].tobytes()
    details = [blob[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]
    ids = Texts(arrays["ids_blob"].tobytes(), arrays["ids_sizes"])
    return Events(columns, arrays["moments"], details), ids
