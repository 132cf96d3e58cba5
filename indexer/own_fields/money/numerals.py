"""Numbers as people write them: which separators group their digits, and what begins the decimals.

    "1,500,000" -> 1500000    "1 500,50" -> 1500.5    "1.500.000,50" -> 1500000.5

Where a text alone does not tell ("1.500"), the other texts of its column decide (`style_of`).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

# What begins the decimals: "point" as in 1,500.25, "comma" as in 1.500,25.
Style = Literal["point", "comma"]
# Longer texts are prose.
MAX_LENGTH = 80
_GAP = "[ \u00a0\u2007\u2009\u202f'\u2019]"
_CORE = re.compile(rf"\d(?:[\d.,]|{_GAP}(?=\d))*")
# What tells at once that a point begins decimals, and what has a reading of either kind: most amounts.
_TELLING = re.compile(r"\$?[1-9](?:\d{0,2}(?:(?:,\d{3}){2,}|(?:,\d{3})+\.\d\d)|\d*\.\d\d?)", re.ASCII)
_EITHER = re.compile(r"\$?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_SPACED = re.compile(rf"\d{{1,3}}(?:{_GAP}\d{{3}})+(?:[.,]\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}")


def number_in(text: str) -> tuple[str, int] | None:
    """Return the first number of a text, as it is written, and where it begins; None if there is none."""
    core = _CORE.search(text) if len(text) <= MAX_LENGTH else None
    return None if core is None else (core.group().rstrip(".,'\u2019 "), core.start())


def style_of(text: str) -> Style | None:
    """Return what begins the decimals of an amount, if the text alone tells: "1.234,5" -> "comma"."""
    if text.isdigit():
        return None
    if _EITHER.fullmatch(text):
        return None
    # Two groups of thousands, decimals behind the groups, or less than three decimals.
    if _TELLING.fullmatch(text):
        return "point"
    found = number_in(text)
    if found is None:
        return None
    readings: set[Style] = set()
    number, _ = found
    for style in ("point", "comma"):
        if _read(number, style) is not None:
            readings.add(style)
    if len(readings) == 2 and not re.search(r"[.,]", number):
        return None
    return readings.pop() if len(readings) == 1 else None


def value_of(number: str, style: Style | None) -> Decimal | None:
    """Return the value of a number as written, None if its separators make no sense."""
    # The column decides between two readings; where there is one, that is it: "1.500.000,5" beside "2,000".
    if style is not None and (value := _read(number, style)) is not None:
        return value
    point, comma = _read(number, "point"), _read(number, "comma")
    if point is None or comma is None or point == comma:
        return point if point is not None else comma
    # "1.500" and "1,500": nobody writes money with three decimals.
    return max(point, comma)


def _read(number: str, style: Style) -> Decimal | None:
    """Return the value of a number if `style` begins its decimals: "1.500" -> 1.5 or 1500."""
    mark, group = (".", ",") if style == "point" else (",", ".")
    if re.search(_GAP, number):
        if not _SPACED.fullmatch(number):
            return None
        number = re.sub(_GAP, "", number)
        whole, _, decimals = number.partition(mark)
        return _decimal(whole, decimals) if group not in number else None
    whole, _, decimals = number.partition(mark)
    if not decimals.isdecimal() and decimals:
        return None
    if group in whole:
        grouped = whole.replace(group, ",")
        if not _GROUPED.fullmatch(grouped) or (whole.startswith("0") and len(whole) > 1):
            return None
        whole = whole.replace(group, "")
    return _decimal(whole, decimals) if whole.isdecimal() else None


def _decimal(whole: str, decimals: str) -> Decimal:
    return Decimal(f"{int(whole)}.{decimals}" if decimals else str(int(whole)))
