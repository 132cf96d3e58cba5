"""A saved page made safe to parse: Python's parser takes quadratic time on tags that are never closed."""

from __future__ import annotations

import re
import warnings

from bs4 import BeautifulSoup, Tag, UnusualUsageWarning
from bs4.element import NavigableString, PageElement
from bs4.exceptions import ParserRejectedMarkup

from indexer.corpus.texts import clean
from indexer.corpus.texts.entities import superscript, without_scripts

# A tag takes about a kilobyte once parsed.
MAX_TAGS = 200_000
# Characters that the parser may look through for the ends of what never ends: some seconds of work.
MAX_SEARCHED = 100_000_000
# Deeper than pages are; a page whose tags are not closed nests each in the one before.
MAX_DEPTH = 200
# More than any record's row has; what holds more is the page, or most of it.
MAX_NODES = 1_000

_UNCLOSED = re.compile(r"<[^<>]*+(?!>)")
# What a browser does not show: by its own style, or by the names that sites give to what is read aloud only.
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]",
    re.IGNORECASE,
)
_HIDDEN_CLASSES = frozenset(
    (
        "visually-hidden visuallyhidden sr-only usa-sr-only usa-visually-hidden screen-reader-text"
        " screenreader-only screen-reader-only element-invisible element-hidden show-for-sr"
        " assistive-text slds-assistive-text govuk-visually-hidden cdk-visually-hidden"
        " a11y-hidden d-none hidden is-hidden"
    ).split()
)
_UNSHOWN = frozenset("noscript select datalist textarea button svg template script style head".split())
_BREAKING = (
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li"
    " main ol p pre section table tbody td th thead tr ul"
)
_BREAKS = frozenset(_BREAKING.split())


def parse(text: str) -> BeautifulSoup:
    """Return the tree of a page, without its scripts; raise ValueError if that would take too long."""
    text = without_scripts(text)
    if text.count("<") > MAX_TAGS:
        raise ValueError(f"more than {MAX_TAGS} tags; save the list of projects alone")
    unclosed = sum(1 for _ in _UNCLOSED.finditer(text)) + text.count("<!--", max(text.rfind("-->"), 0))
    if unclosed * len(text) > MAX_SEARCHED:
        raise ValueError(
            f"tags or comments that are never closed: {unclosed:,}; save the page from a browser again"
        )
    try:
        with warnings.catch_warnings():
            # It warns of texts that look like addresses, and of XHTML; whoever reads a report cannot help it.
            warnings.simplefilter("ignore", UnusualUsageWarning)
            soup = BeautifulSoup(text, "html.parser")
    except ParserRejectedMarkup:
        raise ValueError("no HTML that can be parsed; save the page from a browser again") from None
    _look_through(soup)
    return soup


def _look_through(soup: BeautifulSoup) -> None:
    """Mark what is hidden, and all that is inside; raise ValueError if tags are nested too deeply."""
    depths = {id(soup): 0}
    for tag in soup.find_all(True):
        depths[id(tag)] = depth = depths[id(tag.parent)] + 1
        if depth > MAX_DEPTH:
            raise ValueError(f"tags nested more than {MAX_DEPTH} deep; save the page from a browser again")
        if tag.name in _UNSHOWN or _hides(tag) or is_hidden(tag.parent or tag):
            tag.attrs["hidden"] = ""


def _hides(tag: Tag) -> bool:
    if not tag.attrs:
        return False
    classes = tag.attrs.get("class", ())
    # "d-none d-md-block", "hidden md:flex": hidden on narrow screens only.
    by_class = not _HIDDEN_CLASSES.isdisjoint(classes) and not any(
        ":" in one or (one.startswith("d-") and one != "d-none") for one in classes
    )
    return by_class or _HIDING.search(str(tag.attrs.get("style", ""))) is not None


def is_hidden(element: PageElement) -> bool:
    """Return whether a browser does not show an element; `parse` has marked what is inside hidden ones."""
    tag = element if isinstance(element, Tag) else element.parent
    return tag is not None and "hidden" in tag.attrs


def lines_of(element: Tag, most: int = MAX_NODES) -> list[str]:
    """Return the clean text of an element, line by line as a browser shows it; [] if it has more nodes."""
    return [line for _, line in numbered_lines(element, most)]


def numbered_lines(element: Tag, most: int) -> list[tuple[int, str]]:
    """Return what `lines_of` does, with the line of the file on which the block of each begins."""
    parts: list[str] = []
    lines = [line_of(element)]
    nodes = [] if is_hidden(element) else [(element, iter(element.contents))]
    while nodes:
        inside, rest = nodes[-1]
        node = next(rest, None)
        if node is None:
            nodes.pop()
            if inside.name in _BREAKS:
                parts.append("\n")
                lines.append(lines[-1])
            continue
        most -= 1
        if most < 0:
            return []
        if not isinstance(node, Tag):
            # Comments, templates and the like are subclasses.
            parts += [str(node).replace("\n", " ")] if type(node) is NavigableString else []
        elif is_hidden(node):
            continue
        elif node.name == "sup":
            # A new line in the source shows as a blank, here as in any text.
            raised = node.get_text().replace("\n", " ")
            parts.append(superscript(parts[-1] if parts else "", raised))
        else:
            if node.name in _BREAKS:
                parts.append("\n")
                lines.append(line_of(node))
            nodes.append((node, iter(node.contents)))
    texts = map(clean, "".join(parts).split("\n"))
    return [(number, text) for number, text in zip(lines, texts, strict=True) if text]


def line_of(element: Tag) -> int:
    """Return the line of the file on which an element begins, 0 if unknown."""
    return element.sourceline or 0
