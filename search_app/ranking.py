"""What is added to BM25F: words that stand close together, and the whole query as a phrase of the title.

Both are bounded, so that the best page is exact without scoring everything: only documents whose BM25F
score is within the bound of the page's last can still get onto it (`best`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_app.matching import Matcher
from search_app.query import Parsed
from search_app.terms import Documents, Matches, Scores, in_sorted

I64 = NDArray[np.int64]

# Neighbouring words looked at in one query; a text of nothing but common words must not stall the others.
MAX_PAIRS = 12


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts; each constant is measured by `bench/ranking.py --ablate`.

    `proximity` times the lesser idf of two neighbouring query words is added when they are adjacent,
    falling with the square of their distance up to `window` positions: Rasolofo & Savoy, "Term
    Proximity Scoring for Keyword-Based Retrieval Systems" (ECIR 2003), section 3, taking the nearest
    pair in place of the sum. At 0.6 both words side by side in a description outweigh one of them in a
    short title, which is what people who type two words mean. `title_phrase` times the idf of all words
    is added when the title has the query word for word: whoever types a title wants that project first;
    only `title_variants` of it where a word is there in another form.
    """

    proximity: float = 0.6
    window: int = 8
    title_phrase: float = 0.5
    title_variants: float = 0.8


DEFAULT_WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class _Word:
    """The known terms of one query word (typed form first, then variants) and its idf."""

    terms: tuple[int, ...]
    idf: float


class _Keys(dict[tuple[int, ...], I64]):
    """Where words stand in some documents: row << 32 | place, ascending, by the terms of the word."""

    def __init__(self, matcher: Matcher, documents: Documents) -> None:
        super().__init__()
        self._matcher, self._documents = matcher, documents

    def __missing__(self, terms: tuple[int, ...]) -> I64:
        found = [self._matcher.occurrences(term, self._documents) for term in terms]
        keys = [(one.rows << 32) | one.places for one in found]
        self[terms] = keys[0] if len(keys) == 1 else np.unique(np.concatenate(keys))
        return self[terms]


