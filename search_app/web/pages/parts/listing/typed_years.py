"""A time in the words of a search: years are words there, so the page also offers the search by date.

`grants in 2015` is offered as all projects that were active in 2015, `mines started before 1990` as those for
*mines* that started in 1989 or earlier; `March 2015` and `2015-03-15` as those of that month or day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from indexer.text.analysis import fold
from indexer.text.stop_words import is_silent
from search_app.web.pages.parts.readable.days import MONTHS, whole

_YEAR = r"(?:19|20)\d\d"
_TIME = re.compile(
    rf"\b(?:between\s+|from\s+|in\s+)?(?P<first>{_YEAR})\s*(?:-|–|\.\.\.?|to|and|until)\s*(?P<last>{_YEAR})\b"
    rf"|\b(?P<before>before|prior\s+to)\s+(?P<until>{_YEAR})\b"
    rf"|\b(?:until|till|up\s+to)\s+(?P<upto>{_YEAR})\b"
    rf"|\b(?P<after>after|since)\s+(?P<since>{_YEAR})\b"
    r"|\b(?:in|during)\s+the\s+(?P<decade>(?:19|20)\d)0'?s\b"
    rf"|\b(?:in|during)\s+(?P<within>{_YEAR})\b"
    rf"|^(?P<begin>{_YEAR})(?=\s|$)|(?<=\s)(?P<end>{_YEAR})$",
    re.IGNORECASE,
)
_MONTH_NAME = r"(?P<name>" + "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in MONTHS) + r"|Sept)"
# A month or a day: 2015-03, 2015-03-15, March 2015, 15 March 2015, March 15, 2015.
_DAY = re.compile(
    rf"(?<!\S)(?:(?:in|during|on)\s+)?(?:(?P<year>{_YEAR})-(?P<month>\d\d)(?:-(?P<day>\d\d))?"
    rf"|(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)?\s+)?{_MONTH_NAME}\.?\s+"
    rf"(?:(?P<after>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?P<of>{_YEAR}))(?!\S)",
    re.IGNORECASE,
)
# What makes another time of a month or day than that month or day.
_UP_TO = re.compile(r"\b(?:before|prior\s+to|after|since|until|till|to|from|between|and)\s*\Z", re.IGNORECASE)
_FROM = re.compile(r"\s*(?:-|–|to|until|and)\s", re.IGNORECASE)
# What tells whether it is the start or the end that a time is of.
_OF_END = re.compile(r"\b(?:ended|ending|completed|finished)\b", re.IGNORECASE)
_OF_START = re.compile(r"\b(?:started|starting|began|begun|beginning)\b", re.IGNORECASE)
# Words that say no more than that projects are looked for.
_OF_PROJECTS = re.compile(r"\b(?:projects?|grants?|awards?|active|running|funded|awarded)\b", re.IGNORECASE)
# A month before a year is more than a year.
_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\W*\Z", re.IGNORECASE)
# A range as other search engines take it.
_RANGE = re.compile(rf"[\[{{]\s*({_YEAR})\s+TO\s+({_YEAR})\s*[\]}}]")
_PLAIN = re.compile(r"[\w\s'’.,–-]+")
_OPERATORS = re.compile(r"\b(?:AND|OR|NOT)\b|(?:^|\s)-")


class TypedTime(NamedTuple):
    """The other words of a search, the parameters that say its time, and that time as people say it."""

    words: str
    given: dict[str, str]
    said: str


def typed_time(q: str) -> TypedTime | None:
    """Return the time that stands in the plain words of a search, None where there is none."""
    text = _RANGE.sub(r"\1 to \2", q.strip()).rstrip("?.! ")
    if not _PLAIN.fullmatch(text) or _OPERATORS.search(text):
        return None
    found, read = _DAY.search(text), _of_day
    if found is None:
        found, read = _TIME.search(text), _of
    if found is None or _MONTH.search(text[: found.start()]):
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    if read is _of_day and (_UP_TO.search(text[: found.start()]) or _FROM.match(text[found.end() :])):
        return None
    field, verb = ("end", "ended") if _OF_END.search(rest) else ("start", "started")
    is_active = field == "start" and not _OF_START.search(rest)
    time = read(found.groupdict(), field, verb, is_active=is_active)
    return TypedTime(" ".join(_left(rest)), *time) if time else None


def _of_day(
    found: dict[str, str | None], field: str, verb: str, *, is_active: bool
) -> tuple[dict[str, str], str] | None:
    """Return the parameters of a month or day and how it is said; None for one that does not exist."""
    name = (found["name"] or "")[:3].title()
    month = [one[:3] for one in MONTHS].index(name) + 1 if name else int(found["month"] or 0)
    day = found["day"] or found["before"] or found["after"]
    try:
        first = date(int(found["year"] or found["of"] or 0), month, int(day or 1))
    except ValueError:
        return None
    value = first.isoformat() if day else f"{first:%Y-%m}"
    said = f"on {whole(first)}" if day else f"in {MONTHS[month - 1]} {first.year}"
    if is_active:
        return {"active_on": value}, f"active {said}"
    return {f"{field}_from": value, f"{field}_to": value}, f"that {verb} {said}"


def _of(
    found: dict[str, str | None], field: str, verb: str, *, is_active: bool
) -> tuple[dict[str, str], str] | None:
    """Return the parameters of a time and how it is said; before or after a year something starts or ends."""
    if until := found["until"]:
        return {f"{field}_to": str(int(until) - 1)}, f"that {verb} before {until}"
    if upto := found["upto"]:
        return {f"{field}_to": upto}, f"that {verb} in or before {upto}"
    if since := found["since"]:
        is_after = (found["after"] or "").lower() == "after"
        said = f"that {verb} {'after' if is_after else 'in or after'} {since}"
        return {f"{field}_from": str(int(since) + is_after)}, said
    if decade := found["decade"]:
        found = {**found, "first": f"{decade}0", "last": f"{decade}9"}
    first = found["first"] or found["within"] or found["begin"] or found["end"] or ""
    last = found["last"] or first
    if last < first:
        return None
    said = f"in {first}" if first == last else f"from {first} to {last}"
    if not is_active:
        return {f"{field}_from": first, f"{field}_to": last}, f"that {verb} {said}"
    given = {"active_on": first} if first == last else {"active_from": first, "active_to": last}
    return given, f"active {said}"


def _left(rest: str) -> Iterator[str]:
    """Yield the words that are left to look for, none where they tell nothing."""
    for of_time in (_OF_END, _OF_START, _OF_PROJECTS):
        rest = of_time.sub(" ", rest)
    words = [word.strip(",–-") for word in rest.split()]
    if not all(is_silent(fold(word)) for word in words):
        yield from filter(None, words)
