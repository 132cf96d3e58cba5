"""Moments: microseconds since 1970 in UTC, as generations are named by them.

20261127T080000.000001Z is 1795766400000001; 0 is a moment that is not known.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.storage.days import UNKNOWN_DAY

UNKNOWN_MOMENT = 0
# The last one that a date can be written with.
LAST_MOMENT = 253_402_300_799_999_999
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400_000_000
_NAME = "%Y%m%dT%H%M%S.%fZ"


class When(NamedTuple):
    """When a project was first seen in the index, and when it last changed; None where nobody knows."""

    first_seen: datetime | None = None
    last_changed: datetime | None = None


NEVER_SEEN = When()


def moment_of(generation: str) -> int:
    """Return the moment in which a generation was begun; raise ValueError if its name is none."""
    begun = datetime.strptime(generation, _NAME).replace(tzinfo=UTC)
    return (begun - _EPOCH) // _MICROSECOND


def time_of(moment: int) -> datetime | None:
    """Return a moment as a time in UTC, None for an unknown one."""
    return _EPOCH + timedelta(microseconds=moment) if moment else None


def name_of(moment: int) -> str:
    """Return the name of the generation that was begun in a moment."""
    return (_EPOCH + timedelta(microseconds=moment)).strftime(_NAME)


def days_of(moments: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the day of each moment, int32 as in `storage.days`, UNKNOWN_DAY for unknown ones."""
    return np.where(moments == UNKNOWN_MOMENT, UNKNOWN_DAY, moments // _DAY).astype(np.int32)
