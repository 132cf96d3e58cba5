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

from search_app.embedded.postings.matches import Matches, Scores

F64 = NDArray[np.float64]

# The best by words that are put in order: far more than anybody turns pages for.
POOL = 300
# What the same meaning is worth, as a share of the best score by words. With 0.5 to 1.5 every collection that
# was tried gains.
WEIGHT = 1.25

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


def fused(ordered: Matches, near: F64, fusion: Fusion = lifts) -> tuple[Matches, Scores]:
    """Return hits in order of relevance, the first `len(near)` of them lifted and put in order anew.

    And what was added to the score of each of all, float32 [M].
    """
    size, added = len(near), np.zeros(len(ordered), np.float32)
    if not size:
        return ordered, added
    added[:size] = fusion(ordered.scores[:size].astype(np.float64), near)
    scores = ordered.scores + added
    order = np.arange(len(ordered))
    order[:size] = np.lexsort((ordered.documents[:size], -scores[:size]))
    return Matches(ordered.documents[order], scores[order]), added[order]
