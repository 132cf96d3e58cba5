"""Texts of others where a terminal or a log shows them: what would act on it, or hide, is written out."""

from __future__ import annotations

import unicodedata

# Letters to Unicode, and nothing to the eye: fillers of Hangul.
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")


def visible(text: str, *, lines: bool = False) -> str:
    r"""Return `text` with control and format characters as escapes; with `lines`, its line ends stay.

    `"a\x9b31m"` gives `"a\\u009b31m"`: a terminal takes U+009B for the beginning of a command, and U+202E
    turns around what follows.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or (lines and char == "\n") else _escape(char) for char in text)


def _escape(char: str) -> str:
    # Blanks of other widths are as harmless as the one that is printable.
    if unicodedata.category(char) == "Zs":
        return char
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def says_something(text: str) -> bool:
    """Tell whether a text has a letter or a digit that can be seen."""
    # Nearly all texts begin with one.
    if (first := text[:1]).isascii() and first.isalnum():
        return True
    return any(char.isalnum() and char not in INVISIBLE_LETTERS for char in text)
