"""What a file holds whatever its name says: publishers save tables as pages, and pages as .xls."""

from __future__ import annotations

import re

from indexer.corpus.texts import UTF16_MARKS

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|table|head|body|meta|div)\b", re.IGNORECASE
)


def kind_within(kind: str, head: bytes) -> str:
    """Return the kind of a file by its first bytes, given the kind that its name says.

    Only what cannot be of the kind that the name says is taken for another.
    """
    if head.startswith((_ZIP, _OLE)):
        return "workbook"
    if kind == "workbook":
        return "page" if _MARKUP.match(_plain(head)) else "table"
    if kind == "table" and _MARKUP.match(_plain(head)):
        return "page"
    if kind == "xml" and _MARKUP.match(head) and not head.lstrip().startswith(b"<?xml"):
        return "page"
    return kind


def _plain(head: bytes) -> bytes:
    return head[2:].replace(b"\0", b"") if head.startswith(UTF16_MARKS) else head
