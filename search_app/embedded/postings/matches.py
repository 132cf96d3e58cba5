"""What is found, as arrays: documents with scores, and where terms stand in them.

Where a term stands is packed into one number for set operations: 32 bits for the row of the document in a
list of documents, and 32 for the field position in it (`storage.field_positions`):

    r r r ... 31 bits ... r r r | f f p p p ... 30 bits ... p p p

`Occurrences` packs and unpacks. One less is one position earlier in the same field, so a phrase is what the
packed numbers of its words have in common once each is moved back to the beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.sums import begins, changes
from search_app.embedded.postings.occurrence_starts import OccurrenceStarts

# As wide as an index has to be: NumPy would widen narrower numbers again in every pass.
Documents = NDArray[np.intp]
Scores = NDArray[np.float32]
# Rows and field positions, packed.
Packed = NDArray[np.int64]

_Number = TypeVar("_Number", bound=np.integer[Any])
_Rows = TypeVar("_Rows", int, NDArray[np.int64])

_ROW_BITS = 32
_POSITION_MASK = (1 << _ROW_BITS) - 1
# Looking each document up in a longer list is quicker than flagging all of that list from this ratio on.
SPARSE = 12


@dataclass(frozen=True, slots=True)
class Matches:
    """Matching documents intp [M], ascending, and their scores float32 [M].

    The scores of a term are `stored` as on disk, as small numbers: each times `unit` is the score. They are
    multiplied when asked for, since of a word that seldom stands with the others of a query hardly any score
    is needed. Without a `unit`, `stored` are the scores.
    """

    documents: Documents
    stored: Scores | NDArray[np.uint16]
    unit: np.float32 | None = None

    def __len__(self) -> int:
        return len(self.documents)

    @property
    def scores(self) -> Scores:
        """The scores of all matches, float32 [M]."""
        return self._times_unit(self.stored)

    def scored(self, rows: NDArray[np.intp]) -> Scores:
        """Return the scores of some of the matches, by their places among them."""
        return self._times_unit(self.stored.take(rows))

    def _times_unit(self, stored: NDArray[Any]) -> Scores:
        scores: Scores = stored if self.unit is None else stored * self.unit
        return scores

    def all_scored(self) -> Matches:
        """Return the same with all scores worked out, for whoever reads them more than once."""
        return self if self.unit is None else Matches(self.documents, self.scores)

    def boosted(self, boost: float) -> Matches:
        """Return the same documents with scores times `boost`."""
        return self if boost == 1.0 else Matches(self.documents, self.scores * np.float32(boost))

    def has(self, documents: Documents) -> NDArray[np.bool_]:
        """Tell which of a few documents match, bool [len(documents)]."""
        return in_sorted(documents, self.documents)

    def only(self, keep: NDArray[np.bool_]) -> Matches:
        """Return those of the matches that a mask [M] keeps."""
        rows = keep.nonzero()[0]
        return Matches(self.documents.take(rows), self.scored(rows))

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
    """Where terms stand: `rows` of a list of documents and `field_positions` there, int64 [T], ascending."""

    rows: NDArray[np.int64]
    field_positions: NDArray[np.int64]

    def only(self, keep: NDArray[np.bool_]) -> Occurrences:
        """Return those that a mask [T] keeps."""
        return Occurrences(self.rows.compress(keep), self.field_positions.compress(keep))

    @property
    def packed(self) -> Packed:
        """Row and field position of each occurrence as one number, ascending, int64 [T]."""
        return (self.rows << _ROW_BITS) | self.field_positions

    @classmethod
    def unpack(cls, packed: Packed) -> Occurrences:
        """Return the occurrences that `packed` gives."""
        return cls(rows_of(packed), field_positions_of(packed))


def rows_of(packed: Packed) -> NDArray[np.int64]:
    """Return the rows of packed occurrences."""
    return packed >> _ROW_BITS


def rows_on(rows: _Rows) -> _Rows:
    """Return what moves packed occurrences so many rows on when it is added to them, for one or for each."""
    return rows << _ROW_BITS


def field_positions_of(packed: Packed) -> NDArray[np.int64]:
    """Return the field positions of packed occurrences."""
    return packed & _POSITION_MASK


NOTHING = Matches(np.zeros(0, np.intp), np.zeros(0, np.float32))


def in_sorted(values: NDArray[Any], ascending: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which of `values` are in an ascending array of the same type."""
    if not len(ascending):
        return np.zeros(len(values), np.bool_)
    nearest = np.minimum(ascending.searchsorted(values), len(ascending) - 1)
    found: NDArray[np.bool_] = ascending.take(nearest) == values
    return found


