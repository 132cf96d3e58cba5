"""Texts of others where a terminal, a log or a spreadsheet shows them: what would act on it is told apart."""

from __future__ import annotations

import re
import unicodedata

# Letters to Unicode, and nothing to the eye: fillers of Hangul.
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
# What a formula begins with, and the forms of it that a spreadsheet may take for the same.
FORMULA_STARTS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u207c\u207a\u208c\u208a\u2212\ufb29"
# A cell begins at the start of its text; and after these for who opens the file with another separator, which
# does not see the quotes around it.
_BEGIN, _FORMULA_FOLLOWS = r"(^|[;\t\r\n])", rf"(?=[\s\"']*[{FORMULA_STARTS}])"
_FORMULA, _GUARD = re.compile(_BEGIN + _FORMULA_FOLLOWS), re.compile(f"{_BEGIN}'{_FORMULA_FOLLOWS}")
_BLANK_STARTS = ("\t", "\r")


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


def harmless(cell: str) -> str:
    """Return a cell with an apostrophe before what would be a formula: `=1+1` gives `'=1+1`."""
    guarded = _FORMULA.sub(r"\1'", cell)
    return f"'{cell}" if guarded is cell and cell.startswith(_BLANK_STARTS) else guarded


def unguarded(cell: str) -> str:
    """Return the cell of which `harmless` made this one; cells begin with no blank."""
    return _GUARD.sub(r"\1", cell) if "'" in cell else cell
