"""Which of many projects may name which countries, seen in array passes over their stored forms.

Most texts name none; the others are looked at with all rules, for the names that begin like what was seen
(`countries.mentioned`). A stored form is JSON in UTF-8 that escapes no character of a country's name, so a
name stands in it as it stands in the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.own_fields.places.countries import first_words
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
    """How the names of countries begin, in tables by which texts are sifted.

    `firsts` has 256 bytes: 1 for each byte that a name begins with, else 0. `threes` bool [65536] tells which
    hashes the first three bytes of names have. `hashes` does the same, by length, for whole names, of which
    the first 16 bytes count. `words` gives the first word of a name by those bytes.
    """

    firsts: bytes
    threes: NDArray[np.bool_]
    hashes: dict[int, NDArray[np.bool_]]
    words: dict[bytes, str]


def first_words_in(stored: Sequence[bytes]) -> dict[int, set[str]]:
    """Return the first words of the names of countries that may stand in stored forms, by their numbers.

    A form that is not there names none for certain.
    """
    names = _names()
    content = b"".join((*stored, bytes(_COMPARED)))
    ends = np.cumsum(np.fromiter(map(len, stored), np.int64, len(stored)))
    places = np.flatnonzero(np.frombuffer(content.translate(names.firsts), np.bool_))
    # One number of 64 bits begins at every byte.
    eights = np.ndarray((len(content) - 7,), "<u8", content, strides=(1,))
    places = places[names.threes[_hashed(eights[places], np.uint64(0), _SHORTEST)]]
    first, second = eights[places], eights[places + 8]
    found: defaultdict[int, set[str]] = defaultdict(set)
    for size, known in names.hashes.items():
        alike = places[known[_hashed(first, second, size)]]
        numbers = np.searchsorted(ends, alike, "right").tolist()
        for number, place in zip(numbers, alike.tolist(), strict=True):
            if word := names.words.get(content[place : place + size]):
                found[number].add(word)
    return found


def _hashed(first: U64, second: U64 | np.uint64, size: int) -> U64:
    """Return 16 bits of the first `size` of 16 bytes, given as two numbers."""
    mixed: U64 = (first & _LOWEST[min(size, 8)]) * _FACTOR
    if size > 8:
        mixed += (second & _LOWEST[size - 8]) * _OTHER_FACTOR
    return mixed >> np.uint64(64 - _HASH_BITS)


@cache
def _names() -> _Names:
    firsts, threes = bytearray(1 << 8), np.zeros(1 << _HASH_BITS, np.bool_)
    hashes: dict[int, NDArray[np.bool_]] = {}
    words: dict[bytes, str] = {}
    for name, word in first_words().items():
        beginning = name.encode()[:_COMPARED]
        words[beginning] = word
        firsts[beginning[0]] = True
        halves = np.frombuffer(beginning.ljust(_COMPARED, b"\0"), "<u8")
        threes[_hashed(halves[:1], halves[1:], _SHORTEST)] = True
        known = hashes.setdefault(len(beginning), np.zeros(1 << _HASH_BITS, np.bool_))
        known[_hashed(halves[:1], halves[1:], len(beginning))] = True
    return _Names(bytes(firsts), threes, hashes, words)
