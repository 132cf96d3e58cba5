"""Which of its term's words each occurrence is: kept only where a term has several.

An occurrence of a term of one word is of form 0. Where term 0 has two words and three occurrences, and term 1
one word and two, the forms [0, 1, 0] are kept, and those of term 1 are zeros.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import I64, begins

Unsigned = NDArray[np.unsignedinteger[Any]]


def stretches(several: NDArray[np.bool_], bounds: I64) -> Iterator[tuple[int, int]]:
    """Yield where the occurrences of neighbouring terms with `several` words [V] begin and end.

    `bounds` int64 [V + 1] are where those of each term do: of [no, yes, yes] and [0, 2, 3, 7] it is (2, 7).
    """
    turns = np.flatnonzero(np.diff(several, prepend=False, append=False))
    return zip(bounds[turns[::2]].tolist(), bounds[turns[1::2]].tolist(), strict=True)


class Forms:
    """The forms of T occurrences, by term; threads may share them."""

    def __init__(self, kept: Unsigned, occurrences: Unsigned, words: Unsigned) -> None:
        """Take those that are `kept` [F], and where occurrences and words of each term begin, [V + 1]."""
        self.kept, self._occurrences, self._words = kept, occurrences, words

    @cached_property
    def starts(self) -> I64:
        """Where the kept forms of each term begin, int64 [V + 1]; added up when first asked for."""
        bounds = self._occurrences.astype(np.int64)
        counts = bounds[1:] - bounds[:-1]
        counts[np.diff(self._words.astype(np.int64)) < 2] = 0
        return begins(counts)

    def of(self, term: int) -> Unsigned:
        """Return the form of each occurrence of a term, in order."""
        begin, end = self.starts[term : term + 2].tolist()
        if begin < end:
            return self.kept[begin:end]
        first, last = self._occurrences[term : term + 2].tolist()
        return np.zeros(last - first, self.kept.dtype)

    def at(self, term: int, slots: NDArray[np.integer]) -> Unsigned:
        """Return the forms of some occurrences of a term, given by number among all occurrences."""
        begin, end = self.starts[term : term + 2].tolist()
        if begin == end:
            return np.zeros(len(slots), self.kept.dtype)
        found: Unsigned = self.kept.take(slots - (int(self._occurrences[term]) - begin))
        return found

    def among(self, terms: NDArray[np.integer], slots: NDArray[np.integer]) -> Unsigned:
        """Return the forms of some occurrences, given by term and number."""
        found = np.zeros(len(slots), self.kept.dtype)
        several = np.flatnonzero(self.starts[terms] < self.starts[terms + 1])
        terms = terms[several]
        places = slots[several] - self._occurrences[terms].astype(np.int64) + self.starts[terms]
        found[several] = self.kept[places]
        return found

    def every(self) -> Unsigned:
        """Return the form of every occurrence, [T]."""
        bounds = self._occurrences.astype(np.int64)
        found, done = np.zeros(bounds[-1], self.kept.dtype), 0
        for begin, end in stretches(np.diff(self._words.astype(np.int64)) > 1, bounds):
            found[begin:end] = self.kept[done : done + end - begin]
            done += end - begin
        return found
