"""Texts as people typed them to texts that can be stored and shown: one line, NFC, nothing invisible."""

from __future__ import annotations

import re

from indexer.text.analysis import normalise

# Controls, invisible marks that split or reorder words, lone surrogates and what XML cannot hold. The
# joiners U+200C and U+200D stay: Persian and Hindi words need them.
_REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Return `text` in NFC, in one line with single spaces, without controls and lone surrogates."""
    if not text.isprintable() or "  " in text:
        text = " ".join(_REMOVED.sub("", text).split())
    return text.strip() if text.isascii() else normalise(text.strip())


def storable(text: str) -> str:
    """Return a text as it is, but for lone halves of characters, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
