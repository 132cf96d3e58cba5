"""Proximity of two words in documents: how close together occurrences of the one and of the other stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from search_app.embedded.postings.matches import Packed, in_sorted, rows_of, rows_on

# The terms of a word.
Terms = tuple[int, ...]

_NOWHERE: Packed = np.zeros(0, np.int64)


def nearness_of(
    pairs: Sequence[tuple[Terms, Terms]], positions: Mapping[Terms, Packed], size: int, window: int
) -> NDArray[np.float32]:
    """Return 1 / distance² of the nearest of each pair of words in each row, float32 [pairs, size].

    It is 0 beyond `window`; `positions` says where any of some terms stand, packed. A word at position 4 of
    row 0 and the other one at 6 give [[1 / 4]]. Nothing stands between the nearest pair: in the merged order
    they are neighbours, or only an occurrence between them is of both words, which is not near to itself.
    """
    near = np.zeros(len(pairs) * size, np.float32)
    # Each pair has rows of its own. The lowest bit tells which of the two words it is.
    merged = np.concatenate(
        [
            ((positions[terms] + rows_on(number * size)) << 1) + second
            for number, pair in enumerate(pairs)
            for second, terms in enumerate(pair)
        ]
    )
    # A stable sort merges runs in linear time.
    merged.sort(kind="stable")
    itself = _of_both_words(pairs, positions, size)
    for lag in (1, 2) if len(itself) else (1,):
        steps = merged[lag:] - merged[:-lag]
        # From a word to the other one a step is odd, and twice their distance but for one. Rows and fields
        # are further apart than any window.
        close = ((steps & 1 == 1) & (steps <= 2 * window + 1)).nonzero()[0]
        first, second = merged.take(close) >> 1, merged.take(close + lag) >> 1
        distance = second - first
        # A joined form stands at its first word's position: nothing is nearer than the next word.
        nearness = np.float32(1) / np.maximum(distance, 1).astype(np.float32) ** 2
        nearness[distance > window] = 0
        if len(itself):
            nearness[(distance == 0) & in_sorted(first, itself)] = 0
        np.maximum.at(near, rows_of(first), nearness)
    return near.reshape(len(pairs), size)


def _of_both_words(
    pairs: Sequence[tuple[Terms, Terms]], positions: Mapping[Terms, Packed], size: int
) -> Packed:
    """Return where one occurrence stands for both words of a pair, in its rows, ascending.

    Those of *labor labour* may; most pairs have no term of both.
    """
    found = [
        _of_both(left, right, positions) + rows_on(number * size)
        for number, (left, right) in enumerate(pairs)
        if not frozenset(left).isdisjoint(right)
    ]
    return np.concatenate(found) if found else _NOWHERE


def _of_both(left: Terms, right: Terms, positions: Mapping[Terms, Packed]) -> Packed:
    """Return where one occurrence stands for both of two words that share terms, ascending."""
    both = tuple(term for term in left if term in right)
    others = tuple(term for term in (*left, *right) if term not in both)
    return np.setdiff1d(positions[both], positions[others]) if others else positions[both]
