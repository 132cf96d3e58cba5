"""Whole files: how one that has not changed is known again, and how all but .jsonl are read.

A file is known by the hash of all its bytes. What of it was rejected must be told again with its text: lines
are read again by themselves. In all but .jsonl a record means what it does by what stands around it, so one
rejection, or a changed byte, has the whole file read anew. A large one is kept on disk meanwhile, for it may
have to be looked through twice.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from shutil import copyfileobj
from typing import BinaryIO, cast

import numpy as np

from indexer.corpus.account import Account
from indexer.corpus.formats import jsonl, listing, table
from indexer.corpus.formats.sniffing import kind_within
from indexer.corpus.reading import (
    KEY_BYTES,
    MEGABYTE,
    NO_KEY,
    TOLD_LAST,
    Event,
    Lookup,
    Part,
    Reading,
    Record,
    Unchanged,
    WholeFile,
    last_line,
)
from indexer.document import Project, Rejection
from indexer.reporting.source_reports import SourceReport

# Records that are read in one go, which is quicker.
_TOGETHER = 256
# Of a file that is kept in memory, of one that is copied at a time, and looked at to tell what it is.
_IN_MEMORY = 32 * MEGABYTE
_BLOCK = MEGABYTE
_HEAD = 4_096

# What a program reserves for a file before it copies it, or leaves of it on a full disk.
_ONLY_ZEROS = "begins with nothing but zero bytes, as a file does whose copying did not end; copy it again"

Reader = Callable[[BinaryIO, Reading], Iterator[Project | Rejection | Part]]


def _read_page(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection | Part]:
    # Imported here, as the next ones: it takes longer to load than a whole run in which nothing changed.
    from indexer.corpus.formats.pages import page

    return page.read(stream, reading)


def _read_workbook(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection]:
    from indexer.corpus.formats.workbooks import workbook

    return workbook.read(stream, reading)


def _read_json(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection]:
    from indexer.corpus.formats.trees import json_records

    return json_records.read(stream, reading)


def _read_xml(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection]:
    from indexer.corpus.formats.trees import xml_records

    return xml_records.read(stream, reading)


READERS: dict[str, Reader] = {
    "listing": listing.read,
    "page": _read_page,
    "archived page": _read_page,
    "table": table.read,
    "workbook": _read_workbook,
    "json": _read_json,
    "xml": _read_xml,
}


def file_key(kind: str, content: str) -> bytes:
    """Return the key of a file of a `kind`, by the SHA-256 of its `content`, unpacked."""
    return sha256(f"{kind}\n{content}".encode()).digest()[:KEY_BYTES]


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that the last run knows by its key: what that said of it, and the records that it knows."""

    key: bytes
    told: SourceReport
    records: Unchanged

    @property
    def by_lines(self) -> bool:
        """Whether its other records can be read by themselves."""
        # Where dates are read by the order of day and month that all lines speak for, none is read alone.
        return self.told.format == jsonl.FORMAT and not self.told.date_order

    @property
    def is_complete(self) -> bool:
        """Whether it has no other records."""
        return not self.told.rejected and self.told.projects == len(self.records.lines)

    def events(self, others: Iterable[Event], reading: Reading) -> Iterator[Event]:
        """Yield what the file holds, as the last run told it; `others` are its records that are not known."""
        reading.account.earlier = self.told
        warnings = [replace(warning, path=reading.path) for warning in self.told.warnings]
        for warning in warnings:
            if warning.kind not in TOLD_LAST:
                reading.warn(warning)
        done, lines, entries = 0, self.records.lines, self.records.entries
        for event in others:
            # A later record with the same id counts: so each stands where it does in the file.
            before = int(np.searchsorted(lines, last_line(event)))
            if before > done:
                yield Unchanged(lines[done:before], entries[done:before])
            done = before
            yield event
        if done < len(lines):
            yield Unchanged(lines[done:], entries[done:])
        for warning in warnings:
            if warning.kind in TOLD_LAST:
                reading.warn(warning)
        yield WholeFile(self.key, self.told.projects, self.by_lines)


def known(key: bytes, reading: Reading, lookup: Lookup) -> KnownFile | None:
    """Return what the last run knows of a file by its key, None if that is not enough."""
    told = reading.earlier.get(key.hex())
    records = lookup.whole_file(key) if told else None
    if told is None or records is None:
        return None
    found = KnownFile(key, told, records)
    return found if found.is_complete or found.by_lines else None


def records(stream: BinaryIO, kind: str, reading: Reading) -> Iterator[Event]:
    """Yield what a file of `kind` holds."""
    with cast("BinaryIO", tempfile.SpooledTemporaryFile(_IN_MEMORY)) as kept:
        copyfileobj(stream, kept, _BLOCK)
        kept.seek(0)
        head = kept.read(_HEAD)
        kept.seek(0)
        if head and not head.strip(b"\0"):
            yield Rejection(reading.path, 0, _ONLY_ZEROS, "")
            return
        kind = kind_within(kind, head, reading.said)
        reading.account.format = "copied page" if kind == "listing" else ""
        yield from _together(READERS[kind](kept, reading), reading.account)
    reading.finish()


def _together(events: Iterator[Project | Rejection | Part], account: Account) -> Iterator[Event]:
    found: list[Record] = []
    for event in events:
        if account.only_titles and isinstance(event, Project):
            # A list of what belongs to projects, by their ids: it may not take their place.
            yield Part(_line(event), event.content(), names_only=True)
        elif isinstance(event, (Rejection, Part)):
            yield from [found] if found else []
            yield event
            found = []
        else:
            found.append((_line(event), NO_KEY, event.content()))
            if len(found) == _TOGETHER:
                yield found
                found = []
    yield from [found] if found else []


def _line(project: Project) -> int:
    return int(project.source_line.rpartition(":")[2])
