"""Where things begin that stand end to end: running totals, and the narrowest type that holds a number."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]


def begins(counts: NDArray[np.integer]) -> I64:
    """Return where lists of so many elements begin when laid end to end, and the total, int64 [N + 1]."""
    found = np.zeros(len(counts) + 1, np.int64)
    # Widened first: adding up narrow numbers as wide ones takes NumPy up to nine times as long.
    found[1:] = counts
    # What `np.cumsum` does by way of three more calls, which take most of its time for a few hundred numbers.
    np.add.accumulate(found, out=found)
    return found


def smallest(limit: int) -> np.dtype[Any]:
    """Return the smallest little-endian unsigned type that holds `limit`."""
    return np.min_scalar_type(limit).newbyteorder("<")


def narrowed(values: NDArray[np.integer]) -> NDArray[np.unsignedinteger[Any]]:
    """Return values, none below 0, in the smallest type for them."""
    return values.astype(smallest(int(values.max(initial=0))))


def changes(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Tell where a value differs from the one before, bool: of [4, 4, 7] it is [True, False, True]."""
    found = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found


def distinct(numbers: NDArray[np.integer]) -> tuple[I64, I64]:
    """Return which numbers there are, ascending, and which of these each is: [7, 3, 7] -> [3, 7], [1, 0, 1].

    As `np.unique` does, but by counting: for numbers from 0 on, none much higher than they are many.
    """
    there = np.flatnonzero(np.bincount(numbers))
    places = np.zeros(int(there.max(initial=-1)) + 1, np.int64)
    places[there] = np.arange(len(there))
    return there, places[numbers]


def flags(bits: NDArray[np.uint8], begin: int, end: int) -> NDArray[np.bool_]:
    """Return the bits from `begin` to `end` (exclusive), the lowest of each byte first, as bool."""
    first = begin >> 3
    found = np.unpackbits(bits[first : (end + 7) >> 3], bitorder="little")
    return found[begin - (first << 3) : end - (first << 3)].view(np.bool_)


def flags_at(bits: NDArray[np.uint8], places: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Return the bits at some places, the lowest of each byte first, as bool."""
    found: NDArray[np.bool_] = bits.take(places >> 3) >> (places & 7) & 1 == 1
    return found
