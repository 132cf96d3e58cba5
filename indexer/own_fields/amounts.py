"""Amounts as people and publishers write them: a number, a multiplier, a currency.

    "$1,500,000"       -> 1500000.0 USD        "1.5 million USD"  -> 1500000.0 USD
    "1 500 000 €"      -> 1500000.0 EUR        "1.500.000,50"     -> 1500000.5
    "(1,200)"          -> -1200.0              "up to £2m"        -> 2000000.0 GBP

The whole text must be understood: what has a word in it that is none of these is no amount, for a number
picked out of a sentence may be a year or a page. Where a text alone does not tell whether a separator
groups digits or begins the decimals ("1.500"), the other texts of its column decide (`style_of`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

# What begins the decimals: "point" as in 1,500.25, "comma" as in 1.500,25.
Style = Literal["point", "comma"]

# Longer texts are prose; larger numbers are no money.
MAX_LENGTH = 80
LARGEST = Decimal(10) ** 16
MOST_ZEROS = 15

# A lone "$" is the U.S. dollar here, as in the lists that the product is for; a heading, a column of
# currencies or `fields.toml` says otherwise. By code, what is written for it; "" where several countries'
# money is written so.
_WRITTEN = {
    "USD": "$ us$ u$s dollar dollars dólar dólares",
    "EUR": "€ euro euros",
    "GBP": "£ pound pounds libras sterling",
    "CAD": "c$ ca$ can$",
    "AUD": "a$ au$",
    "NZD": "nz$",
    "HKD": "hk$",
    "SGD": "s$",
    "BRL": "r$ real reais",
    "MXN": "mx$",
    "CHF": "fr. sfr.",
    "CNY": "yuan renminbi",
    "CRC": "₡",
    "CZK": "kč",
    "GHS": "₵",
    "HUF": "ft",
    "ILS": "₪",
    "INR": "₹",
    "JPY": "yen",
    "KES": "ksh",
    "KRW": "₩",
    "KZT": "₸",
    "NGN": "₦ naira",
    "PHP": "₱",
    "PLN": "zł zloty złoty",
    "PYG": "₲",
    "RON": "lei",
    "RUB": "₽",
    "SEK": "krona kronor",
    "TRY": "₺",
    "TZS": "tsh",
    "UAH": "₴",
    "UGX": "ush",
    "VND": "₫",
    "ZAR": "rand",
    "": "rs rs. ¥ kr kr. livres peso pesos rupee rupees rupias franc francs krone kroner shillings",
}
_CODE_OF = {word: code for code, words in _WRITTEN.items() for word in words.split()}
# Words for powers of ten, by the number of zeros that they add.
_ZEROS = {
    3: "k thousand mil mille",
    5: "lakh lakhs lac",
    6: "m mn mio mln mm million millions millón millon millones milhão milhao milhões milhoes",
    7: "crore crores cr",
    9: "bn b billion billions milliard milliards md mds bilhão bilhões bilhoes",
    12: "billón billones trillion tn",
}
_MULTIPLIERS = {word: zeros for zeros, words in _ZEROS.items() for word in words.split()}
# Words before or after an amount that leave it the amount that is meant, and those that bound it.
_FILLERS = frozenset(
    """
    of de d us u.s. united states american americanos total amount approx approx. approximately about around
    ca ca. c. circa environ aprox aprox. aproximadamente ~ ≈ ± estimated est. est exactly only s : =
    """.split()
)
_BOUNDS = frozenset(
    """
    up to upto max max. maximum hasta jusqu jusqu'à jusqu’à à até under below over above more less than at
    least most min min. minimum < > ≤ ≥ exceeding
    """.split()
)
# "no more than 5", but "no 5" is a number of something.
_NEGATIONS, _COMPARED = frozenset(["no", "not"]), frozenset(["more", "less", "exceeding", "exceed"])
# Texts that say that there is no amount.
_NOTHING = frozenset(
    """
    - -- --- – — ? n/a na n.a. none null nil nan tbc tbd s/d n/d unknown undisclosed unspecified
    """.split()
) | {
    "",
    "to be confirmed",
    "to be determined",
    "not known",
    "not available",
    "not applicable",
    "not disclosed",
    "not specified",
    "no disponible",
    "non communiqué",
    "não disponível",
}

_GAP = "[ \u00a0\u2007\u2009\u202f'\u2019]"
_CORE = re.compile(rf"\d(?:[\d.,]|{_GAP}(?=\d))*")
# As spreadsheets write large numbers into text files.
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d{1,2}")
# Nearly all amounts are written so, and have one reading; the rest takes ten times as long.
_PLAIN = re.compile(r"(\$?)(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d\d)?", re.ASCII)
_TELLING = re.compile(r"\$?[1-9]\d{0,2}(?:(?:,\d{3}){2,}|(?:,\d{3})+\.\d\d)", re.ASCII)
_SPACED = re.compile(rf"\d{{1,3}}(?:{_GAP}\d{{3}})+(?:[.,]\d+)?")
_WORDS = re.compile(r"[a-zA-Z]{1,3}\$[sS]?|[^\W\d_]+(?:['’][^\W\d_]+)?\.?(?:[^\W\d_]\.)*|[^\w\s]", re.UNICODE)
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount; `currency` is its ISO 4217 code or "" if the text has none; `bound` if it says "up to"."""

    value: float
    currency: str = ""
    bound: bool = False


