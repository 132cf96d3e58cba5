"""What was pasted into the search box: escapes that stand for letters, and what an address is about.

`labor&nbsp;law` and `labor%20law` are read as *labor law*, however they came out of a page or an address.

`https://grants.example/view.aspx?id=IL-30345-17` looks for IL-30345-17, if some project has that code;
`https://site.example/search?q=labour+courts` for labour courts, `…/blog/child-labour.html` for child-labour.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from html.entities import html5
from urllib.parse import parse_qsl, unquote, urlsplit

from indexer.text.codes import key_of

ADDRESS = re.compile(r"(?:https?://|www\.)[^\s/?#]+", re.IGNORECASE)
# What a file is, at the end of its name.
_ENDING = re.compile(r"\.[a-z]{2,5}\Z", re.IGNORECASE)
# Of an address with more parts, the last are looked at: each may be a code, and is looked up.
_MOST_PARTS = 16

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# A text as it stands in an address: without blanks, and each "%" begins an escape.
_IN_ADDRESS = re.compile(r"(?:[^\s%]|%[0-9a-fA-F]{2})+")
# What stands between words anyhow, and is not to be told as it is: controls, blanks that do not break.
_NO_LETTERS = re.compile("[\x00-\x1f\x7f-\xa0]+")
# What is escaped may be escaped once more: &amp;nbsp; and %2520.
_TIMES = 2


def unescaped(text: str) -> str:
    """Return a text with what its HTML entities and percent-escapes stand for; an address stays as it is."""
    read = text
    for _ in range(_TIMES):
        read = _ENTITY.sub(_decoded, read) if "&" in read else read
        if "%" in read and _IN_ADDRESS.fullmatch(read) and not ADDRESS.match(read):
            read = _unquoted(read)
    return text if read == text else _NO_LETTERS.sub(" ", read)


def _decoded(match: re.Match[str]) -> str:
    # Names that HTML does not know are no entities: "R&D;" stays as it is.
    return html.unescape(match[0]) if match[0][1] == "#" or match[0][1:] in html5 else match[0]


def _unquoted(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def looked_for(address: str, is_code: Callable[[str], bool]) -> str:
    """Return what an address is about: a code in it, else its query, else its last part, else its host."""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
    except ValueError:
        return address
    path = parts.path + (parts.fragment if "/" in parts.fragment else "")
    pieces = [piece for piece in map(unquote, path.split("/")) if any(map(str.isalnum, piece))]
    given = parse_qsl(f"{parts.query}&{parts.fragment}")
    for text in reversed([*pieces, *(value for _, value in given)][-_MOST_PARTS:]):
        if is_code(key_of(text)):
            return text
    asked = next((value for name, value in given if name in ("q", "query", "search")), "")
    return asked or ((_ENDING.sub("", pieces[-1]) or pieces[-1]) if pieces else parts.netloc)
