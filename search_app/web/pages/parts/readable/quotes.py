"""What people typed, where a sentence of ours quotes it: it runs in its own direction."""

from __future__ import annotations

import re

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
