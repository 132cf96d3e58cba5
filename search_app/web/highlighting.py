"""A snippet as HTML: escaped text and `<mark>`, nothing else; the one place where it is written."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from markupsafe import Markup

from search_app.results import Snippet


def html_text(snippet: Snippet) -> str:
    """Return the fragment as HTML with each of its ranges inside `<mark>`."""
    text = snippet.text
    escaped = escape(text)
    if not snippet.highlights:
        return escaped
    html, place = "", 0
    if len(escaped) == len(text):
        # Most texts have nothing to escape; then their pieces are joined as they are.
        for start, end in snippet.highlights:
            html += f"{text[place:start]}<mark>{text[start:end]}</mark>"
            place = end
        return html + text[place:]
    for start, end in snippet.highlights:
        html += f"{escape(text[place:start])}<mark>{escape(text[start:end])}</mark>"
        place = end
    return html + escape(text[place:])


def as_html(snippet: Snippet) -> Markup:
    """Return the fragment for a template."""
    # `html_text` has escaped everything but its own tags.
    return Markup(html_text(snippet))  # noqa: S704


def excerpt(fragments: Iterable[Snippet]) -> Markup:
    """Return fragments of one text for a template, with one ellipsis for what is left out between two."""
    html = ""
    for fragment in fragments:
        after = html_text(fragment)
        html = f"{html.removesuffix(' …')} … {after.removeprefix('… ')}" if html else after
    return Markup(html)  # noqa: S704
