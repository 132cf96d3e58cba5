"""Where in a text a query was met.

The words of the query (all the words of the index that share its terms) are looked up in the folded text
with plain string searches; no tokens are made for the tens of thousands of characters of a page of hits.
Only where that finds nothing for a part that is known to match (a joined form, an acronym with dots)
is the text tokenised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from os.path import commonprefix

from indexer.analysis import fold, tokens

# Words with one beginning are found by one search for it; shorter beginnings are met everywhere.
COMMON_LETTERS = 3
# Distinct accented characters whose folded form is remembered: more than any corpus writes.
FOLDED_CHARS = 4096

_WORD_REST = re.compile(r"[^\W_]*")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Needle:
    """What to look for: words (folded) that share a prefix, for one part of the query."""

    part: int
    prefix: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class PhraseNeedle:
    """Words that must follow each other: at each place any of a set (folded)."""

    part: int
    words: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked range of a text, the part of the query that it is for, and the word met there."""

    start: int
    end: int
    part: int
    word: str


class Marker:
    """Finds the words of one query in texts."""

    def __init__(
        self, words: Iterable[tuple[int, Iterable[str]]], phrases: Iterable[PhraseNeedle] = ()
    ) -> None:
        """Look for `words`, pairs of a part and its folded words, and for `phrases`."""
        self._words = [(part, frozenset(found)) for part, found in words]
        self._needles = [needle for part, found in self._words for needle in _needles(part, found)]
        self._phrases = tuple(phrases)
        self.parts = {part for part, found in self._words if found} | {one.part for one in self._phrases}

    def marks(self, text: str) -> list[Mark]:
        """Return where the query is met in `text`, ascending; quick, and blind to joined forms."""
        folded = _folded(text)
        if folded is None:
            return self.every_mark(text)
        marks = [mark for needle in self._needles for mark in _found(needle, folded)]
        for phrase in self._phrases:
            if all(any(word in folded for word in words) for words in phrase.words):
                marks += _phrase_marks(phrase, text)
        return sorted(marks, key=_by_start)

    def every_mark(self, text: str) -> list[Mark]:
        """Return where the query is met in `text`, ascending, by analysing every token."""
        marks = [mark for phrase in self._phrases for mark in _phrase_marks(phrase, text)]
        for token in tokens(text):
            for part, words in self._words:
                if token.text in words:
                    marks.append(Mark(token.start, token.end, part, token.text))
        return sorted(marks, key=_by_start)


def _by_start(mark: Mark) -> Span:
    return mark.start, -mark.end


def _needles(part: int, words: frozenset[str]) -> list[Needle]:
    """Group words by their beginnings, so that one string search serves all forms of a word."""
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[:COMMON_LETTERS], []).append(word)
    # It is for strings of any kind, whatever its module: no paths here.
    return [Needle(part, commonprefix(group), frozenset(group)) for group in groups.values()]  # noqa: RUF071


def _found(needle: Needle, folded: str) -> list[Mark]:
    marks = []
    prefix, words = needle.prefix, needle.words
    at = folded.find(prefix)
    while at >= 0:
        end = _WORD_REST.match(folded, at).end()  # type: ignore[union-attr]
        if folded[at:end] in words and (at == 0 or not folded[at - 1].isalnum()):
            marks.append(Mark(at, end, needle.part, folded[at:end]))
        at = folded.find(prefix, max(end, at + 1))
    return marks


def _phrase_marks(phrase: PhraseNeedle, text: str) -> list[Mark]:
    """Return a mark over each run of words that is the phrase."""
    size = len(phrase.words)
    at: dict[int, list[tuple[int, int, str]]] = {}
    for token in tokens(text):
        at.setdefault(token.position, []).append((token.start, token.end, token.text))
    marks = []
    for position in at:
        run = [_one_of(at.get(position + step, ()), phrase.words[step]) for step in range(size)]
        if all(run):
            start, end = run[0][0], run[-1][1]  # type: ignore[index]
            marks.append(Mark(start, end, phrase.part, " ".join(one[2] for one in run if one)))
    return marks


def _one_of(found: Sequence[tuple[int, int, str]], words: frozenset[str]) -> tuple[int, int, str] | None:
    return next((one for one in found if one[2] in words), None)


def _folded(text: str) -> str | None:
    """Return `text` without case and accents, character by character, or None where lengths change."""
    if not text.isascii():
        text = _NOT_ASCII.sub(_folded_match, text)
    folded = text.lower()
    return folded if len(folded) == len(text) else None


def _folded_match(match: re.Match[str]) -> str:
    return _folded_char(match[0])


@lru_cache(maxsize=FOLDED_CHARS)
def _folded_char(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else char
