"""Which words tell a grantee apart, by how many of its projects, and of all, have each.

A word tells a grantee apart by how much more frequent it is in its projects than in all: its share of
the Kullback-Leibler divergence of the two, p log(p / q), where p is the share of the grantee's projects that
have the word, q that of all (C. Carpineto et al., "An information-theoretic approach to automatic query
expansion", ACM TOIS 19, 2001). Another grantee is near that has such words in many of its own projects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
