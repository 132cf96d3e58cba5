"""Dates as sources write them: one day from a text, or two from a "start - end" range.

A year or a month means its whole span: its first day as a start, its last day as an end. `05/08/2020` is
the eighth of May, as U.S. sources write it. A date that does not exist is an error, never a guess.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Literal

Edge = Literal["start", "end"]

# How sources say that they do not know, or not yet.
_UNKNOWN = (
    "|-|--|\u2013|\u2014|?|n/a|na|nan|nat|nil|none|null|tba|tbd|unknown|not available|not specified|ongoing"
    "|present|current|open|0000-00-00"
)
UNKNOWN = frozenset(_UNKNOWN.split("|"))
_ISO_LENGTH = len("2020-01-31")
# Distinct date texts kept parsed; a century of days has 36,500.
_MEMO = 65_536

_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?", re.ASCII)
_US = re.compile(r"(\d{1,2})[/-](?:(\d{1,2})[/-])?(\d{4})", re.ASCII)
# 15 January 2020 · January 15, 2020 · Jan. 2020
_NAMED = re.compile(
    r"(?:(\d{1,2})\s+)?([a-z]{3,9})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?,?)?,?\s+(\d{4})", re.ASCII
)
# The time of day, and zone, that databases append; only the day counts.
_TIME = re.compile(r"[t ]\d{1,2}:\d{2}.*", re.ASCII)
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}

# A day as the listing writes it.
DAY = r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"
_NO_START = r"TBD|TBA|N/A|Unknown"
_NO_END = _NO_START + r"|Present|Ongoing|Current"
# In running text: `01/23/2023 - 07/23/2027`, with any dash, one side possibly open. The month may follow a
# word or a number without a space ("Phase 201/15/2020": Phase 2 begins in January).
RANGE = re.compile(
    rf"({DAY})\s*[-\u2013\u2014]\s*({DAY}|(?:{_NO_END})\b)|({_NO_START})\s*[-\u2013\u2014]\s*({DAY})"
)
_BETWEEN = re.compile(r"\s+(?:to|until|through)\s+|\s+-\s+|\s*[\u2013\u2014]\s*", re.IGNORECASE)


def parse_day(text: str, edge: Edge) -> date | None:
    """Return the day a text means, None if it says "unknown"; raise ValueError with the reason."""
    if len(text) == _ISO_LENGTH and text[4] == text[7] == "-":
        try:
            return date.fromisoformat(text)
        except ValueError:
            # Perhaps "0000-00-00"; else what is wrong is told below.
            pass
    return _parse_day(text, edge)


@lru_cache(maxsize=_MEMO)
def _parse_day(text: str, edge: Edge) -> date | None:
    wanted = text.strip().lower()
    if wanted in UNKNOWN:
        return None
    wanted = _TIME.sub("", wanted)
    for pattern, parts in _FORMS:
        if match := pattern.fullmatch(wanted):
            return _day(text, edge, *parts(match))
    raise ValueError(
        f"{edge} date {_quoted(text)} is not a date; write 2020-01-31, 2020-01, 2020 or 01/31/2020"
    )


def range_texts(match: re.Match[str]) -> tuple[str, str]:
    """Return the texts of start and end in a match of `RANGE`."""
    return (match[1], match[2]) if match[1] else (match[3], match[4])


def parse_span(text: str) -> tuple[date | None, date | None]:
    """Return the two days of a cell such as "Dec 2019 - March 2024"; unknown ones if it is no span."""
    span = RANGE.fullmatch(text)
    first, last = range_texts(span) if span else [*_BETWEEN.split(text, maxsplit=1), ""][:2]
    return in_order(parse_day(first, "start"), parse_day(last, "end")) if last else (None, None)


def in_order(start: date | None, end: date | None) -> tuple[date | None, date | None]:
    """Return both days; raise ValueError if the end is before the start."""
    if start and end and end < start:
        raise ValueError(f"end date {end} is before start date {start}")
    return start, end


def _day(text: str, edge: Edge, year: int, month: int | None, day: int | None) -> date:
    try:
        if month is None:
            month = 1 if edge == "start" else 12
        if day is None:
            day = 1 if edge == "start" else calendar.monthrange(year, month)[1]
        return date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        hint = "; the month comes first" if "/" in text else ""
        raise ValueError(f"{edge} date {_quoted(text)} does not exist{hint}") from None


def _iso(match: re.Match[str]) -> tuple[int, int | None, int | None]:
    return int(match[1]), _number(match[2]), _number(match[3])


def _us(match: re.Match[str]) -> tuple[int, int | None, int | None]:
    return int(match[3]), int(match[1]), _number(match[2])


def _named(match: re.Match[str]) -> tuple[int, int | None, int | None]:
    return int(match[4]), _MONTHS.get(match[2], 0), _number(match[1] or match[3])


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _quoted(text: str) -> str:
    return f'"{text[:40]}"'


_Parts = Callable[[re.Match[str]], tuple[int, int | None, int | None]]
_FORMS: tuple[tuple[re.Pattern[str], _Parts], ...] = ((_ISO, _iso), (_US, _us), (_NAMED, _named))
