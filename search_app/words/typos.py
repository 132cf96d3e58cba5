"""Near words: the words of an index within some typos of another one.

Nearness is the optimal string alignment distance: insertions, deletions, substitutions and swaps of
neighbours, no part of a word edited twice. Most words are told apart without it: one edit changes the
length by at most one and the set of letters by at most two, and both are compared for the whole
vocabulary at once. What is left goes through the distance table row by row, all words side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import begins
from indexer.storage.arrays.text_tables import Texts
from indexer.text.surface import FIRST_PLAIN
from search_app.words.lexicon import MAX_WORDS, Lexicon, Sought

# Generations whose letters are cached at a time: the one that serves and the one that takes over.
CACHED_GENERATIONS = 2
# Words with typos whose near words are remembered at each lexicon.
REMEMBERED = 64

Letters = NDArray[np.uint32]
WordNumbers = NDArray[np.intp]
Distances = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Spelled:
    """All words [W]: `codes` of their letters end to end, `starts` [W], `lengths` [W] and letter `sets` [W].

    A letter set has a bit for each letter of the word, numbered by its code modulo 64: a word of "a" (97)
    and "b" (98) has the bits 33 and 34.
    """

    codes: Letters
    starts: NDArray[np.int64]
    lengths: NDArray[np.int32]
    sets: NDArray[np.uint64]


# The key is the table of words itself, which equals no other: each generation has its own.
@lru_cache(maxsize=CACHED_GENERATIONS)
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


def sought(lexicon: Lexicon, word: str, distance: int) -> Sought:
    """Return what a folded `word` with at most `distance` typos, none in its first letter, stands for.

    Of more than MAX_WORDS it is the word itself, if the index has it, and then the most frequent.
    """
    found = lexicon.sought.get((word, distance))
    if found is None:
        # A search asks three times: for what to warn of, for what to find and for what to mark.
        if len(lexicon.sought) >= REMEMBERED:
            lexicon.sought.clear()
        found = lexicon.sought[word, distance] = _sought(lexicon, word, distance)
    return found


def _sought(lexicon: Lexicon, word: str, distance: int) -> Sought:
    numbers, distances = near(lexicon, word, distance, first_letter=True)
    itself_first = np.argsort(distances > 0, kind="stable")[:MAX_WORDS]
    return Sought(numbers[itself_first].tolist(), len(numbers))


def near(lexicon: Lexicon, word: str, distance: int, *, first_letter: bool) -> tuple[WordNumbers, Distances]:
    """Return the words near `word` and how near they are, the most frequent first."""
    spelled, codes = _spelled(lexicon.words), _codes(word)
    everything = lexicon.words.lower_bound(FIRST_PLAIN.encode()), len(lexicon.words)
    low, high = lexicon.words.prefixed(word[:1]) if first_letter else everything
    sets, own = spelled.sets[low:high], np.bitwise_or.reduce(_bits(codes))
    maybe = np.abs(spelled.lengths[low:high] - np.int32(len(word))) <= distance
    maybe &= np.bitwise_count(sets & ~own) <= distance
    maybe &= np.bitwise_count(own & ~sets) <= distance
    numbers = low + np.flatnonzero(maybe)
    distances = _distances(spelled, numbers, codes, distance)
    numbers, distances = numbers[distances <= distance], distances[distances <= distance]
    order = np.argsort(-lexicon.word_documents[numbers].astype(np.int64), kind="stable")
    return numbers[order], distances[order]


def first_letters(words: Texts, numbers: WordNumbers) -> Letters:
    """Return the code of the first letter of some words, uint32 [numbers]."""
    spelled = _spelled(words)
    return spelled.codes[spelled.starts[numbers]]


def _distances(spelled: _Spelled, numbers: WordNumbers, word: Letters, most: int) -> Distances:
    """Return the distance of `word` to each of the words [numbers], uint8; exact up to `most`.

    The table of the distance is filled row by row, a column being one letter of all words at once. Only
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


def _matrix(spelled: _Spelled, numbers: WordNumbers) -> Letters:
    """Return the letters of words, a column each, filled up with 0: "ab" and "c" give [[a, c], [b, 0]]."""
    lengths = spelled.lengths[numbers]
    rows = np.arange(int(lengths.max(initial=1)))[:, None]
    letters = np.minimum(spelled.starts[numbers] + rows, len(spelled.codes) - 1)
    return np.where(rows < lengths, spelled.codes[letters], np.uint32(0))
