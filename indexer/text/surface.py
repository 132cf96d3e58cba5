"""Words that stand for more than their letters: compounds, and words inside of others.

A term is the stem of a word, and each occurrence of a term knows its word. So that *follow-ups* and
*followups*, which have one term, are told apart as written, a compound is a word with its marks. And that
*covid* finds *COVID19*, which is no word *covid* as written, the letters of such a token are an *inner*
word: the part that gives the term, and the token in which it stands. No word of a text has the character that
an inner word begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Before each half of an inner word; below every character of words, so that they stand apart when sorted.
INNER = "\x1f"
# The first character that a plain word can begin with: in a sorted table all plain words stand from it on.
FIRST_PLAIN = " "

# The marks in a compound, as words have them.
_MARKS = re.compile(r"[-'.,&]")
_NUMBERS = re.compile(r"\d+(?:[-'.,&]\d+)+")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,']\d{3})+")


def inner(part: str, token: str) -> str:
    """Return the word for a part of a token: "covid" in "covid19"."""
    return f"{INNER}{part}{INNER}{token}"


def is_inner(word: str) -> bool:
    """Tell whether a word is a part of another one."""
    return word.startswith(INNER)


def letters(word: str) -> str:
    """Return what is stemmed of a word: of a compound all but its marks, of an inner word the part.

    Numbers keep their marks: 1-5 and 1.5 are not 15; but for those between thousands: 50,000 is 50000.
    """
    if word.isalnum():
        return word
    if word.startswith(INNER):
        return word.split(INNER)[1]
    if word[:1].isdigit() and _NUMBERS.fullmatch(word) and not _THOUSANDS.fullmatch(word):
        return word
    return _MARKS.sub("", word) or word


def shown(word: str) -> str:
    """Return a word as people are shown it: an inner word as the token that it stands in."""
    return word.rpartition(INNER)[2]


def shown_together(words: Iterable[str]) -> str:
    """Return words that follow each other as people are shown them, each token once.

    A token of several inner words is one, and so is a compound with the words in it that stand behind its
    beginning: fy-2021, then 2021.
    """
    found: list[str] = []
    inside: list[str] = []
    for word in words:
        text = shown(word)
        if inside and inside[0] == text:
            del inside[0]
        elif not (is_inner(word) and found and found[-1] == text):
            found.append(text)
            inside = [] if is_inner(word) else _MARKS.split(text)[1:]
    return " ".join(found)


def with_last_dots(text: str) -> str:
    """Return words with the dot at the end of initials and degrees, which no word keeps: t.s. and ph.d."""
    return (
        " ".join(f"{word}." if _is_dotted(word) else word for word in text.split(" "))
        if "." in text
        else text
    )


def _is_dotted(word: str) -> bool:
    """Tell whether a folded word is letters with dots between, the last of them alone: t.s, ph.d."""
    *before, last = word.split(".")
    return bool(before) and len(last) == 1 and all(p.isalpha() and len(p) <= 2 for p in (*before, last))
