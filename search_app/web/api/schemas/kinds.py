"""What a parameter may be: each kind reads a text and says how the text looks in the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from indexer.document import MAX_NAME_LENGTH
from indexer.text.folding import as_stored
from search_app.facets.specs import FilterParameter
from search_app.request import DIGITS, GROUPED_DIGITS, UNKNOWN, Number, Period, Range, Years

# Further than any corpus reaches, small enough for every integer on the way.
MAX_PAGE = 1_000_000_000

# Exactly the days that exist, so that whoever reads the OpenAPI document sends no other.
_YEAR = r"(\d{3}[1-9]|\d{2}[1-9]\d|\d[1-9]\d{2}|[1-9]\d{3})"
_LEAP = r"(\d{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_MONTH_DAY = r"(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31"
_DAY = rf"^({_YEAR}-({_MONTH_DAY})|{_LEAP}-02-29)$"
_PERIOD = rf"^({_YEAR}(-(0[1-9]|1[0-2]|{_MONTH_DAY}))?|{_LEAP}-02-29)$"
_YEARS = rf"^({_YEAR}(-{_YEAR})?|{UNKNOWN})$"

_DECIMAL = f"^({DIGITS}|{GROUPED_DIGITS})$"
_RANGE = f"^({DIGITS}-|-{DIGITS}|{DIGITS}-{DIGITS}|{UNKNOWN})$"

_NUMBER = re.compile(r"-?\d+", re.ASCII)
_LONGEST_NUMBER = 18
# What neither HTML nor XML can carry; a paste from a slide or a PDF has some.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class UnreadableError(ValueError):
    """A text that a parameter cannot be: a code for programs, a message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of parameter: how its text is read (raising UnreadableError) and described as JSON Schema."""

    read: Callable[[str], Any]
    described: dict[str, Any] = field(default_factory=lambda: {"type": "string"})


def printable(value: str) -> str:
    """Return a text with a space for each character that no page can carry."""
    return _UNPRINTABLE.sub(" ", value)


def text(longest: int, *, shortest: int = 0) -> Kind:
    """Return the kind of a text as people type or paste it; what cannot be printed becomes a space."""

    def _read(value: str) -> str:
        if len(value) > longest:
            raise UnreadableError("too_long", f"must have at most {longest:,} characters, has {len(value):,}")
        if len(value) < shortest:
            raise UnreadableError("empty", "must not be empty")
        return printable(value)

    return Kind(_read, {"type": "string", "minLength": shortest, "maxLength": longest})


def _name() -> Kind:
    """Return the kind of a name of the index, however it was typed or pasted.

    What nobody sees makes no other name: letters and accents apart, marks of direction, blanks at the ends
    or of another width. A stored name is in one line, with single spaces.
    """
    typed = text(MAX_NAME_LENGTH, shortest=1)

    def _read(value: str) -> str:
        as_typed: str = typed.read(value)
        # Of what nobody sees at all nothing would be left: no project has it.
        return printable(" ".join(as_stored(value).split())) or as_typed

    return Kind(_read, typed.described)


def choice(words: Sequence[str]) -> Kind:
    """Return the kind of a parameter that is one of a few words."""

    def _read(value: str) -> str:
        if value not in words:
            raise UnreadableError("not_a_choice", f"must be one of {', '.join(words)}")
        return value

    return Kind(_read, {"type": "string", "enum": list(words)})


def number(least: int, most: int) -> Kind:
    """Return the kind of a whole number between two, both included."""

    def _read(value: str) -> int:
        if _NUMBER.fullmatch(value) is None:
            raise UnreadableError("not_a_number", "must be a whole number")
        # What has more digits than any number here need not be made one.
        if len(value) > _LONGEST_NUMBER or not least <= int(value) <= most:
            raise UnreadableError("out_of_range", f"must be between {least:,} and {most:,}")
        return int(value)

    return Kind(_read, {"type": "integer", "minimum": least, "maximum": most})


def _read_flag(value: str) -> bool:
    if value not in ("0", "1"):
        raise UnreadableError("not_a_choice", "must be 1 or 0")
    return value == "1"


def _read_period(value: str) -> Period:
    try:
        return Period.parse(value)
    except ValueError:
        expected = "must be a date that exists: a year (2021), a month (2021-09) or a day (2021-09-30)"
        raise UnreadableError("not_a_date", expected) from None


def _read_day(value: str) -> date:
    try:
        period = Period.parse(value)
    except ValueError:
        period = None
    if period is None or len(value) != len("2021-09-30"):
        raise UnreadableError("not_a_day", "must be a day that exists, such as 2021-09-30")
    return period.first


def _read_years(value: str) -> Years | str:
    if value == UNKNOWN:
        return value
    try:
        return Years.parse(value)
    except ValueError:
        expected = "must be a year (2021), a run of years with the earlier first (2020-2024) or unknown"
        raise UnreadableError("not_years", expected) from None


def _read_decimal(value: str) -> Number:
    try:
        return Number.parse(value)
    except ValueError:
        raise UnreadableError("not_a_number", "must be a number such as 1500000 or 2.5") from None


def _read_range(value: str) -> Range | str:
    if value == UNKNOWN:
        return value
    try:
        return Range.parse(value)
    except ValueError:
        expected = (
            "must be a range: 1000-5000 (lower first), -1000 (below it), 5000- (it and more) or unknown"
        )
        raise UnreadableError("not_a_range", expected) from None


def facet_list(names: Sequence[str], usual: Sequence[str]) -> Kind:
    """Return the kind of a comma list of facets; all the `usual` ones, in any order, are read as None."""
    one = f"({'|'.join(map(re.escape, names))})"
    pattern = rf"^(none|{one}(,{one})*)$"

    def _read(value: str) -> tuple[str, ...] | None:
        if re.fullmatch(pattern, value) is None:
            raise UnreadableError("not_a_choice", f"must be none, or a comma list of {', '.join(names)}")
        chosen = value.split(",")
        found = tuple(name for name in names if name in chosen)
        return None if found == tuple(usual) else found

    return Kind(_read, {"type": "string", "pattern": pattern, "x-form": ", ".join((*names, "none"))})


FLAG = Kind(_read_flag, {"type": "string", "enum": ["0", "1"]})
PERIOD = Kind(_read_period, {"type": "string", "pattern": _PERIOD, "x-form": "YYYY, YYYY-MM or YYYY-MM-DD"})
DAY = Kind(_read_day, {"type": "string", "format": "date", "pattern": _DAY})
YEARS = Kind(_read_years, {"type": "string", "pattern": _YEARS, "x-form": "2021, 2020-2024 or unknown"})
NUMBER = Kind(_read_decimal, {"type": "string", "pattern": _DECIMAL, "x-form": "1500000 or 2.5"})
RANGE = Kind(
    _read_range, {"type": "string", "pattern": _RANGE, "x-form": "1000-5000, -1000, 5000- or unknown"}
)
# A name that the index has can be asked for, or its link in a facet would lead to an error.
NAME = _name()
PAGE = number(1, MAX_PAGE)


def of(parameter: FilterParameter) -> Kind:
    """Return the kind of a parameter that a facet brings along."""
    match parameter.reads:
        case "choice":
            return choice(parameter.choices)
        case "keyword":
            return NAME
        case "years":
            return YEARS
        case "period":
            return PERIOD
        case "number":
            return NUMBER
        case "range":
            return RANGE
