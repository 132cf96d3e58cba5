"""Countries: which a text mentions, and in which region of the world each is.

Names are those of `corpus/fields/country_names.py`, in texts the English ones; regions are those of
`regions.txt`. A name counts where it stands by itself, as written with capitals:

    "courts in Mexico and Viet Nam"             -> Mexico, Vietnam
    "the United States-Mexico-Canada Agreement" -> (none: the name of an agreement)
    "schools in New Mexico", "turkey farms"     -> (none)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from indexer.corpus.fields.country_names import (
    country_codes,
    english_name,
    english_names,
    key_of_country,
)

REGIONS_FILE = "regions.txt"
# Names that are states, people, banks of rivers or adjectives as often as countries, or may be either of two,
# and are not believed without a column.
_AMBIGUOUS = frozenset(
    "Chad|Congo|Dominica|Georgia|Guernsey|Jersey|Jordan|Mali|Monaco|Niger|U.S.|West Bank".split("|")
)
# A name in a text has at least so many characters.
_SHORTEST = 3
# Words before a name that make it another one, and after it.
_BEFORE = frozenset("new gulf little port university bank east west north south".split())
_ENDS_BEFORE = (*_BEFORE, *(f"{word} of" for word in _BEFORE))
# How far before a name the word stands that makes it another one, in characters.
_NEAR = 40
_LAST_WORD = re.compile(r"([^\W\d_]+)(?: of)?$")
_JOINED = re.compile(r"[-\N{EN DASH}/]\w")
_FIRST_WORD = re.compile(r"[^\W\d_]+")


@cache
def code_of(name: str) -> str:
    """Return the ISO 3166 code of a country's name, as columns may have it, or of its code, or ""."""
    key = key_of_country(name)
    return country_codes().get(key) or (key.upper() if key.upper() in _regions() else "")


@cache
def region_of(code: str) -> str:
    """Return the region of the world that a country is in, or "": "PE" -> "South America"."""
    return _regions().get(code, "")


def mentioned(text: str, words: Iterable[str]) -> list[str]:
    """Return the English names of the countries that a text names, each once, in its order.

    `words` are those of `first_words` with which a name may begin in it (`mentions.first_words_in`).
    """
    names, patterns = names_in_texts(), _patterns()
    spans = [match.span() for word in words for match in patterns[word].finditer(text)]
    spans.sort()
    found: dict[str, None] = {}
    last = 0
    for start, end in spans:
        if start >= last:
            last = end
            if _stands_alone(text, start, end):
                found[names[text[start:end]]] = None
    return list(found)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Return whether a name is no part of another: no hyphen beside it, no "New" before it."""
    if _JOINED.match(text, end):
        return False
    before = text[max(start - _NEAR, 0) : start].rstrip(" ")
    if text[start - 1 : start].isalnum() or before.endswith(("-", "\N{EN DASH}", "/")):
        return False
    # Hardly a name has one of these words before it, and the expression takes as long as all the rest.
    if not before.removesuffix("\n").casefold().endswith(_ENDS_BEFORE):
        return True
    last = _LAST_WORD.search(before)
    return last is None or last[1].casefold() not in _BEFORE


@cache
def _regions() -> dict[str, str]:
    """Return the sub-region of each country and area by its code."""
    found: dict[str, str] = {}
    for line in (files(__package__) / REGIONS_FILE).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            _, region, codes = line.split("; ")
            found |= dict.fromkeys(codes.split(), region)
    return found


@cache
def names_in_texts() -> dict[str, str]:
    """Return the English name of each country by every name that counts in a text."""
    found = {name: english_name(code) for code in _regions() for name in english_names(code)}
    return {
        name: country for name, country in found.items() if len(name) >= _SHORTEST and name not in _AMBIGUOUS
    }


@cache
def first_words() -> dict[str, str]:
    """Return the word with which each name that counts in a text begins, by name."""
    return {name: first.group() for name in names_in_texts() if (first := _FIRST_WORD.match(name))}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return what matches the names that begin with a word, the longest first, by that word."""
    by_word: dict[str, list[str]] = {}
    for name, word in sorted(first_words().items(), key=lambda one: -len(one[0])):
        by_word.setdefault(word, []).append(re.escape(name))
    return {word: re.compile(rf"(?:{'|'.join(found)})(?![^\W_])") for word, found in by_word.items()}
