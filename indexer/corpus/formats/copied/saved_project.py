"""A saved page of one project: its heading, and around it the labels with their values."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from indexer.corpus.formats.copied.labelled import Line, is_label, is_labelled
from indexer.corpus.formats.pages.markup import MAX_NODES, is_hidden, lines_of, numbered_lines

# A page of one project has a few thousand nodes with all that stands around it.
_MOST_NODES = 20 * MAX_NODES
_STEPS = 12
# Headings of lists.
_NO_TITLES = frozenset(["", "results", "search results", "projects", "our projects", "grants"])


def lines_of_page(soup: BeautifulSoup) -> tuple[list[Line], str] | None:
    """Return the lines of a project and its title, or None if the page is not one of a single project."""
    headings = [one for one in soup.find_all("h1") if not is_hidden(one)]
    title = " ".join(lines_of(headings[0])) if len(headings) == 1 else ""
    if title.casefold() in _NO_TITLES:
        return None
    _mark_labels(soup)
    around: Tag | None = headings[0].parent
    for _ in range(_STEPS):
        if around is None:
            return None
        lines = numbered_lines(around, _MOST_NODES)
        if is_labelled([text for _, text in lines]):
            return lines, title
        around = around.parent
    return None


def _mark_labels(soup: BeautifulSoup) -> None:
    """Write a colon after what is marked as the label of a field: "Description" alone may be a heading."""
    for tag in soup.find_all(["dt", "th"]):
        beside = tag.find_next_sibling(["dt", "dd", "th", "td"])
        text = " ".join(lines_of(tag))
        if beside and beside.name in ("dd", "td") and not text.endswith(":") and is_label(text):
            tag.append(":")
