"""Slices of one array, laid end to end: how lists of different lengths are fetched in one pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import begins
from indexer.storage.segment import I64

# Numbers that are added up together, so that few sums have to be kept.
_TOGETHER = 64
# A multiple of these, of which the temporaries take some megabytes.
_AT_ONCE = 1 << 20


def sums_before(values: NDArray[np.integer], places: I64) -> I64:
    """Return the sums of the values before some places, int64 [places], in little memory.

    values [1, 2, 3], places [0, 2, 3] -> [0, 3, 6]
    """
    sums = _totals(values)
    blocks = places // _TOGETHER
    rest = places - blocks * _TOGETHER
    own = begins(values[ragged(blocks * _TOGETHER, rest)])
    ends = begins(rest)
    return sums[blocks] + own[ends[1:]] - own[ends[:-1]]


def _totals(values: NDArray[np.integer]) -> I64:
    """Return the sums before each `_TOGETHER` values, and the sum of all at the end."""
    found, before = np.zeros(-(-len(values) // _TOGETHER) + 1, np.int64), 0
    # Widened a million at a time: `reduceat` takes ten times as long to add up narrow numbers as wide ones.
    for first in range(0, len(values), _AT_ONCE):
        own = before + begins(values[first : first + _AT_ONCE])
        here = own[:-1:_TOGETHER]
        found[first // _TOGETHER : first // _TOGETHER + len(here)] = here
        before = int(own[-1])
    found[-1] = before
    return found


def ragged(starts: NDArray[np.integer], counts: NDArray[np.integer]) -> I64:
    """Return the indices of slices laid end to end: `starts[i] .. starts[i] + counts[i]` for each i.

    starts [5, 0], counts [2, 3] -> [5, 6, 0, 1, 2]
    """
    bounds = begins(counts)
    return np.arange(bounds[-1]) + np.repeat(starts.astype(np.int64) - bounds[:-1], counts)
