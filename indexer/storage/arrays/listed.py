"""The documents of postings in 16 bits: which of a block of 65,536 documents, and where the blocks begin.

The postings of a term ascend by document, so those in one block stand together. Term 0 in the documents 3 and
65,540 of a segment of two blocks, and term 1 in document 7:

    places [3, 4, 7]   starts [0, 1, 2, 3, 3]   of term 0: block 0, block 1, of term 1: block 0, block 1

A segment of one block has the starts of its terms, and nothing more.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import I64

BLOCK_BITS = 16
# Postings that are looked through at once: their temporaries stay in the caches.
AT_ONCE = 1 << 17

Places = NDArray[np.uint16]
Starts = NDArray[np.unsignedinteger[Any]] | I64
Documents = NDArray[np.intp]


def blocks_of(documents: int) -> int:
    """Return how many blocks so many documents have: at least one."""
    return max(1, -(-documents >> BLOCK_BITS))


class Listed:
    """The documents of the postings of V terms; `starts` [V * blocks + 1] is where those in a block begin."""

    def __init__(self, places: Places, starts: Starts, blocks: int) -> None:
        """Take the place of each document in its block, uint16 [P]."""
        self.places, self.starts, self.blocks = places, starts, blocks

    def __len__(self) -> int:
        return len(self.places)

    @cached_property
    def terms(self) -> Starts:
        """Where the postings of each term begin, and where the last end, [V + 1]."""
        return self.starts[:: self.blocks]

    def of(self, term: int) -> Documents:
        """Return the documents that have a term, ascending, intp [n]."""
        blocks = self.blocks
        bounds = self.starts[term * blocks : (term + 1) * blocks + 1].tolist()
        first = bounds[0]
        found = self.places[first : bounds[-1]].astype(np.intp)
        for block, (begin, end) in enumerate(pairwise(bounds)):
            if block and begin < end:
                found[begin - first : end - first] += block << BLOCK_BITS
        return found

    def posting(self, term: int, document: int) -> int:
        """Return the number of the posting of a term in a document, -1 where it does not stand."""
        cell = term * self.blocks + (document >> BLOCK_BITS)
        begin, end = self.starts[cell : cell + 2].tolist()
        place = document & ((1 << BLOCK_BITS) - 1)
        found = begin + int(np.searchsorted(self.places[begin:end], np.uint16(place)))
        return found if found < end and self.places[found] == place else -1

    def before(self, terms: I64, documents: I64) -> I64:
        """Return how many postings stand before some terms and documents, int64 [n]; V is behind all terms.

        A search by halves in the documents of each term: it takes what is asked for, not what there is.
        """
        cells = terms * self.blocks + (documents >> BLOCK_BITS)
        last = len(self.starts) - 1
        low, high = (self.starts[np.minimum(one, last)].astype(np.int64) for one in (cells, cells + 1))
        places = (documents & ((1 << BLOCK_BITS) - 1)).astype(np.uint16)
        high[places == 0] = low[places == 0]
        while len(searched := np.flatnonzero(low < high)):
            middle = (low[searched] + high[searched]) // 2
            below = self.places[middle] < places[searched]
            low[searched[below]] = middle[below] + 1
            high[searched[~below]] = middle[~below]
        return low

    def having(self, documents: NDArray[np.integer]) -> I64:
        """Return the postings of some documents, ascending, int64 [n]: all are looked through."""
        size, wanted = self.blocks << BLOCK_BITS, np.zeros((self.blocks, 1 << BLOCK_BITS), np.bool_)
        wanted.reshape(size)[documents] = True
        # Most postings stand at other places of whatever block.
        there = wanted.any(axis=0)
        parts = [
            first + np.flatnonzero(there.take(self.places[first : first + AT_ONCE]))
            for first in range(0, len(self), AT_ONCE)
        ]
        postings = np.concatenate([np.zeros(0, np.int64), *parts])
        blocks = (np.searchsorted(self.starts, postings.astype(self.starts.dtype), "right") - 1) % self.blocks
        found: I64 = postings[wanted[blocks, self.places[postings]]]
        return found

    def between(self, first: int, last: int) -> I64:
        """Return the documents of the postings from `first` to `last` (exclusive), int64."""
        found = self.places[first:last].astype(np.int64)
        if self.blocks > 1 and first < last:
            # Of the same type: else all starts would be converted for the sake of one.
            wanted = self.starts.dtype.type
            low = int(np.searchsorted(self.starts, wanted(first), "right")) - 1
            high = int(np.searchsorted(self.starts, wanted(last), "left"))
            bounds = self.starts[low : high + 1].astype(np.int64).clip(first, last)
            found += np.repeat((np.arange(low, high) % self.blocks) << BLOCK_BITS, np.diff(bounds))
        return found

    def every(self) -> I64:
        """Return the documents of all postings, int64 [P]."""
        return self.between(0, len(self))
