"""The dictionary of a build: every distinct piece of text is tokenised and analysed once.

A *piece* (`pieces`) has words, at offsets from its first position, and takes up positions. A *word* has a
term, its stem, and is one of the forms of that term, numbered as they are met.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import cached_property

import numpy as np

from indexer import analysis
from indexer.numbering import Numbering
from indexer.pieces import KEY_BYTES, U32, Pieces


class _Pieces(dict[bytes, int]):
    """Numbers pieces as they are met, and has every new one analysed."""

    def __init__(self, analyse: Callable[[bytes], None]) -> None:
        super().__init__({b"": 0})
        self._analyse = analyse

    def __missing__(self, piece: bytes) -> int:
        self._analyse(piece)
        self[piece] = number = len(self)
        return number


class Dictionary:
    """Numbers pieces, words and terms as they are met; the number 0 is a piece without words."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.terms: dict[str, int] = {}
        self.word_terms, self.word_forms = array("I"), array("I")
        # How many words a term has.
        self.forms = array("I")
        # Of each piece: how many words, how many positions. Words of all pieces, end to end: which, at
        # what offset, and whether another word of the piece stands there already.
        self.word_counts, self.advances = array("I", [0]), array("I", [0])
        self.flat_words, self.flat_offsets, self.flat_joined = array("I"), array("I"), array("B")
        self._pieces = _Pieces(self._analyse)
        self._numbering = Numbering()

    def numbers(self, pieces: Pieces) -> U32:
        """Return the number of each piece, uint32 [P]; new ones are analysed."""
        first, second = pieces.keys
        numbers = self._numbering.find(first, second)
        unknown = np.flatnonzero(numbers == 0)
        if not len(unknown):
            return numbers
        known = len(self._pieces)
        numbers[unknown] = found = np.array(
            list(map(self._pieces.__getitem__, pieces.texts(unknown))), np.uint32
        )
        fresh, places = np.unique(found, return_index=True)
        places = unknown[places]
        short = (fresh >= known) & (pieces.sizes[places] <= KEY_BYTES)
        self._numbering.keep(first[places[short]], second[places[short]], fresh[short])
        return numbers

    def _analyse(self, piece: bytes) -> None:
        position, count = 0, len(self.flat_words)
        if piece.isalnum() and len(piece) <= analysis.MAX_WORD_LENGTH:
            # Most pieces are one plain word; they need no tokenising.
            self._take(piece.decode(), 0, 0)
            position = 1
        else:
            for raw in self._tokenizer.tokenize(piece.decode()):
                taken = -1
                for word in analysis.words_of(raw):
                    self._take(word.text, position + word.position, word.position == taken)
                    taken = word.position
                position += analysis.positions_of(raw)
        self.word_counts.append(len(self.flat_words) - count)
        self.advances.append(position)

    def _take(self, word: str, offset: int, joined: int) -> None:
        number = self.words.get(word)
        if number is None:
            number = self.words[word] = len(self.words)
            self._stem(word)
        self.flat_words.append(number)
        self.flat_offsets.append(offset)
        self.flat_joined.append(joined)

    def _stem(self, word: str) -> None:
        stem = analysis.stem(word)
        term = self.terms.get(stem)
        if term is None:
            term = self.terms[stem] = len(self.terms)
            self.forms.append(0)
        self.word_terms.append(term)
        self.word_forms.append(self.forms[term])
        self.forms[term] += 1

    @cached_property
    def _tokenizer(self) -> analysis.Tokenizer:
        return analysis.tokenizer()
