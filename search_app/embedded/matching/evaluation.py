"""A query tree evaluated on arrays: which documents match, and with what score.

Every node becomes a `Matches`: ascending document numbers and their scores. Nodes combine bottom-up in
array passes, so no query costs more than a few passes over the postings of its words:

- a term is a slice of its precomputed impacts; in one field, impacts are computed from that field;
- And adds scores where all match, starting from the rarest; Not only removes;
- Or adds, DisjunctionMax takes the best: forms of one word do not add up;
- a phrase is a term of its own: its frequency is how often the words follow each other, its idf the sum
  of theirs (as in Lucene's PhraseQuery);
- a prefix or a word with typos is one term too, made of all the words that it stands for;
- a word as written is the part of its term's occurrences that are of this word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from whoosh import query as wq

from indexer.storage.impacts import idf
from indexer.storage.schema import ANY_FIELD
from indexer.storage.segment import Segment
from search_app.embedded.postings.matches import NOTHING, Documents, Matches, shared
from search_app.embedded.postings.terms import CACHED_TERMS
from search_app.embedded.postings.written_words import FormReader
from search_app.query.written import (
    AnyPhrase,
    Code,
    CodeBeginning,
    Synonym,
    SynonymPhrase,
    Written,
    WrittenPhrase,
    places,
)
from search_app.scoring.weights import CODE_WEIGHT
from search_app.words.lexicon import Lexicon
from search_app.words.typos import sought


class Matcher(FormReader):
    """Evaluates query trees over one segment."""

    def __init__(self, segment: Segment, lexicon: Lexicon) -> None:
        """Evaluate over `segment`, whose words are in `lexicon`."""
        super().__init__(segment, lexicon.term_of)
        self.lexicon = lexicon
        self.one_of_forms = lru_cache(CACHED_TERMS)(self._one_of_forms)

    def _one_of_forms(self, text: str) -> tuple[int, int] | None:
        """Return term and form of a word as written; None if it is unknown, or its term's only form.

        A compound is also found by its parts, and so told apart in any case: follow-ups from follow ups.
        """
        word = self.lexicon.word_of(text)
        term = int(self.segment.word_terms[word]) if word >= 0 else -1
        is_told = term >= 0 and (self.form_count(term) > 1 or not text.isalnum())
        return (term, self.form_of(word)) if is_told else None

    def match(self, tree: wq.Query, seen: dict[int, Matches] | None = None) -> Matches:
        """Return what matches `tree`; `seen` caches the matches of every node by its `id()`."""
        matches = self._match(tree, {} if seen is None else seen)
        return matches.boosted(boost(tree))

    def _match(self, tree: wq.Query, seen: dict[int, Matches]) -> Matches:
        if id(tree) not in seen:
            seen[id(tree)] = _NODES[type(tree)](self, tree, seen)
        return seen[id(tree)]

    def _every(self, _tree: wq.Every, _seen: dict[int, Matches]) -> Matches:
        return Matches(np.arange(self.size), np.zeros(self.size, np.float32))

    def _nothing(self, _tree: wq.Query, _seen: dict[int, Matches]) -> Matches:
        return NOTHING

    def _term(self, tree: wq.Term, _seen: dict[int, Matches]) -> Matches:
        term = self.term_of(tree.text)
        if term < 0:
            return NOTHING
        if tree.fieldname == ANY_FIELD:
            return self.term(term)
        return self.in_field(term, tree.fieldname)

    def _phrase(self, tree: wq.Phrase, _seen: dict[int, Matches]) -> Matches:
        terms = [self.term_of(word) for word in tree.words]
        return NOTHING if not terms or min(terms) < 0 else self.phrase(terms, tree.fieldname)

    def _written(self, tree: Written, _seen: dict[int, Matches]) -> Matches:
        word = self.segment.words.find(tree.text)
        return NOTHING if word < 0 else self.written(word, tree.fieldname)

    def _code(self, tree: Code, _seen: dict[int, Matches]) -> Matches:
        return self._weighed_codes(self.with_code(tree.text))

    def _code_beginning(self, tree: CodeBeginning, _seen: dict[int, Matches]) -> Matches:
        return self._weighed_codes(self.with_beginning(tree.text))

    def _weighed_codes(self, documents: Documents) -> Matches:
        weight = CODE_WEIGHT * idf(self.size, len(documents))
        return Matches(documents, np.full(len(documents), weight, np.float32))

    def _written_phrase(self, tree: WrittenPhrase, _seen: dict[int, Matches]) -> Matches:
        words = list(map(self.segment.words.find, tree.words))
        return (
            NOTHING
            if not words or min(words) < 0
            else self.written_phrase(words, tree.offsets, tree.fieldname)
        )

    def _any_phrase(self, tree: AnyPhrase, _seen: dict[int, Matches]) -> Matches:
        return self.any_phrase(self.terms_at(tree), tree.fieldname)

    def terms_at(self, phrase: wq.Phrase) -> list[list[int]]:
        """Return the known terms that fit each place of a phrase of stems."""
        found = ([self.term_of(stem) for stem in stems] for stems in places(phrase))
        return [[term for term in terms if term >= 0] for terms in found]

    def _prefix(self, tree: wq.Prefix, _seen: dict[int, Matches]) -> Matches:
        return self.any_word(self.lexicon.prefixed(tree.text), tree.fieldname)

    def _fuzzy(self, tree: wq.FuzzyTerm, _seen: dict[int, Matches]) -> Matches:
        return self.any_word(sought(self.lexicon, tree.text, tree.maxdist).words, tree.fieldname)

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
        rows, places = shared(few.documents, many.documents, self.size)
        return Matches(few.documents.take(rows), few.scored(rows) + many.scored(places))

    def _without(self, found: Matches, other: Matches) -> Matches:
        stays = np.ones(self.size, np.bool_)
        stays[other.documents] = False
        return found.only(stays.take(found.documents))

    def _not(self, tree: wq.Not, seen: dict[int, Matches]) -> Matches:
        return self._without(self._every(wq.Every(), seen), self.match(tree.query, seen))

    def _or(self, tree: wq.Or, seen: dict[int, Matches]) -> Matches:
        return self._any([self.match(one, seen) for one in tree.subqueries], np.add)

    def _best(self, tree: wq.DisjunctionMax, seen: dict[int, Matches]) -> Matches:
        return self._any([self.match(one, seen) for one in tree.subqueries], np.maximum)

    def _any(self, children: Sequence[Matches], combine: np.ufunc) -> Matches:
        children = [one.all_scored() for one in children if len(one)]
        if len(children) <= 1:
            return children[0] if children else NOTHING
        total = np.zeros(self.size, np.float32)
        total[children[0].documents] = children[0].scores
        for one in children[1:]:
            combine.at(total, one.documents, one.scores)
        has = total > 0
        if any(not one.scores.min() for one in children):
            # What only narrows (Not, Every) scores nothing, and matches all the same.
            for one in children:
                has[one.documents] = True
        documents = has.nonzero()[0]
        return Matches(documents, total.take(documents))


def boost(tree: wq.Query) -> float:
    """Return what the scores of a node are multiplied by."""
    return float(getattr(tree, "boost", 1.0))


_NODES: dict[type[wq.Query], Callable[[Matcher, Any, dict[int, Matches]], Matches]] = {
    wq.Every: Matcher._every,
    wq.Term: Matcher._term,
    wq.Phrase: Matcher._phrase,
    Synonym: Matcher._term,
    SynonymPhrase: Matcher._phrase,
    Code: Matcher._code,
    CodeBeginning: Matcher._code_beginning,
    Written: Matcher._written,
    WrittenPhrase: Matcher._written_phrase,
    AnyPhrase: Matcher._any_phrase,
    wq.Prefix: Matcher._prefix,
    wq.FuzzyTerm: Matcher._fuzzy,
    wq.And: Matcher._and,
    wq.Or: Matcher._or,
    wq.DisjunctionMax: Matcher._best,
    wq.Not: Matcher._not,
    type(wq.NullQuery): Matcher._nothing,
}
