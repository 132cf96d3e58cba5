"""Which of many projects may name a country, seen in array passes over their stored forms.

Most texts name none; what is left is looked at with all rules (`countries.mentioned`). A stored form is JSON
in UTF-8 that escapes no character of a country's name, so a name stands in it as it stands in the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.own_fields.places.countries import names_in_texts
from indexer.storage.segment import U64

# How many bytes of a name are compared: hardly any text in a corpus begins like a name in that many bytes
# without being it.
_COMPARED = 16
# Spread bytes over the hashes: the golden ratio, as Knuth has it (TAOCP 3, section 6.4), and another odd
# number.
_FACTOR, _OTHER_FACTOR = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_HASH_BITS = 16
# The bytes of a number of 64 bits that belong to a name of 0 to 8 bytes.
_LOWEST = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
# Every name has as many bytes.
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class _Names:
    """How names begin: their first bytes, bool [256]; which hashes their first three have, bool [65536]; and
    by lengths of names, up to 16 bytes, which hashes those of that length have.
    """  # noqa: D205

    firsts: NDArray[np.bool_]
    threes: NDArray[np.bool_]
    hashes: dict[int, NDArray[np.bool_]]


def may_mention(stored: Sequence[bytes]) -> NDArray[np.bool_]:
    """Return of each stored form whether a country may be named in it, bool [projects]: False is certain."""
    names = _names()
    content = b"".join((*stored, bytes(_COMPARED)))
    ends = np.cumsum(np.fromiter(map(len, stored), np.int64, len(stored)))
    places = np.flatnonzero(names.firsts[np.frombuffer(content, np.uint8)])
    # One number of 64 bits begins at every byte.
    eights = np.ndarray((len(content) - 7,), "<u8", content, strides=(1,))
    places = places[names.threes[_hashed(eights[places], np.uint64(0), _SHORTEST)]]
    first, second = eights[places], eights[places + 8]
    begins_name = np.zeros(len(places), np.bool_)
    for size, known in names.hashes.items():
        begins_name |= known[_hashed(first, second, size)]
    found = np.zeros(len(stored), np.bool_)
    found[np.searchsorted(ends, places[begins_name], "right")] = True
    return found


def _hashed(first: U64, second: U64 | np.uint64, size: int) -> U64:
    """Return 16 bits of the first `size` of 16 bytes, given as two numbers."""
    mixed: U64 = (first & _LOWEST[min(size, 8)]) * _FACTOR
    if size > 8:
        mixed += (second & _LOWEST[size - 8]) * _OTHER_FACTOR
    return mixed >> np.uint64(64 - _HASH_BITS)


@cache
def _names() -> _Names:
    firsts, threes = np.zeros(1 << 8, np.bool_), np.zeros(1 << _HASH_BITS, np.bool_)
    hashes: dict[int, NDArray[np.bool_]] = {}
    for name in names_in_texts():
        beginning = name.encode()[:_COMPARED]
        firsts[beginning[0]] = True
        halves = np.frombuffer(beginning.ljust(_COMPARED, b"\0"), "<u8")
        threes[_hashed(halves[:1], halves[1:], _SHORTEST)] = True
        known = hashes.setdefault(len(beginning), np.zeros(1 << _HASH_BITS, np.bool_))
        known[_hashed(halves[:1], halves[1:], len(beginning))] = True
    return _Names(firsts, threes, hashes)
