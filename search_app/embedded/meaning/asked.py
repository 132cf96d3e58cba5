"""What a search means to one segment: the order of its matches, and the projects beside them."""

from __future__ import annotations

from typing import Self

from indexer.storage.segment import Segment
from indexer.text.meaning.models import F32, Model
from search_app.embedded.meaning.fusion import fused
from search_app.embedded.postings.matches import Matches, Scores
from search_app.query.meaning import comparing
from search_app.query.meaning.lifting import POOL, Fusion, lifts


class Meaning(comparing.Meaning):
    """Vectors of one segment, and the model that made them; threads may share it."""

    def __init__(self, segment: Segment, model: Model, fusion: Fusion = lifts) -> None:
        """Compare texts with the projects of `segment`, whose vectors are of `model`."""
        super().__init__(
            segment.vectors, model, lambda rows: [segment.project(document) for document in rows], fusion
        )

    @classmethod
    def of(cls, segment: Segment, model: Model | None) -> Self | None:
        """Return the meaning of a segment; None without a model, or if its vectors are not of the model."""
        if model is None or [*segment.vector_model][1:] != [model.fingerprint]:
            return None
        return cls(segment, model)

    def fused(self, ordered: Matches, vector: F32) -> tuple[Matches, Scores]:
        """Return hits in order of relevance with the best of them in order by meaning as well.

        And what that added to the score of each, float32 [M].
        """
        near = self.nearness.of(vector, ordered.documents[:POOL])
        return fused(ordered, near, self.fusion)
