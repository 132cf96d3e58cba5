"""What a maintainer should know of the dates of a file, each kind told once, with how often and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from indexer.corpus.dates.forms import Note
from indexer.storage.days import EARLIEST_YEAR, YEARS_AHEAD

# Distinct texts for "no date" that are told one by one; a hostile file may have one in each record.
_MOST_TEXTS = 20

_SAID: dict[Note, str] = {
    "fiscal": "is taken as the U.S. federal fiscal year, 1 October of the year before to 30 September",
    "serial": "is taken as an Excel day number",
    "stamp": "is taken as seconds, or thousandths of them, since 1970",
    "days": "is taken as a count of days since 1970",
    "short": "has a year of two digits",
    "quarter": "is taken as a quarter of the calendar's year",
    "far": f"lies before {EARLIEST_YEAR} or more than {YEARS_AHEAD} years ahead; charts leave it out",
    "no date": "says that there is none: unknown",
    "no span": "holds no dates: unknown",
    "month or year": "may be a month or two years: unknown",
    "one year or two": "may be one fiscal year or two: unknown",
}


@dataclass(slots=True)
class _Seen:
    """One kind of date: an example, the day it means, its column, where it first stood and how often."""

    text: str
    day: date | None
    column: str
    line: int
    count: int = 0


@dataclass(frozen=True, slots=True)
class DateRemark:
    """A sentence on the dates of a file, with the first place and text that it is about."""

    message: str
    line: int
    column: str
    sample: str


@dataclass(slots=True)
class DateNotes:
    """Collects what is to be told of the dates of a file; `line` is where the present record stands."""

    line: int = 0
    total: int = 0
    _seen: dict[tuple[Note, str, str], _Seen] = field(default_factory=dict)

    def add(self, note: Note, text: str, day: date | None, column: str) -> None:
        """Note that a text was read as a day in a way that is to be told."""
        self.total += 1
        key = (note, column, text.strip().casefold() if note == "no date" else "")
        if key not in self._seen and len(self._seen) >= _MOST_TEXTS:
            key = (note, column, "")
        seen = self._seen.setdefault(key, _Seen(text.strip(), day, column, self.line))
        seen.count += 1

    def __len__(self) -> int:
        return len(self._seen)

    def remarks(self) -> Iterator[DateRemark]:
        """Yield a sentence for each kind, in the order in which they were seen."""
        for (note, _, _), seen in self._seen.items():
            example = f'"{seen.text[:40]}"' + (f", read as {seen.day}," if seen.day else "")
            times = "once" if seen.count == 1 else f"{seen.count:,} times"
            yield DateRemark(f"{example} {_SAID[note]} ({times})", seen.line, seen.column, seen.text)
