"""A run: inverted documents, the unit that a segment is merged from.

An *occurrence* is a word at a position of a document. Its place is one number,
`field << FIELD_SHIFT | position`, so that the places of a document ascend through its fields and no
two fields ever touch. A *posting* is a term with a document and its run of occurrences.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

U32 = NDArray[np.uint32]

# Places in memory: 2 bits of field and 30 of position; a record of 1 MB has fewer than 2^20 tokens.
FIELD_SHIFT = 30
POSITION_MASK = (1 << FIELD_SHIFT) - 1


@dataclass(frozen=True, slots=True)
class Run:
    """Inverted documents; terms and words have numbers of the run's own, in any order.

    `terms` [V] and `words` [W] are texts, `word_terms` uint32 [W] the term of each word,
    `word_documents` uint32 [W] in how many documents it stands, `term_postings` uint32 [V] how many
    postings a term has, `documents` uint32 [P] their document numbers (by term, ascending), `counts`
    uint32 [P] their occurrences, `places` uint32 [T] and `occurrences` uint32 [T] where those stand
    and which words they are, `lengths` uint32 [fields, documents] positions in a field of a document,
    `acronyms` sorted "ACRONYM<tab>expansion" texts, `mentions` uint32 [M, 2] documents and which of them.
    """

    terms: list[str]
    words: list[str]
    word_terms: U32
    word_documents: U32
    term_postings: U32
    documents: U32
    counts: U32
    places: U32
    occurrences: U32
    lengths: U32
    acronyms: list[str]
    mentions: U32

    def save(self, folder: Path) -> None:
        """Write the run to a new folder, for another process or to free memory."""
        folder.mkdir()
        for name in _TEXTS:
            (folder / name).write_text("\n".join(getattr(self, name)), encoding="utf-8")
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> Run:
        """Return a saved run with its arrays mapped, not read."""
        parts: dict[str, Any] = {
            name: (folder / name).read_text(encoding="utf-8").splitlines() for name in _TEXTS
        }
        parts |= {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        return cls(**parts)


_TEXTS = ("terms", "words", "acronyms")
_ARRAYS = tuple(one.name for one in fields(Run) if one.name not in _TEXTS)


def documents_per_word(words: U32, counts: U32, documents: U32, size: int) -> U32:
    """Return in how many documents each word stands, uint32 [size].

    `words` [T] are those of the occurrences of the postings whose `counts` [P] and `documents` [P]
    are given; a word is met in a document through the postings of one term only.
    """
    single = np.repeat(counts == 1, counts)
    once = np.bincount(words[single], minlength=size)
    several = words[~single].astype(np.uint64) << np.uint64(32)
    several |= np.repeat(documents, counts)[~single].astype(np.uint64)
    several.sort()
    repeated = (several[changes(several)] >> np.uint64(32)).astype(np.int64)
    return (once + np.bincount(repeated, minlength=size)).astype(np.uint32)


def ragged(starts: NDArray[np.integer], counts: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the indices of slices laid end to end: `starts[i] .. starts[i] + counts[i]` for each i."""
    ends = np.cumsum(counts, dtype=np.int64)
    shifts = starts.astype(np.int64) - (ends - counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total, dtype=np.int64) + np.repeat(shifts, counts)


def changes(values: U32 | NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Tell where a value differs from the one before; the first does, bool [len(values)]."""
    return np.concatenate(([True], values[1:] != values[:-1])) if len(values) else np.zeros(0, np.bool_)
