"""The sitemap (sitemaps.org): every page that a crawler should know, in as many files as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeAlias
from xml.etree import ElementTree as ET  # writes XML; nothing is parsed

from search_app.web.exports.feeds import written

SITEMAP_TYPE = "application/xml"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# What one file may have, and how long an address may be; the bytes leave room for the elements around it.
MOST_ADDRESSES, MOST_BYTES, LONGEST_ADDRESS = 50_000, 50_000_000, 2048
_AROUND_ADDRESS, _LONGEST_ESCAPE = 100, 5


# An address, and when what is there last changed.
Dated: TypeAlias = tuple[str, datetime]


def batches(pages: Iterable[Dated]) -> Iterator[list[Dated]]:
    """Yield pages in batches that fit into a file, without those too long for any; one batch at least."""
    batch: list[Dated] = []
    size = 0
    for address, changed in pages:
        if len(address) >= LONGEST_ADDRESS:
            continue
        added = len(address) + _LONGEST_ESCAPE * address.count("&") + _AROUND_ADDRESS
        if len(batch) == MOST_ADDRESSES or size + added > MOST_BYTES:
            yield batch
            batch, size = [], 0
        batch.append((address, changed))
        size += added
    yield batch


def sitemap(pages: Iterable[Dated]) -> bytes:
    """Return a sitemap of pages."""
    return _listed("urlset", "url", pages)


def sitemap_index(files: Iterable[Dated]) -> bytes:
    """Return the index of sitemaps at some addresses."""
    return _listed("sitemapindex", "sitemap", files)


def _listed(root_name: str, name: str, pages: Iterable[Dated]) -> bytes:
    root = ET.Element(root_name, xmlns=NAMESPACE)
    for address, changed in pages:
        node = ET.SubElement(root, name)
        ET.SubElement(node, "loc").text = address
        ET.SubElement(node, "lastmod").text = changed.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return written(root)
