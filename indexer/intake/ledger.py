"""The ledger of a generation: which raw record gave which document, so that it need not be read again.

    ledger_keys         uint64 [R, 2]   keys of raw records, in reading order; 0 of one that has none
    ledger_documents    uint32 [R]      the document that says what the record says
    ledger_lines        uint32 [R]      the line on which the record stands
    ledger_files        uint64 [F, 2]   keys of the files; 0 of one that is not known again
    ledger_file_records uint64 [F + 1]  where the records of each begin
    ledger_undescribed  uint32 [·]      the documents without a description, ascending
    ledger_terms        uint64 [2]      the key of all else that decides what a record says

Of a file that has not changed all records are known at once; of one that has, those whose keys are. A record
that is not in the ledger (rejected, or replaced by a later one with its id) is read each time: of lines by
itself, of any other file with all that stands in it. The ledger depends on the corpus alone, not on the way
in which a generation was built.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.corpus.fields import Said
from indexer.corpus.reading import KEY_BYTES, NO_KEY, READING_VERSION, Limits, Unchanged, WholeFile
from indexer.intake.aliases import Aliases
from indexer.intake.rows import LINE_BITS, LINE_MASK
from indexer.storage.arrays.inventory import LEDGER
from indexer.storage.arrays.mapping import map_arrays
from indexer.storage.arrays.sums import begins, changes
from indexer.storage.schema import schema_fingerprint
from indexer.storage.segment import I64, U32, U64
from indexer.storage.writer import SegmentWriter


@dataclass(frozen=True)
class Ledger:
    """What a generation remembers of the records it was read from; arrays as in the module."""

    keys: U64
    documents: U32
    lines: U32
    files: U64
    file_records: U64
    undescribed: U32
    terms: U64

    @classmethod
    def open(cls, folder: Path, documents: int, terms: U64) -> Ledger | None:
        """Map the ledger of a generation of `documents`; None if it is unusable, or of other `terms`."""
        try:
            arrays = map_arrays(folder, LEDGER, {"N": documents})
        except (OSError, ValueError):
            return None
        parts = {name.removeprefix("ledger_"): found for name, found in arrays.items()}
        # Each document comes from some record: one that the ledger lacks would count as removed.
        told = np.zeros(documents, np.bool_)
        told[parts["documents"]] = True
        return cls(**parts) if told.all() and np.array_equal(parts["terms"], terms) else None

    def write(self, writer: SegmentWriter) -> None:
        """Write the ledger beside the segment."""
        for name in self.__dataclass_fields__:
            writer.array(f"ledger_{name}", getattr(self, name))

    def entries(self, keys: Sequence[bytes]) -> I64:
        """Return the entry of each key, int64 [keys], -1 where there is none."""
        order, first_words = self._by_first_word
        wanted = as_rows(b"".join(keys))
        if not len(order):
            return np.full(len(wanted), -1, np.int64)
        # Of several keys with the same first half only one is found: the other records are read again.
        nearest = order[np.minimum(np.searchsorted(first_words, wanted[:, 0]), len(order) - 1)]
        return np.where((self.keys[nearest] == wanted).all(axis=1), nearest, -1)

    def whole_file(self, key: bytes) -> Unchanged | None:
        """Return the records of the file with a key that are known, or None if it is not known."""
        number = self._numbers.get(key)
        if number is None or key == NO_KEY:
            return None
        begin, end = (int(one) for one in self.file_records[number : number + 2])
        return Unchanged(self.lines[begin:end].astype(np.int64), np.arange(begin, end))

    @cached_property
    def _by_first_word(self) -> tuple[NDArray[np.intp], U64]:
        """The entries in the order of the first halves of their keys, and those."""
        first_words = np.ascontiguousarray(self.keys[:, 0])
        order = np.argsort(first_words)
        return order, first_words[order]

    @cached_property
    def _numbers(self) -> dict[bytes, int]:
        keys = self.files.tobytes()
        return {
            keys[begin : begin + KEY_BYTES]: begin // KEY_BYTES for begin in range(0, len(keys), KEY_BYTES)
        }


@dataclass(frozen=True, slots=True)
class Records:
    """Records that were taken, n of them: their keys uint64 [n, 2] and packed source lines int64 [n].

    `documents` int64 [n] has the document that says what each says, -1 where there is none.
    """

    keys: U64
    documents: I64
    source_lines: I64

    def in_order(self) -> Records:
        """Return those that have a document, in reading order."""
        there = np.flatnonzero(self.documents >= 0)
        lines = self.source_lines[there]
        # Records were read file by file: they are sorted quickly, being in long stretches.
        order = np.argsort(lines, kind="stable")
        if not changes(lines[order]).all():
            # On one line there may be several, which are not always accepted one after the other.
            order = np.lexsort((self.documents[there], lines))
        there = there[order]
        return Records(self.keys[there], self.documents[there], self.source_lines[there])


def sealed(records: Records, whole_files: Mapping[int, WholeFile], undescribed: I64, terms: U64) -> Ledger:
    """Return the ledger of records in any order, and of what is said, by their numbers, of whole files."""
    records = records.in_order()
    numbers = records.source_lines >> LINE_BITS
    counts = np.bincount(numbers, minlength=max(whole_files, default=-1) + 1)
    keys = [NO_KEY] * len(counts)
    for number, found in whole_files.items():
        if found.by_lines or found.records == counts[number]:
            keys[number] = found.key
    return Ledger(
        records.keys,
        records.documents.astype(np.uint32),
        (records.source_lines & LINE_MASK).astype(np.uint32),
        as_rows(b"".join(keys)),
        begins(counts).astype(np.uint64),
        undescribed.astype(np.uint32),
        terms,
    )


def terms_of(aliases: Aliases, limits: Limits, said: Said = ()) -> U64:
    """Return the key of all but its raw text that decides what a record says, uint64 [2]."""
    decisive = [
        READING_VERSION, schema_fingerprint(), unicodedata.unidata_version, limits.record,
        sorted(aliases.canonical.items()), sorted(aliases.other_names.items()), said,
    ]  # fmt: skip
    return as_rows(sha256(json.dumps(decisive).encode()).digest()[:KEY_BYTES]).reshape(-1)


def as_rows(keys: bytes | bytearray) -> U64:
    """Return keys that stand end to end as uint64 [keys, 2]."""
    return np.frombuffer(keys, "<u8").reshape(-1, 2)
