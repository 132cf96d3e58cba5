"""XML that other programs read: Atom feeds (RFC 4287) and the OpenSearch description."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from xml.etree import ElementTree as ET  # writes XML; nothing is parsed

ATOM = "http://www.w3.org/2005/Atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
ATOM_TYPE = "application/atom+xml"
OPENSEARCH_TYPE = "application/opensearchdescription+xml"
SUGGESTIONS_TYPE = "application/x-suggestions+json"

# As long as the OpenSearch specification allows.
SHORT_NAME, LONG_NAME = 16, 48

# What XML 1.0 has no way to write.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed; `url` is its identity as well."""

    url: str
    title: str
    updated: datetime
    author: str
    summary: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its own address, the page it mirrors, its entries; `subtitle` says what they are."""

    title: str
    url: str
    page: str
    updated: datetime
    author: str
    entries: Iterable[Entry]
    subtitle: str = ""


def atom(feed: Feed) -> bytes:
    """Return a feed as an Atom document."""
    root = ET.Element("feed", xmlns=ATOM)
    _text(root, "title", feed.title)
    if feed.subtitle:
        _text(root, "subtitle", feed.subtitle)
    _text(root, "id", feed.url)
    _text(root, "updated", _moment(feed.updated))
    _text(ET.SubElement(root, "author"), "name", feed.author)
    ET.SubElement(root, "link", rel="self", type=ATOM_TYPE, href=feed.url)
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=feed.page)
    for entry in feed.entries:
        node = ET.SubElement(root, "entry")
        _text(node, "title", entry.title)
        _text(node, "id", entry.url)
        _text(node, "updated", _moment(entry.updated))
        if entry.author:
            _text(ET.SubElement(node, "author"), "name", entry.author)
        ET.SubElement(node, "link", rel="alternate", type="text/html", href=entry.url)
        if entry.summary:
            _text(node, "summary", entry.summary)
    return written(root)


def opensearch(name: str, page: str, suggestions: str) -> bytes:
    """Return the description with which a browser adds the service to its search bar."""
    root = ET.Element("OpenSearchDescription", xmlns=OPENSEARCH)
    _text(root, "ShortName", shorten(name, SHORT_NAME, placeholder=""))
    _text(root, "LongName", shorten(name, LONG_NAME, placeholder=""))
    _text(root, "Description", f"Search grant projects: {name}")
    _text(root, "InputEncoding", "UTF-8")
    ET.SubElement(root, "Url", type="text/html", method="get", template=f"{page}?q={{searchTerms}}")
    ET.SubElement(
        root, "Url", type=SUGGESTIONS_TYPE, method="get", template=f"{suggestions}?q={{searchTerms}}"
    )
    return written(root)


def xml_text(text: str) -> str:
    """Return a text with a blank for each character that XML cannot carry."""
    # Most texts are of one line, of letters: that is told at once.
    return text if text.isprintable() else _NOT_XML.sub(" ", text)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = xml_text(text)


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def written(root: ET.Element) -> bytes:
    """Return a document as bytes, with its declaration."""
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
