"""What is found, as arrays: documents with scores, and the places where terms stand in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.storage.segment import begins

# As wide as an index has to be: NumPy would widen narrower numbers again in every pass.
Documents = NDArray[np.intp]
Scores = NDArray[np.float32]
Keys = NDArray[np.int64]

_Number = TypeVar("_Number", bound=np.integer[Any])

# The low half of a key.
PLACE_MASK = 0xFFFFFFFF
# Looking each document up in a longer list beats marking all of that list from this ratio on.
SPARSE = 12


@dataclass(frozen=True, slots=True)
class Matches:
    """Matching documents intp [M], ascending, and their scores float32 [M]."""

    documents: Documents
    scores: Scores

    def __len__(self) -> int:
        return len(self.documents)

    def boosted(self, boost: float) -> Matches:
        """Return the same documents with scores times `boost`."""
        return self if boost == 1.0 else Matches(self.documents, self.scores * np.float32(boost))

    def has(self, documents: Documents) -> NDArray[np.bool_]:
        """Tell which of a few documents match, bool [len(documents)]."""
        return in_sorted(documents, self.documents)

    def only(self, keep: NDArray[np.bool_]) -> Matches:
        """Return those of the matches that a mask [M] keeps."""
        rows = keep.nonzero()[0]
        return Matches(self.documents.take(rows), self.scores.take(rows))

    def plus(self, scores: Scores) -> Matches:
        """Return the same documents with other scores [M] added to theirs."""
        return Matches(self.documents, self.scores + scores)

    def followed_by(self, other: Matches) -> Matches:
        """Return these matches, then those of `other`."""
        return Matches(
            np.concatenate((self.documents, other.documents)), np.concatenate((self.scores, other.scores))
        )


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where terms stand: row of a document list int64 [T] and place [T], both ascending."""

    rows: NDArray[np.int64]
    field_positions: NDArray[np.int64]

    def only(self, keep: NDArray[np.bool_]) -> Occurrences:
        """Return those that a mask [T] keeps."""
        return Occurrences(self.rows.compress(keep), self.field_positions.compress(keep))

    @property
    def keys(self) -> Keys:
        """Row << 32 | place of each occurrence, ascending, int64 [T]."""
        return (self.rows << 32) | self.field_positions


NOTHING = Matches(np.zeros(0, np.intp), np.zeros(0, np.float32))


def in_sorted(values: NDArray[Any], ascending: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which of `values` are in an ascending array of the same type."""
    if not len(ascending):
        return np.zeros(len(values), np.bool_)
    field_positions = np.minimum(ascending.searchsorted(values), len(ascending) - 1)
    found: NDArray[np.bool_] = ascending.take(field_positions) == values
    return found


def common(left: Keys, right: Keys) -> Keys:
    """Return what two ascending arrays of different keys have in common, ascending.

    The sort is a merge of two runs, which is what a stable sort makes of them in linear time.
    """
    merged = np.concatenate((left, right))
    merged.sort(kind="stable")
    return merged[1:].compress(merged[1:] == merged[:-1])


def shared(documents: Documents, listed: NDArray[np.integer], size: int) -> tuple[Documents, Documents]:
    """Return where two ascending lists of documents below `size` meet, as places in each, intp [S]."""
    if len(documents) * SPARSE <= len(listed):
        if not len(listed):
            return np.zeros(0, np.intp), np.zeros(0, np.intp)
        field_positions = np.minimum(listed.searchsorted(documents.astype(listed.dtype)), len(listed) - 1)
        rows = (listed.take(field_positions) == documents).nonzero()[0]
        return rows, field_positions.take(rows)
    wanted = np.zeros(size, np.bool_)
    wanted[documents] = True
    field_positions = wanted.take(listed).nonzero()[0]
    if len(field_positions) == len(documents):
        return np.arange(len(documents)), field_positions
    wanted[documents] = False
    wanted[listed.take(field_positions)] = True
    return wanted.take(documents).nonzero()[0], field_positions


@dataclass(frozen=True, slots=True)
class PostingList:
    """The postings of one term: documents [n], ascending, counts [n], and where their occurrences end [n].

    `field_positions` are those of all terms, `size` is the number of all documents.
    """

    documents: NDArray[np.uint32]
    counts: NDArray[np.unsignedinteger[Any]]
    ends: NDArray[np.int64]
    field_positions: NDArray[np.unsignedinteger[Any]]
    size: int


def standing(lists: Sequence[PostingList], documents: Documents) -> list[Occurrences]:
    """Return where each of some terms stands in ascending `documents`, by row of that list."""
    rows, slots, bounds = slots_of(lists, documents)
    field_positions = lists[0].field_positions.take(slots).astype(np.int64)
    return [Occurrences(rows[begin:end], field_positions[begin:end]) for begin, end in pairwise(bounds)]


def slots_of(
    lists: Sequence[PostingList], documents: Documents
) -> tuple[NDArray[np.int64], NDArray[np.intp], list[int]]:
    """Return row and number of each occurrence that terms have in ascending `documents`, term by term.

    And where those of each term begin, with their total. All terms go through the passes together: there
    are few documents, and each pass has its price.
    """
    met = [shared(documents, one.documents, one.size) for one in lists]
    posted = [(one, postings) for one, (_, postings) in zip(lists, met, strict=True)]
    counts = np.concatenate([one.counts.take(postings) for one, postings in posted])
    ends = np.concatenate([one.ends.take(postings) for one, postings in posted])
    rows = np.concatenate([rows for rows, _ in met]).repeat(counts)
    totals = begins(counts)
    # Each posting's occurrences end where they end among all; its last is the last of its total.
    slots = np.arange(totals[-1]) + (ends - totals[1:]).repeat(counts)
    return rows, slots, totals.take([0, *accumulate(len(postings) for _, postings in met)]).tolist()


def united(lists: Sequence[NDArray[_Number]]) -> NDArray[_Number]:
    """Return what is in any of several ascending lists, ascending."""
    if len(lists) == 1:
        return lists[0]
    keys = np.concatenate(lists)
    keys.sort(kind="stable")
    first = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys.compress(first)
