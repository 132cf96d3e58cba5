"""Slices of one array, laid end to end: how lists of different lengths are fetched in one pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.storage.segment import I64, begins


def ragged(starts: NDArray[np.integer], counts: NDArray[np.integer]) -> I64:
    """Return the indices of slices laid end to end: `starts[i] .. starts[i] + counts[i]` for each i.

    starts [5, 0], counts [2, 3] -> [5, 6, 0, 1, 2]
    """
    bounds = begins(counts)
    return np.arange(bounds[-1]) + np.repeat(starts.astype(np.int64) - bounds[:-1], counts)
