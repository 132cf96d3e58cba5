"""In which unit the heading of a column says that its amounts are: "Amount (USD million)", "Budget (k€)"."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from indexer.own_fields.money.amount_words import has_multiplier

# More than any grant: an amount that would be larger is written out, whatever its heading says.
_LARGEST = 1e13
# Headings that are remembered: more than a corpus has of amounts.
_MEMO = 4_096
# Words for the unit, by the number of zeros that they stand for; none has a number before it.
_WORDS = {
    3: r"thousands?|milliers|miles\sde|mille|tausend|tsd\.?|migliaia|['’]?000s?",
    6: r"millions?|millones|mill[oó]n|milh[oõ]es|millionen|milioni|miljoen|mln\.?|mio\.?",
    5: r"lakhs?",
    7: r"crores?",
    9: r"billions?|milliards?|milliarden|mrd\.?|bn",
}
_CURRENCY = r"(?:(?<![^\W_])[A-Z]{3}|US\$|[$€£]|K[čc]|kr\.?|R\$)"
# Letters that stand for the unit beside a currency alone: "US$m", "EUR k", "k€", "TEUR".
_LETTERS = {3: ("k|K", "[kKT]"), 6: ("m|mn|M", "M"), 9: ("b|B", "")}
# "(NOK 1000)", "(in 1,000 EUR)"
_THOUSAND = rf"(?<=[(\[])(?:in\s)?({_CURRENCY})?\s?1[ .,']?000\s?({_CURRENCY})?(?=[)\]])"
_NO_NUMBER = r"(?<![^\W_])(?<!\d[\s.,'])"
# How the OECD calls amounts in millions of dollars: USD_Commitment, usd_disbursement_defl.
_OF_OECD = re.compile(r"usd_(?=commitment|disbursement|received)", re.IGNORECASE)
# What stood beside the unit and says nothing without it: "(en milliers d'euros)", "amount_usd_million".
_LEFT_OVER = re.compile(r"[\s_]+(?=[)\]]|$)|(?<=[(\[])(?:\s*(?:in|en|em)\b)?\s*(?:of\s+|de\s+|d['’])?")


@cache
def _patterns() -> tuple[tuple[int, re.Pattern[str], str], ...]:
    """Return how headings say a unit: its zeros, what matches, and what is left in its place."""
    found = [(3, re.compile(_THOUSAND), r"\1\2")]
    for zeros, words in _WORDS.items():
        found.append((zeros, re.compile(rf"{_NO_NUMBER}(?:{words})(?![^\W_])", re.IGNORECASE), ""))
        after, before = _LETTERS.get(zeros, ("", ""))
        if after:
            found.append((zeros, re.compile(rf"({_CURRENCY})\s?(?:{after})(?![^\W_])"), r"\1"))
        if before:
            found.append((zeros, re.compile(rf"(?<![^\W_])(?:{before})(€|\$|£|EUR|USD|GBP|CHF)"), r"\1"))
    return tuple(found)


@lru_cache(_MEMO)
def scale_of(heading: str) -> int:
    """Return the power of ten in which the amounts below a heading are: "Amount (USD million)" -> 6."""
    if _OF_OECD.match(heading):
        return 6
    said = {zeros for zeros, pattern, _ in _patterns() if pattern.search(heading)}
    return said.pop() if len(said) == 1 else 0


@lru_cache(_MEMO)
def without_scale(heading: str) -> str:
    """Return a heading that says its unit without it: "Amount (USD million)" -> "Amount (USD)"."""
    if of := _OF_OECD.match(heading):
        return f"{heading[of.end() :]} (USD)"
    if not scale_of(heading):
        return heading
    for _, pattern, left in _patterns():
        heading = pattern.sub(left, heading)
    return _LEFT_OVER.sub("", heading)


def scaled(value: float, text: str, scale: int) -> float:
    """Return the amount that a text is below a heading with a unit, unless the text has one of its own."""
    # 0.07 times ten million is 700,000 and no fraction of a cent more.
    found = round(value * 10**scale, 2)
    return value if abs(found) > _LARGEST or has_multiplier(text) else found
