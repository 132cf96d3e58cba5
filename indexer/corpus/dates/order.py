"""Which comes first in the dates of a file, day or month, and how that is known.

`01/10/2020` can be read both ways, `31/03/2022` only one way. A file has one order: the dates that have
only one reading decide it for all. Where none has, the publisher's habit does; else the month comes first,
as U.S. sources write, and that is a doubt. Between dots the day comes first unless the file shows otherwise:
no country that puts dots there begins with the month.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from indexer.corpus.dates.characters import in_ascii

Order = Literal["month first", "day first"]

# 1/31/2020 · 31.1.20 · 31-01-2020. A year of two digits after dashes could stand at either end.
NUMERIC = r"(\d{1,2})(?:(/|\.\s?)(\d{1,2})\2(\d{4}|\d{2})|-(\d{1,2})-(\d{4}))"
_ANYWHERE = re.compile(rf"(?<![\d/.-]){NUMERIC}(?!\d)", re.ASCII)
_MEMO = 65_536
_SHORTEST = len("1/1/20")
_MONTHS, _DAYS = 12, 31
_OTHER: dict[Order, Order] = {"month first": "day first", "day first": "month first"}


@dataclass(frozen=True, slots=True)
class DateReading:
    """How the dates of a file are read, why, and whether that is sure.

    `compact` is the order of eight digits without marks: ISO, or as grants.gov writes them (`MMDDYYYY`).
    `ahead` is how many hours the clocks are ahead of UTC, at most, where counts of seconds mean midnights.
    `unix_days` says that numbers alone count days since 1970.
    `example` is a date that may be wrong, where it is not sure.
    """

    order: Order = "month first"
    dotted: Order = "day first"
    reason: str = "no date that could be read in two ways"
    sure: bool = True
    compact: str = "YYYYMMDD"
    ahead: int = 0
    unix_days: bool = False
    example: str = ""


MONTH_FIRST = DateReading()


@dataclass(frozen=True, slots=True)
class Habit:
    """The order that a publisher, or the language of the headings, lets one expect; `sure` if documented."""

    order: Order
    reason: str
    sure: bool


@dataclass(slots=True)
class _Votes:
    """How many dates can be read in one order only, or in both, and the first of each."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, text: str) -> None:
        """Count one more date that can be read so."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.examples.setdefault(kind, text)

    def of(self, kind: str) -> int:
        """Return how many dates were of a kind."""
        return self.counts.get(kind, 0)

    def decided(self) -> _Decision | None:
        """Return what the dates with one reading say, None if there are none."""
        order: Order = "day first" if self.of("day first") > self.of("month first") else "month first"
        if not self.of(order):
            return None
        number = self.of(order)
        reason = f'"{self.examples[order]}"' + (f" and {number - 1:,} more" if number > 1 else "")
        reason += " can be read in no other way"
        against = self.of(_OTHER[order])
        if against:
            example = self.examples[_OTHER[order]]
            reason += f', but {against:,} such as "{example}" only with the {_OTHER[order]}'
        example = self.examples[_OTHER[order] if against else order]
        return _Decision(order, reason, sure=not against, decisive=True, example=example)

    def supposed(self, expected: _Decision) -> _Decision | None:
        """Return what is expected, for dates that can be read both ways; None if there are none."""
        number = self.of("both")
        if not number:
            return None
        dates = "one date" if number == 1 else f"{number:,} dates"
        why = "as the others" if expected.decisive else f"none decides; {expected.reason}"
        reason = f'{dates} such as "{self.examples["both"]}" could be read both ways; {why}'
        return _Decision(expected.order, reason, expected.sure, example=self.examples["both"])


@dataclass(frozen=True, slots=True)
class _Decision:
    """An order, why, and whether that is sure."""

    order: Order
    reason: str
    sure: bool
    decisive: bool = False
    example: str = ""


class DateSurvey:
    """Collects the date texts of a file, in any number of columns, and says how they are to be read."""

    def __init__(self) -> None:
        """Begin with no date seen."""
        self._plain, self._dotted = _Votes(), _Votes()

    def add(self, text: str) -> None:
        """Look at a text that may hold dates."""
        if len(text) >= _SHORTEST and not text.isalpha():
            for kind, date in classified(text):
                (self._dotted if "." in date else self._plain).add(kind, date)

    def reading(self, habit: Habit | None = None) -> DateReading:
        """Return how the dates seen so far are to be read."""
        plain, dotted = self._plain.decided(), self._dotted.decided()
        expected = plain or dotted or _expected(habit)
        between_dots = expected if plain or dotted else _between_dots(expected)
        return _joined(
            plain or self._plain.supposed(expected),
            dotted or self._dotted.supposed(between_dots),
            DateReading(expected.order, between_dots.order),
        )


def _expected(habit: Habit | None) -> _Decision:
    if habit:
        return _Decision(habit.order, habit.reason, habit.sure)
    return _Decision("month first", "taken as U.S. sources write them", sure=False)


def _between_dots(expected: _Decision) -> _Decision:
    sure = expected.sure and expected.order == "day first"
    return _Decision("day first", "between dots the day usually comes first", sure)


def _joined(plain: _Decision | None, dotted: _Decision | None, otherwise: DateReading) -> DateReading:
    found = [one for one in (plain, dotted) if one]
    return DateReading(
        # Of a file whose dates all have dots, theirs is the order that is told.
        (plain or dotted or otherwise).order,
        dotted.order if dotted else otherwise.dotted,
        "; ".join(dict.fromkeys(one.reason for one in found)) or otherwise.reason,
        all(one.sure for one in found),
        example=next((one.example for one in found if not one.sure), ""),
    )


@lru_cache(maxsize=_MEMO)
def classified(text: str) -> tuple[tuple[str, str], ...]:
    """Return each numeric date in a text with the order it needs; "both" if either will do.

    "31/03/2022" -> (("day first", "31/03/2022"),); "2020-01-31" and "05/05/2020" -> ().
    """
    found = []
    for match in _ANYWHERE.finditer(in_ascii(text)):
        first, second = int(match[1]), int(match[3] or match[5])
        as_day = 0 < first <= _DAYS and 0 < second <= _MONTHS
        as_month = 0 < first <= _MONTHS and 0 < second <= _DAYS
        if as_day != as_month:
            found.append(("day first" if as_day else "month first", match[0]))
        elif as_day and first != second:
            found.append(("both", match[0]))
    return tuple(found)
