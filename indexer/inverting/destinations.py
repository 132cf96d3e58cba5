"""Where the postings and the occurrences of each run go in a segment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from indexer.inverting.lexicon import UnitedNumbers
from indexer.inverting.runs import Run
from indexer.storage.arrays.slices import AllBut, ragged, sums_before
from indexer.storage.arrays.sums import begins
from indexer.storage.segment import I64, U32

# Indices into the arrays of the segment, or all of these but some if what goes there keeps its order.
Slots = I64 | AllBut
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the postings [P] and the occurrences [T] of a run go in the arrays of the segment."""

    postings: Slots
    occurrences: Slots


def put(values: NDArray[Any], slots: Slots, target: NDArray[Any]) -> None:
    """Write values into the slots of `target` where they go."""
    if isinstance(slots, AllBut):
        slots.put(values, target)
    else:
        target[slots] = values


def in_sequence(
    runs: Sequence[Run], numbers: Sequence[UnitedNumbers], postings: I64, occurrences: I64
) -> Iterator[Destination]:
    """Yield the destination of each run, when each follows the one before.

    `postings` and `occurrences` int64 [V + 1] are where those of each term begin. One run's destination at
    a time: these are the largest arrays of a build.
    """
    postings, occurrences = postings.copy(), occurrences.copy()
    for run, number in zip(runs, numbers, strict=True):
        yield Destination(
            ragged(postings[number.terms], run.term_postings),
            ragged(occurrences[number.terms], run.term_occurrences),
        )
        postings[number.terms] += run.term_postings
        occurrences[number.terms] += run.term_occurrences


def alternating(runs: Sequence[Run], numbers: Sequence[UnitedNumbers]) -> Iterator[Destination]:
    """Yield the destinations of two runs whose documents alternate; the terms of the first are in order.

    One term that the old run has in documents 0 and 2 and the new one in 1: the old postings go to the
    slots [0, 2], the new one to [1].
    """
    old, new = runs
    new_terms = np.repeat(numbers[1].terms, new.term_postings)
    order = np.argsort(new_terms << 32 | new.documents)
    before = _before(old, numbers[0].terms, new_terms[order], new.documents[order])
    postings = np.empty(len(order), np.int64)
    postings[order] = before + np.arange(len(order))
    starts = np.empty(len(order), np.int64)
    starts[order] = sums_before(old.counts, before) + begins(new.counts[order])[:-1]
    occurrences = ragged(starts, new.counts)
    yield Destination(
        AllBut(np.sort(postings), len(old.documents) + len(postings)),
        AllBut(np.sort(occurrences), len(old.field_positions) + len(occurrences)),
    )
    yield Destination(postings, occurrences)


def _before(run: Run, numbers: I64, terms: I64, documents: U32) -> I64:
    """Return how many postings of a run stand before each of some terms and documents, int64 [postings].

    `numbers` int64 [V] are those of the run's terms, ascending but for terms that are gone. A search by
    halves in the documents of each term: what it takes of memory grows with what is new, not with what is.
    """
    left = np.flatnonzero(run.term_postings)
    bounds = begins(run.term_postings[left])
    low, high = (bounds[np.searchsorted(numbers[left], terms, side)] for side in _SIDES)
    while len(searched := np.flatnonzero(low < high)):
        middle = (low[searched] + high[searched]) // 2
        below = run.documents[middle] < documents[searched]
        low[searched[below]] = middle[below] + 1
        high[searched[~below]] = middle[~below]
    return low