class Bonuses:
    """The bonuses of one query, for any documents."""

    def __init__(self, matcher: Matcher, parsed: Parsed, weights: Weights) -> None:
        """Prepare the pairs of neighbouring words and the title phrase of `parsed`."""
        self._matcher, self._weights = matcher, weights
        words = [self._word(part.stems) for part in parsed.parts]
        pairs = dict.fromkeys((left, right) for left, right in pairwise(words) if left.terms and right.terms)
        self._pairs = [pair for pair in pairs if pair[0].terms != pair[1].terms][:MAX_PAIRS]
        sequence = [self._word(stems) for stems in parsed.sequence]
        self._title = [word for word in sequence if word.terms] if len(sequence) > 1 else []
        if len(self._title) != len(sequence):
            self._title = []

    def _word(self, stems: Sequence[str]) -> _Word:
        terms = tuple(term for term in map(self._matcher.term_of, stems) if term >= 0)
        return _Word(terms, self._matcher.weight(terms[0]) if terms else 0.0)

    @property
    def bound(self) -> float:
        """No document's bonuses add up to more than this."""
        return self._proximity_bound() + self._title_bonus()

    def _proximity_bound(self) -> float:
        return self._weights.proximity * sum(min(left.idf, right.idf) for left, right in self._pairs)

    def _title_bonus(self) -> float:
        return self._weights.title_phrase * sum(word.idf for word in self._title)

    def proximity(self, documents: Documents, keys: _Keys | None = None) -> Scores:
        """Return the proximity bonus of ascending `documents`, float32."""
        keys = keys or _Keys(self._matcher, documents)
        total = np.zeros(len(documents), np.float32)
        for left, right in self._pairs if self._weights.proximity else ():
            near = self._nearness(keys[left.terms], keys[right.terms], len(documents))
            total += np.float32(self._weights.proximity * min(left.idf, right.idf)) * near
        return total

    def title(self, documents: Documents, keys: _Keys | None = None) -> Scores:
        """Return the title bonus of ascending `documents`, float32: less where only variants make it up."""
        keys = keys or _Keys(self._matcher, documents)
        total = np.zeros(len(documents), np.float32)
        if self._title and self._weights.title_phrase:
            total[self._titled(self._title, keys)] = self._title_bonus() * self._weights.title_variants
            total[self._titled([_Word(word.terms[:1], word.idf) for word in self._title], keys)] = (
                self._title_bonus()
            )
        return total

    def _titled(self, words: Sequence[_Word], keys: _Keys) -> I64:
        """Return the rows of the documents whose title has words one after the other."""
        starts = keys[words[0].terms]
        # The title is field 0: its places are the lowest.
        starts = starts[(starts & 0xFFFFFFFF) >> self._matcher.segment.field_shift == 0]
        for distance, word in enumerate(words[1:], 1):
            starts = starts[in_sorted(starts + distance, keys[word.terms])]
        rows: I64 = starts >> 32
        return rows

    def of(self, documents: Documents) -> Scores:
        """Return all bonuses of ascending `documents`, float32."""
        keys = _Keys(self._matcher, documents)
        return self.proximity(documents, keys) + self.title(documents, keys)

    def limits(self, documents: Documents) -> Scores:
        """Return the most that the bonuses of each document can be, float32, by which words it has."""
        total = np.zeros(len(documents), np.float32)
        have = cache(lambda terms: self._have(terms, documents))
        for left, right in self._pairs:
            both = have(left.terms) & have(right.terms)
            total += np.float32(self._weights.proximity * min(left.idf, right.idf)) * both
        if self._title:
            both = have(self._title[0].terms) & have(self._title[-1].terms)
            total += np.float32(self._title_bonus()) * both
        return total

    def _have(self, terms: Sequence[int], documents: Documents) -> NDArray[np.bool_]:
        """Tell which documents have any of some terms; a mark per posting beats a search per document."""
        marks = np.zeros(self._matcher.size, np.bool_)
        for term in terms:
            marks[self._matcher.documents_of(term)] = True
        return marks[documents]

    def _nearness(self, left: I64, right: I64, size: int) -> Scores:
        """Return 1 / distance² of the nearest pair in each row, 0 beyond the window."""
        near = np.zeros(size, np.float32)
        if not len(left) or not len(right):
            return near
        after = np.searchsorted(right, left, "right")
        distance = np.minimum(
            np.where(after < len(right), right[np.minimum(after, len(right) - 1)] - left, 1 << 40),
            np.where(after > 0, left - right[np.maximum(after, 1) - 1], 1 << 40),
        )
        # A joined form stands at its first part's position: nothing is nearer than the next word.
        close = np.flatnonzero(distance <= self._weights.window)
        nearness = (1.0 / np.maximum(distance[close], 1) ** 2).astype(np.float32)
        np.maximum.at(near, left[close] >> 32, nearness)
        return near


def best(found: Matches, bonuses: Bonuses, size: int) -> Matches:
    """Return the `size` best of `found`, best first, equal scores by document number.

    Exact: what the `size` best by BM25F reach with their bonuses is a floor for the page, and a document
    that would stay below that floor with all the bonuses that its words allow cannot get onto it.
    """
    if len(found) > size:
        found = _contenders(found, bonuses, size)
    scores = found.scores + bonuses.of(found.documents) if bonuses.bound else found.scores
    order = np.argsort(-scores, kind="stable")[:size]
    return Matches(found.documents[order], scores[order])


def _contenders(found: Matches, bonuses: Bonuses, size: int) -> Matches:
    """Return the matches that may be among the `size` best, ascending by document."""
    last = np.partition(found.scores, len(found) - size)[len(found) - size]
    leading = np.flatnonzero(found.scores >= last)
    if bonuses.bound:
        reached = found.scores[leading] + bonuses.of(found.documents[leading])
        floor = np.partition(reached, len(reached) - size)[len(reached) - size]
        near = np.flatnonzero(found.scores >= floor - np.float32(bonuses.bound))
        leading = near[found.scores[near] + bonuses.limits(found.documents[near]) >= floor]
    return Matches(found.documents[leading], found.scores[leading])


def smallest_keys(keys: NDArray[np.int64], size: int) -> NDArray[np.intp]:
    """Return the places of the `size` smallest keys, ascending; equal keys by place."""
    if len(keys) > size:
        limit = np.partition(keys, size - 1)[size - 1] if size else np.iinfo(np.int64).min
        places = np.flatnonzero(keys <= limit)
    else:
        places = np.arange(len(keys))
    return places[np.argsort(keys[places], kind="stable")][:size]
