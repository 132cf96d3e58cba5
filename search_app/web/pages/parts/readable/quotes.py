"""What is quoted: what people typed, in a sentence of ours, and a name that reads as a word of ours."""

from __future__ import annotations

import re

from search_app.request import UNKNOWN

# An apostrophe looks like the end of single quotes: these reach as far as they can.
_QUOTED = re.compile("‘(.+)’|“(.+?)”", re.DOTALL)


def with_quotes(text: str) -> list[tuple[str, str]]:
    """Return a text in pieces: what we say up to a quote, and what is quoted, "" at the end."""
    pieces, end = [], 0
    for found in _QUOTED.finditer(text):
        start, after = found.span(found.lastindex or 0)
        pieces.append((text[end:start], text[start:after]))
        end = after
    return [*pieces, (text[end:], "")]


def named(value: str) -> str:
    """Return a name of the sources; "Unknown" in quotes: without them it says that there is none."""
    return f"“{value}”" if value.casefold() == UNKNOWN and value != UNKNOWN else value
