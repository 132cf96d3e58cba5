"""Words that were mistyped: near words of the index, and the query as it was probably meant.

Nearness is the optimal string alignment distance: insertions, deletions, substitutions and swaps of
neighbours, no part of a word edited twice. Most words are told apart without it: one edit changes the
length by at most one and the set of letters by at most two, and both are compared for the whole
vocabulary at once. What is left goes through the distance table row by row, all words side by side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import STOP_WORDS, Word, normalise, separate
from indexer.segment import Segment, Texts, begins

if TYPE_CHECKING:
    from search_app.vocabulary import Vocabulary

# Shorter words are names, acronyms and numbers; nearly all of their neighbours are other words.
SHORTEST_CORRECTED = 4
# Words up to this length may have one typo, longer ones two.
ONE_TYPO_LENGTH = 5
# A word one typo further away must be so many times as frequent to be what was meant; a word that the
# index has counts as no typo away.
TYPO_ODDS = 20.0
# Few errors are made in the first letter: Yannakoudakis & Fawthrop, "The Rules of Spelling Errors" (1983).
FIRST_LETTER_COST = 0.5
# Two typos, or one in the first letter.
MAX_COST = 2.0
# Near words that are weighed against each other, the most frequent ones.
MAX_CANDIDATES = 24
# Words of a query that are corrected: each costs a pass over the vocabulary.
MAX_CORRECTED = 4
# Generations whose letters are kept at a time: the one that serves and the one that takes over.
KEPT_GENERATIONS = 2

# Endings that make no other word; "inspecters" is "inspect" with another ending, and mistyped.
_ENDING = re.compile("(?:ies|y|es|s|ed|ing|d|e)$")
# What stands after a field name and after words that are cut or mistyped on purpose.
_MARKS = (":", "*", "~")

Letters = NDArray[np.uint32]
Numbers = NDArray[np.intp]
Distances = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Spelled:
    """All words [W]: `codes` of their letters end to end, `starts` [W], `lengths` [W] and letter `sets` [W].

    A letter set has a bit for each code modulo 64 that stands in the word.
    """

    codes: Letters
    starts: NDArray[np.int64]
    lengths: NDArray[np.int32]
    sets: NDArray[np.uint64]


# By the table of words, which equals only itself: each generation has its own.
@lru_cache(maxsize=KEPT_GENERATIONS)
def _spelled(words: Texts) -> _Spelled:
    blob, offsets = words.joined()
    begins_letter = (np.frombuffer(blob, np.uint8) & 0xC0) != 0x80
    bounds = begins(begins_letter.view(np.uint8))[offsets.astype(np.int64)]
    codes = _codes(str(blob, "utf-8"))
    sets = np.bitwise_or.reduceat(_bits(codes), bounds[:-1]) if len(words) else np.zeros(0, np.uint64)
    return _Spelled(codes, bounds[:-1], np.diff(bounds).astype(np.int32), sets)


def _codes(text: str) -> Letters:
    return np.frombuffer(text.encode("utf-32-le"), "<u4")


def _bits(codes: Letters) -> NDArray[np.uint64]:
    return np.uint64(1) << (codes & np.uint32(63)).astype(np.uint64)


def within(segment: Segment, word: str, distance: int, *, first_letter: bool, limit: int = 64) -> list[int]:
    """Return the words (numbers) at most `distance` edits from a folded `word`, the most frequent first.

    With `first_letter` they begin as it does. The word itself is among them if the index has it.
    """
    numbers, _ = _near(segment, word, distance, first_letter=first_letter)
    found: list[int] = numbers[:limit].tolist()
    return found


def _near(segment: Segment, word: str, distance: int, *, first_letter: bool) -> tuple[Numbers, Distances]:
    """Return the words near `word` and how near they are, the most frequent first."""
    spelled, codes = _spelled(segment.words), _codes(word)
    low, high = segment.words.prefixed(word[:1]) if first_letter else (0, len(segment.words))
    sets, own = spelled.sets[low:high], np.bitwise_or.reduce(_bits(codes))
    near = np.abs(spelled.lengths[low:high] - np.int32(len(word))) <= distance
    near &= np.bitwise_count(sets & ~own) <= distance
    near &= np.bitwise_count(own & ~sets) <= distance
    numbers = low + np.flatnonzero(near)
    distances = _distances(spelled, numbers, codes, distance)
    numbers, distances = numbers[distances <= distance], distances[distances <= distance]
    order = np.argsort(-segment.word_documents[numbers].astype(np.int64), kind="stable")
    return numbers[order], distances[order]


def _distances(spelled: _Spelled, numbers: Numbers, word: Letters, most: int) -> Distances:
    """Return the distance of `word` to each of the words [numbers], uint8; exact up to `most`.

    The table of the distance is filled row by row, a column being one place in all words at once. Only
    the band of columns that `most` edits can reach is looked at.
    """
    letters = _matrix(spelled, numbers)
    width, far = len(letters), most + 1
    last = np.full((width + 1, len(numbers)), far, np.uint8)
    last[: most + 1] = np.arange(width + 1, dtype=np.uint8)[: most + 1, None]
    before = last
    for row, code in enumerate(word, 1):
        now = np.full_like(last, far)
        now[0] = min(row, far)
        for column in range(max(1, row - most), min(width, row + most) + 1):
            edited = np.minimum(last[column], now[column - 1]) + np.uint8(1)
            replaced = last[column - 1] + (letters[column - 1] != code)
            now[column] = np.minimum(edited, replaced)
            if row > 1 and column > 1:
                swapped = (letters[column - 1] == word[row - 2]) & (letters[column - 2] == code)
                swaps = np.where(swapped, before[column - 2], far) + np.uint8(1)
                now[column] = np.minimum(now[column], swaps)
        before, last = last, now
    return last[spelled.lengths[numbers], np.arange(len(numbers))]


def _matrix(spelled: _Spelled, numbers: Numbers) -> Letters:
    """Return the letters of words, one word a column, filled up with zeros."""
    lengths = spelled.lengths[numbers]
    rows = np.arange(int(lengths.max(initial=1)))[:, None]
    places = np.minimum(spelled.starts[numbers] + rows, len(spelled.codes) - 1)
    return np.where(rows < lengths, spelled.codes[places], np.uint32(0))


def corrected_query(vocabulary: Vocabulary, text: str) -> str | None:
    """Return a query with its mistyped words corrected and all else as it was, None if no word was."""
    text = normalise(text)
    typed = _typed(text)
    understood = _in_phrases(vocabulary, typed)
    parts, place, corrected = [], 0, 0
    for number, word in enumerate(typed):
        others = [other.text for other in typed if other is not word]
        meant = _meant(vocabulary, word.text, others) if number not in understood else None
        if meant is not None and corrected < MAX_CORRECTED:
            parts += [text[place : word.start], meant]
            place, corrected = word.end, corrected + 1
    return "".join([*parts, text[place:]]) if corrected else None


def _in_phrases(vocabulary: Vocabulary, typed: Sequence[Word]) -> set[int]:
    """Return which words are part of a phrase that is searched in another form: "sugar cane"."""
    runs = vocabulary.phrases([word.text for word in typed])
    return {number for first, last, _ in runs for number in range(first, last)}


def _typed(text: str) -> list[Word]:
    """Return the words of a query, but not field names and words marked by * or ~."""
    return [word for word in separate(text) if text[word.end : word.end + 1] not in _MARKS]


def _meant(vocabulary: Vocabulary, word: str, others: Sequence[str]) -> str | None:
    """Return the word that was probably meant by a mistyped one, None for a word to be kept.

    Near words are weighed by how often they are used, and then by how often together with the others.
    """
    if len(word) < SHORTEST_CORRECTED or word in STOP_WORDS or _is_inflected(vocabulary, word):
        return None
    segment = vocabulary.segment
    numbers, costs = _candidates(vocabulary, word)
    best = np.argsort(-_score(segment.word_documents[numbers], costs), kind="stable")[:MAX_CANDIDATES]
    numbers, costs = numbers[best], costs[best]
    shared = _shared(vocabulary, segment.word_terms[numbers].tolist(), others) if others else None
    if shared is not None and shared.any():
        numbers = numbers[np.argsort(-_score(shared, costs), kind="stable")]
    meant: str | None = segment.words[int(numbers[0])] if len(numbers) else None
    return None if meant == word else meant


def _candidates(vocabulary: Vocabulary, word: str) -> tuple[Numbers, NDArray[np.float64]]:
    """Return near words and what their typos cost; forms of `word` that are searched anyway are none."""
    segment = vocabulary.segment
    distance = 1 if len(word) <= ONE_TYPO_LENGTH else 2
    numbers, distances = _near(segment, word, distance, first_letter=False)
    forms = [word, *(one.words[0] for one in vocabulary.variants(word) if len(one.words) == 1)]
    searched = np.isin(segment.word_terms[numbers], [vocabulary.term(form) for form in forms])
    spelled = _spelled(segment.words)
    costs = distances + FIRST_LETTER_COST * (spelled.codes[spelled.starts[numbers]] != ord(word[0]))
    offered = (~searched | (distances == 0)) & (costs <= MAX_COST)
    return numbers[offered], costs[offered]


def _is_inflected(vocabulary: Vocabulary, word: str) -> bool:
    """Tell whether a word that the index does not have is another number or tense of one that it has."""
    term = vocabulary.term(word)
    if term < 0 or vocabulary.segment.words.find(word) >= 0:
        return False
    forms = [vocabulary.segment.words[number] for number in vocabulary.forms(term)]
    known = {_ENDING.sub("", form) for form in (vocabulary.text(term), *forms)}
    return _ENDING.sub("", word) in known


def _score(uses: NDArray[np.integer], costs: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(np.log1p(uses) - np.log(TYPO_ODDS) * costs, np.float64)


def _shared(vocabulary: Vocabulary, terms: Sequence[int], others: Sequence[str]) -> NDArray[np.int64]:
    """Return in how many projects each term stands with all of the other words that the index knows."""
    together = np.ones(len(vocabulary.segment), np.bool_)
    for word in others:
        number = vocabulary.segment.words.find(word)
        if number >= 0:
            has = np.zeros_like(together)
            has[vocabulary.documents(int(vocabulary.segment.word_terms[number]))] = True
            together &= has
    return np.array([np.count_nonzero(together[vocabulary.documents(term)]) for term in terms])
