"""Matches in order by words and by meaning together."""

from __future__ import annotations

from search_app.embedded.postings.matches import Matches, Scores
from search_app.query.meaning.lifting import Fusion, fused_order, lifts
from search_app.query.meaning.nearness import F64


def fused(ordered: Matches, near: F64, fusion: Fusion = lifts) -> tuple[Matches, Scores]:
    """Return hits in order of relevance, the first `len(near)` of them lifted and put in order anew.

    And what was added to the score of each of all, float32 [M].
    """
    order, added = fused_order(ordered.scores, ordered.documents, near, fusion)
    scores = ordered.scores + added
    return Matches(ordered.documents[order], scores[order]), added[order]
