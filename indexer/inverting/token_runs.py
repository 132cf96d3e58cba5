"""Texts cut into token runs, in array passes over their bytes: no token crosses the end of a run.

A token run is a stretch of letters, digits and the marks that may be inside a token; every ASCII character
that cannot be in one separates runs. ASCII letters are in lower case, as the words of a run will be anyway:
so fewer runs differ. "Child labor, ILO-led." gives `child`, `labor` and `ilo-led`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.storage.segment import I64, U64

# Token runs of up to this many bytes are told apart by two numbers of 64 bits: all but one in a hundred.
KEY_BYTES = 16
# Stands before, between and behind texts.
_BREAK = "\0"
# Below or at this byte nothing is part of a token run.
_SPACE = 0x20
# ASCII punctuation that is part of a token only inside it, as in `analysis.TOKEN`; all other separates.
_JOINERS = b".,'`-&"
_IN_TOKENS = frozenset(b"0123456789_abcdefghijklmnopqrstuvwxyz+#" + _JOINERS)


def _translation() -> bytes:
    lower = bytes(range(0x80)).lower() + bytes(range(0x80, 0x100))
    return bytes(byte if byte in _IN_TOKENS or byte >= 0x80 or byte == 0 else _SPACE for byte in lower)


def _is_joiner() -> NDArray[np.int64]:
    found = np.zeros(0x100, np.int64)
    found[list(_JOINERS)] = 1
    return found


_TRANSLATION = _translation()
_JOINER = _is_joiner()
# The bytes of a number of 64 bits that belong to a token run of 0 to 8 bytes.
_LOWEST = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)


@dataclass(frozen=True)
class TokenRuns:
    """The token runs of some texts in order: `sizes` int64 [P] bytes of `content` from `starts` int64 [P].

    `counts` int64 [texts] tells how many each text has.
    """

    content: bytes
    starts: I64
    sizes: I64
    counts: I64

    @cached_property
    def keys(self) -> tuple[U64, U64]:
        """The first and the second eight bytes of each token run, zero behind its end and for longer ones."""
        # One number of 64 bits begins at every byte.
        eights = np.ndarray((len(self.content) - 7,), "<u8", self.content, strides=(1,))
        first = eights[self.starts] & _LOWEST[np.minimum(self.sizes, 8)]
        second = np.zeros(len(self.starts), np.uint64)
        longer = np.flatnonzero(self.sizes > 8)
        rest = self.sizes[longer] - 8
        second[longer] = eights[self.starts[longer] + 8] & _LOWEST[np.minimum(rest, 8)]
        too_long = longer[rest > 8]
        first[too_long] = second[too_long] = 0
        return first, second

    def texts(self, which: NDArray[np.intp]) -> list[bytes]:
        """Return the bytes of some token runs."""
        content, starts = self.content, self.starts[which]
        ends = (starts + self.sizes[which]).tolist()
        return [content[start:end] for start, end in zip(starts.tolist(), ends, strict=True)]


def cut(texts: Sequence[str]) -> TokenRuns:
    """Return the token runs of NFC texts."""
    joined = _BREAK.join(("", *texts, ""))
    if joined.count(_BREAK) != len(texts) + 1:
        joined = _BREAK.join(("", *(text.replace(_BREAK, " ") for text in texts), ""))
    content = joined.encode().translate(_TRANSLATION) + b" " * KEY_BYTES
    values = np.frombuffer(content, np.uint8)
    inside = values > _SPACE
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = edges[0::2], edges[1::2]
    # A joiner at either end joins nothing: "project" and "project." are one token run.
    starts = starts + _JOINER[values[starts]]
    sizes = ends - _JOINER[values[ends - 1]] - starts
    if sizes.min(initial=1) < 1:
        starts, sizes = starts[sizes > 0], sizes[sizes > 0]
    counts = np.diff(np.searchsorted(starts, np.flatnonzero(values == 0)))
    return TokenRuns(content, starts, sizes, counts)
