"""The records of a run that were not taken: all of them on disk, the first of them in memory, counted.

A file may be nothing but records of a megabyte that cannot be taken; what a run says of them may not take
more memory for that.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO

import orjson

from indexer.document import Rejection
from indexer.reporting.report import LISTED_REJECTIONS, REJECTED_EXCERPT

# Reasons that are counted each for itself: some name the value, and no two of those are the same.
_DISTINCT_REASONS = 1_000
_OTHER_REASONS = "other reasons"
# In the reason of a rejection, where the end is before the start.
REVERSED = "is before start date"
_EXAMPLES = 3


class Rejections:
    """The rejections of a run, in their order; to iterate gives those in memory, their texts cut."""

    def __init__(self, spill: BinaryIO | None = None) -> None:
        """Begin with none; whole ones go to `spill`, in memory if none is given."""
        self._spill = spill or io.BytesIO()
        self._first: list[Rejection] = []
        self.count = 0
        self.reasons: Counter[str] = Counter()
        self.reversed_count = 0
        self.reversed_places: list[str] = []

    def __iter__(self) -> Iterator[Rejection]:
        return iter(self._first)

    def __len__(self) -> int:
        return self.count

    def add(self, rejection: Rejection) -> None:
        """Count a rejection and keep it."""
        self.count += 1
        self._spill.write(orjson.dumps(rejection, option=orjson.OPT_APPEND_NEWLINE))
        if len(self._first) < LISTED_REJECTIONS:
            self._first.append(replace(rejection, text=rejection.text[:REJECTED_EXCERPT]))
        known = rejection.reason in self.reasons or len(self.reasons) < _DISTINCT_REASONS
        self.reasons[rejection.reason if known else _OTHER_REASONS] += 1
        if REVERSED in rejection.reason:
            self.reversed_count += 1
            self.reversed_places += [f"{rejection.path}:{rejection.line}"][
                : _EXAMPLES - len(self.reversed_places)
            ]

    def extend(self, rejections: Iterable[Rejection]) -> None:
        """Add each of several rejections."""
        for rejection in rejections:
            self.add(rejection)

    def write(self, path: Path) -> None:
        """Write all rejections, whole, a line of JSON each."""
        self._spill.seek(0)
        with path.open("xb") as file:
            copyfileobj(self._spill, file)
