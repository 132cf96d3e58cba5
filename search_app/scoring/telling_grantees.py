"""Which words tell a grantee apart, by how many of its projects, and of all, have each.

A word tells a grantee apart by how much more frequent it is in its projects than in all: its share of
the Kullback-Leibler divergence of the two, p log(p / q), where p is the share of the grantee's projects that
have the word, q that of all (C. Carpineto et al., "An information-theoretic approach to automatic query
expansion", ACM TOIS 19, 2001). Another grantee is near that has such words in many of its own projects.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.text_tables import Texts
from indexer.storage.segment import I64
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


class GranteeWord(NamedTuple):
    """A word that tells a grantee apart, and how many of its projects have it."""

    word: str
    projects: int


class NearGrantee(NamedTuple):
    """A grantee near to another one, the number of its projects, and words that both have."""

    name: str
    projects: int
    words: tuple[str, ...]


class Telling(NamedTuple):
    """Terms int64 [n], heaviest first, their weights float64 [n], and how many of its projects have each."""

    terms: I64
    weights: NDArray[np.float64]
    counts: I64


class Counted(NamedTuple):
    """Terms int64 [n] of a grantee's `own` projects, how many of these have each, and of all `size`."""

    terms: I64
    counts: I64
    all_counts: I64
    own: int
    size: int


class TellingWords(ABC):
    """Compares the grantees of one index, which are numbered as their names are."""

    def __init__(self, names: Texts) -> None:
        """Compare the grantees with some names; nothing is worked out before it is asked for."""
        self._names = names

    @cached_property
    def _sizes(self) -> I64:
        """How many projects each grantee has, int64 [G]."""
        return self._counted_sizes()

    def telling(self, name: str) -> tuple[GranteeWord, ...]:
        """Return the words that tell a grantee apart, the heaviest first; nothing for an unknown name."""
        grantee = self._names.find(name)
        if grantee < 0:
            return ()
        found = self._telling(grantee, SHOWN_WORDS)
        counts = zip(found.terms.tolist(), found.counts.tolist(), strict=True)
        return tuple(GranteeWord(self._written(term), count) for term, count in counts)

    def near(self, name: str, limit: int) -> tuple[NearGrantee, ...]:
        """Return the grantees with most of the same words; nothing for an unknown name."""
        grantee, names, sizes = self._names.find(name), self._names, self._sizes
        if grantee < 0:
            return ()
        telling = self._telling(grantee, MAX_WORDS)
        # The first name is that of nobody, if it is empty.
        left_out = (grantee, *([0] if not names[0] else []))
        return tuple(
            NearGrantee(names[one.grantee], int(sizes[one.grantee]), tuple(map(self._written, one.terms)))
            for one in nearest(telling, self._having(telling), sizes, left_out, limit)
        )

    @abstractmethod
    def _counted_sizes(self) -> I64:
        """Count the projects of each grantee, int64 [G]."""

    @abstractmethod
    def _telling(self, grantee: int, limit: int) -> Telling:
        """Return the terms that tell a grantee apart."""

    @abstractmethod
    def _having(self, telling: Telling) -> I64:
        """Return how many projects of each grantee have each term, int64 [n, G]."""

    @abstractmethod
    def _written(self, term: int) -> str:
        """Return the word of a term that most projects have."""


def telling_of(found: Counted, name: set[int], written: Callable[[int], str], limit: int) -> Telling:
    """Return the terms that tell a grantee apart, without those of its `name`; `written` is their word."""
    kept = found.counts >= (2 if found.own > FEW_PROJECTS else 1)
    terms, counts, all_counts = found.terms[kept], found.counts[kept], found.all_counts[kept]
    p, q = counts / max(found.own, 1), all_counts.astype(np.float64) / max(found.size, 1)
    weights = p * np.log(p / q)
    heaviest = np.lexsort((terms, -weights))
    rows = heaviest[(p >= LEAST_LIFT * q)[heaviest]].tolist()
    chosen = list(_wordy(rows, terms, name, written, limit))
    return Telling(terms[chosen], weights[chosen], counts[chosen])


def _wordy(
    rows: Iterable[int], terms: I64, name: set[int], written: Callable[[int], str], limit: int
) -> Iterator[int]:
    """Yield the first rows of terms that are words, and no part of the grantee's name."""
    left = limit
    for row in rows:
        word = written(int(terms[row]))
        if int(terms[row]) not in name and word not in SILENT and _is_word(word):
            yield row
            left -= 1
        if not left:
            return


def _is_word(word: str) -> bool:
    return len(word) >= LEAST_LETTERS and not any(char.isdigit() for char in word)


class Neighbour(NamedTuple):
    """A grantee near to another one, by its number, and the terms that it shares, the heaviest first."""

    grantee: int
    terms: tuple[int, ...]


def nearest(
    telling: Telling, having: NDArray[np.integer], sizes: I64, left_out: Iterable[int], limit: int
) -> Iterator[Neighbour]:
    """Yield the grantees with most of the same words, the nearest first.

    `having` tells how many projects of each grantee have each term, [n, G], `sizes` how many it has, [G].
    """
    shares = telling.weights[:, None] * having / (sizes + DOUBT)
    nearness = shares.sum(axis=0)
    nearness[[*left_out]] = 0.0
    for one in np.argsort(-nearness, kind="stable")[:limit].tolist():
        if nearness[one] > 0:
            best = np.argsort(-shares[:, one], kind="stable")[:MAX_SHARED].tolist()
            yield Neighbour(one, tuple(int(telling.terms[row]) for row in best if shares[row, one] > 0))
