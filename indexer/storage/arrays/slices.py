"""Slices of one array, laid end to end: how lists of different lengths are fetched in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import I64, begins

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


# Where so many values or more stand between two places, stretches are copied, else masks are used.
_STRETCH = 256


class AllBut:
    """All of `size` slots but some: where these are few, what stands between is copied as it is."""

    def __init__(self, places: I64, size: int) -> None:
        """Leave out the slots at `places`, int64, ascending, each once."""
        self._places, self._size = places, size

    def __len__(self) -> int:
        return self._size - len(self._places)

    @property
    def _few(self) -> bool:
        return len(self._places) * _STRETCH <= self._size

    def _mask(self) -> NDArray[np.bool_]:
        others = np.ones(self._size, np.bool_)
        others[self._places] = False
        return others

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """Yield where each stretch between the places begins and ends; it may be empty."""
        return pairwise([-1, *self._places.tolist(), self._size])

    def of(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the values in these slots: of [5, 6, 7] without slot 1 it is [5, 7]."""
        if not self._few:
            found: NDArray[Any] = values[self._mask()]
            return found
        return np.concatenate([values[before + 1 : place] for before, place in self._stretches()])

    def put(self, values: NDArray[Any], target: NDArray[Any]) -> None:
        """Write values [slots] into these slots of `target`, one after the other."""
        if not self._few:
            target[self._mask()] = values
            return
        done = 0
        for before, place in self._stretches():
            size = place - before - 1
            target[before + 1 : place] = values[done : done + size]
            done += size


def ragged(starts: NDArray[np.integer], counts: NDArray[np.integer]) -> I64:
    """Return the indices of slices laid end to end: `starts[i] .. starts[i] + counts[i]` for each i.

    starts [5, 0], counts [2, 3] -> [5, 6, 0, 1, 2]
    """
    bounds = begins(counts)
    return np.arange(bounds[-1]) + np.repeat(starts.astype(np.int64) - bounds[:-1], counts)
