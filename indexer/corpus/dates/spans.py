"""Days and spans of days of a project: each alone, or both in one cell such as "Dec 2019 - March 2024"."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from indexer.corpus.dates.forms import Day, Edge, Note, read_day
from indexer.corpus.dates.order import MONTH_FIRST, DateReading

_ISO_LENGTH = len("2020-01-31")

# A day as the listing writes it.
DAY = r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"
_NO_START = r"TBD|TBA|TBC|N/A|Unknown"
_NO_END = _NO_START + r"|Present|Ongoing|Current"
# In running text: `01/23/2023 - 07/23/2027`, with any dash, one side possibly open. The month may follow a
# word or a number without a space ("Phase 201/15/2020": Phase 2 begins in January).
RANGE = re.compile(
    rf"({DAY})\s*[-\u2013\u2014]\s*({DAY}|(?:{_NO_END})\b)|({_NO_START})\s*[-\u2013\u2014]\s*({DAY})"
)
# What may stand between two dates, the surest first; one that stands inside a date does not part it.
_WORDS = r"\s+(?:to|until|till|through|thru|and|hasta|al|a|au|jusqu'au|et|ate|at\u00e9|ao|y|e|bis|t/m|tot)\s+"
_SEPARATORS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _WORDS,
        r"\s*[\u2013\u2014\u2192~\u301c\uff5e]\s*",
        r"\s+-+\s+",
        r"(?<=-\d{2})\s*/\s*(?=\d{4}-\d)",
        r"(?<=\d{4})\s*[-/]\s*(?=(?:FY|\d{4}\b|\d{1,2}[/.]))",
        r"(?<=\d{4})\s*-\s*(?=[A-Za-z])",
    )
)
_PREFIX = re.compile(r"^(?:from|between|de|du|desde|del|entre|period:?|dates?:)\s+", re.IGNORECASE)
_FISCAL = re.compile(r"^(FY|Fiscal Years?)\s*", re.IGNORECASE)
_LONGEST = 120
# A year and two digits, which may be a month or the end of a later year: "2009-10", but not "2016-03".
_MONTH_OR_YEAR = re.compile(r"\d\d(\d\d)\s*[-/]\s*(\d\d)", re.ASCII)
_TWO_YEARS = re.compile(r"(\d{4})\s*[-\u2013/]\s*(\d{4})", re.ASCII)


class Span(NamedTuple):
    """Both days of a cell, what should be told of them, and whether the cell held any dates."""

    start: date | None
    end: date | None
    notes: tuple[Note, ...] = ()
    found: bool = True


NO_SPAN = Span(None, None, found=False)


def parse_day(text: str, edge: Edge, reading: DateReading = MONTH_FIRST) -> date | None:
    """Return the day a text means, None if it says "unknown"; raise ValueError with the reason."""
    return day_of(text, edge, reading).day


def day_of(text: str, edge: Edge, reading: DateReading = MONTH_FIRST) -> Day:
    """Return the day a text means, and what should be told of it, as `forms.read_day` does."""
    day = iso_day(text)
    return Day(day) if day else read_day(text, edge, reading)


def iso_day(text: str) -> date | None:
    """Return the day of a text such as "2020-01-31", of which nothing is to be told; None for any other."""
    if len(text) == _ISO_LENGTH and text[4] == text[7] == "-" and "1900" <= text[:4] < "2070":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    return None


def range_texts(match: re.Match[str]) -> tuple[str, str]:
    """Return the texts of start and end in a match of `RANGE`."""
    return (match[1], match[2]) if match[1] else (match[3], match[4])


def parse_span(text: str, reading: DateReading = MONTH_FIRST) -> tuple[date | None, date | None]:
    """Return the two days of a cell such as "Dec 2019 - March 2024"; unknown ones if it is no span."""
    span = span_of(text, reading)
    return span.start, span.end


def span_of(text: str, reading: DateReading = MONTH_FIRST, *, alone: bool = True) -> Span:
    """Return both days that a cell holds, `NO_SPAN` if it holds none; raise ValueError if they are wrong.

    "2019-2024", "01/2019 to 12/2024" and "FY2019-FY2024" are spans; so are "2020", "May 2020" and "FY2020",
    each from its first to its last day, if `alone`: a column of durations may mean 2020 days. "36 months" is
    none. "2009-10" may be October, or two years: both days are unknown then.
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        return NO_SPAN
    text = _PREFIX.sub("", text)
    if (pair := _MONTH_OR_YEAR.fullmatch(text)) and pair[2] > pair[1]:
        return Span(None, None, ("month or year",))
    if span := RANGE.fullmatch(text):
        return _span(*range_texts(span), reading)
    if alone and (one := _alone(text, reading)):
        return one
    for separator in _SEPARATORS:
        parts = separator.split(text)
        if len(parts) == 2 and all(parts):
            return _span(*_both_fiscal(*parts), reading)
    return NO_SPAN


def fiscal_span_of(text: str, reading: DateReading = MONTH_FIRST) -> Span:
    """Return both days of a cell in a column of fiscal years, as `span_of` does; "2020" is "FY2020" there.

    "2015-2016" may be one fiscal year, of those that do not end with the calendar's, or two: both days are
    unknown then.
    """
    text = text.strip()
    pair = _TWO_YEARS.fullmatch(text)
    if pair and int(pair[2]) == int(pair[1]) + 1:
        return Span(None, None, ("one year or two",))
    return span_of(f"FY{text}" if pair or text.isdigit() else text, reading)


def in_order(start: date | None, end: date | None) -> tuple[date | None, date | None]:
    """Return both days; raise ValueError if the end is before the start."""
    if start and end and end < start:
        raise ValueError(f"end date {end} is before start date {start}")
    return start, end


def _span(first: str, last: str, reading: DateReading) -> Span:
    start, end = day_of(first, "start", reading), day_of(last, "end", reading)
    notes = tuple(note for note in (start.note, end.note) if note)
    return Span(*in_order(start.day, end.day), notes)


def _alone(text: str, reading: DateReading) -> Span | None:
    """Return the span of a text that is one date: all of a year or month; a day is only a start."""
    try:
        start, end = day_of(text, "start", reading), day_of(text, "end", reading)
    except ValueError:
        return None
    if start.note == "serial":
        return None
    notes = (start.note,) if start.note else ()
    return Span(start.day, end.day if end.day != start.day else None, notes)


def _both_fiscal(first: str, last: str) -> tuple[str, str]:
    """Return both ends of "FY2019-2024" as fiscal years."""
    prefix = _FISCAL.match(first)
    if not prefix:
        return first, last
    bare = _FISCAL.sub("", last)
    return f"FY{first[prefix.end() :]}", f"FY{bare}" if bare.isdigit() else last
