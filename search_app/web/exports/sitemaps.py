"""The sitemap (sitemaps.org): every page that a crawler should know, in as many files as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.etree import ElementTree as ET  # writes XML; nothing is parsed

from search_app.web.exports.feeds import written

SITEMAP_TYPE = "application/xml"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# What one file may have, and how long an address may be; the bytes leave room for the elements around it.
MOST_ADDRESSES, MOST_BYTES, LONGEST_ADDRESS = 50_000, 50_000_000, 2048
_AROUND_ADDRESS, _LONGEST_ESCAPE = 100, 5


def batches(addresses: Iterable[str]) -> Iterator[list[str]]:
    """Yield the addresses in batches that fit into a file, without those too long for any; one at least."""
    batch: list[str] = []
    size = 0
    for address in addresses:
        if len(address) >= LONGEST_ADDRESS:
            continue
        added = len(address) + _LONGEST_ESCAPE * address.count("&") + _AROUND_ADDRESS
        if len(batch) == MOST_ADDRESSES or size + added > MOST_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(address)
        size += added
    yield batch


def sitemap(addresses: Iterable[str], changed: datetime) -> bytes:
    """Return a sitemap of pages, all of them last changed at a moment."""
    return _listed("urlset", "url", addresses, changed)


def sitemap_index(addresses: Iterable[str], changed: datetime) -> bytes:
    """Return the index of sitemaps at some addresses."""
    return _listed("sitemapindex", "sitemap", addresses, changed)


def _listed(root_name: str, name: str, addresses: Iterable[str], changed: datetime) -> bytes:
    root, moment = ET.Element(root_name, xmlns=NAMESPACE), changed.strftime("%Y-%m-%dT%H:%M:%SZ")
    for address in addresses:
        node = ET.SubElement(root, name)
        ET.SubElement(node, "loc").text = address
        ET.SubElement(node, "lastmod").text = moment
    return written(root)
