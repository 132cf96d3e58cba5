"""The words that tell a grantee apart, and the grantees that have the same, counted in a segment."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from indexer.storage.segment import I64, Segment
from indexer.text.analysis import separate
from search_app.backend import GranteeWord, NearGrantee
from search_app.scoring.telling_grantees import MAX_WORDS, SHOWN_WORDS, Counted, Telling, nearest, telling_of


class GranteeWords:
    """Compares the grantees of one segment, which are numbered as their names are."""

    def __init__(self, segment: Segment) -> None:
        """Compare the grantees of `segment`; nothing is worked out before it is asked for."""
        self._segment = segment

    @cached_property
    def _sizes(self) -> I64:
        """How many projects each grantee has, int64 [G]."""
        return np.bincount(self._segment.grantee, minlength=len(self._segment.grantee_names))

    def telling(self, grantee: int) -> tuple[GranteeWord, ...]:
        """Return the words that tell a grantee apart, the heaviest first."""
        found = self._telling(grantee, SHOWN_WORDS)
        return tuple(
            GranteeWord(self._written(term), count)
            for term, count in zip(found.terms.tolist(), found.counts.tolist(), strict=True)
        )

    def near(self, grantee: int, limit: int) -> tuple[NearGrantee, ...]:
        """Return the grantees with most of the same words, the nearest first."""
        segment, names, sizes = self._segment, self._segment.grantee_names, self._sizes
        telling = self._telling(grantee, MAX_WORDS)
        having = np.zeros((len(telling.terms), len(sizes)), np.int64)
        for row, term in enumerate(telling.terms.tolist()):
            having[row] = np.bincount(segment.grantee[segment.documents.of(term)], minlength=len(sizes))
        # The first name is that of nobody, if it is empty.
        left_out = (grantee, *([0] if not names[0] else []))
        return tuple(
            NearGrantee(names[one.grantee], int(sizes[one.grantee]), tuple(map(self._written, one.terms)))
            for one in nearest(telling, having, sizes, left_out, limit)
        )

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
        """Return the word of a term that most projects have."""
        segment = self._segment
        begin, end = segment.term_words_start[term : term + 2].tolist()
        words = segment.term_words[begin:end]
        return segment.words[int(words[np.argmax(segment.word_documents[words])])]
