"""Amounts as people and publishers write them: a number, a multiplier, a currency.

    "$1,500,000"       -> 1500000.0 USD        "1.5 million USD"  -> 1500000.0 USD
    "1 500 000 €"      -> 1500000.0 EUR        "1.500.000,50"     -> 1500000.5
    "(1,200)"          -> -1200.0              "up to £2m"        -> 2000000.0 GBP

The whole text must be understood: what has a word in it that is none of these is no amount, for a number
picked out of a sentence may be a year or a page. The number is read by
`numerals`, what stands beside it by `amount_words`.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from indexer.own_fields.money.amount_words import meant, words_of
from indexer.own_fields.money.numerals import Style, number_in, value_of

# Larger numbers are no money; `search_app.request.LARGEST_NUMBER` is the same, so that each can be asked for.
LARGEST = 10**16
# As spreadsheets write large numbers into text files.
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d{1,2}")
# Nearly all amounts are written so, and have one reading; the rest takes ten times as long.
_PLAIN = re.compile(r"(\$?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d\d)?)", re.ASCII)


# A named tuple, made in half the time of a frozen dataclass: a corpus has one for each amount.
class Amount(NamedTuple):
    """An amount; `currency` is its ISO 4217 code or "" if the text has none; `bound` if it says "up to"."""

    value: float
    currency: str = ""
    bound: bool = False


def amount_of(text: str, style: Style | None = None) -> Amount | None:
    """Return the amount that a whole text is, or None.

    `style` says what begins the decimals where a text could be read in two ways, as its column tells;
    without it a lone separator before three digits groups them: "1.500" -> 1500.0.
    """
    if style != "comma" and (plain := plain_amount(text)):
        return plain
    text = unicodedata.normalize("NFC", text).strip()
    found = number_in(text)
    if found is None:
        return None
    if _SCIENTIFIC.fullmatch(text):
        return _bounded(Amount(float(Decimal(text))))
    number, begin = found
    before, after = text[:begin], text[begin + len(number) :]
    sign, before, after = _signed(before, after)
    value = value_of(number, style)
    said = None if re.search(r"[\d_]", before + after) else meant(words_of(before), words_of(after))
    if value is None or said is None:
        return None
    exponent, currency, bound = said
    return _bounded(Amount(float(sign * value.scaleb(exponent)), currency, bound))


def plain_amount(text: str) -> Amount | None:
    """Return the amount that a text is, if it is written as nearly all are: "$1,500,000", "12.50"."""
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return None
    dollar, number = plain.groups()
    return _bounded(Amount(float(number.replace(",", "")), "USD" if dollar else ""))


def _bounded(amount: Amount) -> Amount | None:
    # As the number that is kept: 9999999999999999 is 10 ** 16 there.
    return amount if abs(amount.value) < LARGEST else None


def _signed(before: str, after: str) -> tuple[int, str, str]:
    """Take the signs off: parentheses and a minus on either side are negative."""
    before, after = before.strip(), after.strip()
    negative = False
    if before.startswith("(") and after.endswith(")"):
        before, after, negative = before[1:], after[:-1], True
    elif before.endswith("(") and after.startswith(")"):
        before, after, negative = before[:-1], after[1:], True
    stripped = before.replace("\N{MINUS SIGN}", "-")
    if stripped.rstrip().endswith("-") or stripped.startswith("-"):
        before, negative = stripped.replace("-", "", 1), True
    if after in ("-", "\N{MINUS SIGN}"):
        after, negative = "", True
    # Prices of whole francs end so: 1'500.-
    after = re.sub(r"^[.,]?[-\N{EN DASH}\N{EM DASH}](?=\s|$)", "", after).lstrip(".,")
    return (-1 if negative else 1), before, after
