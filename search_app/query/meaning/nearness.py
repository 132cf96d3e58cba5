"""How near texts are in meaning: the cosine of their vectors; the nearest of many by a first look at signs.

All projects are first compared by the signs of their numbers alone, a bit each, eight bytes at a time; the
best of these are compared exactly. Signs are taken against the mean of all projects: what all have in common
tells none apart.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.text.meaning.models import F32
from indexer.text.meaning.vectors import I8, as_bytes

F64 = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Up to so many projects are compared exactly; of more the nearest by their signs, which holds 19 of 20 of the
# nearest ten of 66,000 grants.
EXACTLY = 1_024
# The sum of so many products of two bytes stays below 2**24, up to which float32 can hold every whole
# number.
EXACT_IN_FLOAT32 = 2**24 // 127**2
# Rows whose signs are taken at once.
_BLOCK = 10_000


class Nearness:
    """Compares texts with the projects of one segment."""

    def __init__(self, vectors: I8) -> None:
        """Take the vectors of the projects, int8 [N, d]."""
        self._vectors = vectors

    def of(self, vector: F32, documents: NDArray[np.integer]) -> F64:
        """Return the nearness of a vector float32 [d] to documents, float64 [documents], from -1 to 1.

        0 is what has nothing in common; it is also that of texts that say nothing.
        """
        # Whole numbers: their sums are exact, and do not depend on what else is compared at the same time.
        exact = np.float32 if len(vector) <= EXACT_IN_FLOAT32 else np.float64
        rows: Any = self._vectors.take(documents, axis=0).astype(exact)
        sought: Any = as_bytes(vector[None])[0].astype(exact)
        squares = np.einsum("nd,nd->n", rows, rows).astype(np.float64)
        lengths = np.sqrt(squares * float(sought @ sought))
        found: F64 = (rows @ sought).astype(np.float64) / np.where(lengths > 0, lengths, 1.0)
        return found

    def nearest(self, vector: F32, among: Flags, limit: int) -> tuple[NDArray[np.intp], F64]:
        """Return the `limit` nearest of the documents `among` bool [N], nearest first, and their nearness."""
        documents = np.flatnonzero(among)
        if len(documents) > EXACTLY:
            documents = documents[_least(self._unlike(vector)[documents], EXACTLY)]
        near = self.of(vector, documents)
        best = np.argsort(-near, kind="stable")[:limit]
        return documents[best], near[best]

    def by_signs(self, vector: F32) -> NDArray[np.intp]:
        """Return all documents in the order in which `nearest` takes them for an exact look, int64 [N]."""
        if len(self._vectors) <= EXACTLY:
            return np.arange(len(self._vectors))
        return np.argsort(self._unlike(vector), kind="stable")

    def _unlike(self, vector: F32) -> NDArray[np.uint16]:
        """Return in how many signs a vector differs from each project, uint16 [N]."""
        mean, columns = self._signs
        sought = _bits(as_bytes(vector[None]), mean)
        found = np.zeros(len(self._vectors), np.uint16)
        for column, bits in zip(columns, sought[0], strict=True):
            found += np.bitwise_count(column ^ bits)
        return found

    @cached_property
    def _signs(self) -> tuple[F64, NDArray[np.uint64]]:
        """The mean of all vectors, float64 [d], and the signs against it, uint64 [columns of 64 bits, N]."""
        vectors = self._vectors
        blocks = range(0, len(vectors), _BLOCK)
        mean = sum(vectors[first : first + _BLOCK].sum(axis=0, dtype=np.int64) for first in blocks) / len(
            vectors
        )
        bits = [_bits(vectors[first : first + _BLOCK], mean) for first in blocks]
        return mean, np.ascontiguousarray(np.concatenate(bits).T)


def _least(values: NDArray[np.uint16], limit: int) -> NDArray[np.intp]:
    """Return which `limit` of values are the least, of equal ones the first: ascending int64 [limit]."""
    # Counting how often each value is there takes a fifth of the time of a partition.
    last = int(np.searchsorted(np.cumsum(np.bincount(values)), limit))
    rows = np.flatnonzero(values <= last)
    few = values[rows]
    below = few < last
    tied = np.cumsum(~below) <= limit - np.count_nonzero(below)
    return rows[below | tied]


def _bits(vectors: I8, mean: F64) -> NDArray[np.uint64]:
    """Return which numbers are above the mean, uint64 [n, columns of 64 bits]."""
    packed = np.packbits(vectors > np.floor(mean).astype(np.int8), axis=1)
    filled = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))
    return filled.view(np.uint64)
