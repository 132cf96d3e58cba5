"""Words as written, read through their terms: each occurrence of a term knows which of its words it is.

There is no second index of words: the postings of the term are gone through, and `forms` tells which
occurrences are of the word that was asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.storage.schema import ANY_FIELD
from search_app.embedded.postings.matches import (
    NOTHING,
    SPARSE,
    Documents,
    Matches,
    Occurrences,
    Packed,
    Sampled,
    common_to_all,
    in_sorted,
    slots_of,
    united,
    without_repeats,
)
from search_app.embedded.postings.terms import TermReader
from search_app.scoring.weights import MAX_CODES, SHORTEST_BEGINNING


class FormReader(TermReader):
    """Reads the words of one segment as written, and tells through which of them documents have a term."""

    def written(self, word: int, field: str) -> Matches:
        """Match a word (number) as written."""
        term = int(self.segment.word_terms[word])
        if field == ANY_FIELD and self.form_count(term) == 1:
            return self.term(term)
        return self.any_word([word], field)

    def with_code(self, key: str) -> Documents:
        """Return the documents that a code finds, ascending: those that have it, else what begins so."""
        segment, number = self.segment, self.segment.codes.find(key)
        low, high = (number, number + 1) if number >= 0 else segment.codes.prefixed(key)
        if high - low > MAX_CODES or (number < 0 and len(key) < SHORTEST_BEGINNING):
            return NOTHING.documents
        return self._of_codes(low, high)

    def with_beginning(self, key: str) -> Documents:
        """Return the documents that have a code which begins so, however many, ascending."""
        return self._of_codes(*self.segment.codes.prefixed(key))

    def _of_codes(self, low: int, high: int) -> Documents:
        """Return the documents of a run of codes, ascending."""
        begin, end = self.code_starts[[low, high]].tolist()
        return np.unique(self.segment.code_documents[begin:end]).astype(np.intp)

    def form_count(self, term: int) -> int:
        """Return how many words have a term."""
        begin, end = self.segment.term_words_start[term : term + 2].tolist()
        return int(end - begin)

    def form_of(self, word: int) -> int:
        """Return which of its term's words a word (number) is."""
        begin, end = self._forms_of(int(self.segment.word_terms[word]))
        return int(self.segment.term_words[begin:end].searchsorted(word))

    def _forms_of(self, term: int) -> tuple[int, int]:
        begin, end = self.segment.term_words_start[term : term + 2].tolist()
        return begin, end

    def written_phrase(self, words: Sequence[int], offsets: Sequence[int], field: str) -> Matches:
        """Match words (numbers) as written at some offsets from each other, as `phrase` does terms."""
        terms = self.segment.word_terms.take(words).tolist()
        documents, places = self._with_all(terms)
        starts = (
            self._word_packed(word, term, places[term]) - offset
            for word, term, offset in zip(words, terms, offsets, strict=True)
        )
        return self._phrase_at(common_to_all(starts), documents, [(term,) for term in terms], field)

    def any_phrase(self, terms: Sequence[Sequence[int]], field: str) -> Matches:
        """Match words that follow each other, at each place any of some terms, as one term."""
        if not all(terms):
            return NOTHING
        documents = self._with_one_of_each(terms)
        starts = (self._any_packed(one, documents) - step for step, one in enumerate(terms))
        return self._phrase_at(common_to_all(starts), documents, terms, field)

    def _phrase_at(
        self, packed: Packed, documents: Documents, terms: Sequence[Sequence[int]], field: str
    ) -> Matches:
        occurrences = self._inside(Occurrences.unpack(packed), documents, field)
        weight = np.asarray(sum(min(map(self.weight, one)) for one in terms))
        return self._scored(documents, occurrences, weight)

    def _with_one_of_each(self, terms: Sequence[Sequence[int]]) -> Documents:
        found = [united([self.documents_of(term) for term in one]) for one in terms]
        found.sort(key=len)
        return reduce(self._among, found[1:], found[0])

    def _any_packed(self, terms: Sequence[int], documents: Documents) -> Packed:
        return united([self.occurrences(term, documents).packed for term in terms])

    def _word_packed(self, word: int, term: int, places: NDArray[np.intp]) -> Packed:
        """Return where a word stands as written, packed, in the documents at some places of its term."""
        rows, slots = self._slots_at(term, places)
        if self.form_count(term) > 1:
            mine = (self.segment.forms.at(term, slots) == self.form_of(word)).nonzero()[0]
            rows, slots = rows.take(mine), slots.take(mine)
        return self._packed(rows, slots)

    def standing_slots(self, term: int, documents: Documents) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        """Return row of `documents` and number of each occurrence that a term has there."""
        rows, slots, _ = slots_of([self.posting_list(term)], documents)
        return rows, slots

    def words_in(self, term: int, documents: Documents, field: str = ANY_FIELD) -> list[int]:
        """Return the words (numbers) through which ascending `documents` have a term."""
        if self.form_count(term) == 1 and field == ANY_FIELD:
            return self.every_word(term) if self._meets(term, documents) else []
        return self._words(term, self._forms_in(term, documents, field))

    def every_word(self, term: int) -> list[int]:
        """Return the words (numbers) that have a term."""
        begin, end = self._forms_of(term)
        found: list[int] = self.segment.term_words[begin:end].tolist()
        return found

    def _words(self, term: int, forms: NDArray[np.unsignedinteger[Any]]) -> list[int]:
        """Return the words (numbers) of a term that are among some of its forms."""
        begin, end = self._forms_of(term)
        uses = np.bincount(forms, minlength=end - begin)
        found: list[int] = self.segment.term_words[begin:end].compress(uses > 0).tolist()
        return found

    def words_of_each(
        self, terms: Collection[int], documents: Documents, sampled: Sampled
    ) -> dict[int, list[int]]:
        """Return for each of some terms the words (numbers) through which `documents` have it.

        What is `sampled` of the documents tells it where these are all, or have all words of a term.
        """
        known = {term: self._words_at(term, sampled.slots[term]) for term in sampled.slots.keys() & terms}
        if sampled.documents < len(documents):
            known = {term: words for term, words in known.items() if len(words) == self.form_count(term)}
        others = {*terms}.difference(known)
        return known | (self._words_of_each(others, documents) if others else {})

    def _words_at(self, term: int, slots: NDArray[np.intp]) -> list[int]:
        if self.form_count(term) == 1:
            return self.every_word(term) if len(slots) else []
        return self._words(term, self.segment.forms.at(term, slots))

    def _words_of_each(self, terms: Collection[int], documents: Documents) -> dict[int, list[int]]:
        several = {term for term in terms if self.form_count(term) > 1}
        sparse = [term for term in several if not self._is_dense(term, documents)]
        found = {term: self.words_in(term, documents) for term in {*terms}.difference(sparse)}
        if sparse:
            _, slots, bounds = slots_of(list(map(self.posting_list, sparse)), documents)
            for term, (begin, end) in zip(sparse, pairwise(bounds), strict=True):
                found[term] = self._words(term, self.segment.forms.at(term, slots[begin:end]))
        return found

    def _is_dense(self, term: int, documents: Documents) -> bool:
        """Tell whether it pays to look at all postings of a term for those of some documents."""
        begin, end = self.postings(term)
        return len(documents) * SPARSE > end - begin

    def _meets(self, term: int, documents: Documents) -> bool:
        return bool(len(self._among(documents, self.documents_of(term))))

    def _forms_in(self, term: int, documents: Documents, field: str) -> NDArray[np.unsignedinteger[Any]]:
        """Return the form of each occurrence of a term in ascending documents."""
        segment = self.segment
        begin, end = self.postings(term)
        if field == ANY_FIELD and self._is_dense(term, documents):
            inside = np.zeros(self.size, np.bool_)
            inside[documents] = True
            kept = inside.take(self.documents_of(term))
            forms = segment.forms.of(term)
            return forms if kept.all() else forms.compress(kept.repeat(segment.counts[begin:end]))
        rows, slots = self.standing_slots(term, documents)
        if field != ANY_FIELD:
            inside = self._are_in(field, segment.field_positions.take(slots), documents.take(rows))
            slots = slots.compress(inside)
        return segment.forms.at(term, slots)

    def phrases_in(
        self, terms: Sequence[Sequence[int]], documents: Documents, field: str, but: int = -1
    ) -> list[list[int]]:
        """Return the ways (words by number) in which phrases of some terms are written in documents.

        Phrases that begin where the term `but` stands are left out.
        """
        if not len(documents):
            return []
        places = [self._written_at(one, documents) for one in terms]
        # A compound and its first part stand at one place.
        starts = common_to_all([without_repeats(packed) - step for step, (packed, _) in enumerate(places)])
        if but >= 0:
            starts = starts.compress(~in_sorted(starts, self.occurrences(but, documents).packed))
        inside = self._inside(Occurrences.unpack(starts), documents, field).packed
        columns = [
            words.take(packed.searchsorted(inside + step)) for step, (packed, words) in enumerate(places)
        ]
        found: list[list[int]] = np.unique(np.stack(columns, axis=1), axis=0).tolist() if len(inside) else []
        return found

    def _written_at(self, terms: Iterable[int], documents: Documents) -> tuple[Packed, NDArray[np.int64]]:
        """Return where any of some terms stand, ascending, and which word (number) stands there."""
        packed, words = [], []
        for term in terms:
            rows, slots = self.standing_slots(term, documents)
            begin, end = self._forms_of(term)
            packed.append(self._packed(rows, slots))
            words.append(self.segment.term_words[begin:end].take(self.segment.forms.at(term, slots)))
        joined = np.concatenate(packed)
        order = joined.argsort(kind="stable")
        return joined.take(order), np.concatenate(words).astype(np.int64).take(order)