def common(left: Packed, right: Packed) -> Packed:
    """Return what two ascending arrays of distinct numbers have in common: of [1, 4] and [4, 9] it is [4].

    The sort is a merge of two runs, which is what a stable sort makes of them in linear time.
    """
    merged = np.concatenate((left, right))
    merged.sort(kind="stable")
    return merged[1:].compress(merged[1:] == merged[:-1])


def common_to_all(some: Iterable[Packed]) -> Packed:
    """Return what all of some arrays have in common, as `common` does; once that is nothing, take no more."""
    made = iter(some)
    left = next(made)
    for right in made:
        if not len(left):
            break
        left = common(left, right)
    return left


def shared(documents: Documents, listed: NDArray[np.integer], size: int) -> tuple[Documents, Documents]:
    """Return the documents that two ascending lists share, as indices into each, intp [S].

    [3, 5, 9] and [5, 8, 9] give [1, 2] and [0, 2]. All documents are below `size`.
    """
    if len(documents) * SPARSE <= len(listed):
        if not len(listed):
            return np.zeros(0, np.intp), np.zeros(0, np.intp)
        nearest = np.minimum(listed.searchsorted(documents.astype(listed.dtype)), len(listed) - 1)
        rows = (listed.take(nearest) == documents).nonzero()[0]
        return rows, nearest.take(rows)
    wanted = np.zeros(size, np.bool_)
    wanted[documents] = True
    columns = wanted.take(listed).nonzero()[0]
    if len(columns) == len(documents):
        return np.arange(len(documents)), columns
    found = listed.take(columns)
    if len(columns) * SPARSE <= len(documents):
        return documents.searchsorted(found.astype(documents.dtype)), columns
    wanted[documents] = False
    wanted[found] = True
    return wanted.take(documents).nonzero()[0], columns


@dataclass(frozen=True, slots=True)
class PostingList:
    """The postings of one term, n of them, and the arrays of the whole index in which they stand.

    `documents` [n] has the documents, ascending; `first` is the number of the first of the postings among all
    of the index. For each posting of the index `counts` has how many occurrences it has, and `starts` where
    these begin in `field_positions`, which has all occurrences. `size` is the number of all documents.
    """

    documents: Documents
    first: int
    counts: NDArray[np.unsignedinteger[Any]]
    starts: OccurrenceStarts
    field_positions: NDArray[np.unsignedinteger[Any]]
    size: int


@dataclass(frozen=True, slots=True)
class Sampled:
    """The occurrences of terms in the first documents looked at: how many those are, the numbers by term."""

    documents: int
    slots: Mapping[int, NDArray[np.intp]]


def standing(lists: Sequence[PostingList], documents: Documents) -> list[Occurrences]:
    """Return where each of some terms stands in ascending `documents`, by row of that list."""
    rows, slots, bounds = slots_of(lists, documents)
    field_positions = lists[0].field_positions.take(slots).astype(np.int64)
    return [Occurrences(rows[begin:end], field_positions[begin:end]) for begin, end in pairwise(bounds)]


def slots_of(
    lists: Sequence[PostingList], documents: Documents
) -> tuple[NDArray[np.int64], NDArray[np.intp], list[int]]:
    """Return the occurrences that terms have in ascending `documents`, term by term, in three lists.

    These are the row of each (1 for document 4 of [2, 4]), its number among all occurrences of the index,
    and where the occurrences of each term begin, with their total at the end. All terms go through each pass
    together: there are few documents, and each pass has its price.
    """
    return slots_at(lists, [shared(documents, one.documents, one.size) for one in lists])


def slots_at(
    lists: Sequence[PostingList], found: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]]
) -> tuple[NDArray[np.int64], NDArray[np.intp], list[int]]:
    """Return the same as `slots_of`, given what `shared` has `found` for each term."""
    postings = [places + one.first for one, (_, places) in zip(lists, found, strict=True)]
    counts = lists[0].counts.take(np.concatenate(postings))
    starts = lists[0].starts.of_each(postings)
    rows = np.concatenate([rows for rows, _ in found]).repeat(counts)
    totals = begins(counts)
    slots = np.arange(totals[-1]) + (starts - totals[:-1]).repeat(counts)
    return rows, slots, totals.take([0, *accumulate(map(len, postings))]).tolist()


def united(lists: Sequence[NDArray[_Number]]) -> NDArray[_Number]:
    """Return what is in any of several ascending lists: of [1, 4] and [2, 4] it is [1, 2, 4]."""
    if len(lists) == 1:
        return lists[0]
    merged = np.concatenate(lists)
    merged.sort(kind="stable")
    return without_repeats(merged)


def without_repeats(ascending: NDArray[_Number]) -> NDArray[_Number]:
    """Return each number of ascending ones once: of [1, 2, 2] it is [1, 2]."""
    return ascending.compress(changes(ascending))
