"""The words beside a number that make an amount of it, as currencies and multipliers, or that say "none"."""

from __future__ import annotations

import re
from functools import cache

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
_WORDS = re.compile(r"[a-zA-Z]{1,3}\$[sS]?|[^\W\d_]+(?:['’][^\W\d_]+)?\.?(?:[^\W\d_]\.)*|[^\w\s]", re.UNICODE)


def is_nothing(text: str) -> bool:
    """Return whether a text says that there is no value: "", "n/a", "to be confirmed"."""
    return text.strip().casefold() in _NOTHING


def has_multiplier(text: str) -> bool:
    """Return whether an amount is written with a word for a power of ten: "1.5 million"."""
    return any(word.casefold().rstrip(".") in _MULTIPLIERS for word in words_of(text))


def currency_of(text: str) -> str:
    """Return the ISO 4217 code that a cell or a part of a heading is, or "": "US$" -> "USD"."""
    words = [word for word in words_of(text) if word.casefold() not in _FILLERS]
    return _currency(words[0]) or "" if len(words) == 1 else ""


def words_of(text: str) -> list[str]:
    """Return the words beside a number: " millions d'euros (USD)" -> ["millions", "euros", "USD"]."""
    # "(USD)" beside a number, "2 millions d'euros".
    text = re.sub(r"\(([^()]*)\)", r" \1 ", text)
    return [word for word in _WORDS.findall(re.sub(r"\b[dDlL]['\u2019]", " ", text)) if word]


def meant(before: list[str], after: list[str]) -> tuple[int, str, bool] | None:
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
