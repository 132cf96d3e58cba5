"""Days: as numbers in the columns of a segment, and which one it is now.

A day is stored as the number of days since 1970-01-01, which NumPy's `datetime64[D]` counts from as well;
an unknown one is below all others. 1969-12-31 is -1, 2021-09-30 is 18900.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

# The number of an unknown day.
UNKNOWN_DAY = np.iinfo(np.int32).min
# What date.toordinal() gives for day 0.
_EPOCH = date(1970, 1, 1).toordinal()
_EPOCH_YEAR = 1970


def day_number(day: date | None) -> int:
    """Return the number of a day, UNKNOWN_DAY for None."""
    return UNKNOWN_DAY if day is None else day.toordinal() - _EPOCH


def day_of(number: int) -> date | None:
    """Return the day with a number, None for UNKNOWN_DAY."""
    return None if number == UNKNOWN_DAY else date.fromordinal(number + _EPOCH)


def date_of(number: int) -> date:
    """Return the day with a number that is not UNKNOWN_DAY."""
    return date.fromordinal(number + _EPOCH)


def years_of(days: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the year of each day number, int64, 0 for unknown ones: [2021, 0] of [18900, UNKNOWN_DAY]."""
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + _EPOCH_YEAR
    return np.where(days == UNKNOWN_DAY, 0, years)


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day it is, in UTC."""
    return now().date()


def timestamp(moment: datetime, timespec: str = "seconds") -> str:
    """Return a time as text in UTC, such as "2021-09-30T08:00:00Z"."""
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


# Grants are younger, and no plan goes further: what lies outside is doubtful, and stretches no chart.
EARLIEST_YEAR = 1900
YEARS_AHEAD = 50


def _likely() -> tuple[int, int]:
    """Return the first and the last year that is not doubtful."""
    return EARLIEST_YEAR, today().year + YEARS_AHEAD


def is_doubtful(day: date) -> bool:
    """Return whether a day lies before 1900 or more than 50 years ahead."""
    earliest, latest = _likely()
    return not earliest <= day.year <= latest


def charted(first: int, last: int) -> tuple[int, int]:
    """Return a run of years without those that are doubtful; as it is, if there are no others."""
    earliest, latest = _likely()
    inside = max(first, earliest), min(last, latest)
    return inside if inside[0] <= inside[1] else (first, last)


def run_of(years: Collection[int]) -> tuple[int, int]:
    """Return the first and the last of some years, the doubtful ones left out where there are others."""
    earliest, latest = _likely()
    likely = [year for year in years if earliest <= year <= latest] or years
    return min(likely), max(likely)
