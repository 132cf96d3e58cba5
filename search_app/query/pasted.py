"""An address that was pasted into the search box: the part of it that tells what is looked for.

`https://grants.example/view.aspx?id=IL-30345-17` looks for IL-30345-17, if some project has that code;
`https://site.example/search?q=labour+courts` for labour courts, `…/blog/child-labour.html` for child-labour.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote, urlsplit

from indexer.text.codes import key_of

ADDRESS = re.compile(r"(?:https?://|www\.)[^\s/?#]+", re.IGNORECASE)
# What a file is, at the end of its name.
_ENDING = re.compile(r"\.[a-z]{2,5}\Z", re.IGNORECASE)
# Of an address with more parts, the last are looked at: each may be a code, and is looked up.
_MOST_PARTS = 16


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
