"""The set of values that each document has: few sets are many documents', so they are counted by set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.slices import ragged
from indexer.storage.arrays.sums import begins, smallest
from indexer.storage.segment import I64, Unsigned
from search_app.facets.specs import Counted, Mask

# Sets by whose numbers those of another field may be counted: a pass over so many takes some microseconds.
MOST_OTHERS = 2_048
# Documents that are looked at first to tell whether one field follows from another.
SAMPLE = 10_000


@dataclass(frozen=True, slots=True)
class ValueSets:
    """The set of values that each document has, as one number: each distinct set is numbered once.

    Documents with the values (), (4,), (1, 4) and (4,) have the `numbers` [N] 0, 1, 2 and 1, as narrow as can
    be; 0 stands for no value in any case. The sets with value v are `sets[starts[v]:starts[v + 1]]`; behind
    the last value come those without any.
    """

    numbers: Unsigned
    sets: I64
    starts: I64
    size: int

    @classmethod
    def of(cls, starts: I64, entries: NDArray[np.integer], values: int) -> Self:
        """Make the sets of documents n, each with some of the values, `entries[starts[n]:starts[n + 1]]`."""
        counts = np.diff(starts)
        numbers, known = np.zeros(len(counts), np.int64), 0
        for place in range(int(counts.max(initial=0))):
            # Each set of values is a shorter set and one value more.
            longer = (counts > place).nonzero()[0]
            pairs = numbers.take(longer) * values + entries.take(starts.take(longer) + place)
            different, found = np.unique(pairs, return_inverse=True)
            numbers[longer] = found + known + 1
            known += len(different)
        # Some were only the beginning of others.
        used = np.zeros(known + 1, np.bool_)
        used[numbers] = used[0] = True
        numbers = (used.cumsum() - 1).take(numbers)
        size = int(np.count_nonzero(used))
        example = np.full(size, -1)
        example[numbers] = np.arange(len(numbers))
        sizes, first = (np.append(one, 0).take(example) for one in (counts, starts[:-1]))
        members = entries.take(ragged(first, sizes)).astype(np.int64)
        order = members.argsort(kind="stable")
        sets = np.append(np.arange(size).repeat(sizes).take(order), 0)
        by_value = np.append(begins(np.bincount(members, minlength=values)), len(sets))
        return cls(numbers.astype(smallest(size)), sets, by_value, size)

    @property
    def none(self) -> int:
        """What stands among the values for no value."""
        return len(self.starts) - 2

    def numbered_as(self, other: ValueSets) -> ValueSets | None:
        """Return the same by the numbers of other sets that tell these: regions follow from countries.

        Then one count is enough for both. None where documents alike in the one differ in the other, and
        where there are so many other sets that to go through them takes longer than to count.
        """
        if other.size > MOST_OTHERS:
            return None
        # Most fields have nothing to do with each other, which a few documents tell.
        for some in (slice(SAMPLE), slice(None)):
            pairs = np.unique(other.numbers[some].astype(np.int64) * self.size + self.numbers[some])
            theirs, own = pairs // self.size, pairs % self.size
            if (theirs[1:] == theirs[:-1]).any():
                return None
        counts = np.bincount(own, minlength=self.size)
        found = theirs.take(own.argsort(kind="stable"))
        sizes = counts.take(self.sets)
        sets = found.take(ragged(begins(counts).take(self.sets), sizes))
        return ValueSets(other.numbers, sets, begins(sizes).take(self.starts), other.size)

    def count(self, over: Counted) -> tuple[I64, int]:
        """Return how many of some documents have each value, int64 [values], and how many have none."""
        by_set = over.count_once(self.numbers, self.size)
        passed = begins(by_set.take(self.sets)).take(self.starts)
        counts = passed[1:] - passed[:-1]
        return counts[:-1], int(counts[-1])

    def having(self, values: Iterable[int]) -> Mask:
        """Return the documents that have any of some values, bool [N]."""
        has = np.zeros(self.size, np.bool_)
        for value in values:
            has[self.sets[self.starts[value] : self.starts[value + 1]]] = True
        return has.take(self.numbers)
