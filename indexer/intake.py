"""Takes in what the readers yield: one project per identity, spilled to disk, ready to be ordered.

Only what decides the order and the columns stays in memory; the stored forms go to a spill file, so
that a corpus may be larger than memory.
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from indexer.aliases import Aliases
from indexer.analysis import fold
from indexer.document import Project, Rejection, fingerprint
from indexer.segment import UNKNOWN_DAY, SegmentWriter, id_hash

EPOCH = 719_163  # date(1970, 1, 1).toordinal()
# Told once each; a corpus that is all conflicts needs to be looked at, not listed.
MAX_WARNINGS = 1_000
# How often progress is told, in projects.
PROGRESS_STEP = 2_000
# The name of the extra column that keeps a grantee as its source wrote it.
GRANTEE_AS_WRITTEN = "Grantee as written"


@dataclass(slots=True)
class Intake:
    """The projects of a corpus in reading order, and what was said about the rest."""

    spill: BinaryIO
    aliases: Aliases = field(default_factory=Aliases)
    projects: dict[str, int] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    grantees: list[str] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("i"))
    ends: array[int] = field(default_factory=lambda: array("i"))
    fingerprints: list[bytes] = field(default_factory=list)
    offsets: array[int] = field(default_factory=lambda: array("Q"))
    sizes: array[int] = field(default_factory=lambda: array("I"))
    rejected: list[Rejection] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    duplicates: int = 0
    _position: int = 0

    def take_all(self, found: Iterable[Project | Rejection], progress: Callable[[int], None]) -> None:
        """Take every record; `progress` is told how many have been read."""
        for number, record in enumerate(found, 1):
            if isinstance(record, Rejection):
                self.rejected.append(record)
            else:
                self.take(record)
            if not number % PROGRESS_STEP:
                progress(number)

    def take(self, project: Project) -> None:
        """Take one project; the same again is dropped, another with the same id replaces the earlier."""
        project = self._canonical(project) if self.aliases else project
        stored = project.stored()
        # The other names of its grantee are indexed with a project: they are part of what may change.
        mark = fingerprint(stored + self.aliases.other_names.get(project.grantee, "").encode())
        number = self.projects.setdefault(project.id, len(self.places))
        if number == len(self.places):
            self._append(project, mark)
        elif self.fingerprints[number] == mark:
            self.duplicates += 1
            return
        else:
            self.warn(
                f"{project.place}: another project {project.id!r} stands at {self.places[number]}; "
                "the later one was taken"
            )
            self._replace(number, project, mark)
        self.spill.write(stored)
        self.offsets[number], self.sizes[number] = self._position, len(stored)
        self._position += len(stored)

    def _canonical(self, project: Project) -> Project:
        canonical = self.aliases.get(fold(project.grantee), project.grantee)
        if canonical == project.grantee:
            return project
        written = (GRANTEE_AS_WRITTEN, project.grantee)
        return replace(project, grantee=canonical, extra=(*project.extra, written))

    def _append(self, project: Project, mark: bytes) -> None:
        self.places.append(project.place)
        self.titles.append(project.title)
        self.grantees.append(project.grantee)
        self.starts.append(_day(project.start))
        self.ends.append(_day(project.end))
        self.fingerprints.append(mark)
        self.offsets.append(0)
        self.sizes.append(0)

    def _replace(self, number: int, project: Project, mark: bytes) -> None:
        self.places[number], self.titles[number] = project.place, project.title
        self.grantees[number], self.fingerprints[number] = project.grantee, mark
        self.starts[number], self.ends[number] = _day(project.start), _day(project.end)

    def warn(self, warning: str) -> None:
        """Keep a warning for the report."""
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(warning)

    def display_order(self) -> NDArray[np.intp]:
        """Return record numbers in display order: newest start first, unknown last, then by id."""
        ids = list(self.projects)
        by_id = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.intp)
        newest_first = -np.array(self.starts, np.int64)[by_id]
        return by_id[np.argsort(newest_first, kind="stable")]

    def marks(self) -> NDArray[np.uint64]:
        """Return the fingerprints in reading order, uint64 [records, 2]."""
        return np.frombuffer(b"".join(self.fingerprints), "<u8").reshape(-1, 2)

    def write_documents(self, order: NDArray[np.intp], writer: SegmentWriter) -> None:
        """Write all that a segment holds per document, in the order given."""
        self._write_stored(order, writer)
        starts, ends = np.array(self.starts, np.int32)[order], np.array(self.ends, np.int32)[order]
        writer.array("start", starts)
        writer.array("end", ends)
        spans = np.stack([_years(starts), _years(ends)], axis=1)
        span_years, numbers = np.unique(spans, axis=0, return_inverse=True)
        writer.array("span_years", span_years)
        writer.array("spans", numbers.reshape(-1).astype(np.uint32))
        writer.array("fingerprints", self.marks()[order])
        self._write_ids(order, writer)
        self._write_names(order, writer)

    def _write_stored(self, order: NDArray[np.intp], writer: SegmentWriter) -> None:
        self.spill.flush()
        sizes = np.array(self.sizes, np.uint64)[order]
        offsets = np.concatenate((np.zeros(1, np.uint64), np.cumsum(sizes, dtype=np.uint64)))
        writer.array("stored_offsets", offsets)
        begins = np.array(self.offsets, np.uint64)[order]
        with (writer.folder / "stored.bin").open("wb") as target:
            if self._position:
                with mmap.mmap(self.spill.fileno(), self._position, access=mmap.ACCESS_READ) as source:
                    for begin, size in zip(begins.tolist(), sizes.tolist(), strict=True):
                        target.write(source[begin : begin + size])

    def _write_ids(self, order: NDArray[np.intp], writer: SegmentWriter) -> None:
        hashes = np.array([id_hash(one) for one in self.projects], np.uint64)[order]
        by_hash = np.argsort(hashes, kind="stable")
        writer.array("id_hashes", hashes[by_hash])
        writer.array("id_documents", by_hash.astype(np.uint32))

    def _write_names(self, order: NDArray[np.intp], writer: SegmentWriter) -> None:
        names = sorted(set(self.grantees))
        numbers = {name: number for number, name in enumerate(names)}
        writer.texts("grantee_names", names)
        ordinals = np.array([numbers[name] for name in self.grantees], np.uint32)[order]
        writer.array("grantee", ordinals)
        folded = [fold(title) for title in self.titles]
        unique = {title: rank for rank, title in enumerate(sorted(set(folded)))}
        ranks = np.array([unique[title] for title in folded], np.uint32)[order]
        writer.array("title_ranks", ranks)


def _day(day: date | None) -> int:
    return UNKNOWN_DAY if day is None else day.toordinal() - EPOCH


def _years(days: NDArray[np.int32]) -> NDArray[np.int16]:
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(days == UNKNOWN_DAY, 0, years).astype(np.int16)


def spilled(folder: Path) -> BinaryIO:
    """Open a spill file in `folder`; it has no name, so that nothing is left of it."""
    path = folder / "spill"
    file: BinaryIO = path.open("w+b")
    path.unlink()
    return file
