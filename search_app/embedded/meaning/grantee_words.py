"""The words that tell a grantee apart, and the grantees that have the same.

A word tells a grantee apart by how much more frequent it is in its projects than in all: its share of
the Kullback-Leibler divergence of the two, p log(p / q), where p is the share of the grantee's projects that
have the word, q that of all (C. Carpineto et al., "An information-theoretic approach to automatic query
expansion", ACM TOIS 19, 2001). Another grantee is near that has such words in many of its own projects.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.storage.segment import I64, Segment
from indexer.text.analysis import separate
from search_app.backend import GranteeWord, NearGrantee
from search_app.scoring.telling_words import SILENT

# Words that are shown, those that others are compared by, and those that are shown as shared.
SHOWN_WORDS, MAX_WORDS, MAX_SHARED = 12, 24, 4
# A word of one project alone tells of the project, where there are more than a few.
FEW_PROJECTS = 3
# How many times as frequent as in all projects a word is at least.
LEAST_LIFT = 1.5
# So many projects without the words are added to those of another grantee: one project proves little.
DOUBT = 2
# Letters that a word has at least: shorter ones are mostly codes.
LEAST_LETTERS = 3


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
        terms, _, counts = self._telling(grantee, SHOWN_WORDS)
        return tuple(
            GranteeWord(self._written(term), count)
            for term, count in zip(terms.tolist(), counts.tolist(), strict=True)
        )

    def near(self, grantee: int, limit: int) -> tuple[NearGrantee, ...]:
        """Return the grantees with most of the same words, the nearest first."""
        segment = self._segment
        terms, weights, _ = self._telling(grantee, MAX_WORDS)
        shares = np.zeros((len(terms), len(self._sizes)))
        for row, term in enumerate(terms.tolist()):
            having = np.bincount(segment.grantee[segment.documents.of(term)], minlength=len(self._sizes))
            shares[row] = weights[row] * having / (self._sizes + DOUBT)
        nearness = shares.sum(axis=0)
        nearness[grantee] = 0.0
        # The first name is that of nobody, if it is empty.
        nearness[: 1 if len(self._sizes) and not segment.grantee_names[0] else 0] = 0.0
        nearest = np.argsort(-nearness, kind="stable")[:limit]
        names, sizes = segment.grantee_names, self._sizes
        return tuple(
            NearGrantee(names[one], int(sizes[one]), self._shared(terms, shares[:, one]))
            for one in nearest.tolist()
            if nearness[one] > 0
        )

    def _shared(self, terms: I64, shares: NDArray[np.float64]) -> tuple[str, ...]:
        best = np.argsort(-shares, kind="stable")[:MAX_SHARED]
        return tuple(self._written(int(terms[row])) for row in best.tolist() if shares[row] > 0)

    def _telling(self, grantee: int, limit: int) -> tuple[I64, NDArray[np.float64], I64]:
        """Return terms that tell a grantee apart, heaviest first.

        They are numbers int64 [n], with weights float64 [n], and how many of its projects have each,
        int64 [n].
        """
        segment, own = self._segment, int(self._sizes[grantee])
        rows = np.flatnonzero((segment.grantee == grantee)[segment.documents.every()])
        found = np.searchsorted(segment.term_postings, rows, side="right") - 1
        terms, counts = np.unique(found, return_counts=True)
        kept = counts >= (2 if own > FEW_PROJECTS else 1)
        terms, counts = terms[kept].astype(np.int64), counts[kept]
        starts = segment.term_postings.astype(np.int64)
        all_counts: I64 = starts[terms + 1] - starts[terms]
        p, q = counts / max(own, 1), all_counts.astype(np.float64) / max(len(segment), 1)
        weights = p * np.log(p / q)
        heaviest = np.lexsort((terms, -weights))
        own_name = self._terms_of(segment.grantee_names[grantee])
        chosen = list(self._wordy(heaviest[(p >= LEAST_LIFT * q)[heaviest]].tolist(), terms, own_name, limit))
        return terms[chosen], weights[chosen], counts[chosen]

    def _wordy(self, rows: Iterable[int], terms: I64, own_name: set[int], limit: int) -> Iterable[int]:
        """Yield the first rows of terms that are words, and no part of the grantee's name."""
        left = limit
        for row in rows:
            word = self._written(int(terms[row]))
            if int(terms[row]) not in own_name and word not in SILENT and _is_word(word):
                yield row
                left -= 1
            if not left:
                return

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


def _is_word(word: str) -> bool:
    return len(word) >= LEAST_LETTERS and not any(char.isdigit() for char in word)
