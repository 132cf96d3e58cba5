"""Where a source says in which currency an amount is: in the heading, or in a column beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from indexer.corpus.fields.names import KINDS, key_of
from indexer.own_fields.money.amount_words import currency_of
from indexer.own_fields.money.heading_scales import without_scale

# "Amount (EUR)", "Amount in euros", "Amount EUR", "amount_eur", "amountEur".
_IN_HEADING = re.compile(
    r"""
    [(\[] ([^()\[\]]+) [)\]]
    | \bin[\s_]+ ([^\s_]+) $
    | [\s.] ([A-Z]{3} | [€£$]) $
    | _ ([A-Za-z]{3} | [€£$]) $
    | (?<=[a-z]) ([A-Z][A-Za-z]{2}) $
    """,
    re.VERBOSE,
)
# Codes that are no words: what stands in small letters may as well be one, as "all" and "top".
_IN_SMALL_LETTERS = frozenset("aud brl cad chf dkk eur gbp inr jpy kes mxn nok nzd sek usd zar".split())
_CURRENCY = tuple(key_of(name) for name in KINDS["currency"].split())


def without_currency(heading: str) -> str:
    """Return a heading without the currency in it: "Amount (EUR)", "Amount (EUR million)" -> "Amount"."""
    return _IN_HEADING.sub("", without_scale(heading))


def in_headings(headings: Iterable[str]) -> str:
    """Return the ISO 4217 code of the one currency that headings name, "" if they name none or several."""
    found = {
        currency
        for heading in headings
        for match in _IN_HEADING.finditer(without_scale(heading))
        if (currency := _code(next(filter(None, match.groups()))))
    }
    return found.pop() if len(found) == 1 else ""


def _code(word: str) -> str:
    return word.upper() if word.casefold() in _IN_SMALL_LETTERS else currency_of(word)


def beside(heading: str, headings: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return which headings say that their column has the currency of one: "Cost" -> "Cost currency".

    `headings` are given by how names are compared: there may be thousands.
    """
    key = key_of(heading)
    wanted = dict.fromkeys(one for name in _CURRENCY for one in (key + name, name + key))
    return tuple(other for one in wanted for other in headings.get(one, ()))
