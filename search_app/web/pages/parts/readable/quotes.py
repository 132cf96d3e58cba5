"""What people typed, where a sentence of ours quotes it: it runs in its own direction."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

# An apostrophe looks like the end of single quotes: these reach as far as they can.
_QUOTED = re.compile("‘(.+)’|“(.+?)”", re.DOTALL)


def quoted(text: str) -> Markup:
    """Return a text as markup, with what is in quotes kept apart from the direction of the text."""
    parts, end = [], 0
    for found in _QUOTED.finditer(text):
        start, after = found.span(found.lastindex or 0)
        parts += [escape(text[end:start]), Markup("<bdi>{}</bdi>").format(text[start:after])]
        end = after
    return Markup("").join([*parts, escape(text[end:])])
