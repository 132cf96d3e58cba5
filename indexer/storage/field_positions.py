"""Field positions: one number for the field and the position of an occurrence of a term.

An *occurrence* is a word at a position of a field of a document. Its field position is an unsigned number
of 16 bits, or of 32 where a text of the segment is longer than 16,383 positions:

    16 bits    f f p p p p p p p p p p p p p p        f  the field, as its place in TEXT_FIELDS
    32 bits    f f p p p ... 30 bits ... p p p        p  the token position within that field, from 0

So the field positions of a document ascend through its fields, two positions of a field differ by how far
they are apart, and those of two fields by far more than the words of any phrase.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from indexer.storage.arrays.sums import begins

# Postings looked through at once, in whole bytes of bits: their temporaries stay in the caches.
_AT_ONCE = 1 << 17
# Bits for the number of a field: there are four text fields.
FIELD_BITS = 2

Numbers = TypeVar("Numbers", bound=NDArray[Any])


@dataclass(frozen=True, slots=True)
class FieldPositionBits:
    """How a number is divided into field and position; `position` bits are the position's."""

    position: int

    @classmethod
    def of(cls, dtype: DTypeLike) -> FieldPositionBits:
        """Return how the numbers of an unsigned type are divided: (2, 14) or (2, 30) bits."""
        return _NARROW if np.dtype(dtype).itemsize == _NARROW_BYTES else _WIDE

    @property
    def longest(self) -> int:
        """The length of the longest text, in positions, that these numbers can tell."""
        return (1 << self.position) - 1

    def pack(self, fields: Numbers, positions: Numbers) -> Numbers:
        """Return field positions; fields [0, 1] at positions [5, 7] give [5, 16391] in 16 bits."""
        packed: Numbers = fields << self.position | positions
        return packed

    def fields(self, packed: Numbers) -> Numbers:
        """Return the fields of field positions: of [5, 16391] in 16 bits [0, 1]."""
        fields: Any = packed >> self.position
        return cast("Numbers", fields)

    def positions(self, packed: Numbers) -> Numbers:
        """Return the positions of field positions: of [5, 16391] in 16 bits [5, 7]."""
        positions: Any = packed & (1 << self.position) - 1
        return cast("Numbers", positions)


_NARROW_BYTES = 2
_NARROW, _WIDE = FieldPositionBits(16 - FIELD_BITS), FieldPositionBits(32 - FIELD_BITS)


def widened(packed: NDArray[np.unsignedinteger[Any]], dtype: DTypeLike) -> NDArray[np.unsignedinteger[Any]]:
    """Return field positions in a type that is as wide as theirs or wider."""
    if packed.dtype == dtype:
        return packed
    narrow, wide = FieldPositionBits.of(packed.dtype), FieldPositionBits.of(dtype)
    return wide.pack(narrow.fields(packed).astype(dtype), narrow.positions(packed).astype(dtype))


def titled(counts: NDArray[np.integer], packed: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.uint8]:
    """Return for each posting whether its term stands in the title, uint8 [P / 8], the lowest bit first.

    `counts` [P] are the occurrences of each, `packed` [T] their field positions. Titles are the first field.
    """
    bits, found = FieldPositionBits.of(packed.dtype), np.zeros(-(-len(counts) // 8), np.uint8)
    first_occurrence = 0
    for first in range(0, len(counts), _AT_ONCE):
        ends = begins(counts[first : first + _AT_ONCE])
        in_title = bits.fields(packed.take(first_occurrence + ends[:-1])) == 0
        found[first // 8 : (first + _AT_ONCE) // 8] = np.packbits(in_title, bitorder="little")
        first_occurrence += int(ends[-1])
    return found
