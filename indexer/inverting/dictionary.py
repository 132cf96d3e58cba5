"""The dictionary of a build: every distinct token run is tokenised and analysed once.

A *token run* (`token_runs`) has words, at offsets from its first position, and takes up positions. A *word*
has a term (`stemming`) and is one of the surface forms of that term, numbered in the order of their coming,
inner words last.
The token run `follow-ups` has the words *follow*, *followups* and *ups* at the offsets 0, 0 and 1, of which
the second is joined, and takes up two positions.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from indexer.inverting.numbering import Numbering
from indexer.inverting.token_runs import KEY_BYTES, TokenRuns
from indexer.storage.arrays.sums import begins
from indexer.storage.segment import I64, U32
from indexer.text import analysis
from indexer.text.stemming import stemming
from indexer.text.surface import is_inner as is_inner_word


@dataclass(frozen=True, slots=True)
class Stems:
    """The terms [V] and words [W] so far: each word's term and form, uint32 [W], and the words by term.

    `by_term` int64 [W] are the words of term 0, of term 1 …, in the order of their forms, inner words
    (`text.surface`) last; `starts` int64 [V + 1] is where those of each begin.
    """

    terms: list[str]
    words: list[str]
    word_terms: U32
    word_forms: U32
    by_term: I64
    starts: I64


# The commonest raw tokens that are not plain words: well-known, 1914-18, world's.
_SIMPLE = re.compile(r"((?:[a-z]+|[0-9]+)(?:-(?:[a-z]+|[0-9]+))*)(?:['\N{RIGHT SINGLE QUOTATION MARK}]s)?")
# Gives each of some folded words its term.
StemsOf = Callable[[Iterable[str]], Iterator[str]]


class Dictionary:
    """Numbers token runs, words and terms in the order of their coming; 0 is the token run without words."""

    def __init__(self, stems: StemsOf | None = None) -> None:
        self._stems = stems or stemming().stems
        self.words: dict[str, int] = {}
        self.terms: dict[str, int] = {}
        self.word_terms = array("I")
        # Of each token run: how many words, how many positions. Words of all token runs, end to end: which,
        # at what offset, and whether another word of the run stands there already.
        self.word_counts, self.advances = array("I", [0]), array("I", [0])
        self.flat_words, self.flat_offsets, self.flat_joined = array("I"), array("I"), array("B")
        self._token_runs: dict[bytes, int] = {b"": 0}
        self._numbering = Numbering()

    def numbers(self, token_runs: TokenRuns) -> U32:
        """Return the number of each token run, uint32 [P]; new ones are analysed."""
        first, second = token_runs.keys
        numbers = self._numbering.find(first, second)
        unknown = np.flatnonzero(numbers == 0)
        if not len(unknown):
            return numbers
        known = len(self._token_runs)
        numbers[unknown] = found = self._look_up(token_runs.texts(unknown))
        fresh, firsts = np.unique(found, return_index=True)
        firsts = unknown[firsts]
        short = (fresh >= known) & (token_runs.sizes[firsts] <= KEY_BYTES)
        self._numbering.remember(first[firsts[short]], second[firsts[short]], fresh[short])
        return numbers

    def _look_up(self, token_runs: list[bytes]) -> U32:
        known = self._token_runs
        new = [token_run for token_run in dict.fromkeys(token_runs) if token_run not in known]
        self._analyse(new)
        known.update(zip(new, range(len(known), len(known) + len(new)), strict=True))
        return np.fromiter(map(known.__getitem__, token_runs), np.uint32, len(token_runs))

    def _analyse(self, token_runs: list[bytes]) -> None:
        words, flat_words = self.words, self.flat_words
        for token_run in token_runs:
            plain = token_run.isalpha() or token_run.isdigit()
            if plain and len(token_run) <= analysis.MAX_WORD_LENGTH:
                # Most token runs are one plain word; they need no tokenising.
                flat_words.append(words.setdefault(token_run.decode(), len(words)))
                self.flat_offsets.append(0)
                self.flat_joined.append(0)
                self.word_counts.append(1)
                self.advances.append(1)
            else:
                self._tokenize(token_run.decode())

    def _tokenize(self, token_run: str) -> None:
        position, count = 0, len(self.flat_words)
        words = self.words
        for raw in analysis.TOKEN.findall(token_run):
            last = -1
            found = simple_words(raw) or [(word.text, word.position) for word in analysis.words_of(raw)]
            for word, offset in found:
                self.flat_words.append(words.setdefault(word, len(words)))
                self.flat_offsets.append(position + offset)
                self.flat_joined.append(offset == last)
                last = offset
            position += max((offset for _, offset in found), default=-1) + 1
        self.word_counts.append(len(self.flat_words) - count)
        self.advances.append(position)

    def stem(self) -> Stems:
        """Give every new word its term; return the terms and words so far."""
        terms = self.terms
        for stem in self._stems(list(self.words)[len(self.word_terms) :]):
            self.word_terms.append(terms.setdefault(stem, len(terms)))
        word_terms = np.array(self.word_terms, np.uint32)
        # Of two words of a token that have one term at one position the first form stays: of "ä-e" the
        # compound, not the inner "ae", in whichever order the two have come.
        is_inner = np.fromiter(map(is_inner_word, self.words), np.bool_, len(self.words))
        by_term = (
            np.lexsort((is_inner, word_terms)) if is_inner.any() else np.argsort(word_terms, kind="stable")
        )
        starts = begins(np.bincount(word_terms, minlength=len(terms)))
        forms = np.empty(len(word_terms), np.uint32)
        forms[by_term] = np.arange(len(by_term)) - starts[word_terms[by_term]]
        return Stems(list(terms), list(self.words), word_terms, forms, by_term, starts)


def simple_words(raw: str) -> list[tuple[str, int]]:
    """Return the words of a raw token and their positions as `analysis.words_of` has them, in less time.

    Only for tokens in lower case of plain ASCII words with hyphens between; for others the list is empty.
    """
    simple = _SIMPLE.fullmatch(raw)
    if simple is None or len(raw) > analysis.MAX_WORD_LENGTH:
        return []
    parts = simple[1].split("-")
    words = [*zip(parts, range(len(parts)), strict=True)]
    if len(parts) > 1:
        words.insert(1, (simple[1], 0))
    return words
