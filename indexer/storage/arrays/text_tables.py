"""Tables of texts, mapped: end to end in UTF-8, with the size of each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import I64, begins

Unsigned = NDArray[np.unsignedinteger[Any]]

# Every so many texts of a table are kept in memory to find the others by.
COARSE = 16


class Texts(Sequence[str]):
    """A table of texts over a mapped blob; `find` and `prefixed` need it sorted (by code point)."""

    def __init__(self, blob: bytes | memoryview, sizes: Unsigned) -> None:
        """Take UTF-8 `blob` and the size of each text in bytes, which add up to that of the blob."""
        self._blob = memoryview(blob)
        self._sizes = sizes

    def __len__(self) -> int:
        return len(self._sizes)

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
