"""A page saved as one file with its pictures (MHTML, .mht): a message of e-mail whose first part is the page.

Excel saves a workbook so as well: its first part only frames the others, of which each is a sheet.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message

_TYPES = ("text/html", "application/xhtml+xml")
# Parts inside parts cost time for each line below them; an archive has one level.
_MOST_LEVELS = 20
_LEVEL = re.compile(rb"multipart/", re.IGNORECASE)


def page_in(raw: bytes) -> tuple[bytes, str]:
    """Return the page in an archive, and the encoding that is said of it, "" if none is.

    Raises ValueError if there is no page in it.
    """
    if len(_LEVEL.findall(raw)) > _MOST_LEVELS:
        raise ValueError("a web archive of too many parts in parts; save the page as HTML alone")
    message = message_from_bytes(raw)
    pages = [part for part in message.walk() if part.get_content_type() in _TYPES]
    if not pages:
        raise ValueError("a web archive with no page in it; save the page as HTML alone")
    first = _content(pages[0])
    if b"<frameset" in first.lower():
        sheets = [content for content in map(_content, pages[1:]) if b"<table" in content.lower()]
        first = b"\n".join(sheets) or first
    return first, pages[0].get_content_charset("")


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
