"""What the vectors of a generation are sent as: with the ids of their projects, in one order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.cluster.documents.past import blobs, ids_of
from indexer.storage.arrays.text_tables import Texts
from indexer.storage.segment import Segment
from indexer.text.meaning.vectors import I8


def vectors_to_send(segment: Segment) -> dict[str, NDArray[Any]]:
    """Return the vectors of a segment, int8 [N, d], and the ids of its documents."""
    ids = ids_of(segment, np.arange(len(segment)))
    return {"vectors": np.asarray(segment.vectors), **blobs("ids", ids)}


def vectors_of(arrays: dict[str, NDArray[Any]]) -> tuple[I8, Texts]:
    """Return the vectors of arrays that were sent, int8 [N, d], and the id of each."""
    return arrays["vectors"], Texts(arrays["ids_blob"].tobytes(), arrays["ids_sizes"])
