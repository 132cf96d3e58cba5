"""An axis of years: buckets of one width side by side, and the labels that fit below them.

A label has about the width of four digits. How many of them fit depends on the screen and on the size of
its text, so that each label says in which of three sets it is, and the style sheet shows one set: as many
as there is room for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from indexer.storage.days import charted, day_number
from search_app.facets.years import width_of

# As many bars as can still be told apart on the narrowest screen.
MOST_BARS = 80
# The sets of labels, and how many each has at most.
SETS = (("few", 3), ("some", 6), ("many", 12))
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_CACHED = 256


class Tick(NamedTuple):
    """A year below an axis: where its middle stands, in percent, and the sets that it is in."""

    percent: float
    year: int
    sets: str


@dataclass(frozen=True, slots=True)
class Axis:
    """Years from the beginning of `first` to the end of `last`, in buckets of `width` years."""

    first: int
    last: int
    width: int

    @property
    def size(self) -> int:
        """How many buckets there are."""
        return len(self.starts())

    def starts(self) -> Sequence[int]:
        """Return the first year of each bucket."""
        return range(self.first, self.last + 1, self.width)

    def share(self, day: date, *, after: bool = False) -> float:
        """Return where a day begins (or what is `after` it), from 0 to 1; a day outside is at an end."""
        ordinal = day_number(day) - day_number(date(day.year, 1, 1)) + after
        years = day.year + ordinal / (366 if _is_leap(day.year) else 365) - self.first
        return min(max(years / (self.last + 1 - self.first), 0.0), 1.0)

    def ticks(self) -> tuple[Tick, ...]:
        """Return the labels, from left to right."""
        return _ticks(self)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def axis_of(first: int, last: int, most: int = MOST_BARS) -> Axis:
    """Return the axis for a run of years, without those that are doubtful, in at most `most` buckets."""
    first, last = charted(first, last)
    width = width_of(first, last, most)
    return Axis(max(first // width * width, 1), last // width * width + width - 1, width)


@lru_cache(_CACHED)
def _ticks(axis: Axis) -> tuple[Tick, ...]:
    sets: dict[int, list[str]] = {}
    for name, most in SETS:
        for year in _labelled(axis, most):
            sets.setdefault(year, []).append(name)
    # One year is named below the middle of its bar, a wide bucket where it begins.
    middle = 0.5 if axis.width == 1 else 0.0
    whole = axis.last + 1 - axis.first
    return tuple(
        Tick(round(100 * (year - axis.first + middle) / whole, 2), year, " ".join(found))
        for year, found in sorted(sets.items())
    )


def _labelled(axis: Axis, most: int) -> Iterator[int]:
    """Yield the years that are named: round ones, or the first and the last where hardly any is round."""
    for step in _STEPS:
        rounds = range(-(-axis.first // step) * step, axis.last + 1, step)
        if step >= axis.width and len(rounds) <= most:
            break
    starts = axis.starts()
    yield from rounds if len(rounds) > 1 else sorted({starts[0], starts[-1]})
