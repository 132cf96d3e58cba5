"""Rows: what is held in memory of each project that was read; its stored form goes to a spill file.

A row is never changed. A project that replaces another has a row of its own, and the earlier one is dead.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from indexer.corpus.reading import WholeFile
from indexer.document import FINGERPRINT_BYTES, Content
from indexer.own_fields.extras import ExtraRows
from indexer.storage.arrays.sums import begins
from indexer.storage.days import day_number

# What a row takes in memory, in bytes, besides its texts; its title stands there up to three times when the
# rows are put in order.
_ROW_BYTES, _TITLE_COPIES = 500, 3
LINE_BITS = 32
LINE_MASK = (1 << LINE_BITS) - 1
# Stored forms that are written at once, in bytes.
_PENDING_BYTES = 1 << 20


class SourceLines:
    """Packs where a record stands into one number: the file, counted as it was read, above the line.

    f f f ... 31 bits ... f f f | l l l ... 32 bits ... l l l       file 2, line 7  ->  8589934599
    """

    def __init__(self) -> None:
        """Begin without a file."""
        self._paths: list[str] = []

    def begin(self, path: str) -> int:
        """Begin with a file, if it is another than the last one; return its line 0, packed."""
        if self._paths[-1:] != [path]:
            self._paths.append(path)
        return len(self._paths) - 1 << LINE_BITS

    def text(self, packed: int) -> str:
        """Return a packed source line as text, "file:line"."""
        return f"{self._paths[packed >> LINE_BITS]}:{packed & LINE_MASK}"


@dataclass(slots=True)
class RecordKeys:
    """The records of a run: their keys end to end, the source line of each, and what each became.

    `became` has the number of a row, or for a document of the last generation ~ of its number, which is
    negative. `known` has the records that the ledger knows: their entries in it and their source lines now,
    both int64 [n]. `whole_files` has what is said of whole files, by the numbers of the files.
    """

    keys: bytearray = field(default_factory=bytearray)
    became: array[int] = field(default_factory=lambda: array("q"))
    source_lines: array[int] = field(default_factory=lambda: array("q"))
    known: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = field(default_factory=list)
    whole_files: dict[int, WholeFile] = field(default_factory=dict)

    def extend(self, keys: Sequence[bytes], became: Sequence[int], source_lines: Sequence[int]) -> None:
        """Remember what records became."""
        self.keys += b"".join(keys)
        self.became.extend(became)
        self.source_lines.extend(source_lines)

    def add(self, key: bytes, became: int, source_line: int) -> None:
        """Remember what a record became."""
        self.keys += key
        self.became.append(became)
        self.source_lines.append(source_line)


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one file, ready to be accepted, in lists of one length."""

    source_lines: list[int]
    keys: list[bytes]
    contents: list[Content]
    stored: list[bytes]
    fingerprints: list[bytes]

    def of(self, numbers: NDArray[np.intp]) -> Batch:
        """Return some of the records."""
        chosen = numbers.tolist()
        lists = (self.source_lines, self.keys, self.contents, self.stored, self.fingerprints)
        return Batch(*([one[number] for number in chosen] for one in lists))


@dataclass(slots=True)
class Rows:
    """The projects that were read, one row each, in reading order.

    `offsets` int64 [rows + 1] tells, once there is an `end`, where each stored form begins in the spill file;
    `held_bytes` about how much memory the rows take.
    """

    spill: BinaryIO
    ids: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    grantees: array[int] = field(default_factory=lambda: array("I"))
    source_lines: array[int] = field(default_factory=lambda: array("q"))
    starts: array[int] = field(default_factory=lambda: array("i"))
    ends: array[int] = field(default_factory=lambda: array("i"))
    sizes: array[int] = field(default_factory=lambda: array("I"))
    fingerprints: bytearray = field(default_factory=bytearray)
    undescribed: bytearray = field(default_factory=bytearray)
    alive: bytearray = field(default_factory=bytearray)
    extras: ExtraRows = field(default_factory=ExtraRows)
    offsets: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))
    held_bytes: int = 0
    _pending: list[bytes] = field(default_factory=list)
    _pending_bytes: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    def extend(
        self, source_lines: list[int], contents: list[Content], stored: list[bytes], fingerprints: list[bytes]
    ) -> None:
        """Add projects: where each stands, what it says, its stored form and the fingerprint of that."""
        ids, titles, descriptions, grantees, starts, ends, extras = zip(*contents, strict=True)
        number_of = self.names.setdefault
        self.ids += ids
        self.titles += titles
        self.grantees.extend([number_of(name, len(self.names)) for name in grantees])
        self.source_lines.extend(source_lines)
        self.starts.extend(map(day_number, starts))
        self.ends.extend(map(day_number, ends))
        self.sizes.extend(map(len, stored))
        self.held_bytes += _ROW_BYTES * len(ids) + sum(map(len, ids)) + _TITLE_COPIES * sum(map(len, titles))
        self.fingerprints += b"".join(fingerprints)
        self.undescribed += bytes([not text for text in descriptions])
        self.alive += b"\1" * len(contents)
        self.extras.extend(extras)
        self._pending += stored
        self._pending_bytes += sum(map(len, stored))
        if self._pending_bytes >= _PENDING_BYTES:
            self._write_pending()

    def fingerprint(self, row: int) -> bytes:
        """Return the fingerprint of a row."""
        return bytes(self.fingerprints[row * FINGERPRINT_BYTES : (row + 1) * FINGERPRINT_BYTES])

    def all_fingerprints(self) -> NDArray[np.uint64]:
        """Return the fingerprints, uint64 [rows, 2]."""
        return np.frombuffer(bytes(self.fingerprints), "<u8").reshape(-1, 2)

    def end(self) -> None:
        """Bring the last stored forms to the spill file; no row comes after this."""
        self._write_pending()
        self.spill.flush()
        self.offsets = begins(np.asarray(self.sizes))

    def stored(self, row: int) -> bytes:
        """Return the stored form of a row, after `end`."""
        begin, end = self.offsets[row : row + 2].tolist()
        return os.pread(self.spill.fileno(), end - begin, begin)

    def forms(self, rows: Iterable[int]) -> Iterator[bytes]:
        """Yield the stored forms of rows, after `end`."""
        if not self.offsets[-1]:
            return
        bounds = self.offsets.item
        with mmap(self.spill.fileno(), 0, access=ACCESS_READ) as content:
            for row in rows:
                yield content[bounds(row) : bounds(row + 1)]

    def _write_pending(self) -> None:
        self.spill.write(b"".join(self._pending))
        self._pending, self._pending_bytes = [], 0


@dataclass(frozen=True, slots=True)
class Spills:
    """What a run keeps on disk for as long as it lasts: the stored forms of rows, and rejected records."""

    rows: BinaryIO
    rejected: BinaryIO


@contextmanager
def spills(folder: Path) -> Iterator[Spills]:
    """Give spill files in `folder`; they have no names, so that nothing is left of them."""
    with _nameless(folder / "spill") as rows, _nameless(folder / "spill") as rejected:
        yield Spills(rows, rejected)


def _nameless(path: Path) -> BinaryIO:
    file: BinaryIO = path.open("x+b")
    path.unlink()
    return file
