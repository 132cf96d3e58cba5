"""A snippet as HTML: escaped text and `<mark>`, nothing else; the one place where it is written."""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from search_app.results import Snippet


def html_text(snippet: Snippet) -> str:
    """Return the fragment as HTML with each of its ranges inside `<mark>`."""
    text = snippet.text
    # Most texts have nothing to escape: their pieces need not be looked at one by one.
    safe = str if len(escape(text)) == len(text) else escape
    html, place = "", 0
    for start, end in snippet.marks:
        html += f"{safe(text[place:start])}<mark>{safe(text[start:end])}</mark>"
        place = end
    return f"{html}{safe(text[place:])}"


def as_html(snippet: Snippet) -> Markup:
    """Return the fragment for a template."""
    # `html_text` has escaped everything but its own tags.
    return Markup(html_text(snippet))  # noqa: S704
