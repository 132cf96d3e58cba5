"""A snippet as HTML: escaped text and `<mark>`, nothing else; the one place where it is written."""

from __future__ import annotations

from markupsafe import Markup, escape

from search_app.results import Snippet


def as_html(snippet: Snippet) -> Markup:
    """Return the fragment with each of its ranges inside `<mark>`."""
    text, escaped = snippet.text, escape(snippet.text)
    if not snippet.marks:
        return escaped
    # Most texts have nothing to escape: their pieces need not be looked at again.
    plain = len(escaped) == len(text)
    parts: list[str] = []
    place = 0
    for start, end in snippet.marks:
        before, marked = text[place:start], text[start:end]
        parts += (
            (before, "<mark>", marked, "</mark>")
            if plain
            else (escape(before), "<mark>", escape(marked), "</mark>")
        )
        place = end
    parts.append(text[place:] if plain else escape(text[place:]))
    # Every part is escaped, needs no escaping, or is one of the two tags.
    return Markup("".join(parts))  # noqa: S704