def is_nothing(text: str) -> bool:
    """Return whether a text says that there is no value: "", "n/a", "to be confirmed"."""
    return text.strip().casefold() in _NOTHING


def amount_of(text: str, style: Style | None = None) -> Amount | None:
    """Return the amount that a whole text is, or None.

    `style` says what begins the decimals where a text could be read in two ways, as its column tells;
    without it a lone separator before three digits groups them: "1.500" -> 1500.0.
    """
    if style != "comma" and (plain := plain_amount(text)):
        return plain
    text = unicodedata.normalize("NFC", text).strip()
    core = _CORE.search(text) if len(text) <= MAX_LENGTH else None
    if core is None:
        return None
    if _SCIENTIFIC.fullmatch(text):
        scientific = Decimal(text)
        return Amount(float(scientific)) if abs(scientific) < LARGEST else None
    number = core.group().rstrip(".,'\u2019 ")
    before, after = text[: core.start()], text[core.start() + len(number) :]
    sign, before, after = _signed(before, after)
    value = _value(number, style)
    meant = None if re.search(r"[\d_]", before + after) else _meant(_words(before), _words(after))
    if value is None or meant is None:
        return None
    exponent, currency, bound = meant
    value = value.scaleb(exponent)
    return Amount(float(sign * value), currency, bound) if value < LARGEST else None


def plain_amount(text: str) -> Amount | None:
    """Return the amount that a text is, if it is written as nearly all are: "$1,500,000", "12.50"."""
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return None
    exact = float(text[len(plain[1]) :].replace(",", ""))
    return Amount(exact, "USD" if plain[1] else "") if exact < LARGEST else None


def style_of(text: str) -> Style | None:
    """Return what begins the decimals of an amount, if the text alone tells: "1.234,5" -> "comma"."""
    if text.isdigit():
        return None
    # Two groups of thousands, or decimals behind the groups.
    if _TELLING.fullmatch(text):
        return "point"
    core = _CORE.search(text) if len(text) <= MAX_LENGTH else None
    if core is None:
        return None
    readings: set[Style] = set()
    number = core.group().rstrip(".,'\u2019 ")
    for style in ("point", "comma"):
        if _read(number, style) is not None:
            readings.add(style)
    if len(readings) == 2 and not re.search(r"[.,]", number):
        return None
    return readings.pop() if len(readings) == 1 else None


def currency_of(text: str) -> str:
    """Return the ISO 4217 code that a cell or a part of a heading is, or "": "US$" -> "USD"."""
    words = [word for word in _words(text) if word.casefold() not in _FILLERS]
    return _currency(words[0]) or "" if len(words) == 1 else ""


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


def _words(text: str) -> list[str]:
    # "(USD)" beside a number, "2 millions d'euros".
    text = re.sub(r"\(([^()]*)\)", r" \1 ", text)
    return [word for word in _WORDS.findall(re.sub(r"\b[dDlL]['\u2019]", " ", text)) if word]


def _meant(before: list[str], after: list[str]) -> tuple[int, str, bool] | None:
    """Return the power of ten, the currency and whether the amount is a bound; None if a word is unknown."""
    exponent, bound = 0, False
    currencies: dict[str, None] = {}
    for side, words in enumerate((before, after)):
        for word in words:
            folded = word.casefold()
            if side and folded.rstrip(".") in _MULTIPLIERS:
                exponent += _MULTIPLIERS[folded.rstrip(".")]
            elif (currency := _currency(word)) is not None:
                currencies["$" if word == "$" else currency] = None
            elif folded in _BOUNDS or (folded in _NEGATIONS and _COMPARED & {*map(str.casefold, words)}):
                bound = True
            elif folded not in _FILLERS:
                return None
    # A lone dollar sign beside a code says the same: "CAD $".
    known = [one for one in currencies if one not in ("", "$")] or ["USD"] * ("$" in currencies)
    if len(known) > 1 or exponent > MOST_ZEROS:
        return None
    return exponent, (known[0] if known else ""), bound


def _currency(word: str) -> str | None:
    """Return the code of a currency, "" for one that several countries have, None for another word."""
    known = _CODE_OF.get(word.casefold())
    return word if known is None and word in _codes() else known


@cache
def _codes() -> frozenset[str]:
    # Loaded only where a corpus has amounts.
    from babel.core import get_global

    return frozenset(get_global("all_currencies"))


def _value(number: str, style: Style | None) -> Decimal | None:
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
