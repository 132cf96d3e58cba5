"""Cells that stay texts in a spreadsheet, whatever a record says."""

from __future__ import annotations

import re

# What a formula begins with, and the forms of it that a spreadsheet may take for the same.
FORMULA_STARTS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u207c\u207a\u208c\u208a\u2212\ufb29"
# A cell begins at the start of its text; and after these for who opens the file with another separator, which
# does not see the quotes around it.
_FORMULA = re.compile(rf"(^|[;\t\r\n])(?=[\s\"']*[{FORMULA_STARTS}])")
_BLANK_STARTS = ("\t", "\r")


def harmless(cell: str) -> str:
    """Return a cell with an apostrophe before what would be a formula: `=1+1` gives `'=1+1`."""
    guarded = _FORMULA.sub(r"\1'", cell)
    return f"'{cell}" if guarded is cell and cell.startswith(_BLANK_STARTS) else guarded
