"""The names of grantees as one folded text, the most used first: the first lines that match are the best."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice

import numpy as np

from indexer.analysis import fold
from indexer.segment import Segment

# Lines looked at for one text: past these, what is typed says too little.
MAX_LINES = 2_000

_WORD = re.compile(r"[^\W_]+")


class Names:
    """The grantees of a segment, to be found by the words of their names."""

    def __init__(self, segment: Segment) -> None:
        """Fold all names: some microseconds each."""
        counts = np.bincount(segment.grantee, minlength=len(segment.grantee_names))
        order = np.argsort(-counts, kind="stable")
        names = list(segment.grantee_names)
        lines = [f"{fold(names[ordinal])}\n" for ordinal in order.tolist()]
        self._text = "".join(lines)
        self._ends = list(accumulate(map(len, lines)))
        self._ordinals, self._counts = order.tolist(), counts[order].tolist()

    def having(self, whole: Sequence[set[str]], prefixes: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield the ordinal and the number of projects of names with certain folded words, the most used first.

        They have one of each set of `whole` words and a word that begins with one of `prefixes`.
        """
        beginning = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, prefixes))})")
        last = -1
        for match in islice(beginning.finditer(self._text), MAX_LINES):
            line = bisect_right(self._ends, match.start())
            if line != last and self._has(line, whole):
                yield self._ordinals[line], self._counts[line]
            last = line

    def _has(self, line: int, whole: Sequence[set[str]]) -> bool:
        words = set(_WORD.findall(self._text, self._ends[line - 1] if line else 0, self._ends[line]))
        return all(words & one for one in whole)
