"""The orders that hits may be shown in: total, unknown values last both ways, ties by display order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.storage.days import UNKNOWN_DAY
from indexer.storage.own_fields import OwnField, of_type
from indexer.storage.segment import I64, Segment
from indexer.text.analysis import fold
from search_app.embedded.matching.bonuses import Bonuses
from search_app.embedded.matching.ranking import best, smallest_keys
from search_app.embedded.postings.matches import Documents, Matches
from search_app.facets.seen import Seen
from search_app.request import Sort


class Ordering:
    """Puts the matches of one segment in order."""

    def __init__(self, segment: Segment, declared: Sequence[OwnField] = (), seen: Seen | None = None) -> None:
        """Order documents of `segment`, whose own fields are `declared`, and which were first `seen` when."""
        self._segment = segment
        self._seen = seen or Seen.never(len(segment))
        self._measured = [one.name for one in of_type(declared, "money", "number")]
        self._dated = [one.name for one in of_type(declared, "date")]

    def first(self, matches: Matches, order: Sort, size: int, bonuses: Bonuses) -> Matches:
        """Return the first `size` matches in an order, with the bonuses in their scores."""
        if order == "relevance":
            return best(matches, bonuses, size)
        # Documents are numbered newest start first.
        newest_first = order == "-start_date"
        rows = slice(size) if newest_first else smallest_keys(self._keys(order, matches.documents), size)
        documents, scores = matches.documents[rows], matches.scores[rows]
        if not bonuses.bound:
            return Matches(documents, scores)
        ascending = np.argsort(documents)
        extra = np.empty(len(documents), np.float32)
        extra[ascending] = bonuses.of(documents[ascending])
        return Matches(documents, scores + extra)

    def _keys(self, order: Sort, documents: Documents) -> I64 | NDArray[np.float64]:
        """Return keys that ascend in an order, the highest for unknown values."""
        segment = self._segment
        name = order.removeprefix("-")
        if name in self._measured:
            numbers = segment.own_numbers[self._measured.index(name)].take(documents)
            return np.where(np.isnan(numbers), np.inf, -numbers if order != name else numbers)
        if order == "title":
            return segment.title_ranks[documents].astype(np.int64)
        if order == "grantee":
            return self._grantee_ranks[segment.grantee[documents]]
        if name in ("added", "changed"):
            moments = (self._seen.first if name == "added" else self._seen.changed).take(documents)
            return np.where(moments, -moments if order != name else moments, np.iinfo(np.int64).max)
        days = self._days(name).take(documents).astype(np.int64)
        return np.where(days == UNKNOWN_DAY, np.iinfo(np.int64).max, -days if order != name else days)

    def _days(self, name: str) -> NDArray[np.int32]:
        if name in self._dated:
            days: NDArray[np.int32] = self._segment.own_days[self._dated.index(name)]
            return days
        return self._segment.start if name == "start_date" else self._segment.end

    @cached_property
    def _grantee_ranks(self) -> I64:
        """The rank of each grantee from A to Z without regard to case and accents, int64 [G]."""
        names = list(self._segment.grantee_names)
        by_name = sorted(range(len(names)), key=lambda number: (not names[number], fold(names[number])))
        ranks = np.empty(len(names), np.int64)
        ranks[by_name] = np.arange(len(names))
        return ranks
