"""Codes: ids, award numbers, references. They are found whole, without their marks, or by their longest part.

A code is no word: it is not stemmed and not corrected, and its parts are not words of the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from indexer.text.folding import fold, normalise

# Longer texts are no codes; shorter ones are numbers like any other.
LONGEST, SHORTEST_PART = 64, 3

_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W_]+")
# ASCII letters in lower case and digits; all else separates parts.
_ASCII = bytes(byte if chr(byte).isalnum() else 0x20 for byte in bytes(range(0x80)).lower()).ljust(0x100)
# The same, but for the breaks of lines, which stay.
_ASCII_LINES = _ASCII[: ord("\n")] + b"\n" + _ASCII[ord("\n") + 1 :]


def key_of(text: str) -> str:
    """Return a code without its marks and case, "" for what has no digit: IL-30345-17 -> il3034517."""
    key = letters_of(text)
    return key if _has_digit(key) else ""


def letters_of(text: str) -> str:
    """Return the letters and digits of a code or of its beginning, folded: IL-303 -> il303."""
    return "".join(_parts(text))


def keys_of(text: str) -> list[str]:
    """Return what a code is found by: all of it, and its longest part: il3034517, 30345."""
    return _keys(_parts(text)) if len(text) <= LONGEST else []


def keys_of_each(texts: Sequence[str]) -> Iterable[list[str]]:
    """Return what `keys_of` gives for each text; those of ASCII without breaks of lines are cut together."""
    together = "\n".join(texts)
    lines = together.encode().translate(_ASCII_LINES).decode().split("\n") if together.isascii() else []
    if len(lines) != len(texts):
        return map(keys_of, texts)
    return [_keys(line.split()) if len(line) <= LONGEST else [] for line in lines]


def _keys(parts: list[str]) -> list[str]:
    key = "".join(parts)
    if not _has_digit(key):
        return []
    if len(parts) == 1:
        return [key]
    longest = max(parts, key=len)
    return [key, longest] if len(longest) >= SHORTEST_PART and _has_digit(longest) else [key]


def _has_digit(part: str) -> bool:
    # What is no letter in a part is a digit, or a number beyond ASCII (½) that is none.
    return part != "" and not part.isalpha() and (part.isascii() or _DIGIT.search(part) is not None)


def _parts(text: str) -> list[str]:
    if text.isascii():
        # Nearly all codes are, and folding leaves them as they are but for case.
        return text.encode().translate(_ASCII).decode().split()
    return _LETTERS.findall(fold(normalise(text)))
