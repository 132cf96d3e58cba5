"""What a reader of a source is told: its name, how much it may take, and where its warnings go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.corpus.account import Account
from indexer.corpus.fields import Said
from indexer.corpus.fields.table_kinds import OTHER_THINGS
from indexer.corpus.texts import Encoding, encoding_of, storable
from indexer.document import Content, Rejection, SourceWarning, WarningKind
from indexer.reporting.numbers import counted
from indexer.reporting.source_reports import MOST_WARNINGS, SourceReport

# Part of what a corpus and its records are known again by: change it whenever the same raw record would give
# another content.
READING_VERSION = 24
MEGABYTE = 1 << 20
# Bytes of a SHA-256: nobody can compute so much that two raw records would have the same key.
KEY_BYTES = 16
# The key of a record that is known again only with its whole file, if at all.
NO_KEY = bytes(KEY_BYTES)
# Of a text that is told with a warning: enough to recognise it.
EXCERPT = 80


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read, in bytes.

    `whole` is for a file that is held whole (.txt, workbooks, .mht), `page` for a saved page, which a
    parser blows up thirtyfold, `lines` for one that is read record by record (.jsonl, .csv, .json, .xml). A
    packed file may neither be nor unfold to more. `record` is for one record. Two are for a whole run,
    however many files it reads: `run` for what is kept in memory of its projects, and `stall`, in seconds of
    the processor, for waiting for records longer than is fair.
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
        held = dict.fromkeys(("listing", "workbook", "archived page"), self.whole)
        return {"page": self.page, **held}.get(kind, self.lines)


LIMITS = Limits()


def silent(_: SourceWarning) -> None:
    """Take a warning and say nothing."""


# What is told of a file once all of it was read (`Reading.finish`).
TOLD_LAST = frozenset[WarningKind](["date order", "dates", "rows"])

# A record that was read: its line, the key of its raw text, and what it says.
Record = tuple[int, bytes, Content]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Records that need not be read again: their lines and their entries in the ledger, both int64 [n]."""

    lines: NDArray[np.int64]
    entries: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WholeFile:
    """Said after the records of a file: the key of its bytes, and how many it has.

    Of one `by_lines` those that were not taken can be read again by themselves.
    """

    key: bytes
    records: int
    by_lines: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A record that is not whole, and its line: it counts only if no whole one of the corpus has its id.

    It is cut off, or `names_only` is true: it is of a table that says no more of projects than their names.
    """

    line: int
    content: Content
    names_only: bool = False


Event = list[Record] | Rejection | Unchanged | WholeFile | Part


def last_line(event: Event) -> int:
    """Return the last line that an event is about, 0 if it is about none."""
    if isinstance(event, (Rejection, Part)):
        return event.line
    if isinstance(event, list):
        return event[-1][0] if event else 0
    return int(event.lines[-1]) if not isinstance(event, WholeFile) and len(event.lines) else 0


class Lookup(Protocol):
    """What remembers records and files by the keys of their raw text."""

    def entries(self, keys: Sequence[bytes]) -> NDArray[np.int64]:
        """Return the entry of each record, int64 [keys], -1 where it is not known."""

    def whole_file(self, key: bytes) -> Unchanged | None:
        """Return the records of a file, or None if it is not known."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The source's name inside the corpus, the limits, what is called with each warning, and its account.

    `earlier` has what the last run said of files, by the keys of their bytes, and `said` what the corpus
    says of columns.
    """

    path: str
    limits: Limits = LIMITS
    warn: Callable[[SourceWarning], None] = silent
    account: Account = field(default_factory=Account)
    earlier: Mapping[str, SourceReport] = field(default_factory=dict)
    said: Said = ()

    def doubt(
        self, kind: WarningKind, message: str, *, line: int = 0, column: str = "", sample: str = ""
    ) -> None:
        """Tell what is doubtful about the source, or one of its records."""
        warning = SourceWarning(
            self.path, line, kind, storable(message), storable(column), storable(sample[:EXCERPT])
        )
        if len(self.account.warnings) < MOST_WARNINGS:
            self.account.warnings.append(warning)
        self.warn(warning)

    def read_as(self, encoding: Encoding) -> None:
        """Take the encoding of the file into the account, and tell what is doubtful about it."""
        self.account.encoding = encoding.name
        for line, message, sample in encoding.warnings():
            self.doubt("encoding", message, line=line, sample=sample)

    def decoded(self, stream: BinaryIO, declared: str = "") -> str:
        """Return the text of the whole file; `declared` is the encoding that it names itself."""
        encoding = encoding_of(stream, declared)
        self.read_as(encoding)
        return stream.read().decode(encoding.name, encoding.errors)

    def finish(self) -> None:
        """Tell, once all has been read, what the account has gathered."""
        account = self.account
        if account.dated and not account.dates.sure:
            message = f"dates read with the {account.dates.order}: {account.dates.reason}"
            self.doubt("date order", message, sample=account.dates.example)
        for remark in account.date_notes.remarks():
            column = account.column_of(remark.column)
            self.doubt("dates", remark.message, line=remark.line, column=column, sample=remark.sample)
        for kind, left_out in account.left_out.items():
            rows = counted(left_out.count, "row")
            message = f'{rows} left out as {kind}: "{left_out.samples[0][:EXCERPT]}"'
            if kind in OTHER_THINGS:
                message += "; if they are projects, say in [columns] of fields.toml which column is the title"
            self.doubt("rows", message, line=left_out.line, sample=left_out.samples[0])


def megabytes(size: int) -> str:
    """Return a size in bytes as people read it."""
    return f"{size / MEGABYTE:.3g} MB"
