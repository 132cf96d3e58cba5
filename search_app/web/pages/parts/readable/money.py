"""Amounts as people read them: whole ones on a project, rounded ones where a result is added up."""

from __future__ import annotations

from collections.abc import Iterator

from search_app.request import DECIMALS
from search_app.results import Money, Total, Totals
from search_app.web.pages.parts.readable.numbers import projects

# From a million on, a sum is told in these, with so many digits that say something.
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
# The same where there is room for a few characters only.
_SHORT_SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"), (1.0, ""))
_DIGITS = 3
_NO_BREAK, _MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"


def exact(number: float) -> str:
    """Return all of a number: 1,500,000; 1,500.50; 2.125."""
    if number == int(number):
        text = f"{number:,.0f}"
    else:
        cents = f"{number:,.2f}"
        text = (
            cents
            if float(cents.replace(",", "")) == number
            else f"{number:,.{DECIMALS}f}".rstrip("0").rstrip(".")
        )
    return text.replace("-", _MINUS)


def rounded(number: float) -> str:
    """Return a number as it is told in a sentence: 940,500; 23.4 million; 1.25 billion."""
    if abs(number) < _SCALES[-1][0]:
        return exact(round(number, 2))
    short = float(f"{number:.{_DIGITS}g}")
    scale, word = next(one for one in _SCALES if abs(short) >= one[0])
    text = f"{short / scale:,.2f}".rstrip("0").rstrip(".")
    return f"{text}{_NO_BREAK}{word}".replace("-", _MINUS)


def short(number: float) -> str:
    """Return a number as there is room for it on a column of a chart: 940k; 23.4m; 1.25bn."""
    near = float(f"{number:.{_DIGITS}g}")
    scale, letters = next((one for one in _SHORT_SCALES if abs(near) >= one[0]), (1.0, ""))
    text = f"{near / scale:,.2f}".rstrip("0").rstrip(".")
    return f"{text}{letters}".replace("-", _MINUS)


def amount(money: Money) -> str:
    """Return an amount with its currency: USD 1,500,000; 1,500,000 (no currency stated)."""
    return _with_currency(exact(money.amount), money.currency)


def totals_line(found: Totals) -> str:
    """Return what a result comes to, each currency by itself, and how many projects state no amount."""
    parts = list(_parts(found.totals))
    stating = "states" if found.unknown == 1 else "state"
    unknown = f"; {found.unknown:,} {stating} none" if found.unknown else ""
    return f"{', '.join(parts)}{unknown}"


def _parts(totals: tuple[Total, ...]) -> Iterator[str]:
    for place, one in enumerate(totals):
        counted = f"{one.count:,}" if place else projects(one.count)
        yield f"{_with_currency(rounded(one.sum), one.currency)} in {counted}"


def _with_currency(number: str, currency: str) -> str:
    return f"{currency}{_NO_BREAK}{number}" if currency else f"{number} (no currency stated)"
