"""When each document was first seen and last changed, as far as the history of the index knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.storage.history.moments import UNKNOWN_MOMENT, When, days_of, time_of
from indexer.storage.segment import I64
from search_app.facets.specs import Documents

# Pairs of moments kept as times: a history has one for each run that saw something new.
_CACHED_TIMES = 1_024


@dataclass(frozen=True, eq=False)
class Seen:
    """Moments of each of N documents, of which `read` gives those of both kinds when first asked for."""

    read: Callable[[], tuple[I64, I64]]

    @classmethod
    def never(cls, size: int) -> Self:
        """Return what is known where there is no history: nothing."""
        return cls(lambda: (np.full(size, UNKNOWN_MOMENT), np.full(size, UNKNOWN_MOMENT)))

    @cached_property
    def _moments(self) -> tuple[I64, I64]:
        return self.read()

    @cached_property
    def first(self) -> I64:
        """When each document was first seen, int64 [N], 0 where that is not known."""
        return self._moments[0]

    @cached_property
    def changed(self) -> I64:
        """When each document last changed, int64 [N], 0 where that is not known."""
        return self._moments[1]

    @cached_property
    def first_days(self) -> NDArray[np.int32]:
        """The days on which documents were first seen, int32 [N]."""
        return days_of(self.first)

    @cached_property
    def changed_days(self) -> NDArray[np.int32]:
        """The days on which documents last changed, int32 [N]."""
        return days_of(self.changed)

    def of(self, document: int) -> When:
        """Return what is known of a document."""
        return _when(self.first.item(document), self.changed.item(document))

    def of_all(self, documents: Documents) -> list[When]:
        """Return what is known of each of some documents."""
        first, changed = self.first.take(documents), self.changed.take(documents)
        return [*map(_when, first.tolist(), changed.tolist())]


@lru_cache(_CACHED_TIMES)
def _when(first: int, changed: int) -> When:
    return When(time_of(first), time_of(changed))
