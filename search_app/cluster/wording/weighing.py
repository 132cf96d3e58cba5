"""What the terms of one project weigh in it, worked out from its text as `reindex` did for the cluster.

For what asks about one project: its nearest ones, and the fields that a score came from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.cluster.turning import Measures
from indexer.document import Project
from indexer.storage.schema import OWN_TEXTS, TEXT_FIELDS
from indexer.text.analysis import normalise, tokens

# The weight of a term in each field of a project, by stem.
Weights = dict[str, list[float]]

_OWN_TEXTS = TEXT_FIELDS.index(OWN_TEXTS)


@dataclass(frozen=True, slots=True)
class Weighing:
    """Weighs the terms of projects: `measures` are its generation's, `stem_of` gives a word its term."""

    measures: Measures
    stem_of: Callable[[str], str]

    def weights(self, project: Project, own: Sequence[str] = ()) -> Weights:
        """Return the weighted, normalised frequency of each term of a project, by field.

        `own` are the texts of its own fields that are searched.
        """
        placed: list[set[tuple[int, str]]] = []
        lengths = np.zeros((len(TEXT_FIELDS), 1))
        for field, texts in enumerate(((project.title,), (project.description,), (project.grantee,), own)):
            terms: set[tuple[int, str]] = set()
            for text in texts:
                begin, end = int(lengths[field, 0]), 0
                for word in tokens(normalise(text)):
                    terms.add((begin + word.position, self.stem_of(word.text)))
                    end = max(end, word.position + 1)
                # Between two values there is a position that no phrase crosses.
                lengths[field] += end + (field == _OWN_TEXTS)
            placed.append(terms)
        norms = self.measures.norms(lengths)[:, 0].tolist()
        found: Weights = {}
        for field, terms in enumerate(placed):
            for _, stem in terms:
                found.setdefault(stem, [0.0] * len(TEXT_FIELDS))[field] += norms[field]
        return found
