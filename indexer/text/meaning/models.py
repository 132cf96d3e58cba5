"""Which model makes the vectors: WordLlama by its name, or a folder with an exported sentence model.

`--meaning` of `reindex` and the setting SEARCH_MEANING of the server name it. Nothing is ever fetched: what
is not installed, or not in the folder, is a ModelError, which says in one line what to do. No library of a
model is imported before one is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]

# The model that needs no folder.
WORDLLAMA = "wordllama"


class ModelError(Exception):
    """A model cannot be used; the message says in one line which and what to do."""


class Model(Protocol):
    """What makes vectors of texts; `fingerprint` is another one wherever the same text gives other vectors.

    `dimensions` is how many numbers a vector has; `quick` tells that hundreds of texts take milliseconds.
    """

    name: str
    fingerprint: str
    dimensions: int
    quick: bool

    def encode(self, texts: Sequence[str]) -> F32:
        """Return the vectors of texts, float32 [texts, dimensions], of length 1, 0 for what says nothing.

        A text gives the same bytes whatever it is encoded together with.
        """
        ...


def open_model(named: str) -> Model:
    """Return the model that a setting names; raise ModelError if there is none such."""
    if named == WORDLLAMA:
        from indexer.text.meaning.word_vectors import WordVectors

        return WordVectors.installed()
    from indexer.text.meaning.sentence_folder import SentenceFolder

    return SentenceFolder.open(Path(named))


def fingerprint_of(version: str, files: Iterable[Path]) -> str:
    """Return 16 hexadecimal digits for what makes vectors: files, and the `version` of how they are used."""
    digest = hashlib.sha256(version.encode())
    for path in files:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def unit(vectors: F32) -> F32:
    """Return vectors [n, d] with the length 1 each; one of only zeros stays so."""
    # In float64: the rounding to bytes that follows must not hang on the order of a sum in float32.
    wide = vectors.astype(np.float64)
    lengths = np.sqrt(np.einsum("nd,nd->n", wide, wide))
    found: F32 = (wide / np.where(lengths > 0, lengths, 1.0)[:, None]).astype(np.float32)
    return found
