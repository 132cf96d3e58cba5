"""What a reader of a source is told: its name, how much it may take, and where its warnings go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.document import Content, Rejection

MEGABYTE = 1 << 20
# Of a SHA-256: two raw records with one key could only be made with more work than there is.
KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read, in bytes.

    `whole` is for a file that is held whole (.txt, .csv, .tsv), `page` for a saved page, which a parser
    blows up thirtyfold, `lines` for one that is read line by line (.jsonl). A packed file may neither be
    nor unfold to more. `record` is for one record. Two are for a whole run, however many files it reads:
    `run` for what is kept in memory of its projects, and `stall`, in seconds of the processor, for waiting
    for records longer than is fair.
    """

    whole: int = 64 * MEGABYTE
    page: int = 8 * MEGABYTE
    lines: int = 256 * MEGABYTE
    record: int = MEGABYTE
    run: int = 1024 * MEGABYTE
    stall: float = 30.0

    @classmethod
    def for_files_of(cls, megabytes: int, run_megabytes: int = 1024, stall: float = 30.0) -> Limits:
        """Return limits in proportion to that of a file that is held whole, and those of a run."""
        whole = megabytes * MEGABYTE
        return cls(whole, whole // 8, whole * 4, run=run_megabytes * MEGABYTE, stall=stall)

    def of(self, kind: str) -> int:
        """Return the limit for a file of `kind`."""
        return {"page": self.page, "jsonl": self.lines}.get(kind, self.whole)


LIMITS = Limits()


def silent(_: str) -> None:
    """Take a warning and say nothing."""


# A record that was read: its line, the key of its raw text, and what it says.
Record = tuple[int, bytes, Content]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Records that need not be read again: their lines and their entries in the ledger, both int64 [n]."""

    lines: NDArray[np.int64]
    entries: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WholeFile:
    """Said after the records of a file that gave no rejection and no warning.

    It has the key of the file, and the lines of its records, int64 [n].
    """

    key: bytes
    lines: NDArray[np.int64]


Event = list[Record] | Rejection | Unchanged | WholeFile


class Lookup(Protocol):
    """What remembers records and files by the keys of their raw text."""

    def entries(self, keys: Sequence[bytes]) -> NDArray[np.int64]:
        """Return the entry of each record, int64 [keys], -1 where it is not known."""

    def whole_file(self, key: bytes) -> Unchanged | None:
        """Return the records of a file, or None if it is not known."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The source's name inside the corpus, the limits, and what is called with each warning."""

    path: str
    limits: Limits = LIMITS
    warn: Callable[[str], None] = silent


def megabytes(size: int) -> str:
    """Return a size in bytes as people read it."""
    return f"{size / MEGABYTE:.3g} MB"
