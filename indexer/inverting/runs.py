"""A run: inverted documents, the unit that a segment is merged from.

A *posting* is a term with a document and its occurrences there; an *occurrence* has a field position
(`storage.field_positions`) and is one of the words of its term.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from indexer.storage.segment import U32, Unsigned


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms and words of some documents, and how much there is of each; numbers are its own.

    `terms` [V] are texts in any order, `words` [W] are texts, those of term 0, of term 1 …, `word_terms`
    uint32 [W] the term of each, `word_documents` uint32 [W] in how many documents it stands,
    `term_postings` uint32 [V] how many postings a term has, `term_occurrences` uint32 [V] how many
    occurrences. `lengths` uint32 [fields, documents] are positions in a field, `own_lengths` uint32
    [searched, documents] those of each own field that is searched, `acronyms` sorted
    "ACRONYM<tab>expansion" texts, `mentions` uint32 [M, 2] documents and which.
    """

    terms: list[str]
    words: list[str]
    word_terms: U32
    word_documents: U32
    term_postings: U32
    term_occurrences: U32
    lengths: U32
    own_lengths: U32
    acronyms: list[str]
    mentions: U32


@dataclass(frozen=True, slots=True)
class Run(Vocabulary):
    """Inverted documents with all their postings.

    By term, document and position: `documents` uint32 [P], `counts` [P] of occurrences, `field_positions`
    uint16 or uint32 [T], `forms` [T], which of its term's words an occurrence is.
    """

    documents: U32
    counts: Unsigned
    field_positions: Unsigned
    forms: Unsigned

    def save(self, folder: Path) -> None:
        """Write the run to a new folder, for another process or to free memory."""
        folder.mkdir()
        for name in _TEXTS:
            (folder / name).write_text("".join(f"{text}\n" for text in getattr(self, name)), encoding="utf-8")
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> Run:
        """Return a saved run with its arrays mapped, not read."""
        arrays: dict[str, Any] = {
            name: (folder / name).read_text(encoding="utf-8").split("\n")[:-1] for name in _TEXTS
        }
        arrays |= {name: np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray) for name in _ARRAYS}
        return cls(**arrays)


_TEXTS = ("terms", "words", "acronyms")
_ARRAYS = tuple(one.name for one in fields(Run) if one.name not in _TEXTS)
