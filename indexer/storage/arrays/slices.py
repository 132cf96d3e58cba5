"""Slices of one array, laid end to end: how lists of different lengths are fetched in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import I64, begins

# Numbers that are added up together, so that few sums have to be kept.
_TOGETHER = 64
# A multiple of these, of which the temporaries stay in the caches.
_AT_ONCE = 1 << 18
# Of eight bytes in a word every other one, and what adds up four sums of 16 bits in its highest bits.
_EVERY_OTHER, _ADDING, _HIGHEST = (np.uint64(one) for one in (0x00FF00FF00FF00FF, 0x0001000100010001, 48))


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
    whole = len(values) // _TOGETHER
    sums = np.zeros(-(-len(values) // _TOGETHER), np.int64)
    add = _sums_of_bytes if values.dtype == np.uint8 else _sums_of_wide
    for first in range(0, whole * _TOGETHER, _AT_ONCE):
        here = values[first : min(first + _AT_ONCE, whole * _TOGETHER)]
        sums[first // _TOGETHER : (first + len(here)) // _TOGETHER] = add(here)
    sums[whole:] = values[whole * _TOGETHER :].sum(dtype=np.int64)
    return begins(sums)


def _sums_of_wide(values: NDArray[np.integer]) -> NDArray[np.integer]:
    # Widened first: to add up narrow numbers takes ten times as long.
    found: NDArray[np.integer] = values.astype(np.int64).reshape(-1, _TOGETHER).sum(axis=1)
    return found


def _sums_of_bytes(values: NDArray[np.integer]) -> NDArray[np.integer]:
    # Eight at once, as the parts of one number: of 64 bytes the sum has room in 16 bits.
    words = values.view(np.uint64)
    parts = ((words & _EVERY_OTHER) + (words >> np.uint64(8) & _EVERY_OTHER)).reshape(-1, _TOGETHER // 8)
    found: NDArray[np.integer] = parts.sum(axis=1) * _ADDING >> _HIGHEST
    return found


# Elements of an array that are looked at together when others are put between them: what is made of them
# stays in the caches, and where none comes or goes they are given as they are.
_PIECE = 1 << 16


class Splice:
    """An array without some of its elements and with others between: copied in pieces, in little memory."""

    def __init__(self, size: int, gone: I64, before: I64) -> None:
        """Leave out the elements at `gone` of an array of `size`, and put others in: `before` says where.

        Both are int64 and ascending, `gone` with each number once; what goes before `size` is put at the end.
        """
        self._size, self._gone, self._before = size, gone, before

    def __len__(self) -> int:
        return self._size - len(self._gone) + len(self._before)

    def pieces(
        self, values: NDArray[Any], added: NDArray[Any], converted: Callable[[Any], Any] = np.asarray
    ) -> Iterator[NDArray[Any]]:
        """Yield pieces of the new array, given the old one and what is put in, one after the other.

        [5, 6, 7] without element 1 and with [8, 9] before the elements 0 and 3 is [8, 5, 7, 9]. `converted`
        gives both the type of the new array.
        """
        added = converted(added)
        edges = np.arange(0, self._size, _PIECE)
        gone, before = (
            [*np.searchsorted(one, edges).tolist(), len(one)] for one in (self._gone, self._before)
        )
        for number, first in enumerate(edges.tolist()):
            piece = converted(values[first : first + _PIECE])
            left_out = self._gone[gone[number] : gone[number + 1]] - first
            put_in = slice(before[number], before[number + 1])
            if len(left_out) or put_in.start < put_in.stop:
                places = self._before[put_in] - first
                places -= np.searchsorted(left_out, places)
                piece = np.insert(np.delete(piece, left_out), places, added[put_in])
            yield piece
        if not self._size:
            yield added


def ragged(starts: NDArray[np.integer], counts: NDArray[np.integer]) -> I64:
    """Return the indices of slices laid end to end: `starts[i] .. starts[i] + counts[i]` for each i.

    starts [5, 0], counts [2, 3] -> [5, 6, 0, 1, 2]
    """
    bounds = begins(counts)
    return np.arange(bounds[-1]) + np.repeat(starts.astype(np.int64) - bounds[:-1], counts)
