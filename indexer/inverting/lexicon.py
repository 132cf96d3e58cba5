"""The lexicon of a segment: the terms and words of several runs, united and sorted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from indexer.inverting.runs import Vocabulary
from indexer.storage.arrays.sums import begins
from indexer.storage.segment import I64, U32


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms and words of all runs, sorted; arrays as in Segment."""

    terms: list[str]
    words: list[str]
    word_terms: U32
    word_documents: U32
    term_words: U32
    term_words_start: U32


@dataclass(frozen=True, slots=True)
class UnitedNumbers:
    """What the terms and words of a run are in the united lexicon.

    `terms` int64 [V] has the number of each term there, one past the last for a term that is gone; `forms`
    uint32 [W] tells which of its term's words each word is there.
    """

    terms: I64
    forms: U32


def unite(runs: Sequence[Vocabulary]) -> tuple[Lexicon, list[UnitedNumbers]]:
    """Return the lexicon of runs whose documents are disjoint; words in no document are left out."""
    words, word_numbers = _united(run.words for run in runs)
    terms, term_numbers = _united(run.terms for run in runs)
    documents = np.zeros(len(words), np.uint32)
    word_terms = np.zeros(len(words), np.int64)
    for run, of_words, of_terms in zip(runs, word_numbers, term_numbers, strict=True):
        documents[of_words] += run.word_documents
        word_terms[of_words] = of_terms[run.word_terms]
    words, new_words = _left(words, documents > 0)
    word_terms = word_terms[documents > 0]
    terms, new_terms = _left(terms, np.bincount(word_terms, minlength=len(terms)) > 0)
    lexicon, forms = _lexicon(terms, words, new_terms[word_terms], documents[documents > 0])
    # A word that is in no document any more has no occurrences either: any form will do.
    forms = np.append(forms, np.uint32(0))
    return lexicon, [
        UnitedNumbers(new_terms[of_terms], forms[new_words[of_words]])
        for of_words, of_terms in zip(word_numbers, term_numbers, strict=True)
    ]


def _united(texts: Iterable[Sequence[str]]) -> tuple[list[str], list[I64]]:
    """Return all texts, sorted, and the numbers that those of each sequence have among them.

    ["b", "c"] and ["a", "b"] give ["a", "b", "c"] and the numbers [1, 2] and [0, 1].
    """
    found = list(texts)
    # In the order of the runs, for much of it is sorted already.
    united = sorted(dict.fromkeys(chain.from_iterable(found)))
    numbers = dict(zip(united, range(len(united)), strict=True))
    return united, [np.fromiter(map(numbers.__getitem__, one), np.int64, len(one)) for one in found]


def _left(texts: list[str], stays: NDArray[np.bool_]) -> tuple[list[str], I64]:
    """Return the texts that stay and the new number of each, one past the last for those that go."""
    left = np.flatnonzero(stays)
    numbers = np.full(len(texts), len(left), np.int64)
    numbers[left] = np.arange(len(left))
    if len(left) < len(texts):
        texts = [texts[number] for number in left.tolist()]
    return texts, numbers


def _lexicon(terms: list[str], words: list[str], word_terms: I64, documents: U32) -> tuple[Lexicon, U32]:
    """Return the lexicon and which of its term's words each word is."""
    by_term = np.argsort(word_terms, kind="stable")
    starts = begins(np.bincount(word_terms, minlength=len(terms)))
    forms = np.empty(len(words), np.uint32)
    forms[by_term] = np.arange(len(words)) - starts[word_terms[by_term]]
    lexicon = Lexicon(
        terms,
        words,
        word_terms.astype(np.uint32),
        documents,
        by_term.astype(np.uint32),
        starts.astype(np.uint32),
    )
    return lexicon, forms
