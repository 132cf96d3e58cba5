"""Texts as people typed them to texts that can be stored and shown: NFC, no markup, nothing invisible."""

from __future__ import annotations

import re
from itertools import pairwise

from indexer.corpus.texts.entities import has_markup, plain
from indexer.text.folding import normalise, without_invisible

# Between paragraphs of plain text: an empty line.
_EMPTY_LINE = re.compile(r"\n[^\S\n]*+\n\s*+")
# A line that ends so is not carried on by the next, unless the width of the lines explains that it ends
# there; nor is one before a point of a list. Lines are wrapped at a width between these.
_ENDS = (".", "!", "?", ".)", '."', ".\u201d", "\u3002")
_NARROWEST, _WIDEST = 40, 120
_POINT = re.compile(r"\s*(?:[-*\u2022\u2013\u25cf\u25aa]|\(?[0-9a-zA-Z]{1,2}[.)])\s")
_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def clean(text: str) -> str:
    """Return `text` in NFC, in one line with single spaces, without markup, controls and lone surrogates."""
    return _one_line(plain(text) if has_markup(text) else text)


def paragraphs(text: str) -> str:
    """Return a text as `clean` does, but with its paragraphs, each a line.

    They are told by markup, where there is any; by empty lines; by lines that end with a sentence or begin a
    point of a list. Other ends of lines are the width of somebody's window.
    """
    if has_markup(text) and (unmarked := plain(text, "\n\n")).count("\n\n") > text.count("\n\n"):
        parts = _EMPTY_LINE.split(_LINE_ENDS.sub("\n", unmarked))
    else:
        text = plain(text) if has_markup(text) else text
        if text.isprintable():
            return _one_line(text)
        parts = _parts(_LINE_ENDS.sub("\n", text))
    return "\n".join(filter(None, map(_one_line, parts)))


def _parts(text: str) -> list[str]:
    parts: list[list[str]] = []
    width = max(map(len, text.split("\n")))
    for part in _EMPTY_LINE.split(text):
        lines = part.split("\n")
        parts.append([lines[0]])
        for line, following in pairwise(lines):
            if _goes_on(line, following, width):
                parts[-1].append(following)
            else:
                parts.append([following])
    return [" ".join(part) for part in parts]


def _goes_on(line: str, following: str, width: int) -> bool:
    """Return whether a line is carried on by the next one, where the longest has `width` characters."""
    if _POINT.match(following):
        return False
    if not line.rstrip().endswith(_ENDS):
        return True
    word = len((following.split(None, 1) or [""])[0])
    return _NARROWEST <= width <= _WIDEST and len(line.rstrip()) + 1 + word > width


def _one_line(text: str) -> str:
    if not text.isprintable() or "  " in text:
        text = " ".join(without_invisible(text).split())
    return text.strip() if text.isascii() else normalise(text.strip())


def storable(text: str) -> str:
    """Return a text as it is, but for lone halves of characters, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
