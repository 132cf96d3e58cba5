"""Markup inside a text that should be plain: entities and tags that an export left in its cells.

    Caf&eacute;&nbsp;x<br/>y  -> Café x y

A tag is one that HTML knows, with attributes that HTML allows; the start of one that encloses text only if
its end is there as well. So `a < b`, `<5 years` and `<acronym>` stay what they are. Every expression looks
at a character once or twice, however the text is made.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

_BLOCKS = (
    "address|article|blockquote|br|center|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|section|table|tbody|td|tfoot|th|thead"
    "|tr|ul"
)
_INLINE = (
    "a|abbr|b|big|cite|code|del|em|font|i|img|ins|label|mark|q|s|small|span|strike|strong|sub|sup|tt|u|wbr"
)
# What is never given back is in atomic groups: possessive repeats of a group went wrong before Python 3.11.5.
_ATTRIBUTES = r"""(?>(?:\s++[\w:-]{1,40}+\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=]++))*)\s*+"""
_TAG = re.compile(rf"<(/?)({_BLOCKS}|{_INLINE}|o:p)\b({_ATTRIBUTES})/?>", re.IGNORECASE)
_IS_BLOCK = re.compile(_BLOCKS, re.IGNORECASE)
# What a browser does not show, with its text.
_UNSHOWN = tuple(
    (re.compile(rf"<{name}\b[^<>]*+>(?>(?:(?!</{name}\b).)*)</{name}\b[^<>]*+>?", re.IGNORECASE | re.DOTALL),
     re.compile(rf"</{name}\b", re.IGNORECASE))
    for name in ("script", "style", "template")
)  # fmt: skip
_COMMENT = re.compile(r"<!--(?>(?:(?!-->).)*)-->", re.DOTALL)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# An export may escape what it has escaped already.
_TIMES = 2

_SUPERSCRIPT = re.compile(rf"<sup\b{_ATTRIBUTES}>([^<>]{{1,20}})</sup\s*+>", re.IGNORECASE)
# What stands before a raised text and may have an exponent.
_BEFORE = 20
# The mark of a footnote; and what has an exponent instead.
_NOTE = re.compile(r"\s*[\[(]?(?:[0-9]{1,2}|[a-z]|[*†‡§¶]{1,3})(?:\s*,\s*[0-9]{1,2})*[\])]?\s*")
_HAS_EXPONENT = re.compile(r"(?:10|[kcdmµn]?m|[a-zA-Z])")
_RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")


def has_markup(text: str) -> bool:
    """Return whether a text may have entities or tags in it."""
    return "&" in text or "<" in text


def plain(text: str, block: str = " ") -> str:
    """Return a text without entities and tags; `block` stands where a browser begins another line."""
    for _ in range(_TIMES):
        before = text
        if "<" in text:
            text = _untagged(text, block)
        if "&" in text:
            text = _ENTITY.sub(_decoded, text)
        if text == before:
            break
    return text


def superscript(before: str, raised: str) -> str:
    """Return what stands for a raised text: an exponent after a unit or 10, nothing for a footnote's mark.

    ("Verité", "1") -> ""; ("10", "6") -> "⁶"; ("21", "st") -> "st"
    """
    if not _NOTE.fullmatch(raised):
        return raised
    word = before.rsplit(None, 1)[-1] if before.strip() and not before[-1].isspace() else ""
    digits = raised.strip()
    if digits.isdigit() and _HAS_EXPONENT.fullmatch(word):
        return digits.translate(_RAISED)
    return ""


def without_scripts(text: str) -> str:
    """Return a text with markup without its scripts, styles and templates; one that never ends stays."""
    for whole, last in _UNSHOWN:
        # Up to the last end only: beyond it each search would go to the end of the text in vain.
        ends = [match.end() for match in last.finditer(text)]
        if ends:
            end = text.find(">", ends[-1]) + 1 or len(text)
            text = whole.sub(_lines_only, text[:end]) + text[end:]
    return text


def _lines_only(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def _raised(match: re.Match[str]) -> str:
    return superscript(match.string[max(match.start() - _BEFORE, 0) : match.start()], match[1])


def _untagged(text: str, block: str) -> str:
    end = text.rfind("-->") + 3
    if "<!--" in text and end > 2:
        text = _COMMENT.sub("", text[:end]) + text[end:]
    text = without_scripts(text) if "</" in text else text
    if not _TAG.search(text):
        return text
    text = _SUPERSCRIPT.sub(_raised, text)
    ended = {match[2].lower() for match in _TAG.finditer(text) if match[1]}

    def _shown(match: re.Match[str]) -> str:
        if _IS_BLOCK.fullmatch(match[2]):
            return block
        known = (
            match[1] or match[3].strip() or match[2].lower() in ended or match[2].lower() in ("img", "wbr")
        )
        return "" if known else match[0]

    return _TAG.sub(_shown, text)


def _decoded(match: re.Match[str]) -> str:
    # Names without a semicolon, and beginnings of names, are no entities: "R&D;" stays as it is.
    return html.unescape(match[0]) if match[0][1] == "#" or match[0][1:] in html5 else match[0]
