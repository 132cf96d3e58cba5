"""The lexicon of a segment: the terms and words of several runs, united and sorted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.runs import U32, Run

I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms and words of all runs, sorted; arrays as in Segment, plus each word's form [W]."""

    terms: list[str]
    words: list[str]
    word_terms: U32
    word_documents: U32
    term_words: U32
    term_words_start: U32
    word_forms: U32


def unite(runs: Sequence[Run]) -> Lexicon:
    """Return the lexicon of runs whose documents are disjoint; words in no document are left out."""
    found: dict[str, int] = {}
    stems: dict[str, str] = {}
    for run in runs:
        for word, term, documents in zip(
            run.words, run.word_terms.tolist(), run.word_documents.tolist(), strict=True
        ):
            if documents:
                found[word] = found.get(word, 0) + documents
                stems[word] = run.terms[term]
    words = sorted(found)
    terms = sorted(set(stems.values()))
    numbers = {term: number for number, term in enumerate(terms)}
    word_terms = np.array([numbers[stems[word]] for word in words], np.uint32)
    term_words = np.argsort(word_terms, kind="stable").astype(np.uint32)
    starts = np.searchsorted(word_terms[term_words], np.arange(len(terms) + 1)).astype(np.uint32)
    word_forms = np.empty(len(words), np.uint32)
    word_forms[term_words] = np.arange(len(words), dtype=np.uint32) - starts[word_terms[term_words]]
    documents_of = np.array([found[word] for word in words], np.uint32)
    return Lexicon(terms, words, word_terms, documents_of, term_words, starts, word_forms)


class Numbers:
    """The numbers of texts in the united lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = {word: number for number, word in enumerate(lexicon.words)}
        self._terms = {term: number for number, term in enumerate(lexicon.terms)}
        self._forms = np.append(lexicon.word_forms, np.uint32(0))

    def with_forms(self, run: Run) -> Run:
        """Return the run with the forms of its occurrences in place of their words."""
        # A word that is in no document any more has no occurrences either: any form will do.
        words = np.array([self._words.get(word, -1) for word in run.words], np.intp)
        return replace(run, occurrences=self._forms[words][run.occurrences])

    def terms(self, run: Run) -> I64:
        """Return the united numbers of a run's terms, one past the last for those that are gone."""
        none = len(self._terms)
        return np.array([self._terms.get(term, none) for term in run.terms], np.int64)
