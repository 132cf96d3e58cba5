"""Slices of one array, laid end to end: how lists of different lengths are fetched in one pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import begins
from indexer.storage.segment import I64

# Numbers that are added up together, so that few sums have to be kept.
_TOGETHER = 64


def sums_before(values: NDArray[np.integer], places: I64) -> I64:
    """Return the sums of the values before some places, int64 [places], in little memory.

    values [1, 2, 3], places [0, 2, 3] -> [0, 3, 6]
    """
    firsts = np.arange(0, len(values), _TOGETHER)
    sums = begins(np.add.reduceat(values, firsts, dtype=np.int64) if len(firsts) else firsts)
    blocks = places // _TOGETHER
    rest = places - blocks * _TOGETHER
    own = begins(values[ragged(blocks * _TOGETHER, rest)])
    ends = begins(rest)
    return sums[blocks] + own[ends[1:]] - own[ends[:-1]]


def ragged(starts: NDArray[np.integer], counts: NDArray[np.integer]) -> I64:
    """Return the indices of slices laid end to end: `starts[i] .. starts[i] + counts[i]` for each i.

    starts [5, 0], counts [2, 3] -> [5, 6, 0, 1, 2]
    """
    bounds = begins(counts)
    return np.arange(bounds[-1]) + np.repeat(starts.astype(np.int64) - bounds[:-1], counts)
