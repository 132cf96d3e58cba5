"""Ranges that people count in: where a column of amounts or numbers is cut, so that 5 to 12 ranges come out.

Cuts are round numbers, 1, 2 or 5 times a power of ten, the same for every search of an index: a range that
was chosen means the same when the next filter is set. Where the values lie close together the cuts are
evenly apart; where they span decades, each is a multiple of the one before:

    3 … 48 (pupils)             -> 0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50
    900 … 12,000,000 (dollars)  -> 0, 1000, 10000, 100000, 1000000, 10000000
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_app.request import DECIMALS, LARGEST_NUMBER, FilterValue, Range
from search_app.results import Bucket

FEWEST, MOST = 5, 12
# Where the middle half of the values spans so many times its lower end, they span decades.
DECADES = 4
# Multiples of a power of ten at which a scale is cut, the coarsest scale first.
_SCALES: tuple[tuple[int, ...], ...] = ((1,), (1, 3), (1, 2, 5))
_STEPS = (1, 2, 5)
# Ranges whose texts are remembered: those of a corpus are the same in every search.
_REMEMBERED = 1_024


def ranges_of(values: NDArray[np.float64]) -> tuple[Range, ...]:
    """Return the ranges for values, NaN for unknown; none where no number in an address divides them.

    That is where all are the same, or as good as.
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return ()
    lowest, highest = float(known.min()), float(known.max())
    if lowest == highest:
        return ()
    # Where nearly all values are the same, the few others are all that can be told apart.
    cuts = _cuts(known, *np.quantile(known, (0.02, 0.98)).tolist()) or _cuts(known, lowest, highest)
    return tuple(Range(low, high) for low, high in _pairs(cuts, lowest)) if cuts else ()


def range_numbers(values: NDArray[np.float64], ranges: Sequence[Range]) -> NDArray[np.int64]:
    """Return which range each value is in, int64 [N], `len(ranges)` for an unknown one."""
    cuts = np.array([one.low for one in ranges[1:]], np.float64)
    numbers = np.searchsorted(cuts, values, side="right")
    return np.where(np.isnan(values), len(ranges), numbers)


def _cuts(known: NDArray[np.float64], low: float, high: float) -> list[float]:
    """Return the cuts between the ranges, ascending; all values but a few are from `low` to `high`."""
    first, last = (float(one) for one in np.quantile(known, (0.25, 0.75)))
    if first > 0 and last / first >= DECADES and low > 0:
        found = min(_logarithmic(low, high), key=lambda cuts: _misfit(known, cuts))
        if _filled(known, found) >= FEWEST:
            return found
    # Whole numbers are not cut between two of them.
    least = 1.0 if (known == np.floor(known)).all() else 10.0**-DECIMALS
    return min(_linear(low, high, least), key=lambda cuts: _misfit(known, cuts))


def _logarithmic(low: float, high: float) -> Iterator[list[float]]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for scale in _SCALES:
        yield _between(
            low,
            (float(multiple) * 10.0**power for power in range(first, last + 1) for multiple in scale),
            high,
        )


def _linear(low: float, high: float, least: float) -> Iterator[list[float]]:
    span = high - low or abs(high) or 1.0
    power = math.floor(math.log10(span))
    for exponent in (power - 1, power):
        for multiple in _STEPS:
            step = max(multiple * 10.0**exponent, least)
            first = math.floor(low / step) + 1
            count = min(math.ceil(high / step) - first + 1, 10 * MOST)
            yield _between(low, ((first + number) * step for number in range(count)), high)


def _between(low: float, cuts: Iterable[float], high: float) -> list[float]:
    """Return those of ascending cuts above `low` and up to `high`, as they can stand in an address."""
    written = dict.fromkeys(round(cut, DECIMALS) for cut in cuts)
    return [cut for cut in written if low < cut <= high and abs(cut) < LARGEST_NUMBER]


def _misfit(known: NDArray[np.float64], cuts: list[float]) -> tuple[int, int]:
    """Return how far the number of filled ranges is from what is wanted, and how many there are."""
    filled = _filled(known, cuts)
    return max(FEWEST - filled, filled - MOST, len(cuts) + 1 - MOST, 0), -filled


def _filled(known: NDArray[np.float64], cuts: list[float]) -> int:
    return len(np.unique(np.searchsorted(np.array(cuts), known, side="right")))


def _pairs(cuts: list[float], lowest: float) -> Iterator[tuple[float | None, float | None]]:
    bounds: list[float | None] = [None if not cuts or lowest < 0 else 0.0, *cuts, None]
    yield from pairwise(bounds)


def ranges_in(values: Iterable[FilterValue]) -> tuple[Range, ...]:
    """Return the values that are ranges: one may be for unknown numbers."""
    return tuple(one for one in values if isinstance(one, Range))


def range_buckets(counts: Mapping[Range, int], chosen: Sequence[FilterValue]) -> tuple[Bucket, ...]:
    """Return the buckets of ranges that count any or are chosen, ascending."""
    return tuple(
        [
            Bucket(*_texts_of(one), count, one in chosen, low=one.low, high=one.high)
            for one, count in sorted(counts.items(), key=lambda pair: order_of(pair[0]))
            if count or one in chosen
        ]
    )


@lru_cache(_REMEMBERED)
def _texts_of(one: Range) -> tuple[str, str]:
    return str(one), shown_range(one)


def shown_range(one: Range) -> str:
    """Return a range as people read it: "1,000 to 5,000", "under 1,000", "5,000 and more"."""
    low, high = (None if side is None else _shown(side) for side in (one.low, one.high))
    if low is None:
        return f"under {high}"
    return f"{low} and more" if high is None else f"{low} to {high}"


def _shown(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{Decimal(repr(number)):,f}"


def order_of(one: Range) -> tuple[float, float]:
    """Return what ascends from the lowest range to the highest."""
    return (
        float("-inf") if one.low is None else one.low,
        float("inf") if one.high is None else one.high,
    )
