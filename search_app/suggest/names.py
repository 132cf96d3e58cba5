"""The names of grantees as one folded text, the most used first: the first lines that match are the best.

A line is the words of a name with a space before and after each, so that plain searching for " uni" finds
the words that begin so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import accumulate, groupby

import numpy as np

from indexer.storage.segment import I64
from indexer.text.analysis import fold

# How many names are looked at for one text; where more begin so, what is typed says too little.
MAX_LINES = 500

_MARKS = re.compile(r"[^\w\n]+|_+")


class Names:
    """The grantees of an index, to be found by the words of their names."""

    def __init__(self, names: Sequence[str], counts: I64) -> None:
        """Fold all names: about a microsecond each; `counts` has the projects of each, int64 [names]."""
        order = np.argsort(-counts, kind="stable")
        lines = "".join(f" {fold(names[ordinal])} \n" for ordinal in order.tolist())
        self._text = _MARKS.sub(" ", lines)
        self._ends = list(accumulate(len(line) + 1 for line in self._text.split("\n")))
        self._ordinals, self._counts = order.tolist(), counts[order].tolist()

    def having(self, whole: Sequence[set[str]], prefixes: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield ordinal and number of projects of each name that has certain words, the most used first.

        They have one of each set of `whole` words and, if there are `prefixes`, a word that begins with
        one of them; all are folded.
        """
        wanted = [[f" {word} " for word in sorted(words)] for words in whole]
        if prefixes:
            wanted.append([f" {prefix}" for prefix in prefixes])
        rarest = min(wanted, key=lambda texts: sum(map(self._text.count, texts)))
        # A line may have several of the texts: *program* begins "programme", which is looked for as well.
        for line, _ in groupby(merge(*map(self._lines, rarest))):
            start, end = self._ends[line - 1] if line else 0, self._ends[line]
            if all(any(self._text.find(text, start, end) >= 0 for text in texts) for texts in wanted):
                yield self._ordinals[line], self._counts[line]

    def _lines(self, text: str) -> Iterator[int]:
        at = self._text.find(text)
        for _ in range(MAX_LINES):
            if at < 0:
                return
            line = bisect_right(self._ends, at)
            yield line
            at = self._text.find(text, self._ends[line])
