"""A saved page made safe to parse: Python's parser takes quadratic time on tags that are never closed."""

from __future__ import annotations

import re
import warnings

from bs4 import BeautifulSoup, Tag, UnusualUsageWarning
from bs4.element import NavigableString, PageElement
from bs4.exceptions import ParserRejectedMarkup

from indexer.corpus.texts import clean

# A tag takes about a kilobyte once parsed.
MAX_TAGS = 200_000
# Characters that the parser may look through for the ends of what never ends: some seconds of work.
MAX_SEARCHED = 100_000_000
# Deeper than pages are; a page whose tags are not closed nests each in the one before.
MAX_DEPTH = 200
# More than any record's row has; what holds more is the page, or most of it.
MAX_NODES = 1_000

_UNCLOSED = re.compile(r"<[^<>]*+(?!>)")
_CODE = {name: re.compile(rf"<{name}\b.*?</{name}\s*>", re.I | re.S) for name in ("script", "style")}
_BREAKING = (
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li"
    " main ol p pre section table tbody td th thead tr ul"
)
_BREAKS = frozenset(_BREAKING.split())


def parse(text: str) -> BeautifulSoup:
    """Return the tree of a page, without its scripts; raise ValueError if that would take too long."""
    for name, pattern in _CODE.items():
        # Up to the last closing tag only: each search then ends where a match ends.
        end = text.lower().rfind(f"</{name}")
        end = text.find(">", end) + 1 if end >= 0 else 0
        text = pattern.sub(_only_lines, text[:end]) + text[end:]
    if text.count("<") > MAX_TAGS:
        raise ValueError(f"more than {MAX_TAGS} tags; save the list of projects alone")
    unclosed = sum(1 for _ in _UNCLOSED.finditer(text)) + text.count("<!--", max(text.rfind("-->"), 0))
    if unclosed * len(text) > MAX_SEARCHED:
        raise ValueError(
            f"{unclosed} tags or comments that are never closed; save the page from a browser again"
        )
    try:
        with warnings.catch_warnings():
            # It warns of texts that look like addresses, and of XHTML; whoever reads a report cannot help it.
            warnings.simplefilter("ignore", UnusualUsageWarning)
            soup = BeautifulSoup(text, "html.parser")
    except ParserRejectedMarkup:
        raise ValueError("no HTML that can be parsed; save the page from a browser again") from None
    if _is_deeper(soup, MAX_DEPTH):
        raise ValueError(f"tags nested more than {MAX_DEPTH} deep; save the page from a browser again")
    return soup


def _is_deeper(soup: BeautifulSoup, most: int) -> bool:
    depths = {id(soup): 0}
    for tag in soup.find_all(True):
        depths[id(tag)] = depth = depths[id(tag.parent)] + 1
        if depth > most:
            return True
    return False


def lines_of(element: Tag) -> list[str]:
    """Return the clean text of an element, line by line as a browser breaks it; [] if that is too much."""
    parts = []
    for count, node in enumerate(element.descendants):
        if count > MAX_NODES:
            return []
        parts.append(_text_of(node))
    return [line for line in map(clean, "".join(parts).split("\n")) if line]


def line_of(element: Tag) -> int:
    """Return the line of the file on which an element begins, 0 if unknown."""
    return element.sourceline or 0


def _text_of(node: PageElement) -> str:
    if isinstance(node, Tag):
        return "\n" if node.name in _BREAKS else ""
    # Comments, templates and the like are subclasses.
    return str(node).replace("\n", " ") if type(node) is NavigableString else ""


def _only_lines(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")
