"""Proximity of two words in documents: how close together occurrences of the one and of the other stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.slices import ragged
from search_app.embedded.postings.matches import Packed, in_sorted, rows_of, rows_on

# The terms of a word.
Terms = tuple[int, ...]

_NOWHERE: Packed = np.zeros(0, np.int64)
# Of more occurrences than these, the first ones of each document are looked at before all are.
MANY = 65_536
# Words that stand so often in a text mostly stand side by side among the first of these already.
FIRST = 128


def nearness_of(
    pairs: Sequence[tuple[Terms, Terms]], positions: Mapping[Terms, Packed], size: int, window: int
) -> NDArray[np.float32]:
    """Return 1 / distance² of the nearest of each pair of words in each row, float32 [pairs, size].

    It is 0 beyond `window`; `positions` says where any of some terms stand, packed. A word at position 4 of
    row 0 and the other one at 6 give [[1 / 4]]. Nothing stands between the nearest pair: in the merged order
    they are neighbours, or only an occurrence between them is of both words, which is not near to itself.
    """
    if sum(len(positions[terms]) for terms in chain.from_iterable(pairs)) <= MANY:
        return _nearness_of(pairs, positions, size, window)
    near = _nearness_of(pairs, _Looked(positions, partial(_first_ones, size=size)), size, window)
    # Nothing is nearer than side by side: only where a pair is not, what else stands there is looked at.
    rows = np.flatnonzero((near < 1).any(axis=0))
    if len(rows):
        there = _Looked(positions, partial(_in_rows, rows=rows))
        near[:, rows] = _nearness_of(pairs, there, len(rows), window)
    return near


class _Looked(dict[Terms, Packed]):
    """Those of `positions` that are looked at: what `take` takes of each list of them."""

    def __init__(self, positions: Mapping[Terms, Packed], take: Callable[[Packed], Packed]) -> None:
        super().__init__()
        self._positions, self._take = positions, take

    def __missing__(self, terms: Terms) -> Packed:
        self[terms] = self._take(self._positions[terms])
        return self[terms]


def _first_ones(packed: Packed, size: int) -> Packed:
    """Return the first occurrences of each of so many rows, at most FIRST of each."""
    bounds = packed.searchsorted(rows_on(np.arange(size + 1)))
    return packed.take(ragged(bounds[:-1], np.minimum(np.diff(bounds), FIRST)))


def _in_rows(packed: Packed, rows: NDArray[np.int64]) -> Packed:
    """Return the occurrences in some ascending rows, by the place of the row among these."""
    starts, ends = packed.searchsorted(rows_on(np.array([rows, rows + 1])))
    moved = rows_on(np.arange(len(rows)) - rows)
    return packed.take(ragged(starts, ends - starts)) + moved.repeat(ends - starts)


def _nearness_of(
    pairs: Sequence[tuple[Terms, Terms]], positions: Mapping[Terms, Packed], size: int, window: int
) -> NDArray[np.float32]:
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
