"""What the terms of one project weigh in it, worked out from its text as `reindex` did for the cluster.

For what asks about one project: its nearest ones, and the fields that a score came from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from indexer.cluster.documents import Measures
from indexer.document import Project
from indexer.storage.schema import TEXT_FIELDS
from indexer.text.analysis import normalise, tokens

# The weight of a term in each field of a project, by stem.
Weights = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Weighing:
    """Weighs the terms of projects: `measures` are those of the generation, `stem_of` gives a word its term."""

    measures: Measures
    stem_of: Callable[[str], str]

    def weights(self, project: Project) -> Weights:
        """Return the weighted, normalised frequency of each term of a project, by field."""
        placed: list[set[tuple[int, str]]] = []
        lengths = np.zeros((len(TEXT_FIELDS), 1))
        for field, name in enumerate(TEXT_FIELDS):
            words = list(tokens(normalise(getattr(project, name))))
            placed.append({(word.position, self.stem_of(word.text)) for word in words})
            lengths[field] = 1 + max((word.position for word in words), default=-1)
        norms = self.measures.norms(lengths)[:, 0].tolist()
        found: Weights = {}
        for field, terms in enumerate(placed):
            for _, stem in terms:
                found.setdefault(stem, [0.0] * len(TEXT_FIELDS))[field] += norms[field]
        return found
