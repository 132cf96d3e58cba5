r"""Rows of tables in Markdown: cells between bars, where a bar that belongs to a text is written `\|`."""

from __future__ import annotations

import re

# "|---|:--:|", below the headings.
_RULE = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+\s*:?-*:?\s*")
_CELL = re.compile(r"(?:\\.|[^|\\])*\\?")
# A backslash before another sign is one.
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def is_rule(line: str) -> bool:
    """Return whether a line is what parts the headings of a Markdown table from its rows."""
    return bool(_RULE.fullmatch(line))


def cells(line: str) -> list[str]:
    """Return the cells of a row; as `csv` does, with an empty one before a bar that the line begins with."""
    parts: list[str] = []
    place = 0
    line = line.strip()
    while place <= len(line):
        match = _CELL.match(line, place)
        assert match
        parts.append(_ESCAPED.sub(r"\1", match[0]))
        place = match.end() + 1
    return parts
