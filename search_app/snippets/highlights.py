"""Highlights: where in a text a query matches.

The words of the query (all the words of the index that share its terms) are looked up with plain string
searches in the folded texts of a whole page, put end to end; no tokens are made for its tens of thousands
of characters. Only where that finds nothing for a clause that is known to match (a joined form, an acronym
with dots) is a text tokenised.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from os.path import commonprefix

from indexer.text.analysis import BEHIND_LETTERS, TOKEN, fold, tokens, words_of
from indexer.text.surface import shown, shown_together
from search_app.results import Degree
from search_app.snippets.folded import folded

# Words with one beginning are found by one search for it; shorter beginnings are everywhere.
COMMON_LETTERS = 3
# Characters of a text that is analysed since it cannot be searched: the rest of it has no highlights.
MOST_ANALYSED = 20_000
# Letters of an acronym that may stand in a text with a dot behind each: N.A.A.C.P.
MOST_DOTTED = 6

# Between two texts: no word, and nothing that may stand between the words of a phrase.
_BETWEEN = "\n"
_WORD = re.compile(r"[^\W_]*")
_BEHIND_LETTERS = re.compile(BEHIND_LETTERS)
# From a word to the next one of the same text; a possessive is part of the word before.
_GAP = re.compile(r"(?:['’ʼ]s(?![^\W_]))?(?:[^\w\n]|_)+")

Span = tuple[int, int]
# A range [start, end) of a text, the number of the clause that it is for, and the folded word there. A plain
# tuple is made in a third of the time of a named one, and a page has a hundred.
Highlight = tuple[int, int, int, str]


@dataclass(frozen=True, slots=True)
class Needle:
    """What to look for: words (folded) that share a prefix, for one clause of the query."""

    clause: int
    prefix: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class PhraseNeedle:
    """Words that must follow each other: one of each set (folded) in turn."""

    clause: int
    words: tuple[frozenset[str], ...]
    degree: Degree = 2
    offsets: tuple[int, ...] = ()

    @property
    def positions(self) -> Sequence[int]:
        """The position of each word from that of the first."""
        return self.offsets or range(len(self.words))

    def fits(self, words: Sequence[str]) -> bool:
        """Tell whether some words are the phrase."""
        return len(words) == len(self.words) and all(map(frozenset.__contains__, self.words, words))


class Highlighter:
    """Finds the words of one query in texts."""

    def __init__(
        self, words: Iterable[tuple[int, Collection[str]]], phrases: Iterable[PhraseNeedle] = ()
    ) -> None:
        """Look for `words`, pairs of a part and its folded words (with their degrees), and for `phrases`."""
        words = list(words)
        self._degrees = [
            (clause, {shown(word): reach for word, reach in found.items()} if isinstance(found, dict) else {})
            for clause, found in words
        ]
        self._words = [(clause, frozenset(found)) for clause, found in words]
        self._needles = [needle for clause, found in self._words for needle in _needles(clause, found)]
        self._literals = [
            (clause, fold(shown(word)), shown(word))
            for clause, found in self._words for word in found if not word.isalnum()
        ]  # fmt: skip
        self._dotted = [
            (clause, ".".join(word), word)
            for clause, found in self._words for word in found
            if 1 < len(word) <= MOST_DOTTED and word.isalpha()
        ]  # fmt: skip
        self._phrases = [(one, _needles(one.clause, one.words[0])) for one in phrases]
        self.clauses = {clause for clause, found in self._words if found} | {
            one.clause for one, _ in self._phrases
        }

    def sought(self) -> dict[int, frozenset[str]]:
        """Return the words that are looked for, alone or in phrases, by the number of the clause."""
        sought = dict.fromkeys(self.clauses, frozenset[str]())
        for clause, words in self._words:
            sought[clause] = sought.get(clause, frozenset()) | words
        for phrase, _ in self._phrases:
            sought[phrase.clause] = sought[phrase.clause].union(*phrase.words)
        return sought

    def degree(self, clause: int, text: str) -> Degree:
        """Return the degree of a text that was matched for a clause otherwise than as written."""
        found = [known[text] for number, known in self._degrees if number == clause and text in known]
        words = text.split(" ")
        found += [one.degree for one, _ in self._phrases if one.clause == clause and one.fits(words)]
        return min(found, default=2)

    def highlights(self, texts: Sequence[str]) -> list[list[Highlight]]:
        """Return where the query matches in each text, ascending; quick, and blind to joined forms.

        "Child labor" highlighted for the word *labor* of clause 1 gives [(6, 11, 1, "labor")].
        """
        page = _BETWEEN.join(texts)
        if page.isascii():
            return _apart(self._standing_in(page.lower()), [*map(len, texts)])
        each = [folded(text) for text in texts]
        # A text whose length changes when it is folded is left out here.
        page = _BETWEEN.join([one or "" for one in each])
        highlights = _apart(self._standing_in(page), [len(one or "") for one in each])
        return [
            self.every_highlight(text[:MOST_ANALYSED]) if one is None else own
            for text, one, own in zip(texts, each, highlights, strict=True)
        ]

    def _standing_in(self, page: str) -> list[Highlight]:
        """Return where the query matches in a folded text, ascending."""
        found: list[Highlight] = []
        for needle in self._needles:
            found += _found(needle, page)
        for literal in self._literals:
            found += _standing(literal, page)
        for dotted in self._dotted:
            found += _with_dots(dotted, page)
        for phrase, first in self._phrases:
            found += [highlight for needle in first for highlight in _runs(phrase, needle, page)]
        if len(self._needles) + len(self._literals) + len(self._dotted) + len(self._phrases) > 1:
            _sort(found)
        return found

    def every_highlight(self, text: str) -> list[Highlight]:
        """Return where the query matches in `text`, ascending, by analysing every token."""
        highlights = [
            highlight for phrase, _ in self._phrases for highlight in _phrase_highlights(phrase, text)
        ]
        for raw in TOKEN.finditer(text) if self._words else ():
            for word in words_of(raw[0]):
                for clause, words in self._words:
                    if word.text in words:
                        begin = raw.start()
                        highlights.append((begin + word.start, begin + word.end, clause, shown(word.text)))
        return sorted(highlights, key=_by_start)


def _by_start(highlight: Highlight) -> Span:
    return highlight[0], -highlight[1]


def _sort(found: list[Highlight]) -> None:
    """Put highlights in order: of those with one start, the longest first."""
    # Few begin at the same place, and sorting whole tuples takes a third of the time of sorting by a key.
    apart = len({highlight[0] for highlight in found}) == len(found)
    found.sort(key=None if apart else _by_start)


def _apart(highlights: Iterable[Highlight], lengths: Sequence[int]) -> list[list[Highlight]]:
    """Divide the ascending highlights of joined texts among the texts, each counted from its own start."""
    apart: list[list[Highlight]] = [[] for _ in lengths]
    number, begin, end = -1, 0, -1
    for start, stop, clause, word in highlights:
        while start > end:
            number += 1
            begin = end + 1
            end = begin + lengths[number]
        apart[number].append((start - begin, stop - begin, clause, word))
    return apart


def _needles(clause: int, words: frozenset[str]) -> list[Needle]:
    """Group words by their beginnings, so that one string search serves all words of a term."""
    groups: dict[str, list[str]] = {}
    for word in filter(str.isalnum, words):
        groups.setdefault(word[:COMMON_LETTERS], []).append(word)
    # It is for strings of any kind, whatever its module: no paths here.
    return [Needle(clause, commonprefix(group), frozenset(group)) for group in groups.values()]  # noqa: RUF071


def _found(needle: Needle, page: str) -> list[Highlight]:
    highlights: list[Highlight] = []
    clause, prefix, words, find, word_at = needle.clause, needle.prefix, needle.words, page.find, _WORD.match
    at = find(prefix)
    while at >= 0:
        end = word_at(page, at).end()  # type: ignore[union-attr]
        word = page[at:end]
        if (
            word in words
            and (at == 0 or not page[at - 1].isalnum())
            and not (end - at <= 2 and _has_marks(page, at, end))
        ):
            highlights.append((at, end, clause, word))
        at = find(prefix, max(end, at + 1))
    return highlights


def _has_marks(page: str, at: int, end: int) -> bool:
    """Tell whether the marks behind a letter or two make another word of them, as in C++ and Visual-C++."""
    if page[end : end + 1] not in ("+", "#") or not page[at:end].isalpha():
        return False
    # Of two letters behind a mark they do not: set-up# has a footnote.
    alone = at == 0 or page[at - 1].isspace() or (end - at == 1 and not page[at - 1].isalnum())
    return alone and _BEHIND_LETTERS.match(page, end) is not None


def _standing(literal: tuple[int, str, str], page: str) -> Iterator[Highlight]:
    """Yield where a word with marks, or a token that is found by a part of it, stands by itself."""
    clause, letters, word = literal
    at = page.find(letters)
    while at >= 0:
        end = at + len(letters)
        if (
            not page[at - 1 : at].isalnum()
            and not (page[end : end + 1].isalnum() and letters[-1].isalnum())
            and not _has_marks(page, end - 1, end)
        ):
            yield at, end, clause, word
        at = page.find(letters, end)


def _with_dots(dotted: tuple[int, str, str], page: str) -> Iterator[Highlight]:
    """Yield where an acronym stands with dots between its letters, but not U.S. in U.S.S.R."""
    for at, end, clause, word in _standing(dotted, page):
        if not (page[at - 1 : at] == "." and page[at - 2 : at - 1].isalnum()) and not (
            page[end : end + 1] == "." and page[end + 1 : end + 2].isalnum()
        ):
            yield at, end, clause, word


def _runs(phrase: PhraseNeedle, first: Needle, page: str) -> Iterator[Highlight]:
    """Yield each run of words that is the phrase and begins with a word of `first`."""
    for begin, end, clause, word in _found(first, page):
        matched_words = [word]
        for words in phrase.words[1:]:
            gap = _GAP.match(page, end)
            start = gap.end() if gap else end
            end = _WORD.match(page, start).end()  # type: ignore[union-attr]
            word = page[start:end]
            if gap is None or word not in words or (end - start <= 2 and _has_marks(page, start, end)):
                break
            matched_words.append(word)
        else:
            yield begin, end, clause, " ".join(matched_words)


def _phrase_highlights(phrase: PhraseNeedle, text: str) -> list[Highlight]:
    """Return a highlight over each run of words that is the phrase."""
    at: dict[int, list[tuple[int, int, str]]] = {}
    for token in tokens(text):
        at.setdefault(token.position, []).append((token.start, token.end, token.text))
    highlights = []
    for position in at:
        run = [
            _one_of(at.get(position + offset, ()), words)
            for offset, words in zip(phrase.positions, phrase.words, strict=True)
        ]
        if all(run):
            start, end = run[0][0], run[-1][1]  # type: ignore[index]
            highlights.append((start, end, phrase.clause, shown_together(one[2] for one in run if one)))
    return highlights


def _one_of(found: Sequence[tuple[int, int, str]], words: frozenset[str]) -> tuple[int, int, str] | None:
    return next((one for one in found if one[2] in words), None)
