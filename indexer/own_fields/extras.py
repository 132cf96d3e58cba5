"""The other columns of each project: which it has, and the signature of each text (`own_fields.kinds`).

From these alone the fields of a corpus are recognised, so that no text of an unchanged project is read again.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from indexer.own_fields.column_types import Column
from indexer.own_fields.kinds import HASH_BITS, Kind, signature
from indexer.storage.arrays.slices import ragged
from indexer.storage.arrays.sums import begins
from indexer.storage.segment import I64, U32, Segment

_KIND_BITS = 5


@dataclass(slots=True)
class ExtraRows:
    """The extras of rows as they are read, end to end: how many each row has, and of each column and text."""

    names: dict[str, int] = field(default_factory=dict)
    counts: array[int] = field(default_factory=lambda: array("I"))
    columns: array[int] = field(default_factory=lambda: array("I"))
    signatures: array[int] = field(default_factory=lambda: array("I"))

    def extend(self, extras: Sequence[tuple[tuple[str, str], ...]]) -> None:
        """Add the extras of rows."""
        if not any(extras):
            # Most sources have none at all.
            self.counts.frombytes(bytes(self.counts.itemsize * len(extras)))
            return
        known = self.names
        names, texts = zip(*chain.from_iterable(extras), strict=True)
        self.counts.extend(map(len, extras))
        self.columns.extend([known.setdefault(name, len(known)) for name in names])
        self.signatures.extend(map(signature, texts))

    def all(self) -> Extras:
        """Return them as arrays."""
        return Extras(
            list(self.names), begins(np.array(self.counts, np.int64)), np.array(self.columns, np.uint32),
            np.array(self.signatures, np.uint32),
        )  # fmt: skip


@dataclass(frozen=True)
class Extras:
    """The extras of N projects: names of columns, `starts` int64 [N + 1], and for each of E extras its column
    and signature, uint32 [E], those of a project in the order of its source.
    """  # noqa: D205

    names: list[str]
    starts: I64
    columns: U32
    signatures: U32

    @classmethod
    def of_segment(cls, segment: Segment) -> Extras:
        """Return those of a segment."""
        return cls(
            list(segment.extra_names),
            segment.extra_starts.astype(np.int64),
            segment.extra_columns.astype(np.uint32),
            segment.extra_signatures,
        )

    def of(self, documents: I64) -> Extras:
        """Return those of some projects, in that order."""
        counts = np.diff(self.starts)[documents]
        entries = ragged(self.starts[documents], counts)
        return Extras(self.names, begins(counts), self.columns[entries], self.signatures[entries])

    def sorted_by_name(self) -> Extras:
        """Return the same with its columns in the order of their names, without those that nobody has."""
        used = np.flatnonzero(np.bincount(self.columns, minlength=len(self.names))).tolist()
        order = sorted(used, key=self.names.__getitem__)
        number_of = np.zeros(len(self.names), np.uint32)
        number_of[order] = np.arange(len(order), dtype=np.uint32)
        names = [self.names[number] for number in order]
        return Extras(names, self.starts, number_of[self.columns], self.signatures)

    @cached_property
    def projects(self) -> I64:
        """The project that each extra is of, int64 [E]."""
        return np.arange(len(self.starts) - 1).repeat(np.diff(self.starts))

    @property
    def kinds(self) -> NDArray[np.uint32]:
        """The kind of each text, uint32 [E]."""
        return self.signatures >> np.uint32(HASH_BITS)

    def described(self) -> list[Column]:
        """Return what there is in each column, in the order of `names`."""
        size = len(self.names)
        kinds = np.bincount(
            self.columns.astype(np.int64) << _KIND_BITS | self.kinds, minlength=size << _KIND_BITS
        ).reshape(size, 1 << _KIND_BITS)
        told = self.kinds != Kind.NOTHING
        distinct = np.unique(self.columns[told].astype(np.int64) << 32 | self.signatures[told]) >> 32
        differing = np.bincount(distinct, minlength=size).tolist()
        return [
            Column(name, number, {kind: count for kind in Kind if (count := counts[kind])}, differing[number])
            for number, (name, counts) in enumerate(zip(self.names, kinds.tolist(), strict=True))
        ]

    def together(self, one: Column, other: Column) -> bool:
        """Return whether a project has both of two columns."""
        projects = [self.projects[self.columns == column.number] for column in (one, other)]
        return bool(np.intersect1d(*projects).size)


def merged(kept: Extras, rows: Extras, is_row: NDArray[np.bool_]) -> Extras:
    """Return the extras of kept documents and of rows as one, in display order, columns by name."""
    number_of = {name: number for number, name in enumerate(dict.fromkeys((*kept.names, *rows.names)))}
    renumbered = np.array([number_of[name] for name in rows.names], np.uint32)
    counts = np.empty(len(is_row), np.int64)
    counts[~is_row], counts[is_row] = np.diff(kept.starts), np.diff(rows.starts)
    of_rows = is_row.repeat(counts)
    columns, signatures = np.empty(len(of_rows), np.uint32), np.empty(len(of_rows), np.uint32)
    columns[~of_rows] = kept.columns
    columns[of_rows] = renumbered[rows.columns] if len(renumbered) else rows.columns
    signatures[~of_rows], signatures[of_rows] = kept.signatures, rows.signatures
    return Extras(list(number_of), begins(counts), columns, signatures).sorted_by_name()
