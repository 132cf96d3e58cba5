"""The ledger of a generation: which raw record gave which document, so that it need not be read again.

    ledger_keys         uint64 [R, 2]   keys of raw records, ascending, each once
    ledger_documents    uint32 [R]      the document that says what the record says
    ledger_files        uint64 [F, 2]   keys of files that are read as a whole, ascending
    ledger_file_records uint64 [F + 1]  where the records of each begin
    ledger_lines        uint32 [·]      the lines of those records, file by file
    ledger_undescribed  uint32 [·]      the documents without a description, ascending
    ledger_terms        uint64 [2]      the key of all else that decides what a record says

A record that is not in the ledger (rejected, or replaced by a later one with its id) is read each time.
The ledger depends on the corpus alone, not on the way in which a generation was built.
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
from indexer.corpus.reading import KEY_BYTES, Limits, Unchanged
from indexer.corpus.whole import record_key
from indexer.intake.aliases import Aliases
from indexer.storage.arrays.inventory import LEDGER
from indexer.storage.arrays.mapping import map_arrays
from indexer.storage.arrays.sums import begins
from indexer.storage.schema import schema_fingerprint
from indexer.storage.segment import I64, U32, U64
from indexer.storage.writer import SegmentWriter

# Part of the key of a ledger: change it whenever the same raw record would give another content.
READING_VERSION = 9


@dataclass(frozen=True)
class Ledger:
    """What a generation remembers of the records it was read from; arrays as in the module."""

    keys: U64
    documents: U32
    files: U64
    file_records: U64
    lines: U32
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
        # Each document is what some record says; by a ledger without one it would be lost as if removed.
        told = np.zeros(documents, np.bool_)
        told[parts["documents"]] = True
        return cls(**parts) if told.all() and np.array_equal(parts["terms"], terms) else None

    def write(self, writer: SegmentWriter) -> None:
        """Write the ledger beside the segment."""
        for name in self.__dataclass_fields__:
            writer.array(f"ledger_{name}", getattr(self, name))

    def entries(self, keys: Sequence[bytes]) -> I64:
        """Return the entry of each key, int64 [keys], -1 where there is none."""
        return _found(as_rows(b"".join(keys)), self.keys, self._first_words)

    def whole_file(self, key: bytes) -> Unchanged | None:
        """Return the records of the file with a key, or None if not all of them are known."""
        (number,) = _found(as_rows(key), self.files, self.files[:, 0])
        if number < 0:
            return None
        begin, end = (int(one) for one in self.file_records[number : number + 2])
        entries = self.entries([record_key(key, one) for one in range(end - begin)])
        return None if (entries < 0).any() else Unchanged(self.lines[begin:end].astype(np.int64), entries)

    @cached_property
    def _first_words(self) -> U64:
        return np.ascontiguousarray(self.keys[:, 0])


def sealed(keys: U64, documents: I64, files: Mapping[bytes, I64], undescribed: I64, terms: U64) -> Ledger:
    """Return the ledger of records in any order, those with one key saying the same, and of whole files."""
    keys, firsts = _ascending(keys)
    by_key = sorted(files.items(), key=lambda one: as_rows(one[0]).tolist())
    lines = [lines for _, lines in by_key]
    return Ledger(
        keys,
        documents[firsts].astype(np.uint32),
        as_rows(b"".join(key for key, _ in by_key)),
        begins(np.array([len(one) for one in lines], np.int64)).astype(np.uint64),
        np.concatenate([*lines, np.zeros(0, np.int64)]).astype(np.uint32),
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


def _ascending(keys: U64) -> tuple[U64, NDArray[np.intp]]:
    """Return the distinct keys, ascending, and where each first stands."""
    # Nearly always the first halves alone decide; sorting by them is quicker, most so where little is new.
    order = np.argsort(keys[:, 0], kind="stable")
    ordered = keys[order]
    if ((ordered[1:, 0] == ordered[:-1, 0]) & (ordered[1:, 1] < ordered[:-1, 1])).any():
        order = np.lexsort((keys[:, 1], keys[:, 0]))
        ordered = keys[order]
    new = np.ones(len(keys), np.bool_)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return ordered[new], order[new]


def _found(wanted: U64, keys: U64, first_words: U64) -> I64:
    """Return where each wanted key stands among ascending ones, -1 where it does not."""
    if not len(keys):
        return np.full(len(wanted), -1, np.int64)
    # Of keys that share their first half, all but one are not found: they are read once more.
    nearest = np.minimum(np.searchsorted(first_words, wanted[:, 0]), len(keys) - 1)
    return np.where((keys[nearest] == wanted).all(axis=1), nearest, -1)
