"""How alike two projects are, by the words that they share and by what they mean."""

from __future__ import annotations

import numpy as np

from search_app.query.meaning.nearness import F64

# The nearest by words, and by meaning, that are compared by both.
CANDIDATES = 50
# What is less alike in meaning alone has nothing to do with a project: texts of one corpus are near anyway.
LEAST_ALIKE = 0.3


def together(by_words: F64, by_meaning: F64) -> F64:
    """Return the mean of nearness by words and by meaning, float64 [n] each."""
    found: F64 = (by_words + np.maximum(by_meaning, 0.0)) / 2
    return found
