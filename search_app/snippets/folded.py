"""Texts folded character by character, so that each place in one is the same place in the other."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from indexer.text.analysis import as_written, fold, is_unspaced

# Distinct accented characters whose folded form is remembered: more than any corpus writes.
FOLDED_CHARS = 4096
# Different characters that are looked for one by one: no alphabet has more.
MOST_APART = 128

# Stands for a character that folding turns into several or none, or that belongs to a script without
# spaces.
_UNFOLDABLE = "\0"
# The classes of characters that no word has, but for marks of ASCII: punctuation, symbols, separators.
_OF_NO_WORD = "PSZ"
_ASCII = bytes(range(128))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def folded(text: str) -> str | None:
    """Return `text` folded character by character, or None where that gives no words to be found."""
    if text.isascii():
        return text.lower()
    own = _with_folded_chars(text).lower()
    return own if len(own) == len(text) and _UNFOLDABLE not in own else None


def _with_folded_chars(text: str) -> str:
    """Return `text` with what is not ASCII folded: each such character wherever it stands, for few differ."""
    others = {*text.encode(errors="surrogatepass").translate(None, _ASCII).decode(errors="surrogatepass")}
    apart = {char: own for char in others if (own := _folded_char(char)) != char}
    if len(apart) > MOST_APART or not apart.keys().isdisjoint(apart.values()):
        # In a text of ideographs nearly all are, and one may be folded to what is folded itself.
        return _NOT_ASCII.sub(_folded_match, text)
    for char, own in apart.items():
        text = text.replace(char, own)
    return text


def _folded_match(match: re.Match[str]) -> str:
    return _folded_char(match[0])


@lru_cache(maxsize=FOLDED_CHARS)
def _folded_char(char: str) -> str:
    own = as_written(fold(char))
    if is_unspaced(char) or not own or (len(own) > 1 and char.isalnum()):
        return _UNFOLDABLE
    if (len(own) > 1 or not own.isascii()) and unicodedata.category(char)[0] in _OF_NO_WORD:
        # Dashes, quotation marks, dots all end a word, and a text of ASCII is in lower case at once.
        return " "
    return own if len(own) == 1 else char
