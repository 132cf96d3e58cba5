"""What a text of a column looks like, so that the column's type can be told from how many look like what.

Of each text only a *signature* is kept, one number for each column that a project has, from which a
column's kinds and the number of its distinct values are counted anew at each build:

    31      27 26                            0
    +---------+------------------------------+
    |  Kind   |  hash of the text (27 bits)  |
    +---------+------------------------------+
"""

from __future__ import annotations

import re
import zlib
from enum import IntEnum
from functools import lru_cache

from indexer.own_fields.money.amount_words import is_nothing
from indexer.own_fields.money.amounts import amount_of, plain_amount
from indexer.own_fields.money.numerals import Style, style_of

# What is longer, or has more words, is prose and no name of something.
LONGEST_NAME, MOST_WORDS = 80, 12
HASH_BITS = 27
# Texts whose signature is remembered: columns repeat their values.
_REMEMBERED = 65_536

_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DAY = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ][\d:.+Z-]*)?|(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}")
_MOST_MONTHS = 12
_YEAR = re.compile(r"(?:19|20)\d\d")
_CODE = re.compile(r"(?=[^\s]*\d)[^\W_](?:[^\W_]|[-./_#:()])*[^\W_]")
_LIST = re.compile(r"[;|\n]")


class Kind(IntEnum):
    """What one text looks like."""

    NOTHING = 0
    NAME = 1
    LONG = 2
    URL = 3
    DAY = 4
    YEAR = 5
    NUMBER = 6
    NUMBER_POINT = 7
    NUMBER_COMMA = 8
    MONEY = 9
    MONEY_POINT = 10
    MONEY_COMMA = 11
    CODE = 12
    LISTED = 13
    DAY_FIRST = 14
    MONTH_FIRST = 15
    DAY_OR_MONTH = 16


NUMBERS = (Kind.YEAR, Kind.NUMBER, Kind.NUMBER_POINT, Kind.NUMBER_COMMA)
DAYS = (Kind.DAY, Kind.DAY_FIRST, Kind.MONTH_FIRST, Kind.DAY_OR_MONTH)
MONEY = (Kind.MONEY, Kind.MONEY_POINT, Kind.MONEY_COMMA)
# Of an amount, by whether it is money and by what begins its decimals.
_AMOUNTS: dict[tuple[bool, Style | None], Kind] = {
    (False, None): Kind.NUMBER, (False, "point"): Kind.NUMBER_POINT, (False, "comma"): Kind.NUMBER_COMMA,
    (True, None): Kind.MONEY, (True, "point"): Kind.MONEY_POINT, (True, "comma"): Kind.MONEY_COMMA,
}  # fmt: skip


@lru_cache(_REMEMBERED)
def signature(text: str) -> int:
    """Return kind and hash of a text in 32 bits."""
    hashed = zlib.crc32(text.encode("utf-8", "surrogatepass")) & ((1 << HASH_BITS) - 1)
    return kind_of(text) << HASH_BITS | hashed


def kind_of(text: str) -> Kind:
    """Return what a text looks like: "$5" -> MONEY, "2.5" -> NUMBER_POINT, "IL-30345-17" -> CODE."""
    if plain := plain_amount(text):
        if _YEAR.fullmatch(text):
            return Kind.YEAR
        return _AMOUNTS[plain.currency != "", style_of(text)]
    if is_nothing(text):
        return Kind.NOTHING
    if len(text) > LONGEST_NAME or text.count(" ") >= MOST_WORDS:
        parts = _LIST.split(text)
        return Kind.LISTED if max(map(len, parts)) <= LONGEST_NAME and len(parts) > 1 else Kind.LONG
    for pattern, kind in ((_URL, Kind.URL), (_YEAR, Kind.YEAR)):
        if pattern.fullmatch(text):
            return kind
    if day := _DAY.fullmatch(text):
        return _order_of(day)
    amount = amount_of(text) if any(map(str.isdigit, text)) else None
    if amount:
        marked = bool(amount.currency) or amount.bound or any(map(str.isalpha, text))
        return _AMOUNTS[marked, style_of(text)]
    if _CODE.fullmatch(text):
        return Kind.CODE
    return Kind.LISTED if _LIST.search(text) else Kind.NAME


def _order_of(day: re.Match[str]) -> Kind:
    """Return which of two numbers is the day, as far as they tell: 31/01/2020 -> DAY_FIRST."""
    if day[1] is None:
        return Kind.DAY
    first, second = int(day[1]), int(day[2])
    if first == second:
        return Kind.DAY
    if first > _MOST_MONTHS:
        return Kind.DAY_FIRST
    return Kind.MONTH_FIRST if second > _MOST_MONTHS else Kind.DAY_OR_MONTH
