"""Terms and words read from the arrays: their postings, where they stand, and what they score.

What a query's leaves need. A word as written is found through its term: `forms` tells which of the
term's words each occurrence is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import begins, flags, flags_at
from indexer.storage.impacts import field_norms, idf, saturate, stored_of
from indexer.storage.own_fields import from_bytes, searched_of
from indexer.storage.schema import ANY_FIELD, OWN_TEXTS, TEXT_FIELDS
from indexer.storage.segment import Segment
from search_app.embedded.postings.matches import (
    NOTHING,
    Documents,
    Matches,
    Occurrences,
    Packed,
    PostingList,
    common_to_all,
    shared,
    slots_at,
    standing,
)
from search_app.embedded.postings.occurrence_starts import OccurrenceStarts

# Numbers of documents whose idf is cached: of the words that are asked for again and again.
CACHED_IDFS = 4_096
# Terms whose documents are kept as whole numbers: one search asks for those of a term several times.
CACHED_LISTS = 16
# Terms whose place among the postings is cached: one search asks for it a dozen times.
CACHED_TERMS = 16_384

_Integer = TypeVar("_Integer", bound=np.integer[Any])


def _unwritable(documents: Documents) -> Documents:
    documents.flags.writeable = False
    return documents


class TermReader:
    """Reads the terms and words of one segment; what it caches is immutable, so threads may share it."""

    def __init__(self, segment: Segment, term_of: Callable[[str], int]) -> None:
        """Read `segment`; `term_of` gives the number of a stem, -1 for an unknown one."""
        self.segment = segment
        self.size = len(segment)
        self.term_of = term_of
        self._norms: NDArray[np.float32] | None = None
        self._idf = lru_cache(CACHED_IDFS)(lambda documents: float(idf(self.size, documents)))
        self._listed = lru_cache(CACHED_LISTS)(lambda term: _unwritable(segment.documents.of(term)))
        self._bounds = lru_cache(CACHED_TERMS)(self._find_postings)
        self._starts = OccurrenceStarts(segment.counts)

    @property
    def norms(self) -> NDArray[np.float32]:
        """BM25F weight of one occurrence, float32 [fields, documents]; made when first needed."""
        if self._norms is None:
            self._norms = field_norms(self.segment.lengths)
        return self._norms

    def in_field(self, term: int, field: str) -> Matches:
        """Match a term in one field only."""
        documents, occurrences = self._all_occurrences(term)
        occurrences = self._inside(occurrences, documents, field)
        found = int(np.count_nonzero(np.bincount(occurrences.rows, minlength=1)))
        return self._scored(documents, occurrences, idf(self.size, found))

    def _scored(self, documents: Documents, occurrences: Occurrences, weight: NDArray[np.float64]) -> Matches:
        """Score a term that stands at `occurrences` in `documents`, of which some may have none."""
        fields = self._fields(occurrences.field_positions)
        weights = self.norms[fields, documents.take(occurrences.rows)]
        frequency = np.bincount(occurrences.rows, weights, len(documents)).astype(np.float64, copy=False)
        has = frequency > 0
        scores = weight * saturate(frequency.compress(has))
        return Matches(documents.compress(has), scores.astype(np.float32))

    def _fields(self, field_positions: NDArray[_Integer]) -> NDArray[_Integer]:
        return self.segment.field_position_bits.fields(field_positions)

    def term(self, term: int) -> Matches:
        """Match a term in any field: a slice of its impacts."""
        return Matches(self.documents_of(term), *stored_of(self.segment, term, self.weight(term)))

    def postings(self, term: int) -> tuple[int, int]:
        """Return the half-open range of a term's postings."""
        return self._bounds(term)

    def frequency(self, term: int) -> int:
        """Return how many documents have a term."""
        begin, end = self.postings(term)
        return end - begin

    def _find_postings(self, term: int) -> tuple[int, int]:
        begin, end = self.segment.term_postings[term : term + 2].tolist()
        return begin, end

    def documents_of(self, term: int) -> Documents:
        """Return the documents that have a term, ascending, for reading: others may have the same array."""
        return self._listed(term)

    def _all_occurrences(self, term: int) -> tuple[Documents, Occurrences]:
        segment = self.segment
        begin, end = self.postings(term)
        first, last = self._occurrence_range(term)
        rows = np.repeat(np.arange(end - begin), segment.counts[begin:end])
        return self.documents_of(term), Occurrences(
            rows, segment.field_positions[first:last].astype(np.int64)
        )

    def posting_list(self, term: int) -> PostingList:
        """Return the postings of a term, to be asked where it stands in some documents."""
        segment, begin = self.segment, self.postings(term)[0]
        documents, size = self.documents_of(term), self.size
        return PostingList(documents, begin, segment.counts, self._starts, segment.field_positions, size)

    def occurrences(self, term: int, documents: Documents) -> Occurrences:
        """Return where a term stands in ascending `documents`, by row of that list."""
        return standing([self.posting_list(term)], documents)[0]

    def titled(self, term: int) -> Documents:
        """Return the documents that have a term in their title, ascending."""
        return self.documents_of(term).take(self.in_title(term).nonzero()[0])

    def in_title(self, term: int) -> NDArray[np.bool_]:
        """Tell of each document that has a term whether it has it in its title, bool."""
        return flags(self.segment.titled, *self.postings(term))

    def in_titles_of(self, documents: Documents, term: int) -> NDArray[np.bool_]:
        """Tell of each of some documents, ascending, whether it has a term in its title, bool."""
        found = np.zeros(len(documents), np.bool_)
        rows, places = shared(documents, self.documents_of(term), self.size)
        found[rows] = flags_at(self.segment.titled, places + self.postings(term)[0])
        return found

    def phrase(self, terms: Sequence[int], field: str) -> Matches:
        """Match terms that follow each other, as one term whose idf is the sum of theirs."""
        documents, places = self._with_all(terms)
        starts = (self._packed(*self._slots_at(term, places[term])) - step for step, term in enumerate(terms))
        occurrences = self._inside(Occurrences.unpack(common_to_all(starts)), documents, field)
        weight = np.asarray(sum(self.weight(term) for term in terms))
        return self._scored(documents, occurrences, weight)

    def _inside(self, occurrences: Occurrences, documents: Documents, field: str) -> Occurrences:
        """Return those of the occurrences, by row of `documents`, that are in a field."""
        if field == ANY_FIELD:
            return occurrences
        found = documents.take(occurrences.rows)
        return occurrences.only(self._are_in(field, occurrences.field_positions, found))

    def _are_in(
        self, field: str, field_positions: NDArray[_Integer], documents: Documents
    ) -> NDArray[np.bool_]:
        """Tell which field positions, each of one of `documents`, are in a text field or in an own one."""
        fields = self._fields(field_positions)
        if field in TEXT_FIELDS:
            return np.asarray(fields == TEXT_FIELDS.index(field))
        inside: NDArray[np.bool_] = np.asarray(fields == TEXT_FIELDS.index(OWN_TEXTS))
        if field not in self.own_fields:
            return np.zeros_like(inside)
        number = self.own_fields.index(field)
        positions = self.segment.field_position_bits.positions(field_positions)
        begin, end = (self._own_starts[one].take(documents) for one in (number, number + 1))
        inside &= (positions >= begin) & (positions < end)
        return inside

    @cached_property
    def code_starts(self) -> NDArray[np.int64]:
        """Where the documents of each code begin, int64 [Q + 1]."""
        return begins(self.segment.code_counts)

    @cached_property
    def own_fields(self) -> tuple[str, ...]:
        """The names of the own fields whose words are searched."""
        return tuple(one.name for one in searched_of(from_bytes(self.segment.own_fields)))

    @cached_property
    def _own_starts(self) -> NDArray[np.uint32]:
        """Where each own field begins in the text of all, and where the last ends, uint32 [own + 1, N]."""
        lengths = self.segment.own_lengths
        starts = np.zeros((len(lengths) + 1, self.size), np.uint32)
        np.cumsum(lengths, axis=0, dtype=np.uint32, out=starts[1:])
        return starts

    def weight(self, term: int) -> float:
        """Return the idf of a term over all fields."""
        begin, end = self.postings(term)
        return self._idf(end - begin)

    def _with_all(self, terms: Sequence[int]) -> tuple[Documents, dict[int, NDArray[np.intp]]]:
        """Return the documents that have all of some terms, and their places among the postings of each."""
        rarest, *others = sorted({*terms}, key=self.frequency)
        documents = self.documents_of(rarest)
        places = {rarest: np.arange(len(documents))}
        for term in others:
            rows, own = shared(documents, self.documents_of(term), self.size)
            if len(rows) < len(documents):
                documents = documents.take(rows)
                places = {other: found.take(rows) for other, found in places.items()}
            places[term] = own
        return documents, places

    def _slots_at(self, term: int, places: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        """Return row and number of each occurrence of a term at some places among its postings, one a row."""
        rows, slots, _ = slots_at([self.posting_list(term)], [(np.arange(len(places)), places)])
        return rows, slots

    def _packed(self, rows: NDArray[np.int64], slots: NDArray[np.intp]) -> Packed:
        return Occurrences(rows, self.segment.field_positions.take(slots).astype(np.int64)).packed

    def _among(self, documents: Documents, listed: Documents) -> Documents:
        return documents.take(shared(documents, listed, self.size)[0])

    def any_word(self, words: Sequence[int], field: str) -> Matches:
        """Match a set of words as written as if they were one term."""
        if not words:
            return NOTHING
        forms: dict[int, list[int]] = {}
        for word, term in zip(words, self.segment.word_terms.take(words).tolist(), strict=True):
            forms.setdefault(term, []).append(word)
        documents, field_positions = self._occurrences_of(list(forms))
        fields = self._fields(field_positions)
        keep = self._of_words(forms)
        if field != ANY_FIELD:
            keep &= self._are_in(field, field_positions, documents)
        if not keep.all():
            documents, fields = documents.compress(keep), fields.compress(keep)
        weights = self.norms.ravel().take(fields * np.intp(self.size) + documents)
        frequency = np.bincount(documents, weights, self.size).astype(np.float64, copy=False)
        found = (frequency > 0).nonzero()[0]
        scores = idf(self.size, len(found)) * saturate(frequency.take(found))
        return Matches(found, scores.astype(np.float32))

    def _occurrences_of(self, terms: Sequence[int]) -> tuple[Documents, NDArray[np.unsignedinteger[Any]]]:
        """Return document and field position of each occurrence of some terms, term by term."""
        segment, bounds = self.segment, [self.postings(term) for term in terms]
        documents = np.concatenate(list(map(self.documents_of, terms)))
        counts = np.concatenate([segment.counts[begin:end] for begin, end in bounds])
        field_positions = [
            segment.field_positions[begin:end] for begin, end in map(self._occurrence_range, terms)
        ]
        return documents.repeat(counts), np.concatenate(field_positions)

    def _occurrence_range(self, term: int) -> tuple[int, int]:
        """Return the half-open range of a term's occurrences."""
        begin, end = self.segment.term_occurrences[term : term + 2].tolist()
        return begin, end

    def _of_words(self, forms: Mapping[int, Sequence[int]]) -> NDArray[np.bool_]:
        """Tell which occurrences of some terms, term by term, are of the words given for each."""
        segment, masks = self.segment, []
        for term, words in forms.items():
            begin, end = segment.term_words_start[term : term + 2].tolist()
            first, last = self._occurrence_range(term)
            if len(words) == end - begin:
                masks.append(np.ones(last - first, np.bool_))
            else:
                # A term has a handful of words: a pass of Python over them takes a tenth of one of NumPy.
                given = {*words}
                wanted = np.array([one in given for one in segment.term_words[begin:end].tolist()], np.bool_)
                masks.append(wanted.take(segment.forms.of(term)))
        return np.concatenate(masks)
