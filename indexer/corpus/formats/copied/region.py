"""The page of a region as people copy it: each project ends with a line of its own for all but its texts.

    Project Title  Description  Funding  Country  Grantee  Start Date  End Date
    Promoting Safe Mines
    The project trains inspectors.
    $5,000,000 Colombia, Peru Desarrollo y Autogestión 12/15/2019 03/30/2024

The first line after the headings, or after the last such line, is the title; what follows the description. A
record whose last line is missing is cut off, and has no dates: it is rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.corpus.dates import DAY
from indexer.corpus.fields import layout_of
from indexer.corpus.formats.copied.leading_countries import is_country, part
from indexer.corpus.reading import Reading
from indexer.corpus.record import project, rejection
from indexer.document import Project, Rejection

_NAMES = ("Title", "Start date", "End date", "Description", "Grantee", "Amount", "Country")
_OPEN = r"TBD|TBA|N/A|Unknown|Present|Ongoing|Current"
_DATES = re.compile(rf"({DAY}|{_OPEN})\s*(?:[-\u2013\u2014]\s*|to\s+)?({DAY}|{_OPEN})\s*$", re.IGNORECASE)
# Where they stand in a line, from its end.
_DATES_WITHIN = 60
_AMOUNT = re.compile(
    r"(?:US[D$]?|USD)?\s?\$\s?[0-9][0-9,.]*(?:\s?(?:million|billion|M|B)\b)?|N/A|TBD", re.IGNORECASE
)
# A line that names the columns has at least so many of their names, and hardly another word.
_COLUMN_NAMES = frozenset(
    (
        "amount award awarded budget funding funds total country countries location region grantee grantees"
        " recipient implementer organization start end begin date dates project title name description"
        " summary dollars usd of and the"
    ).split()
)
_TELLING = frozenset("country countries grantee recipient implementer start end amount".split())
_COLUMNS = 3
_OWN_LINE_WORDS = 16
_LONGEST_LINE = 4_000
MAX_TITLE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class _Tail:
    """The last line of a record: amount, countries with the grantee, and the texts of both dates."""

    amount: str
    names: str
    start: str
    end: str


def is_region(text: str) -> bool:
    """Return whether a text has lines that end a record of a region page."""
    return any(_tail(line) for line in text.split("\n"))


def read(text: str, line: int, reading: Reading) -> Iterator[Project | Rejection]:
    """Yield the project, or the rejection, of every record of a text that begins at a line of its file."""
    lines: list[str] = []
    first = line
    named = False
    for number, one in enumerate(text.split("\n"), line):
        if tail := _tail(one):
            yield _record(lines, first, tail, reading, named=named)
            lines, first, named = [], number + 1, True
        elif _names_columns(one):
            # What stands above the headings is no project; below them the next begins.
            lines, first, named = [], number + 1, True
        else:
            lines.append(one)
    rest = "\n".join(lines).strip()
    if rest:
        reason = (
            'no line "$amount countries grantee start end": a record that is cut off, or text that is none'
        )
        place = first + next(number for number, one in enumerate(lines) if one.strip())
        yield rejection(reading.path, place, reason, rest[: reading.limits.record])


def _record(
    lines: list[str], first: int, tail: _Tail, reading: Reading, *, named: bool
) -> Project | Rejection:
    shown = [number for number, one in enumerate(lines) if one.strip()]
    line = first + shown[0] if shown else first + len(lines)
    title = lines[shown[0]].strip() if shown else ""
    description = "\n".join(lines[shown[0] + 1 :]) if shown else ""
    parted = part(tail.names)
    if parted.doubt:
        reading.doubt("record", parted.doubt, line=first + len(lines), sample=tail.names)
    if not named and len(shown) > 2:
        reading.doubt("record", "no line above names the columns: the first was read as the title", line=line)
    values = (
        title,
        tail.start,
        tail.end,
        description,
        parted.rest,
        tail.amount,
        "; ".join(parted.countries),
        None,
    )
    layout = layout_of(_NAMES)
    assert layout is not None, "the first column is a title"
    try:
        if len(title) > MAX_TITLE_LENGTH:
            raise ValueError(f"a title of {len(title)} characters; at most {MAX_TITLE_LENGTH}")
        return project(layout, values, f"{reading.path}:{line}", reading.account)
    except ValueError as error:
        text = "\n".join([*lines, tail.names]).strip()
        return rejection(reading.path, line, str(error), text[: reading.limits.record])


def _tail(line: str) -> _Tail | None:
    line = line.strip()
    if not (len("$1 1/1/20201/1/2020") <= len(line) <= _LONGEST_LINE):
        return None
    begin = max(len(line) - _DATES_WITHIN, 0)
    dates = _DATES.search(line, begin)
    if dates is None:
        return None
    before = line[: dates.start()].strip()
    amount = _AMOUNT.match(before)
    if amount:
        return _Tail(amount[0].strip(), before[amount.end() :].strip(), dates[1], dates[2])
    # Without an amount, a country shows that it is no sentence with two dates at its end.
    countries = part(before).countries
    return _Tail("", before, dates[1], dates[2]) if countries and is_country(countries[0]) else None


def _names_columns(line: str) -> bool:
    words = re.findall(r"[a-z]+", line.lower()) if len(line) < 200 else []
    known = [word for word in words if word in _COLUMN_NAMES]
    return (
        _COLUMNS < len(words) <= _OWN_LINE_WORDS
        and len(known) >= len(words) - 1
        and len(_TELLING & {*known}) > 1
    )
