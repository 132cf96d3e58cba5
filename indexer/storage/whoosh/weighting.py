"""Scoring by the precomputed impacts."""

from __future__ import annotations

from typing import Any

from whoosh import scoring
from whoosh.matching import ListMatcher


class ImpactWeighting(scoring.WeightingModel):
    """Scores a posting by its weight: in the field `text`, the BM25F impact that the service ranks with."""

    def scorer(self, searcher: Any, fieldname: str, text: Any, qf: int = 1) -> WeightScorer:  # noqa: ARG002
        """Return a scorer that hands the weight through."""
        return WeightScorer()


class WeightScorer(scoring.BaseScorer):
    """The score of a posting is its weight."""

    def supports_block_quality(self) -> bool:
        """Return False: postings are not read in blocks."""
        return False

    def score(self, matcher: ListMatcher) -> float:
        """Return the weight of the posting that a matcher stands at."""
        return float(matcher.weight())

    def max_quality(self) -> float:
        """Return infinity: no bound is known."""
        return float("inf")
