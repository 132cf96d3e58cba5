"""The order of hits by words and by meaning together.

Of the best hits by their words, each is lifted by its nearness to the text of the search: WEIGHT times the
score of the best hit for the same meaning, less for less, nothing for none. So the score stays a sum whose
parts can be told, and hits stay in the order of their scores.

The usual way, adding the reciprocals of two ranks (`reciprocal_ranks`: k = 60, meaning at half weight),
forgets by how much a hit is the best: with WordLlama it loses two or three of a hundred where the query is a
title or a sentence, and this gains one or two (docs/meaning.md has both).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from indexer.storage.segment import I64
from indexer.text.meaning.models import F32
from search_app.query.meaning.nearness import F64

# The best by words that are put in order: far more than anybody turns pages for.
POOL = 300
# What the same meaning is worth, as a share of the best score by words. With 0.5 to 1.5 every collection that
# was tried gains.
WEIGHT = 1.25

# The part of a score that it is told by.
CLOSE = "close in meaning"

# From scores by words, highest first, and nearness, float64 [n] each, to what is added to each score.
Fusion = Callable[[F64, F64], F64]


def lifts(scores: F64, near: F64) -> F64:
    """Return what nearness adds to each score, float64 [n], never less than 0."""
    found: F64 = WEIGHT * scores[0] * np.maximum(near, 0.0)
    return found


def reciprocal_ranks(scores: F64, near: F64) -> F64:
    """Return what makes scores those of reciprocal rank fusion (Cormack et al. 2009), for comparison."""
    ranks = np.empty(len(near))
    ranks[np.argsort(-near, kind="stable")] = np.arange(1, len(near) + 1)
    together = 1 / (60 + np.arange(1, len(near) + 1)) + 0.5 / (60 + ranks)
    # Above all that stay below the best.
    found: F64 = scores[0] * (1 + together) - scores
    return found


def fused_order(scores: F32, rows: NDArray[np.integer], near: F64, fusion: Fusion) -> tuple[I64, F32]:
    """Return the order of hits, given best first, when the first `len(near)` of them are lifted, int64 [n].

    And what is added to the score of each, float32 [n], both in the order in which they were given. Of equal
    scores those are first whose `rows` [n] are.
    """
    size, added = len(near), np.zeros(len(scores), np.float32)
    order = np.arange(len(scores))
    if size:
        added[:size] = fusion(scores[:size].astype(np.float64), near)
        order[:size] = np.lexsort((rows[:size], -(scores + added)[:size]))
    return order, added
