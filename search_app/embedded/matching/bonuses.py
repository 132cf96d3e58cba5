"""What is added to BM25F: words that stand close together, and the whole query as a phrase of the title.

Few titles have all the words, so those that can get the title bonus are known beforehand. Proximity has
an upper bound, and is worked out for the documents that it can lift onto the page (`ranking`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_app.embedded.matching.evaluation import Matcher
from search_app.embedded.matching.proximity import nearness_of
from search_app.embedded.postings.matches import (
    Documents,
    Occurrences,
    Packed,
    PostingList,
    Sampled,
    Scores,
    common,
    field_positions_of,
    rows_of,
    slots_of,
    united,
)
from search_app.query.parsing import Parsed
from search_app.scoring.weights import MAX_PAIRS, Weights

# Occurrences up to which all pairs of words are looked at together; with more it is pair by pair.
FEW = 65_536
NO_POSITIONS: Packed = np.zeros(0, np.int64)
_NO_SLOTS: tuple[NDArray[np.int64], NDArray[np.intp], list[int]] = NO_POSITIONS, np.zeros(0, np.intp), [0]


@dataclass(frozen=True, slots=True)
class _Written:
    """A word as written: its term, which of the term's forms it is, and the bonus for it."""

    term: int
    form: int
    bonus: np.float32


@dataclass(frozen=True, slots=True)
class _Word:
    """The known terms of one query word (typed form first, then variants) and its idf."""

    terms: tuple[int, ...]
    idf: float


class _Positions(dict[tuple[int, ...], Packed]):
    """Where words stand in some documents, packed and ascending, by the terms of the word."""

    def __init__(self, lists: Mapping[int, PostingList], documents: Documents) -> None:
        super().__init__()
        self._lists = list(lists.values())
        # Row and number of each occurrence, and which of them are of which term.
        self._rows, self._slots, bounds = slots_of(self._lists, documents) if lists else _NO_SLOTS
        self._of_term = {term: slice(*ends) for term, ends in zip(lists, pairwise(bounds), strict=True)}
        self.occurrences = len(self._slots)

    def rows(self, term: int) -> NDArray[np.int64]:
        """Return the row of each occurrence of a term."""
        return self._rows[self._of_term[term]]

    def slots(self, term: int) -> NDArray[np.intp]:
        """Return the number of each occurrence of a term among all occurrences."""
        return self._slots[self._of_term[term]]

    @property
    def all_slots(self) -> dict[int, NDArray[np.intp]]:
        """The numbers of the occurrences of each term."""
        return {term: self._slots[own] for term, own in self._of_term.items()}

    @cached_property
    def _packed(self) -> Packed:
        # Made for words that stand together: one alone needs no positions.
        field_positions = self._lists[0].field_positions.take(self._slots).astype(np.int64)
        return Occurrences(self._rows, field_positions).packed

    def __missing__(self, terms: tuple[int, ...]) -> Packed:
        found = [self._packed[self._of_term[term]] for term in terms]
        self[terms] = found[0] if len(found) == 1 else united(found)
        return self[terms]


