"""Whole files: how one that has not changed is known again, and how all but .jsonl are read.

A file is known by the hash of all its bytes, if nothing of it was rejected: that must be told again with its
text. In all but .jsonl a record means what it does by what stands around it, so one changed byte has the
whole file read anew. A large one is kept on disk meanwhile, for it may have to be looked through twice.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from shutil import copyfileobj
from typing import BinaryIO, cast

from indexer.corpus.account import Account
from indexer.corpus.formats import listing, table
from indexer.corpus.formats.sniffing import kind_within
from indexer.corpus.reading import (
    KEY_BYTES,
    MEGABYTE,
    NO_KEY,
    Event,
    Lookup,
    Part,
    Reading,
    Record,
    WholeFile,
)
from indexer.document import Project, Rejection

# Records that are read in one go, which is quicker.
_TOGETHER = 256
# Of a file that is kept in memory, of one that is copied at a time, and looked at to tell what it is.
_IN_MEMORY = 32 * MEGABYTE
_BLOCK = MEGABYTE
_HEAD = 4_096

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
    "table": table.read,
    "workbook": _read_workbook,
    "json": _read_json,
    "xml": _read_xml,
}


def file_key(kind: str, content: str) -> bytes:
    """Return the key of a file of a `kind`, by the SHA-256 of its `content`, unpacked."""
    return sha256(f"{kind}\n{content}".encode()).digest()[:KEY_BYTES]


def known(key: bytes, reading: Reading, lookup: Lookup) -> Iterator[Event]:
    """Yield what a file holds that the last run knows by its key, as that told it; nothing for another."""
    told = reading.earlier.get(key.hex())
    found = lookup.whole_file(key) if told else None
    if told and found:
        reading.account.earlier = told
        for warning in told.warnings:
            reading.warn(replace(warning, path=reading.path))
        yield found
        yield WholeFile(key, len(found.lines))


def records(stream: BinaryIO, kind: str, reading: Reading) -> Iterator[Event]:
    """Yield what a file of `kind` holds."""
    with cast("BinaryIO", tempfile.SpooledTemporaryFile(_IN_MEMORY)) as kept:
        copyfileobj(stream, kept, _BLOCK)
        kept.seek(0)
        kind = kind_within(kind, kept.read(_HEAD), reading.said)
        kept.seek(0)
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
