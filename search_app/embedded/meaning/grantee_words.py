"""The words that tell a grantee apart, and the grantees that have the same, counted in a segment."""

from __future__ import annotations

import numpy as np

from indexer.storage.segment import I64, Segment
from indexer.text.analysis import separate
from search_app.scoring.telling_grantees import Counted, Telling, TellingWords, telling_of


class GranteeWords(TellingWords):
    """Compares the grantees of one segment."""

    def __init__(self, segment: Segment) -> None:
        """Compare the grantees of `segment`; nothing is worked out before it is asked for."""
        super().__init__(segment.grantee_names)
        self._segment = segment

    def _counted_sizes(self) -> I64:
        return np.bincount(self._segment.grantee, minlength=len(self._segment.grantee_names))

    def _having(self, telling: Telling) -> I64:
        segment, size = self._segment, len(self._sizes)
        having = np.zeros((len(telling.terms), size), np.int64)
        for row, term in enumerate(telling.terms.tolist()):
            having[row] = np.bincount(segment.grantee[segment.documents.of(term)], minlength=size)
        return having

    def _telling(self, grantee: int, limit: int) -> Telling:
        segment, own = self._segment, int(self._sizes[grantee])
        rows = np.flatnonzero((segment.grantee == grantee)[segment.documents.every()])
        found = np.searchsorted(segment.term_postings, rows, side="right") - 1
        terms, counts = np.unique(found, return_counts=True)
        terms = terms.astype(np.int64)
        starts = segment.term_postings.astype(np.int64)
        counted = Counted(terms, counts, starts[terms + 1] - starts[terms], own, len(segment))
        return telling_of(counted, self._terms_of(segment.grantee_names[grantee]), self._written, limit)

    def _terms_of(self, text: str) -> set[int]:
        words = self._segment.words
        numbers = (words.find(word.text) for word in separate(text))
        return {int(self._segment.word_terms[number]) for number in numbers if number >= 0}

    def _written(self, term: int) -> str:
        segment = self._segment
        begin, end = segment.term_words_start[term : term + 2].tolist()
        words = segment.term_words[begin:end]
        return segment.words[int(words[np.argmax(segment.word_documents[words])])]
