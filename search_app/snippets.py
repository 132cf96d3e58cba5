"""Cut and mark: what to show of a hit, and where in it the query was met.

The words of the query (all the words of the index that share its terms) are looked up in the folded text
with plain string searches; no tokens are made for the tens of thousands of characters of a page of hits.
Only where that finds nothing for a part that is known to match (a joined form, an acronym with dots)
is the text tokenised. Snippets are whole sentences around the densest matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from os.path import commonprefix

from indexer.analysis import fold, tokens
from search_app.results import Snippet

# About two lines and a half of text: enough to judge a project, short enough to compare ten.
SNIPPET_LENGTH = 240
# A second fragment is shown only for a part of the query that the first one lacks.
MOST_FRAGMENTS = 2

_WORD_REST = re.compile(r"[^\W_]*")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9À-Þ])")
# A full stop after these ends no sentence.
_ABBREVIATIONS = re.compile(r"(?:^|[\s(])(?:[A-Za-z]|[A-Za-z]\.[A-Za-z]|Inc|Ltd|Co|Corp|Dr|Mr|Mrs|Ms|St|No|Nos|vs|cf|approx)$")

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

    def __init__(self, words: Iterable[tuple[int, Iterable[str]]], phrases: Iterable[PhraseNeedle] = ()) -> None:
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
        groups.setdefault(word[:3], []).append(word)
    return [Needle(part, commonprefix(group), frozenset(group)) for group in groups.values()]


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


@lru_cache(maxsize=4096)
def _folded_char(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else char


def marked(text: str, marks: Sequence[Mark]) -> Snippet:
    """Return the whole of `text` with its marks."""
    return Snippet(text, _merged(marks, 0, len(text)))


def fragments(text: str, marks: Sequence[Mark], length: int = SNIPPET_LENGTH) -> tuple[Snippet, ...]:
    """Return one or two fragments of `text`, whole sentences of about `length` characters with marks.

    Without marks, the beginning of the text; nothing for an empty text.
    """
    if not text:
        return ()
    if len(text) <= length:
        return (marked(text, marks),)
    windows = _windows(text, _sentences(text), length)
    if not marks:
        return (_cut(text, windows[0], (), length),)
    first = _densest(windows, marks, frozenset())
    seen = frozenset(mark.part for mark in marks if first[0] <= mark.start < first[1])
    chosen = [first]
    if seen != {mark.part for mark in marks}:
        second = _densest(windows, [mark for mark in marks if mark.part not in seen], seen)
        if second[0] >= first[1] or second[1] <= first[0]:
            chosen.append(second)
    return tuple(_cut(text, window, marks, length) for window in sorted(chosen)[:MOST_FRAGMENTS])


def _sentences(text: str) -> list[Span]:
    bounds = [0]
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATIONS.search(text, max(0, match.start() - 8), match.start()):
            bounds.append(match.end())
    bounds.append(len(text))
    return [(start, end) for start, end in zip(bounds, bounds[1:], strict=False) if end > start]


def _windows(text: str, sentences: Sequence[Span], length: int) -> list[Span]:
    """Return the runs of whole sentences that fit in `length`, and each longer sentence alone."""
    windows = []
    for first, (start, end) in enumerate(sentences):
        for _, following in sentences[first + 1 :]:
            if following - start > length:
                break
            end = following
        windows.append((start, start + len(text[start:end].rstrip())))
    return windows


def _densest(windows: Sequence[Span], marks: Sequence[Mark], seen: frozenset[int]) -> Span:
    """Return the window with most parts of the query, then most marks, then the earliest."""

    def worth(window: Span) -> tuple[int, int, int]:
        inside = [mark for mark in marks if window[0] <= mark.start < window[1]]
        return len({mark.part for mark in inside} - seen), len(inside), -window[0]

    return max(windows, key=worth)


def _cut(text: str, window: Span, marks: Sequence[Mark], length: int) -> Snippet:
    """Return a window as a snippet; a sentence that is too long is cut between words around its marks."""
    start, end = window
    if end - start <= length:
        return Snippet(text[start:end], _merged(marks, start, end))
    inside = [mark for mark in marks if start <= mark.start < end]
    cut_start = _best_start(inside, start, end, length)
    cut_end = min(end, cut_start + length)
    if cut_start > start:
        cut_start = text.find(" ", cut_start, cut_end) + 1 or cut_start
    if cut_end < end:
        space = text.rfind(" ", cut_start, cut_end + 1)
        cut_end = space if space > cut_start else cut_end
    return _with_ellipses(text, (cut_start, cut_end), window, inside)


def _best_start(marks: Sequence[Mark], start: int, end: int, length: int) -> int:
    """Return where a cut of `length` has most different parts of the query, with some words before."""
    if not marks:
        return start
    best, most = marks[0], 0
    for mark in marks:
        parts = {one.part for one in marks if mark.start <= one.start and one.end <= mark.start + length * 3 // 4}
        if len(parts) > most:
            best, most = mark, len(parts)
    lead = best.start - length // 4
    return max(start, min(lead, end - length))


def _with_ellipses(text: str, cut: Span, window: Span, marks: Sequence[Mark]) -> Snippet:
    before = "… " if cut[0] > window[0] else ""
    after = " …" if cut[1] < window[1] else ""
    body = text[cut[0] : cut[1]].rstrip()
    shifted = tuple(
        (start + len(before), end + len(before)) for start, end in _merged(marks, cut[0], cut[0] + len(body))
    )
    return Snippet(f"{before}{body}{after}", shifted)


def _merged(marks: Sequence[Mark], first: int, last: int) -> tuple[Span, ...]:
    """Return the ranges of the marks within [first, last), from `first` on, those that overlap as one."""
    ranges: list[Span] = []
    for mark in marks:
        if mark.start < first or mark.end > last:
            continue
        start, end = mark.start - first, mark.end - first
        if ranges and start < ranges[-1][1]:
            ranges[-1] = ranges[-1][0], max(end, ranges[-1][1])
        else:
            ranges.append((start, end))
    return tuple(ranges)
