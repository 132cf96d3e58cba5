"""Operators of other search engines: what looks like one is no operator here, and a warning tells what is.

`history near/3 art` is *history art*: the number is no word, and must not be searched as one. What may be
words as well is searched as such: `[1900 TO 1950]`, `1990..2000`, `>1990`, `history NEAR art`, `/colou?r/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from search_app.query.repairs import Repairs

_YEAR = re.compile(r"[12]\d{3}", re.ASCII)
# In quotes all is text.
_QUOTED = re.compile(r'"[^"]*"?')
# Between two words, how many others may be there.
_DISTANCE = re.compile(
    rf"(?P<quoted>{_QUOTED.pattern})"
    r"|(?<=\S)(?P<before>\s+)(?P<mark>(?:[no]?near|adj|within|pre|w)/\d{1,3}|(?-i:NEAR|ADJ)\d{1,2})(?=\s+\S)",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?<=\S)\s+(NEAR|ADJ|SAME|XOR|ANDNOT)\s+(?=\S)")
# What follows the name of a field is told with the field.
_RANGE = re.compile(
    r"(?<![\w:])[\[{]\s*(?P<low>[^\s\[\]{}]+)\s+TO\s+(?P<high>[^\s\[\]{}]+)\s*[\]}]"
    r"|(?<!\S)(?P<first>\d[\d,-]*)\.{2,3}(?P<last>\d[\d,-]*)(?!\S)"
    r"|(?<!\S)\w*[<>]=?\d[\d.,-]*(?!\S)"
)
_PATTERN = re.compile(r"(?<!\S)/(?=[^/\s]*[\[\](){}*+?|^$\\])[^/\s]+/(?!\S)")


def without_distances(text: str, warnings: Repairs) -> str:
    """Return a text as typed without how far apart words may be, and report what is no operator in it."""
    for code, message in _told(_QUOTED.sub('""', text)):
        warnings.add(code, message)

    def leave_out(found: re.Match[str]) -> str:
        if found["quoted"]:
            return found[0]
        warnings.add(
            "distance_dropped",
            f"“{found['mark']}” was left out: how far apart words may be cannot be typed. "
            "Words in quotes follow each other.",
        )
        return found["before"]

    return _DISTANCE.sub(leave_out, text)


def _told(plain: str) -> Iterator[tuple[str, str]]:
    """Yield the code and the message of what is searched as words in a text without its quoted parts."""
    # In a text without small letters, capitals tell nothing.
    if plain.upper() != plain and (found := _WORD.search(plain)):
        yield (
            "operator_as_word",
            f"“{found[1]}” is no operator here, and was taken as a word. AND, OR and NOT are operators.",
        )
    if found := _RANGE.search(plain):
        yield "range_as_words", f"“{found[0]}” was taken as words: ranges are not typed. {_instead(found)}"
    if found := _PATTERN.search(plain):
        yield (
            "pattern_as_words",
            f"“{found[0]}” was taken as words: patterns are not typed. A word may end with “*” or “~”.",
        )


def _instead(found: re.Match[str]) -> str:
    """Return how time is narrowed, by the years of a range if it is one of years."""
    low, high = found["low"] or found["first"] or "", found["high"] or found["last"] or ""
    years = {name: text for name, text in (("active_from", low), ("active_to", high)) if text != "*"}
    if not years or not all(map(_YEAR.fullmatch, years.values())) or "*" < high < low:
        return "Years are parameters in the address: active_from=1990&active_to=2000, for example."
    given = "&".join(f"{name}={year}" for name, year in years.items())
    return f"Years are parameters in the address: {given} is what was running then."
