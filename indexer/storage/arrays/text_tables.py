"""Tables of texts, mapped: end to end in UTF-8, with the size of each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Self, overload

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import I64, begins

Unsigned = NDArray[np.unsignedinteger[Any]]

# Every so many texts of a table are kept in memory to find the others by.
COARSE = 16
# So many searches without those take no longer than to make them for some ten thousand texts.
_FEW = 50


class Texts(Sequence[str]):
    """A table of texts over a mapped blob; `find` and `prefixed` need it sorted (by code point)."""

    def __init__(self, blob: bytes | memoryview, sizes: Unsigned) -> None:
        """Take UTF-8 `blob` and the size of each text in bytes, which add up to that of the blob."""
        self._blob = memoryview(blob)
        self._sizes = sizes

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Return a table of texts."""
        encoded = [text.encode() for text in texts]
        return cls(b"".join(encoded), np.fromiter(map(len, encoded), np.uint64, len(encoded)))

    def __len__(self) -> int:
        return len(self._sizes)

    @property
    def sizes(self) -> Unsigned:
        """The bytes that each text takes, [texts]."""
        return self._sizes

    @cached_property
    def _offsets(self) -> I64:
        """Where each text begins, and where the last ends; added up when first asked for."""
        return begins(self._sizes)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        return str(self.encoded(number), "utf-8")

    def __iter__(self) -> Iterator[str]:
        blob, offsets = self._blob, self._offsets.tolist()
        text = str(blob, "utf-8")
        if text.isascii():
            # Bytes are characters: slices of one text are three times as quick.
            return (text[start:end] for start, end in pairwise(offsets))
        return (str(blob[start:end], "utf-8") for start, end in pairwise(offsets))

    def encoded(self, number: int) -> bytes:
        """Return the UTF-8 bytes of a text."""
        begin, end = self._offsets[number : number + 2].tolist()
        return bytes(self._blob[begin:end])

    def some(self, numbers: NDArray[np.integer]) -> list[str]:
        """Return the texts with some numbers, in that order; many at once is several times as quick."""
        blob, firsts, ends = self._blob, self._offsets[numbers], self._offsets[numbers + 1]
        return [str(blob[one:end], "utf-8") for one, end in zip(firsts.tolist(), ends.tolist(), strict=True)]

    def joined(self) -> tuple[memoryview, I64]:
        """Return all texts end to end in UTF-8, and where each begins, with the end, int64 [texts + 1]."""
        return self._blob, self._offsets

    def lower_bound(self, key: bytes) -> int:
        """Return the number of the first text that is not below the UTF-8 `key`."""
        # A coarse table in memory spares most steps of the search their way into the blob.
        first = max(bisect_left(self._coarse, key) - 1, 0) * COARSE
        blob, offsets = self._blob, self._offsets[first : first + COARSE + 1].tolist()
        low, high = 0, len(offsets) - 1
        while low < high:
            middle = (low + high) // 2
            if bytes(blob[offsets[middle] : offsets[middle + 1]]) < key:
                low = middle + 1
            else:
                high = middle
        return first + low

    @cached_property
    def _coarse(self) -> list[bytes]:
        return [self.encoded(number) for number in range(0, len(self), COARSE)]

    def lower_bounds(self, keys: Sequence[bytes]) -> I64:
        """Return the `lower_bound` of each of some keys, int64 [keys]."""
        if len(keys) < _FEW:
            # For so few it takes longer to make the coarse table of a large one.
            found = [bisect_left(range(len(self)), key, key=self.encoded) for key in keys]
        else:
            found = [self.lower_bound(key) for key in keys]
        return np.array(found, np.int64)

    def find(self, text: str) -> int:
        """Return the number of `text`, or -1."""
        key = text.encode()
        number = self.lower_bound(key)
        return number if number < len(self) and self.encoded(number) == key else -1

    def prefixed(self, prefix: str) -> tuple[int, int]:
        """Return the half-open range of numbers of the texts that begin with `prefix`."""
        key = prefix.encode()
        # No UTF-8 text contains the byte 0xFF, so this is above every text with the prefix.
        return self.lower_bound(key), self.lower_bound(key + b"\xff")


@dataclass(frozen=True, slots=True)
class Spliced:
    """A table of which parts come from another one: `blob` and `sizes` as of Texts.

    `kept` int64 has the number of each text of the other table, any for one that is gone, `added` int64 that
    of each text that was put in.
    """

    blob: bytes
    sizes: I64
    kept: I64
    added: I64


def spliced(table: Texts, stays: NDArray[np.bool_], texts: Sequence[str]) -> Spliced:
    """Return a sorted table without some of its texts and with others, sorted, some of which it may have.

    Of [a, c, d], where a and d stay, and [b, c] it is [a, b, c, d]: kept [0, 2, 3], added [1, 2].
    """
    keys = [text.encode() for text in texts]
    if not len(table):
        sizes = np.fromiter(map(len, keys), np.int64, len(keys))
        return Spliced(b"".join(keys), sizes, np.zeros(0, np.int64), np.arange(len(keys)))
    places = table.lower_bounds(keys)
    pairs = zip(places.tolist(), keys, strict=True)
    is_there = np.array(
        [place < len(table) and table.encoded(place) == key for place, key in pairs], np.bool_
    )
    stays = stays.copy()
    stays[places[is_there]] = True
    new = np.flatnonzero(~is_there)
    before = begins(stays.astype(np.int64))
    # So many of the new ones stand before each text of the table.
    kept = before[:-1] + np.searchsorted(places[new], np.arange(len(table)), "right")
    added = np.empty(len(keys), np.int64)
    added[is_there] = kept[places[is_there]]
    added[new] = before[places[new]] + np.arange(len(new))
    sizes = np.zeros(int(before[-1]) + len(new), np.int64)
    sizes[kept[stays]] = np.diff(table.joined()[1])[stays]
    sizes[added[new]] = [len(keys[number]) for number in new.tolist()]
    return Spliced(
        _joined(table, stays, places[new], [keys[one] for one in new.tolist()]), sizes, kept, added
    )


def _joined(table: Texts, stays: NDArray[np.bool_], places: I64, keys: Sequence[bytes]) -> bytes:
    """Return the texts of a table that stay, with `keys` before the texts at some places, end to end."""
    blob, offsets = table.joined()
    waiting = iter([*zip(places.tolist(), keys, strict=True), (-1, b"")])
    place, key = next(waiting)
    # Stretches of the table between the places where something goes or comes.
    turns = np.flatnonzero(stays[1:] != stays[:-1]) + 1
    edges = np.unique(np.concatenate([[0, len(table)], turns, places])).tolist()
    parts = list[bytes | memoryview]()
    for begin, end in pairwise([*edges, len(table)]):
        while place == begin:
            parts.append(key)
            place, key = next(waiting)
        if begin < end and stays[begin]:
            parts.append(blob[offsets[begin] : offsets[end]])
    return b"".join(parts)
