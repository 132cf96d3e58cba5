"""Where the occurrences of a posting begin: running totals of blocks of postings, and counts within a block.

A segment only has how many occurrences each posting has. To add up those of a whole term for the sake of a
few of its postings takes longer than all else that is done with these.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import begins, narrowed
from indexer.storage.segment import I64

# Postings with one running total: a quarter of a byte for each posting, in memory.
BLOCK = 16
# Postings that so few lie between are added up one and all: that has fewer passes than blocks have.
NEAR, SHORT = 16, 1_000
# Postings of several terms that are looked up together.
FEW = 1_024
# Row p has ones at the places before p of a block.
_BEFORE = np.tri(BLOCK, k=-1, dtype=np.uint8)
# A product with it is a sum: of floats, exact up to 2 ** 53, in a third of the time of adding integers up.
_ONES = np.ones(BLOCK)


class OccurrenceStarts:
    """Where the occurrences of the postings of one segment begin."""

    def __init__(self, counts: NDArray[np.unsignedinteger[Any]]) -> None:
        """Add nothing up yet of the occurrences `counts` [P] of each posting."""
        self._counts = counts
        self._in_blocks = len(counts) // BLOCK * BLOCK
        self._blocks = counts[: self._in_blocks].reshape(-1, BLOCK)

    @cached_property
    def _passed(self) -> NDArray[np.unsignedinteger[Any]]:
        """How many occurrences there are before each block, and all together; added up when first asked."""
        return narrowed(begins(self._blocks.sum(axis=1, dtype=np.uint32)))

    def of_each(self, lists: Sequence[NDArray[np.intp]]) -> I64:
        """Return where the occurrences of several lists of ascending postings begin, end to end."""
        postings = np.concatenate(lists)
        if len(postings) <= FEW and int(postings.max(initial=0)) < self._in_blocks:
            # All at once, however near they are: each pass has its price.
            return self._by_block(postings)
        return np.concatenate(list(map(self.of, lists)))

    def of(self, postings: NDArray[np.intp]) -> I64:
        """Return where the occurrences of ascending `postings` begin, by number."""
        if not len(postings):
            return np.zeros(0, np.int64)
        first, last = int(postings[0]), int(postings[-1])
        if last - first < NEAR * len(postings) + SHORT or last >= self._in_blocks:
            return self._first(first) + begins(self._counts[first:last]).take(postings - first)
        return self._by_block(postings)

    def _by_block(self, postings: NDArray[np.intp]) -> I64:
        blocks, places = postings // BLOCK, postings % BLOCK
        before = self._blocks.take(blocks, axis=0) * _BEFORE.take(places, axis=0)
        inside: I64 = before.astype(np.float64).dot(_ONES).astype(np.int64)
        return self._passed.take(blocks).astype(np.int64) + inside

    def _first(self, posting: int) -> int:
        block = posting // BLOCK
        inside = self._counts[block * BLOCK : posting].sum(dtype=np.int64)
        return int(self._passed[block] + inside)
