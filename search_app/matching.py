"""A query tree evaluated on arrays: which documents match, and with what score.

Every node becomes a `Matches`: ascending document numbers and their scores. Nodes combine bottom-up in
array passes, so no query costs more than a few passes over the postings of its words:

- a term is a slice of its precomputed impacts; in one field, impacts are computed from that field;
- And adds scores where all match, starting from the rarest; Not only removes;
- Or adds, DisjunctionMax takes the best: forms of one word do not add up;
- a phrase is a term of its own: its frequency is how often the words follow each other, its idf the sum
  of theirs (as in Lucene's PhraseQuery);
- a prefix or a word with typos is one term too, made of all the words that it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from indexer.impacts import field_norms, idf, saturate
from indexer.runs import ragged
from indexer.schema import ANY_FIELD, TEXT_FIELDS
from indexer.segment import Segment
from search_app.spelling import within

Documents = NDArray[np.uint32]
Scores = NDArray[np.float32]

# A prefix or a word with typos stands for at most this many words, the most frequent ones.
MAX_WORDS = 64
# Looking each document up in the longer list beats marking all of that list from this ratio on.
SPARSE = 24


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


class Matcher:
    """Evaluates query trees over one segment; keeps nothing between queries, so threads may share it."""

    def __init__(self, segment: Segment, term_of: Callable[[str], int]) -> None:
        """Match in `segment`; `term_of` gives the number of a stem, -1 for an unknown one."""
        self.segment = segment
        self.size = len(segment)
        self.term_of = term_of
        self._norms: NDArray[np.float32] | None = None

    @property
    def norms(self) -> NDArray[np.float32]:
        """BM25F weight of one occurrence, float32 [fields, documents]; made when first needed."""
        if self._norms is None:
            self._norms = field_norms(self.segment.lengths)
        return self._norms

    def match(self, tree: wq.Query, seen: dict[int, Matches] | None = None) -> Matches:
        """Return what matches `tree`; `seen` collects the matches of every node by its `id()`."""
        matches = self._match(tree, {} if seen is None else seen)
        return matches.boosted(boost(tree))

    def _match(self, tree: wq.Query, seen: dict[int, Matches]) -> Matches:
        if id(tree) not in seen:
            seen[id(tree)] = _NODES[type(tree)](self, tree, seen)
        return seen[id(tree)]

    def _every(self, _tree: wq.Every, _seen: dict[int, Matches]) -> Matches:
        return Matches(np.arange(self.size, dtype=np.uint32), np.zeros(self.size, np.float32))

    def _nothing(self, _tree: wq.Query, _seen: dict[int, Matches]) -> Matches:
        return NOTHING

    def _term(self, tree: wq.Term, _seen: dict[int, Matches]) -> Matches:
        term = self.term_of(tree.text)
        if term < 0:
            return NOTHING
        if tree.fieldname != ANY_FIELD:
            return self._in_field(term, TEXT_FIELDS.index(tree.fieldname))
        begin, end = self.postings(term)
        return Matches(self.segment.documents[begin:end], self.segment.impacts[begin:end])

    def _in_field(self, term: int, field: int) -> Matches:
        documents, occurrences = self._all_occurrences(term)
        inside = occurrences.places >> self.segment.field_shift == field
        return self._scored(documents, _kept(occurrences, inside), idf(self.size, self._found(term, field)))

    def _found(self, term: int, field: int) -> int:
        return int(self.segment.field_documents[field, term])

    def _scored(self, documents: Documents, occurrences: Occurrences, weight: NDArray[np.float64]) -> Matches:
        """Score a term that stands at `occurrences` in `documents`, of which some may have none."""
        fields = occurrences.places >> self.segment.field_shift
        weights = self.norms[fields, documents[occurrences.rows]]
        frequency = np.bincount(occurrences.rows, weights, len(documents)).astype(np.float64, copy=False)
        has = frequency > 0
        scores = weight * saturate(frequency[has])
        return Matches(documents[has], scores.astype(np.float32))

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
        counts = segment.counts[begin:end]
        starts = np.cumsum(counts, dtype=np.int64) - counts + int(segment.term_places[term])
        counts, starts = counts[found[rows]], starts[found[rows]]
        return Occurrences(np.repeat(rows, counts), segment.places[ragged(starts, counts)].astype(np.int64))

    def _phrase(self, tree: wq.Phrase, _seen: dict[int, Matches]) -> Matches:
        terms = [self.term_of(word) for word in tree.words]
        if not terms or min(terms) < 0:
            return NOTHING
        documents = self._documents_with(terms)
        keys = self._phrase_starts(terms, documents)
        occurrences = Occurrences(keys >> 32, keys & 0xFFFFFFFF)
        if tree.fieldname != ANY_FIELD:
            field = TEXT_FIELDS.index(tree.fieldname)
            occurrences = _kept(occurrences, occurrences.places >> self.segment.field_shift == field)
        return self._scored(documents, occurrences, self.phrase_weight(terms))

    def phrase_weight(self, terms: Sequence[int]) -> NDArray[np.float64]:
        """Return the idf of a phrase: the sum of its terms'."""
        return np.asarray(sum(float(self.weight(term)) for term in terms))

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

    def _prefix(self, tree: wq.Prefix, _seen: dict[int, Matches]) -> Matches:
        return self._words(self.prefixed(tree.text), tree.fieldname)

    def _fuzzy(self, tree: wq.FuzzyTerm, _seen: dict[int, Matches]) -> Matches:
        return self._words(self.similar(tree.text, tree.maxdist), tree.fieldname)

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

    def _words(self, words: Sequence[int], field: str) -> Matches:
        """Match a set of words as written as if they were one term."""
        if not words:
            return NOTHING
        frequency = np.zeros(self.size, np.float64)
        by_term: dict[int, list[int]] = {}
        for word in words:
            by_term.setdefault(int(self.segment.word_terms[word]), []).append(word)
        for term, forms in by_term.items():
            documents, occurrences = self._word_occurrences(term, forms)
            if field != ANY_FIELD:
                inside = occurrences.places >> self.segment.field_shift == TEXT_FIELDS.index(field)
                occurrences = _kept(occurrences, inside)
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

    def _and(self, tree: wq.And, seen: dict[int, Matches]) -> Matches:
        wanted = [self.match(one, seen) for one in tree.subqueries if not isinstance(one, wq.Not)]
        unwanted = [self.match(one.query, seen) for one in tree.subqueries if isinstance(one, wq.Not)]
        wanted.sort(key=len)
        found = wanted[0] if wanted else self._every(wq.Every(), seen)
        for other in wanted[1:]:
            found = self._both(found, other)
        for other in unwanted:
            found = self._without(found, other)
        return found

    def _both(self, few: Matches, many: Matches) -> Matches:
        if not len(few):
            return NOTHING
        if len(few) * SPARSE < len(many):
            places = np.minimum(np.searchsorted(many.documents, few.documents), len(many) - 1)
            has = many.documents[places] == few.documents
            return Matches(few.documents[has], few.scores[has] + many.scores[places[has]])
        dense = np.full(self.size, -1, np.float32)
        dense[many.documents] = many.scores
        scores = dense[few.documents]
        has = scores >= 0
        return Matches(few.documents[has], few.scores[has] + scores[has])

    def _without(self, found: Matches, other: Matches) -> Matches:
        stays = np.ones(self.size, np.bool_)
        stays[other.documents] = False
        keep = stays[found.documents]
        return Matches(found.documents[keep], found.scores[keep])

    def _not(self, tree: wq.Not, seen: dict[int, Matches]) -> Matches:
        return self._without(self._every(wq.Every(), seen), self.match(tree.query, seen))

    def _or(self, tree: wq.Or, seen: dict[int, Matches]) -> Matches:
        return self._any([self.match(one, seen) for one in tree.subqueries], np.add)

    def _best(self, tree: wq.DisjunctionMax, seen: dict[int, Matches]) -> Matches:
        return self._any([self.match(one, seen) for one in tree.subqueries], np.maximum)

    def _any(self, children: Sequence[Matches], combine: Callable[[Scores, Scores], Scores]) -> Matches:
        children = [one for one in children if len(one)]
        if len(children) <= 1:
            return children[0] if children else NOTHING
        total = np.zeros(self.size, np.float32)
        has = np.zeros(self.size, np.bool_)
        for one in children:
            total[one.documents] = combine(total[one.documents], one.scores)
            has[one.documents] = True
        documents = np.flatnonzero(has)
        return Matches(documents.astype(np.uint32), total[documents])


def boost(tree: wq.Query) -> float:
    """Return what the scores of a node are multiplied by."""
    return float(getattr(tree, "boost", 1.0))


def _kept(occurrences: Occurrences, keep: NDArray[np.bool_]) -> Occurrences:
    return Occurrences(occurrences.rows[keep], occurrences.places[keep])


_NODES: dict[type[wq.Query], Callable[[Matcher, Any, dict[int, Matches]], Matches]] = {
    wq.Every: Matcher._every,
    wq.Term: Matcher._term,
    wq.Phrase: Matcher._phrase,
    wq.Prefix: Matcher._prefix,
    wq.FuzzyTerm: Matcher._fuzzy,
    wq.And: Matcher._and,
    wq.Or: Matcher._or,
    wq.DisjunctionMax: Matcher._best,
    wq.Not: Matcher._not,
    type(wq.NullQuery): Matcher._nothing,
}
