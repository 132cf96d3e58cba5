"""Terms and words read from the arrays: their postings, where they stand, and what they score.

What a query's leaves need. A word as written is found through its term: `forms` tells which of the
term's words stands at each place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.impacts import field_norms, idf, saturate
from indexer.runs import ragged
from indexer.schema import ANY_FIELD, TEXT_FIELDS
from indexer.segment import Segment
from search_app.spelling import within

Documents = NDArray[np.uint32]
Scores = NDArray[np.float32]

# A prefix or a word with typos stands for at most this many words, the most frequent ones.
MAX_WORDS = 64
# Terms whose starts of occurrences are kept: those of the query at hand, 8 bytes a posting.
KEPT_STARTS = 16


@dataclass(frozen=True, slots=True)
class Matches:
    """Matching documents uint32 [M], ascending, and their scores float32 [M]."""

    documents: Documents
    scores: Scores

    def __len__(self) -> int:
        return len(self.documents)

    def boosted(self, boost: float) -> Matches:
        """Return the same documents with scores times `boost`."""
        return self if boost == 1.0 else Matches(self.documents, self.scores * np.float32(boost))

    def has(self, documents: Documents) -> NDArray[np.bool_]:
        """Tell which of a few documents match, bool [len(documents)]."""
        return in_sorted(documents, self.documents)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where terms stand: row of a document list int64 [T] and place [T], both ascending."""

    rows: NDArray[np.int64]
    places: NDArray[np.int64]


NOTHING = Matches(np.zeros(0, np.uint32), np.zeros(0, np.float32))