class Bonuses:
    """The bonuses of one query, for any documents."""

    def __init__(self, matcher: Matcher, parsed: Parsed, weights: Weights) -> None:
        """Prepare the pairs of neighbouring words and the title phrase of `parsed`."""
        self._matcher, self._weights = matcher, weights
        # Where words stand in the documents that were looked at first.
        self.sampled = Sampled(0, {})
        words = [self._word(clause.stems) for clause in parsed.clauses]
        pairs = dict.fromkeys((left, right) for left, right in pairwise(words) if left.terms and right.terms)
        self._pairs = [pair for pair in pairs if pair[0].terms != pair[1].terms][:MAX_PAIRS]
        sequence = [self._word(stems) for stems in parsed.sequence]
        self._title = [word for word in sequence if word.terms] if len(sequence) > 1 else []
        if len(self._title) != len(sequence):
            self._title = []
        self._written = list(self._as_written(parsed)) if weights.written and parsed.reading.expand else []

    def _as_written(self, parsed: Parsed) -> Iterator[_Written]:
        """Yield the words of the query whose term has other forms as well; for others it is all the same."""
        matcher = self._matcher
        for text in dict.fromkeys(text for clause in parsed.clauses for text in sorted(clause.written)):
            if (known := matcher.one_of_forms(text)) is not None:
                term, form = known
                yield _Written(term, form, np.float32(self._weights.written * matcher.weight(term)))

    def _word(self, stems: Sequence[str]) -> _Word:
        terms = tuple(term for term in map(self._matcher.term_of, stems) if term >= 0)
        return _Word(terms, self._matcher.weight(terms[0]) if terms else 0.0)

    @cached_property
    def _lists(self) -> dict[int, PostingList]:
        """The posting lists of the terms whose positions matter."""
        words = [word for pair in self._pairs for word in pair]
        if self._title_apart and len(self.titled):
            words += self._title
        terms = [term for word in words for term in word.terms] + [one.term for one in self._written]
        return {term: self._matcher.posting_list(term) for term in terms}

    @property
    def documents(self) -> int:
        """The number of all documents."""
        return self._matcher.size

    @property
    def bound(self) -> float:
        """No document's bonuses add up to more than this."""
        return self.untitled_bound + self._title_bonus

    @property
    def untitled_bound(self) -> float:
        """No document's bonuses but that for its title add up to more than this."""
        return self.proximity_bound + self.written_bound

    @property
    def written_bound(self) -> float:
        """No document's bonus for words as written is more than this."""
        return float(sum(one.bonus for one in self._written))

    @property
    def proximity_bound(self) -> float:
        """No document's proximity bonus is more than this."""
        return self._weights.proximity * sum(min(left.idf, right.idf) for left, right in self._pairs)

    @property
    def _title_bonus(self) -> float:
        return self._weights.title_phrase * sum(word.idf for word in self._title)

    def of(self, documents: Documents) -> Scores:
        """Return all bonuses of ascending `documents`, float32."""
        positions = self._positions(documents)
        return self._untitled(documents, positions) + self.title(documents, positions)

    def untitled(self, documents: Documents) -> Scores:
        """Return all bonuses of ascending `documents` but that for their title, float32."""
        return self._untitled(documents, self._positions(documents))

    def _positions(self, documents: Documents) -> _Positions:
        positions = _Positions(self._lists, documents)
        if not self.sampled.documents:
            self.sampled = Sampled(len(documents), positions.all_slots)
        return positions

    def _untitled(self, documents: Documents, positions: _Positions) -> Scores:
        return self.proximity(documents, positions) + self.written(documents, positions)

    def written(self, documents: Documents, positions: _Positions | None = None) -> Scores:
        """Return the bonus of ascending `documents` for the words that they have as written, float32."""
        positions = _Positions(self._lists, documents) if positions is None else positions
        total = np.zeros(len(documents), np.float32)
        forms = self._matcher.segment.forms
        for one in self._written:
            has = forms.at(one.term, positions.slots(one.term)) == one.form
            rows = np.zeros(len(documents), np.bool_)
            rows[positions.rows(one.term).compress(has)] = True
            total += one.bonus * rows
        return total

    def title(self, documents: Documents, positions: _Positions | None = None) -> Scores:
        """Return the title bonus of ascending `documents`, float32: less where only variants make it up."""
        total = np.zeros(len(documents), np.float32)
        # Where the positions of all words are there anyway, no titles have to be known beforehand.
        if not self._title or (self._title_apart and not len(self.titled)):
            return total
        positions = _Positions(self._lists, documents) if positions is None else positions
        rows = self._rows_of_phrase([word.terms for word in self._title], positions)
        total[rows] = self._title_bonus
        if len(rows) and any(len(word.terms) > 1 for word in self._title):
            total *= self._weights.title_variants
            as_typed = self._rows_of_phrase([word.terms[:1] for word in self._title], positions)
            total[as_typed] = self._title_bonus
        return total

    @cached_property
    def _title_apart(self) -> bool:
        """Whether a word of the title phrase is in no pair: a stop word."""
        paired = {term for pair in self._pairs for word in pair for term in word.terms}
        return not all(paired.issuperset(word.terms) for word in self._title)

    @cached_property
    def titled(self) -> Documents:
        """The documents that have every word of the query in their title: no others get the title bonus."""
        return self._having_all_in_title() if self._title_bonus else np.zeros(0, np.intp)

    def _having_all_in_title(self) -> Documents:
        matcher = self._matcher
        rarest, *others = sorted(self._title, key=lambda word: sum(map(matcher.frequency, word.terms)))
        documents = self._having_in_title(rarest.terms)
        for word in others:
            # Of a frequent word only the titles are looked at that have all the rarer ones.
            if len(documents):
                has = [matcher.in_titles_of(documents, term) for term in word.terms]
                documents = documents.compress(reduce(np.logical_or, has))
        return documents

    def _having_in_title(self, terms: Sequence[int]) -> Documents:
        lists = [self._matcher.titled(term) for term in terms]
        return lists[0] if len(lists) == 1 else united(lists)

    def _rows_of_phrase(self, words: Sequence[tuple[int, ...]], positions: _Positions) -> NDArray[np.int64]:
        """Return the rows of the documents whose title has words, each any of some terms, in a row."""
        # The title is field 0: its field positions are the lowest.
        last = self._matcher.segment.field_position_bits.longest
        starts = NO_POSITIONS
        for step, packed in enumerate(map(positions.__getitem__, words)):
            here = packed.compress(field_positions_of(packed) <= last) - step
            starts = common(starts, here) if step else here
            if not len(starts):
                break
        return rows_of(starts)

    def proximity(self, documents: Documents, positions: _Positions | None = None) -> Scores:
        """Return the proximity bonus of ascending `documents`, float32."""
        positions = _Positions(self._lists, documents) if positions is None else positions
        total = np.zeros(len(documents), np.float32)
        if not (self._pairs and self._weights.proximity):
            return total
        # All pairs go through the passes together where these are short, for each pass has its price.
        together = len(self._pairs) if positions.occurrences <= FEW else 1
        for first in range(0, len(self._pairs), together):
            pairs = self._pairs[first : first + together]
            terms = [(left.terms, right.terms) for left, right in pairs]
            near = nearness_of(terms, positions, len(documents), self._weights.window)
            for (left, right), nearness in zip(pairs, near, strict=True):
                total += self._proximity_bonus(left, right) * nearness
        return total

    def _proximity_bonus(self, left: _Word, right: _Word) -> np.float32:
        return np.float32(self._weights.proximity * min(left.idf, right.idf))

    def untitled_limits(self, documents: Documents) -> Scores:
        """Return the most that `untitled` can add to documents, float32, by which pairs of words each has."""
        total = np.full(len(documents), self.written_bound, np.float32)
        words = dict.fromkeys(word for pair in self._pairs for word in pair)
        has = {word: self._having(word.terms).take(documents) for word in words}
        for left, right in self._pairs:
            total[has[left] & has[right]] += self._proximity_bonus(left, right)
        return total

    def _having(self, terms: Sequence[int]) -> NDArray[np.bool_]:
        """Return which of all documents have any of some terms."""
        has = np.zeros(self._matcher.size, np.bool_)
        for term in terms:
            has[self._matcher.documents_of(term)] = True
        return has
