"""What the arrays of a segment know of its words beyond the lexicon: where they stand together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.storage.schema import ANY_FIELD
from indexer.storage.segment import I64, Segment
from search_app.embedded.postings.matches import in_sorted
from search_app.embedded.postings.terms import TermReader
from search_app.words.lexicon import Lexicon
from search_app.words.vocabulary import Vocabulary


def vocabulary_of(segment: Segment) -> Vocabulary:
    """Return the vocabulary of a segment."""
    lexicon = Lexicon.of(segment)
    return Vocabulary(lexicon, SegmentUses(TermReader(segment, lexicon.term_of)))


class SegmentUses:
    """The uses of words in one segment."""

    def __init__(self, reader: TermReader) -> None:
        """Count by the postings of `reader`."""
        self._reader, self._segment = reader, reader.segment

    def in_a_row(self, terms: Sequence[int]) -> int:
        """Return in how many documents terms follow each other."""
        return len(self._reader.phrase(terms, ANY_FIELD))

    def is_apart(self, joined: int, first: int, second: int) -> bool:
        """Tell whether some document has the term `joined` but not both of two others."""
        documents, *others = (
            self._reader.documents_of(term) if term >= 0 else np.zeros(0, np.intp)
            for term in (joined, first, second)
        )
        has_first, has_second = (in_sorted(documents, other) for other in others)
        return not (has_first & has_second).all()

    def together(self, terms: Sequence[int], others: Sequence[int]) -> I64:
        """Return how many documents have each of some terms with all `others`, int64 [terms]."""
        together = np.ones(len(self._segment), np.bool_)
        for other in others:
            has = np.zeros_like(together)
            has[self._reader.documents_of(other)] = True
            together &= has
        counts = [np.count_nonzero(together[self._reader.documents_of(term)]) for term in terms]
        return np.array(counts, np.int64)

    def has_code(self, key: str) -> bool:
        """Tell whether a code of some project is found by just this key."""
        return self._segment.codes.find(key) >= 0

    def begins_code(self, key: str) -> bool:
        """Tell whether some code is found by a key, or begins with it."""
        low, high = self._segment.codes.prefixed(key)
        return high > low
