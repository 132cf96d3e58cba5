"""Numbers for keys of two times 64 bits, looked up many at a time: a hash table in arrays.

The table only spares look-ups in a dictionary. A key that it does not find within a few steps counts as
unknown, and one for which it finds no slot is not remembered; so no set of keys can make it slow.
"""

from __future__ import annotations

import secrets

import numpy as np
from numpy.typing import NDArray

from indexer.storage.segment import U32, U64

# Steps from the slot that a key's hash names to the last one where it may be.
STEPS = 16
# Slots for each number: with fewer taken, nearly every key stands where its hash says.
SLOTS_PER_NUMBER = 4
# Slots at first, as a power of two.
FIRST_BITS = 16


class Numbering:
    """Remembers the numbers of keys; 0 is the number of what is not known.

    No key is (0, 0).
    """

    def __init__(self) -> None:
        # Drawn anew, so that nobody can write a corpus whose keys all meet in one slot.
        self._factors = [np.uint64(secrets.randbits(64) | 1) for _ in range(2)]
        self._first = np.zeros(1, np.uint64)
        self._second = np.zeros(1, np.uint64)
        self._clear(FIRST_BITS)

    def _clear(self, bits: int) -> None:
        self._bits = bits
        self._slots = np.zeros(1 << bits, np.uint32)

    def _hashes(self, first: U64, second: U64) -> NDArray[np.int64]:
        mixed = first * self._factors[0] + second * self._factors[1]
        return (mixed >> np.uint64(64 - self._bits)).view(np.int64)

    def find(self, first: U64, second: U64) -> U32:
        """Return the numbers of keys, uint32 [keys], 0 for those that are not known."""
        slots = self._hashes(first, second)
        numbers = self._slots[slots]
        others = np.flatnonzero((self._first[numbers] != first) | (self._second[numbers] != second))
        for step in range(1, STEPS):
            others = others[numbers[others] != 0]
            if not len(others):
                break
            found = self._slots[slots[others] + step & len(self._slots) - 1]
            numbers[others] = found
            differ = (self._first[found] != first[others]) | (self._second[found] != second[others])
            others = others[differ]
        numbers[others] = 0
        return numbers

    def remember(self, first: U64, second: U64, numbers: NDArray[np.integer]) -> None:
        """Remember distinct new keys with their numbers, which are above all numbers before, ascending."""
        if not len(numbers):
            return
        size = int(numbers[-1]) + 1
        if size > len(self._first):
            self._first, self._second = _grown(self._first, size), _grown(self._second, size)
        self._first[numbers], self._second[numbers] = first, second
        if size * SLOTS_PER_NUMBER > len(self._slots):
            self._clear((size * SLOTS_PER_NUMBER).bit_length())
            numbers = np.flatnonzero((self._first != 0) | (self._second != 0))
        self._insert(numbers.astype(np.uint32))

    def _insert(self, numbers: U32) -> None:
        slots = self._hashes(self._first[numbers], self._second[numbers])
        for _ in range(STEPS):
            free = self._slots[slots] == 0
            # Of several that want one slot, the last one gets it.
            self._slots[slots[free]] = numbers[free]
            homeless = self._slots[slots] != numbers
            numbers, slots = numbers[homeless], slots[homeless] + 1 & len(self._slots) - 1
            if not len(numbers):
                break


def _grown(values: U64, size: int) -> U64:
    return np.concatenate((values, np.zeros(2 * size - len(values), np.uint64)))
