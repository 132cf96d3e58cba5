"""The accepted projects in display order, and all that a segment holds of each.

Some are documents of the last generation that stay as they are: their columns are copied out of its
arrays. The others are rows of the intake. Either way a column is the same as if all had been read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.document import Project
from indexer.intake.accepting import Intake
from indexer.own_fields.extras import Extras, merged
from indexer.storage.arrays.sums import distinct
from indexer.storage.segment import I64, U64
from indexer.text.analysis import fold

Number = TypeVar("Number", bound=np.generic)


class Columns:
    """The projects of an intake in display order: newest start first, unknown last, then by id."""

    def __init__(self, intake: Intake) -> None:
        """Order what was accepted; the intake takes no more after this.

        `old` are documents of the last generation, `rows` those of the intake, both int64 and in display
        order. For each document of the new generation `is_row` (bool) tells from which of the two it comes,
        and `numbers` (int64) has its number there.
        """
        self.intake = intake
        self._earlier, self._rows = intake.earlier, intake.rows
        self._rows.end()
        # Documents of the last generation are in display order already.
        self.old = np.flatnonzero(self._earlier.held) if self._earlier else np.zeros(0, np.int64)
        self.rows = self._rows_in_order()
        self.is_row = np.zeros(len(self.old) + len(self.rows), np.bool_)
        self.is_row[self._insertions() + np.arange(len(self.rows))] = True
        self.numbers = self.merged(self.old, self.rows)

    def __len__(self) -> int:
        return len(self.is_row)

    def _rows_in_order(self) -> I64:
        ids = self._rows.ids
        alive = np.flatnonzero(np.frombuffer(bytes(self._rows.alive), np.bool_))
        by_id = np.array(sorted(alive.tolist(), key=ids.__getitem__), np.int64)
        return by_id[np.argsort(-self._of_rows(self._rows.starts)[by_id], kind="stable")]

    def _insertions(self) -> I64:
        """Return before which of the old documents each row stands."""
        if self._earlier is None or not len(self.old):
            return np.zeros(len(self.rows), np.int64)
        old, texts = self.old.tolist(), self._earlier.texts
        keys = -self._earlier.segment.start[self.old].astype(np.int64)
        wanted = -self._of_rows(self._rows.starts)[self.rows]
        bounds = zip(
            self.rows.tolist(),
            np.searchsorted(keys, wanted, "left").tolist(),
            np.searchsorted(keys, wanted, "right").tolist(),
            strict=True,
        )
        found = [
            bisect_left(old, self._rows.ids[row], low, high, key=lambda document: texts(document)[0])
            for row, low, high in bounds
        ]
        return np.array(found, np.int64)

    def _of_rows(self, values: Sequence[int]) -> I64:
        return np.array(values, np.int64)

    def merged(self, old: NDArray[Number], rows: NDArray[Any]) -> NDArray[Number]:
        """Return a column, given its values for the old documents and for the rows, in their order."""
        merged = np.empty((len(self), *old.shape[1:]), old.dtype)
        merged[~self.is_row] = old
        merged[self.is_row] = rows
        return merged

    def _column(self, name: str, rows: NDArray[Any]) -> NDArray[Any]:
        """Return a column that the segment has under `name`, given its values for all rows."""
        of_rows = rows[self.rows]
        if self._earlier is None:
            return of_rows
        values: NDArray[Any] = getattr(self._earlier.segment, name)
        return self.merged(values[self.old], of_rows)

    @cached_property
    def starts(self) -> NDArray[np.int32]:
        """The first days, int32 [documents], as in Segment."""
        return self._column("start", np.array(self._rows.starts, np.int32))

    @cached_property
    def ends(self) -> NDArray[np.int32]:
        """The last days, int32 [documents], as in Segment."""
        return self._column("end", np.array(self._rows.ends, np.int32))

    @cached_property
    def fingerprints(self) -> U64:
        """The fingerprints, uint64 [documents, 2]."""
        return self._column("fingerprints", self._rows.all_fingerprints())

    @cached_property
    def source_lines(self) -> I64:
        """The packed source line of each project, int64 [documents]; `Intake.source_line` gives the text."""
        of_rows = self._of_rows(self._rows.source_lines)[self.rows]
        return self.merged(self._earlier.source_lines[self.old], of_rows) if self._earlier else of_rows

    @cached_property
    def undescribed(self) -> NDArray[np.bool_]:
        """Whether each project has no description, bool [documents]."""
        of_rows = np.frombuffer(bytes(self._rows.undescribed), np.bool_)[self.rows]
        if self._earlier is None:
            return of_rows
        earlier = np.zeros(len(self._earlier.segment), np.bool_)
        earlier[self._earlier.ledger.undescribed] = True
        return self.merged(earlier[self.old], of_rows)

    @cached_property
    def grantees(self) -> tuple[list[str], NDArray[np.uint32]]:
        """The distinct grantees, sorted, and which of them each project has, uint32 [documents]."""
        row_names = list(self._rows.names)
        row_used, of_rows = np.unique(self._of_rows(self._rows.grantees)[self.rows], return_inverse=True)
        used = [row_names[number] for number in row_used.tolist()]
        if self._earlier is None:
            old_used, of_old = [], np.zeros(0, np.int64)
        else:
            segment = self._earlier.segment
            numbers, of_old = distinct(segment.grantee[self.old])
            old_used = segment.grantee_names.some(numbers)
        names = sorted({*used, *old_used})
        number_of = {name: number for number, name in enumerate(names)}
        old = np.array([number_of[name] for name in old_used], np.uint32)[of_old]
        rows = np.array([number_of[name] for name in used], np.uint32)[of_rows]
        return names, self.merged(old, rows)

    @cached_property
    def extras(self) -> Extras:
        """The other columns of each project."""
        rows = self._rows.extras.all().of(self.rows)
        if self._earlier is None:
            return rows.sorted_by_name()
        return merged(Extras.of_segment(self._earlier.segment).of(self.old), rows, self.is_row)

    @cached_property
    def title_ranks(self) -> NDArray[np.uint32]:
        """The ranks of the titles, equal ones sharing one, uint32 [documents]: "B", "a", "b" have 1, 0, 1."""
        titles = [fold(self._rows.titles[row]) for row in self.rows.tolist()]
        fresh = sorted(set(titles))
        number_of = {title: number for number, title in enumerate(fresh)}
        of_rows = np.array([number_of[title] for title in titles], np.int64)
        if self._earlier is None or not len(self.old):
            return of_rows.astype(np.uint32)
        # Of each title that there is, a document that has it.
        ranks, old = distinct(self._earlier.segment.title_ranks[self.old])
        examples = np.empty(len(ranks), np.int64)
        examples[old] = self.old
        places, new = self._places_among(examples.tolist(), fresh)
        # New titles push up those that they stand before, and each other.
        old += np.searchsorted(places[new], old, "right")
        ranks_of_fresh = places + np.cumsum(new) - new
        return self.merged(old, ranks_of_fresh[of_rows]).astype(np.uint32)

    def _places_among(self, examples: list[int], titles: list[str]) -> tuple[I64, NDArray[np.bool_]]:
        """Return before which of some documents, in order of titles, each title stands, and if it is new."""
        assert self._earlier is not None, "only a generation before has documents"
        texts, found = self._earlier.texts, []
        for title in titles:
            place = bisect_left(examples, title, key=lambda document: texts(document)[2])
            found.append((place, place == len(examples) or texts(examples[place])[2] != title))
        pairs = np.array(found, np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1].astype(np.bool_)

    def form(self, document: int) -> bytes:
        """Return the stored form of a project."""
        number = int(self.numbers[document])
        if self.is_row[document] or self._earlier is None:
            return self._rows.stored(number)
        return self._earlier.segment.stored[number]

    def title(self, document: int) -> str:
        """Return the title of a project."""
        number = int(self.numbers[document])
        if self.is_row[document] or self._earlier is None:
            return self._rows.titles[number]
        return self._earlier.texts(number)[1]

    def project(self, document: int) -> Project:
        """Return a project with its source line."""
        number = int(self.numbers[document])
        source_line = self.intake.source_line(int(self.source_lines[document]))
        if self.is_row[document] or self._earlier is None:
            return Project.from_stored(self._rows.stored(number), source_line)
        return replace(self._earlier.segment.project(number), source_line=source_line)


def matched(wanted: U64, fingerprints: U64) -> I64:
    """Return for each fingerprint [n, 2] the row of the same one in `fingerprints` [m, 2], int64, or -1."""
    if not len(fingerprints) or not len(wanted):
        return np.full(len(wanted), -1, np.int64)
    by_key = np.argsort(fingerprints[:, 0], kind="stable")
    found = np.searchsorted(fingerprints[by_key, 0], wanted[:, 0])
    candidates = by_key[np.minimum(found, len(fingerprints) - 1)]
    return np.where((fingerprints[candidates] == wanted).all(axis=1), candidates, -1)
