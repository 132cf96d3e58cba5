"""What the corpus still holds of the last generation, known by its raw records alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.intake.ledger import Ledger
from indexer.storage.segment import I64, Segment, id_hashes
from indexer.text.analysis import fold

Flags = NDArray[np.bool_]


@dataclass(slots=True)
class Earlier:
    """The N documents of the last segment, and what the corpus says of them now.

    `held` bool [N] is set where the corpus still has a document as it was, and `source_lines` int64 [N] tells
    where. `replaced` bool [N] is set where another record has the id of a document.
    """

    segment: Segment
    ledger: Ledger
    held: Flags = field(init=False)
    replaced: Flags = field(init=False)
    source_lines: I64 = field(init=False)
    _texts: dict[int, tuple[str, str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with nothing held."""
        self.held = np.zeros(len(self.segment), np.bool_)
        self.replaced = np.zeros(len(self.segment), np.bool_)
        self.source_lines = np.full(len(self.segment), -1, np.int64)

    def hold(self, documents: I64, source_lines: I64) -> int:
        """Hold documents, none of them replaced, at the first line of each; return how many were held."""
        if not self.held[documents].any():
            self.source_lines[documents] = source_lines
            if np.array_equal(self.source_lines[documents], source_lines):
                self.held[documents] = True
                return 0
        new = ~self.held[documents]
        firsts, where = np.unique(documents[new], return_index=True)
        self.held[firsts] = True
        self.source_lines[firsts] = source_lines[new][where]
        return len(documents) - len(firsts)

    def documents_of(self, project_ids: Sequence[str]) -> I64:
        """Return the document with the hash of each id, int64 [ids], -1 where there is none."""
        known = self.segment.id_hashes
        hashes = id_hashes(project_ids)
        if not len(known):
            return np.full(len(hashes), -1, np.int64)
        nearest = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
        return np.where(known[nearest] == hashes, self.segment.id_documents[nearest].astype(np.int64), -1)

    def is_same(self, documents: I64, fingerprints: bytes) -> Flags:
        """Return whether documents, -1 for none, have these fingerprints and are not replaced, bool [n]."""
        wanted = np.frombuffer(fingerprints, "<u8").reshape(-1, 2)
        if not len(self.segment):
            return np.zeros(len(documents), np.bool_)
        same: Flags = (self.segment.fingerprints[documents] == wanted).all(axis=1)
        return same & (documents >= 0) & ~self.replaced[documents]

    def fingerprint(self, document: int) -> bytes:
        """Return the fingerprint of a document."""
        fingerprint: bytes = self.segment.fingerprints[document].tobytes()
        return fingerprint

    def texts(self, document: int) -> tuple[str, str, str]:
        """Return id, title and folded title of a document; they are cached for searches that ask again."""
        found = self._texts.get(document)
        if found is None:
            project_id, title, *_ = orjson.loads(self.segment.stored[document])
            found = self._texts[document] = (project_id, title, fold(title))
        return found