def in_sorted(values: NDArray[Any], ascending: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which of `values` are in an ascending array of the same type."""
    if not len(ascending):
        return np.zeros(len(values), np.bool_)
    places = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    found: NDArray[np.bool_] = ascending[places] == values
    return found


class TermReader:
    """Reads the terms and words of one segment; what it keeps is immutable, so threads may share it."""

    def __init__(self, segment: Segment, term_of: Callable[[str], int]) -> None:
        """Read `segment`; `term_of` gives the number of a stem, -1 for an unknown one."""
        self.segment = segment
        self.size = len(segment)
        self.term_of = term_of
        self._norms: NDArray[np.float32] | None = None
        self._starts = lru_cache(KEPT_STARTS)(self._find_starts)

    @property
    def norms(self) -> NDArray[np.float32]:
        """BM25F weight of one occurrence, float32 [fields, documents]; made when first needed."""
        if self._norms is None:
            self._norms = field_norms(self.segment.lengths)
        return self._norms

    def in_field(self, term: int, field: int) -> Matches:
        """Match a term in one field only."""
        documents, occurrences = self._all_occurrences(term)
        inside = occurrences.places >> self.segment.field_shift == field
        found = int(self.segment.field_documents[field, term])
        return self._scored(documents, _kept(occurrences, inside), idf(self.size, found))

    def _scored(self, documents: Documents, occurrences: Occurrences, weight: NDArray[np.float64]) -> Matches:
        """Score a term that stands at `occurrences` in `documents`, of which some may have none."""
        fields = occurrences.places >> self.segment.field_shift
        weights = self.norms[fields, documents[occurrences.rows]]
        frequency = np.bincount(occurrences.rows, weights, len(documents)).astype(np.float64, copy=False)
        has = frequency > 0
        scores = weight * saturate(frequency[has])
        return Matches(documents[has], scores.astype(np.float32))

    def term(self, term: int) -> Matches:
        """Match a term in any field: a slice of its impacts."""
        begin, end = self.postings(term)
        return Matches(self.segment.documents[begin:end], self.segment.impacts[begin:end])

    def postings(self, term: int) -> tuple[int, int]:
        """Return the half-open range of a term's postings."""
        bounds = self.segment.term_postings
        return int(bounds[term]), int(bounds[term + 1])

    def documents_of(self, term: int) -> Documents:
        """Return the documents that have a term, ascending."""
        begin, end = self.postings(term)
        return self.segment.documents[begin:end]

    def _all_occurrences(self, term: int) -> tuple[Documents, Occurrences]:
        segment = self.segment
        begin, end = self.postings(term)
        first, last = int(segment.term_places[term]), int(segment.term_places[term + 1])
        rows = np.repeat(np.arange(end - begin), segment.counts[begin:end])
        return segment.documents[begin:end], Occurrences(rows, segment.places[first:last].astype(np.int64))

    def occurrences(self, term: int, documents: Documents) -> Occurrences:
        """Return where a term stands in ascending `documents`, by row of that list."""
        segment = self.segment
        begin, end = self.postings(term)
        found = np.searchsorted(segment.documents[begin:end], documents)
        found = np.minimum(found, end - begin - 1)
        rows = np.flatnonzero(segment.documents[begin:end][found] == documents)
        counts, starts = segment.counts[begin:end][found[rows]], self._starts(term)[found[rows]]
        return Occurrences(np.repeat(rows, counts), segment.places[ragged(starts, counts)].astype(np.int64))

    def _find_starts(self, term: int) -> NDArray[np.int64]:
        """Return where the occurrences of each posting of a term begin, int64."""
        counts = self.segment.counts[slice(*self.postings(term))]
        return np.cumsum(counts, dtype=np.int64) - counts + int(self.segment.term_places[term])

    def phrase(self, terms: Sequence[int], field: str) -> Matches:
        """Match terms that follow each other, as one term whose idf is the sum of theirs."""
        documents = self._documents_with(terms)
        keys = self._phrase_starts(terms, documents)
        occurrences = self._inside(Occurrences(keys >> 32, keys & 0xFFFFFFFF), field)
        weight = np.asarray(sum(self.weight(term) for term in terms))
        return self._scored(documents, occurrences, weight)

    def _inside(self, occurrences: Occurrences, field: str) -> Occurrences:
        if field == ANY_FIELD:
            return occurrences
        return _kept(occurrences, occurrences.places >> self.segment.field_shift == TEXT_FIELDS.index(field))

    def words_of(self, term: int) -> list[str]:
        """Return the words as written (folded) that have a term as their stem."""
        begin, end = (int(one) for one in self.segment.term_words_start[term : term + 2])
        return [self.segment.words[number] for number in self.segment.term_words[begin:end].tolist()]

    def weight(self, term: int) -> float:
        """Return the idf of a term over all fields."""
        begin, end = self.postings(term)
        return float(idf(self.size, end - begin))

    def _documents_with(self, terms: Sequence[int]) -> Documents:
        lists = sorted((self.documents_of(term) for term in set(terms)), key=len)
        return reduce(lambda few, many: few[in_sorted(few, many)], lists)

    def _phrase_starts(self, terms: Sequence[int], documents: Documents) -> NDArray[np.int64]:
        """Return row << 32 | place of each start of the phrase, ascending."""
        keys: NDArray[np.int64] | None = None
        for distance, term in enumerate(terms):
            found = self.occurrences(term, documents)
            starts = (found.rows << 32) + found.places - distance
            keys = starts if keys is None else keys[in_sorted(keys, starts)]
        assert keys is not None
        return keys

    def prefixed(self, prefix: str) -> list[int]:
        """Return the most frequent words (numbers) that begin with `prefix`."""
        low, high = self.segment.words.prefixed(prefix)
        if high - low <= MAX_WORDS:
            return list(range(low, high))
        # Ties by the alphabet: the words taken must not depend on how a sort treats equals.
        order = np.argsort(-self.segment.word_documents[low:high].astype(np.int64), kind="stable")
        return sorted((low + order[:MAX_WORDS]).tolist())

    def similar(self, word: str, distance: int) -> list[int]:
        """Return the most frequent words (numbers) within `distance` typos, same first letter."""
        return within(self.segment, word, distance, first_letter=True, limit=MAX_WORDS)

    def any_word(self, words: Sequence[int], field: str) -> Matches:
        """Match a set of words as written as if they were one term."""
        if not words:
            return NOTHING
        frequency = np.zeros(self.size, np.float64)
        by_term: dict[int, list[int]] = {}
        for word in words:
            by_term.setdefault(int(self.segment.word_terms[word]), []).append(word)
        for term, forms in by_term.items():
            documents, occurrences = self._word_occurrences(term, forms)
            occurrences = self._inside(occurrences, field)
            fields = occurrences.places >> self.segment.field_shift
            weights = self.norms[fields, documents[occurrences.rows]]
            frequency[documents] += np.bincount(occurrences.rows, weights, len(documents))
        found = np.flatnonzero(frequency)
        scores = idf(self.size, len(found)) * saturate(frequency[found])
        return Matches(found.astype(np.uint32), scores.astype(np.float32))

    def _word_occurrences(self, term: int, words: Sequence[int]) -> tuple[Documents, Occurrences]:
        documents, occurrences = self._all_occurrences(term)
        begin, end = (int(one) for one in self.segment.term_words_start[term : term + 2])
        if len(words) == end - begin:
            return documents, occurrences
        wanted = np.isin(self.segment.term_words[begin:end], words)
        first, last = int(self.segment.term_places[term]), int(self.segment.term_places[term + 1])
        return documents, _kept(occurrences, wanted[self.segment.forms[first:last]])


def _kept(occurrences: Occurrences, keep: NDArray[np.bool_]) -> Occurrences:
    return Occurrences(occurrences.rows[keep], occurrences.places[keep])
