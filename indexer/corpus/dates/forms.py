"""The ways to write a day, a month or a year, and what each means at either end of a project.

A year or a month means its whole span: its first day as a start, its last day as an end. A text that is no
date, or one that does not exist, is an error, never a guess. What a maintainer should know of a date that
was read (`Day.note`) is told with the file.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from indexer.corpus.dates.characters import in_ascii
from indexer.corpus.dates.month_names import named_day
from indexer.corpus.dates.order import MONTH_FIRST, NUMERIC, DateReading
from indexer.storage.days import is_doubtful

Edge = Literal["start", "end"]
# "fiscal": a U.S. federal fiscal year · "serial": an Excel day number · "short": a year of two digits ·
# "stamp": a count of seconds · "days": one of days · "quarter": one that may be of another year than the
# calendar's · "far": a year that is hardly meant · "no date": a text that says there is none. "no span": a
# text in the place of a span that holds no dates. "month or year", "one year or two": one that may be either.
Note = Literal[
    "", "fiscal", "serial", "stamp", "days", "short", "quarter", "far", "no date", "no span",
    "month or year", "one year or two",
]  # fmt: skip

# How sources say that they do not know, or not yet, in small letters.
_UNKNOWN = (
    "|-|--|\u2013|\u2014|?|n/a|n.a.|n.a|na|nan|nat|nil|none|null|tba|tbc|tbd|unknown|not known|not yet known"
    "|not available|not applicable|not specified|not set|to be agreed|to be announced|to be confirmed"
    "|to be decided|to be determined|no date|no end date|no start date|no end|open|open ended|open-ended"
    "|indefinite|ongoing|on-going|on going|continuing|present|to date|current|0000-00-00|00/00/0000"
    "|sin fecha|s/f|s/d|n/d|n.d.|nd|en curso|indefinido|indefinida|por definir|por determinar|por confirmar"
    "|no disponible|vigente|actualidad|a la fecha|en cours|ind\u00e9termin\u00e9e|ind\u00e9termin\u00e9"
    "|\u00e0 d\u00e9finir|\u00e0 d\u00e9terminer|\u00e0 confirmer|non disponible|inconnu|inconnue|sans date"
    "|em andamento|em curso|a definir|a confirmar|n\u00e3o dispon\u00edvel|n\u00e3o informado|sem data"
)
UNKNOWN = frozenset(_UNKNOWN.split("|"))
# What databases write for "no date": their first and their last day.
_FIRST_DAY, _LAST_DAY = date(1, 1, 1), date(9999, 12, 31)

# Excel counts days so; between these two lie 1950 and 2100, five digits each.
_EXCEL_ZERO, _UNIX_ZERO, _DAY_SECONDS = date(1899, 12, 30), date(1970, 1, 1), 86_400
_SERIALS = range(18_264, 73_051)
# Two digits up to this are of this century, as POSIX has it.
_LAST_SHORT_YEAR = 68
# The fiscal year of the U.S. government begins in October of the year before.
_FISCAL_MONTH = 10

_LENGTH = 60
_MEMO = 65_536
_ISO = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?", re.ASCII)
_COMPACT = re.compile(r"\d{8}", re.ASCII)
_NUMERIC_DAY = re.compile(NUMERIC, re.ASCII)
_NUMERIC_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
# Seconds since 1970, from 2001 to 2033, as databases have them, with or without thousandths, and how .NET
# writes thousandths: "/Date(1580428800000+0100)/".
_STAMP = re.compile(r"(1\d{9})(?:\d{3})?(?:\.\d+)?", re.ASCII)
_NET_STAMP = re.compile(r"/date\((-?\d{1,15})(?:([+-])(\d{2})(\d{2}))?\)/", re.ASCII)
_UNIX_DAYS = re.compile(r"(-?\d{1,5})(?:\.0)?", re.ASCII)
_ROUND_YEAR = re.compile(r"(\d{4})\.0", re.ASCII)
# "Q3 2021", "2021-Q3", "3Q2021"
_QUARTER = re.compile(
    r"(?:q([1-4])|([1-4])q)\s?[-/]?\s?(\d{4})|(\d{4})\s?[-/]?\s?(?:q([1-4])|([1-4])q)", re.ASCII
)
_FISCAL = re.compile(r"(?:fy|fiscal year|f\.y\.)\s*[-']?\s*(\d{4}|\d{2})", re.ASCII)
# The time of day, and the zone, that databases append; only the day counts.
_TIME = re.compile(
    r"(?:(?:t|,?\s+)\d{1,2}:\d{2}(?::\d{2}(?:[.,:]\d+)?)?\s*(?:[ap]\.?m\.?)?)?"
    r"\s*(?:z|utc|gmt|e[sd]t|c[se][sd]?t|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_TIMED = re.compile(r"(.*\d.*?)((?:t|,?\s+)\d{1,2}:\d{2}.*)", re.ASCII)
_ZONED = re.compile(r"(\d{4}-\d{2}-\d{2})(z|[+-]\d{2}:\d{2})", re.ASCII)


class Day(NamedTuple):
    """The day that a text means at an edge, None if unknown, and what should be told of it."""

    day: date | None
    note: Note = ""


@lru_cache(maxsize=_MEMO)
def read_day(text: str, edge: Edge, reading: DateReading = MONTH_FIRST) -> Day:
    """Return the day a text means; raise ValueError with the reason if it is no date or does not exist.

    "31-Jan-2020" -> 2020-01-31; "2020" at the end -> 2020-12-31; "ongoing" -> None, "no date".
    """
    wanted = " ".join(in_ascii(text).split()).lower()
    if wanted in UNKNOWN:
        return Day(None, "no date" if wanted else "")
    if len(wanted) <= _LENGTH:
        wanted = _without_time(wanted)
        for form in _FORMS:
            if found := form(wanted, edge, reading):
                return _checked(text, edge, found, reading)
    raise ValueError(
        f"{edge} date {quoted(text)} is not a date; write 2020-01-31, 2020-01, 2020 or 01/31/2020"
    )


def quoted(text: str) -> str:
    """Return the beginning of a text in quotation marks."""
    return f'"{text[:40]}"'


class _Parts(NamedTuple):
    """Year, month and day as written; 0 stands for a number that is wrong, None for one not given.

    `days` is a day by its number in Excel instead.
    """

    year: int
    month: int | None = None
    day: int | None = None
    note: Note = ""
    days: int | None = None


def _checked(text: str, edge: Edge, parts: _Parts, reading: DateReading) -> Day:
    try:
        day = _day_of(parts, edge)
    except (ValueError, OverflowError):
        hint = (
            f"; the {reading.order.split()[0]} comes first"
            if _NUMERIC_DAY.match(in_ascii(text).strip())
            else ""
        )
        raise ValueError(f"{edge} date {quoted(text)} does not exist{hint}") from None
    if day in (_FIRST_DAY, _LAST_DAY):
        return Day(None, "no date")
    return Day(day, "far" if is_doubtful(day) else parts.note)


def _day_of(parts: _Parts, edge: Edge) -> date:
    if parts.days is not None:
        return _EXCEL_ZERO + timedelta(days=parts.days)
    year, month, day = parts.year, parts.month, parts.day
    if parts.note == "fiscal":
        first = date(year - 1, _FISCAL_MONTH, 1)
        return first if edge == "start" else date(year, _FISCAL_MONTH, 1) - timedelta(days=1)
    if month is None:
        month = 1 if edge == "start" else 12
    if day is None:
        if not 1 <= month <= 12:
            raise ValueError
        day = 1 if edge == "start" else calendar.monthrange(year, month)[1]
    return date(year, month, day)


def _without_time(text: str) -> str:
    if match := _ZONED.fullmatch(text):
        return match[1]
    match = _TIMED.fullmatch(text)
    return match[1] if match and _TIME.fullmatch(match[2]) else text


def _unix_days(text: str, _edge: Edge, reading: DateReading) -> _Parts | None:
    match = _UNIX_DAYS.fullmatch(text) if reading.unix_days else None
    return _Parts(0, note="days", days=(_UNIX_ZERO - _EXCEL_ZERO).days + int(match[1])) if match else None


def _iso(text: str, _edge: Edge, _reading: DateReading) -> _Parts | None:
    if match := _ROUND_YEAR.fullmatch(text):
        return _Parts(int(match[1]))
    match = _ISO.fullmatch(text)
    return _Parts(int(match[1]), _number(match[3]), _number(match[4])) if match else None


def _numeric(text: str, _edge: Edge, reading: DateReading) -> _Parts | None:
    match = _NUMERIC_DAY.fullmatch(text)
    if not match:
        return None
    first, second, year = int(match[1]), int(match[3] or match[5]), match[4] or match[6]
    order = reading.dotted if match[2] and match[2].startswith(".") else reading.order
    month, day = (second, first) if order == "day first" else (first, second)
    return _Parts(_year(year), month, day, "short" if len(year) == 2 else "")


def _numeric_month(text: str, _edge: Edge, _reading: DateReading) -> _Parts | None:
    match = _NUMERIC_MONTH.fullmatch(text)
    return _Parts(int(match[2]), int(match[1])) if match else None


def _compact(text: str, _edge: Edge, reading: DateReading) -> _Parts | None:
    if not _COMPACT.fullmatch(text):
        return None
    if reading.compact == "MMDDYYYY":
        return _Parts(int(text[4:]), int(text[:2]), int(text[2:4]))
    return _Parts(int(text[:4]), int(text[4:6]), int(text[6:]))


def _serial(text: str, _edge: Edge, _reading: DateReading) -> _Parts | None:
    match = _SERIAL.fullmatch(text)
    return _Parts(0, note="serial", days=int(match[1])) if match and int(match[1]) in _SERIALS else None


def _stamp(text: str, _edge: Edge, reading: DateReading) -> _Parts | None:
    if match := _STAMP.fullmatch(text):
        seconds = int(match[1]) + reading.ahead * 3600
    elif match := _NET_STAMP.fullmatch(text):
        ahead = int(match[3]) * 3600 + int(match[4]) * 60 if match[2] else 0
        seconds = int(match[1]) // 1000 + (-ahead if match[2] == "-" else ahead)
    else:
        return None
    return _Parts(0, note="stamp", days=(_UNIX_ZERO - _EXCEL_ZERO).days + seconds // _DAY_SECONDS)


def _fiscal(text: str, _edge: Edge, _reading: DateReading) -> _Parts | None:
    match = _FISCAL.fullmatch(text)
    return _Parts(_year(match[1]), note="fiscal") if match else None


def _named(text: str, _edge: Edge, _reading: DateReading) -> _Parts | None:
    found = named_day(text)
    if not found:
        return None
    year, month, day = found
    return _Parts(_year(year), month, day, "short" if len(year) == 2 else "")


def _quarter(text: str, edge: Edge, _reading: DateReading) -> _Parts | None:
    match = _QUARTER.fullmatch(text)
    if not match:
        return None
    last = 3 * int(match[1] or match[2] or match[5] or match[6])
    return _Parts(int(match[3] or match[4]), last if edge == "end" else last - 2, note="quarter")


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year <= _LAST_SHORT_YEAR else 1900)


_Form = Callable[[str, Edge, DateReading], _Parts | None]
_FORMS: tuple[_Form, ...] = (
    _unix_days, _iso, _numeric, _numeric_month, _compact, _serial, _stamp, _fiscal, _quarter, _named,
)  # fmt: skip
