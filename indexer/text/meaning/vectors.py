"""The vectors of projects: one row of bytes each, encoded once and taken over while a project stays as it is.

The largest number of a row is 127 or -127, whatever the length of the vector was: what is compared are
directions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.text.meaning.models import F32, Model, ModelError, open_model

I8 = NDArray[np.int8]
I64 = NDArray[np.int64]
Progress = Callable[[str, int, int | None], None]

LARGEST = 127
# Projects that are encoded at once, and rows that are taken over at once.
BATCH = 1_000


def as_bytes(vectors: F32) -> I8:
    """Return vectors float32 [n, d] as int8 [n, d], the largest number of each row as 127 or -127."""
    largest = np.abs(vectors).max(axis=1, initial=0.0, keepdims=True)
    scale = LARGEST / np.where(largest > 0, largest, 1.0).astype(np.float64)
    found: I8 = np.rint(vectors * scale).astype(np.int8)
    return found


def text_of(title: str, description: str) -> str:
    """Return what is encoded of a project."""
    return f"{title}. {description}"


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors that a build gives its projects: of a model, or of none; `warnings` say why of none."""

    model: Model | None = None
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, named: str) -> Self:
        """Return those of the model that a setting names, "" for none; a model that fails is a warning."""
        try:
            return cls(open_model(named) if named else None)
        except ModelError as error:
            return cls(None, (f"{error}; the index has no vectors, and is searched by words alone",))

    @property
    def lines(self) -> list[str]:
        """What a generation says of them: name and fingerprint of the model, or nothing."""
        return [self.model.name, self.model.fingerprint] if self.model else []

    @property
    def dimensions(self) -> int:
        """How many numbers each has, 0 without a model."""
        return self.model.dimensions if self.model else 0

    def fill(
        self,
        found: I8,
        prior: tuple[I8, I64] | None,
        texts: Callable[[I64], Iterable[tuple[str, str, str, object]]],
        progress: Progress,
    ) -> None:
        """Fill `found` int8 [documents, dimensions]: from `prior` what stays; other projects are encoded.

        `prior` has vectors of this model, int8 [old documents, dimensions], and the number that each has now,
        int64 [old documents], -1 where the document is gone or changed. `texts` gives title, description
        and others of documents.
        """
        fresh = np.ones(len(found), np.bool_)
        if prior is not None:
            stays = np.flatnonzero(prior[1] >= 0)
            for first in range(0, len(stays), BATCH):
                rows = stays[first : first + BATCH]
                found[prior[1][rows]] = prior[0][rows]
            fresh[prior[1][stays]] = False
        if self.model is None:
            return
        documents = np.flatnonzero(fresh)
        for first in range(0, len(documents), BATCH):
            progress("encoding", first, len(documents))
            rows = documents[first : first + BATCH]
            found[rows] = as_bytes(
                self.model.encode([text_of(title, said) for title, said, *_ in texts(rows)])
            )


NO_VECTORS = Vectors()
