"""Passes over arrays that hold lists of different lengths, one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]
U32 = NDArray[np.uint32]
Unsigned = NDArray[np.unsignedinteger[Any]]


def begins(counts: NDArray[np.integer]) -> I64:
    """Return where lists of so many elements begin when laid end to end, and the total, int64 [N + 1]."""
    found = np.zeros(len(counts) + 1, np.int64)
    # Widened first: adding up narrow numbers as wide ones takes NumPy up to nine times as long.
    found[1:] = counts
    np.cumsum(found, out=found)
    return found


def ragged(starts: NDArray[np.integer], counts: NDArray[np.integer]) -> I64:
    """Return the indices of slices laid end to end: `starts[i] .. starts[i] + counts[i]` for each i."""
    bounds = begins(counts)
    return np.arange(bounds[-1]) + np.repeat(starts.astype(np.int64) - bounds[:-1], counts)


def changes(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Tell where a value differs from the one before; the first does, bool [len(values)]."""
    found = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found
