"""A model of meaning for tests that needs no library: the letters of a text, counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.text.meaning import models, vectors

LETTERS = "letters"


class Letters:
    """Counts the letters of a text; `encoded` counts the texts."""

    name = LETTERS
    dimensions = 26
    quick = True

    def __init__(self, fingerprint: str = "0123456789abcdef") -> None:
        """Begin with nothing encoded."""
        self.fingerprint = fingerprint
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> models.F32:
        """Return how often each letter from a to z is in each text, as directions."""
        self.encoded += len(texts)
        counts = [[text.lower().count(chr(ord("a") + one)) for one in range(26)] for text in texts]
        return models.unit(np.array(counts, np.float32).reshape(len(texts), 26))


def counting(fingerprint: str = "0123456789abcdef") -> Letters:
    """Return the model."""
    return Letters(fingerprint)


def named(monkeypatch, name: str, **given: str) -> Letters:
    """Have a setting of this name mean the model, and return it."""
    model = counting(**given)
    whole = models.open_model
    monkeypatch.setattr(vectors, "open_model", lambda other: model if other == name else whole(other))
    return model
