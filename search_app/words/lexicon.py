"""Lexicon: the words of a generation, their terms and how many documents have each; no postings.

All that reading a query, its variants, corrections and most completions need. It is some megabytes, whatever
holds the documents: `Uses` has the few questions that only postings answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.text_tables import Texts
from indexer.storage.impacts import idf
from indexer.storage.own_fields import OwnField, from_bytes
from indexer.storage.segment import I64, Segment, Unsigned

# Stems and words whose numbers, and numbers of documents whose idf are cached: most queries share theirs.
CACHED_TERMS, CACHED_IDFS = 16_384, 4_096
# A prefix or a word with typos stands for at most this many words, the most frequent ones.
MAX_WORDS = 64

NO_TEXTS = Texts(b"", np.zeros(1, np.uint64))


class Uses(Protocol):
    """What only the postings of an index know of its words; terms are numbers of the lexicon, none is -1."""

    def in_a_row(self, terms: Sequence[int]) -> int:
        """Return in how many documents terms follow each other."""

    def is_apart(self, joined: int, first: int, second: int) -> bool:
        """Tell whether some document has the term `joined` but not both of two others."""

    def together(self, terms: Sequence[int], others: Sequence[int]) -> I64:
        """Return how many documents have each of some terms with all `others`, int64 [terms]."""

    def has_code(self, key: str) -> bool:
        """Tell whether a code of some project is found by just this key."""

    def begins_code(self, key: str) -> bool:
        """Tell whether some code is found by a key, or begins with it."""


@dataclass(frozen=True, slots=True)
class WordTables:
    """W words and V terms, both sorted; a word is of one term, a term has one word or more.

    `word_terms` and `word_documents` [W] are the term of each word and in how many documents it stands;
    `term_starts` [V + 1] rise by the documents of each term. `term_words` [W] are the words term by term;
    those of each begin at `term_words_start` [V + 1].
    """

    words: Texts
    word_terms: Unsigned
    word_documents: Unsigned
    terms: Texts
    term_starts: NDArray[np.integer]
    term_words: Unsigned
    term_words_start: Unsigned


@dataclass(frozen=True, slots=True)
class Said:
    """What a corpus says of words beside its texts: its `rules`, and the own fields that it has `declared`.

    `acronyms` are A sorted acronyms with their expansions; `acronym_counts` gives in how many projects each
    stands, int64 [A].
    """

    rules: Sequence[str] = ()
    acronyms: Texts = NO_TEXTS
    acronym_counts: Callable[[], I64] = lambda: np.zeros(0, np.int64)
    declared: Sequence[OwnField] = ()


NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class Sought:
    """What a word with typos stands for: `words` (numbers), of the `near` that there are."""

    words: list[int]
    near: int


class Lexicon:
    """The W words and V terms of `size` documents; threads may share it."""

    def __init__(self, size: int, tables: WordTables, said: Said = NOTHING_SAID) -> None:
        """Take the words and terms of the documents, and what is said of words beside them."""
        self.size, self.rules, self.declared = size, said.rules, said.declared
        self.words, self.word_terms, self.word_documents = (
            tables.words,
            tables.word_terms,
            tables.word_documents,
        )
        self.terms, self._term_starts = tables.terms, tables.term_starts
        self.term_words, self.term_words_start = tables.term_words, tables.term_words_start
        self.acronyms, self.acronym_counts = said.acronyms, said.acronym_counts
        self.term_of = lru_cache(CACHED_TERMS)(self.terms.find)
        self.word_of = lru_cache(CACHED_TERMS)(self.words.find)
        # The words as written (folded) that have a term as their stem: a search asks for them three times.
        self.words_of = lru_cache(CACHED_TERMS)(self._words_of)
        # What words with typos stand for, by the word and the number of typos; `typos` fills it.
        self.sought: dict[tuple[str, int], Sought] = {}
        self._idf = lru_cache(CACHED_IDFS)(lambda documents: float(idf(size, documents)))

    @classmethod
    def of(cls, segment: Segment) -> Lexicon:
        """Return the lexicon of a segment, over its mapped arrays."""
        return cls(
            len(segment),
            WordTables(
                segment.words,
                segment.word_terms,
                segment.word_documents,
                segment.terms,
                segment.term_postings,
                segment.term_words,
                segment.term_words_start,
            ),
            Said(
                segment.word_rules,
                segment.acronyms,
                lambda: _counts(segment),
                from_bytes(segment.own_fields),
            ),
        )

    def frequency(self, term: int) -> int:
        """Return how many documents have a term, 0 for -1."""
        if term < 0:
            return 0
        begin, end = self._term_starts[term : term + 2].tolist()
        return int(end - begin)

    def weight(self, term: int) -> float:
        """Return the idf of a term over all fields, as matching weighs it."""
        return self._idf(self.frequency(term))

    def forms(self, term: int) -> list[int]:
        """Return the words (numbers) whose stem a term is, in the order of their `forms` numbers."""
        begin, end = self.term_words_start[term : term + 2].tolist()
        forms: list[int] = self.term_words[begin:end].tolist()
        return forms

    def _words_of(self, term: int) -> tuple[str, ...]:
        return tuple([self.words[number] for number in self.forms(term)])

    def prefixed(self, prefix: str) -> list[int]:
        """Return the most frequent words (numbers) that begin with `prefix`."""
        low, high = self.words.prefixed(prefix)
        if high - low <= MAX_WORDS:
            return list(range(low, high))
        # Ties by the alphabet: the words taken must not depend on how a sort treats equals.
        order = np.argsort(-self.word_documents[low:high].astype(np.int64), kind="stable")
        return sorted((low + order[:MAX_WORDS]).tolist())


def _counts(segment: Segment) -> I64:
    """Return in how many projects each row of the acronyms stands, int64 [A]."""
    mentions = segment.acronym_mentions.reshape(-1, 2)[:, 1]
    return np.bincount(mentions, minlength=len(segment.acronyms))
