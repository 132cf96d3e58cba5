"""Codes: ids, award numbers, references. They are found whole, without their marks, or by their longest part.

A code is no word: it is not stemmed and not corrected, and its parts are not words of the project.
"""

from __future__ import annotations

import re

from indexer.text.folding import fold, normalise

# Longer texts are no codes; shorter ones are numbers like any other.
LONGEST, SHORTEST_PART = 64, 3

_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W_]+")


def key_of(text: str) -> str:
    """Return a code without its marks and case, "" for what has no digit: IL-30345-17 -> il3034517."""
    key = "".join(_parts(text))
    return key if _DIGIT.search(key) else ""


def keys_of(text: str) -> list[str]:
    """Return what a code is found by: all of it, and its longest part: il3034517, 30345."""
    parts = _parts(text) if len(text) <= LONGEST else []
    key = "".join(parts)
    if key.isalpha() or not _DIGIT.search(key):
        return []
    longest = max(parts, key=len) if len(parts) > 1 else ""
    if len(longest) >= SHORTEST_PART and _DIGIT.search(longest):
        return [key, longest]
    return [key]


def _parts(text: str) -> list[str]:
    # Nearly all codes are ASCII, which folding leaves as it is but for case.
    return _LETTERS.findall(text.lower() if text.isascii() else fold(normalise(text)))
