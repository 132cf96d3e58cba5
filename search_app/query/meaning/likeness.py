"""How alike two projects are, by the words that they share and by what they mean."""

from __future__ import annotations

import numpy as np

from search_app.query.meaning.nearness import F64

# The nearest by words, and by meaning, that are compared by both.
CANDIDATES = 50
# A project that is only alike in meaning has to be at least so near: texts of one corpus are all somewhat
# near to each other.
LEAST_ALIKE = 0.3


def together(by_words: F64, by_meaning: F64) -> F64:
    """Return the mean of nearness by words and by meaning, float64 [n] each."""
    found: F64 = (by_words + np.maximum(by_meaning, 0.0)) / 2
    return found
