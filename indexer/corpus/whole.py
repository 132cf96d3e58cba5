"""Files that are read as a whole (all but .jsonl), known again by the hash of all their bytes.

In them a record means what it does by what stands around it, so one changed byte has the whole file read
anew; so does a rejection, which must be told again with its text. A large file is kept on disk meanwhile, for
it may have to be looked through twice.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import BinaryIO, cast

import numpy as np

from indexer.corpus.formats import listing, table
from indexer.corpus.formats.sniffing import kind_within
from indexer.corpus.reading import KEY_BYTES, MEGABYTE, Event, Lookup, Part, Reading, Record, WholeFile
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


def records(stream: BinaryIO, kind: str, reading: Reading, lookup: Lookup | None) -> Iterator[Event]:
    """Yield what a file of `kind` holds; one that `lookup` knows is not parsed."""
    with cast("BinaryIO", tempfile.SpooledTemporaryFile(_IN_MEMORY)) as kept:
        digest = sha256(kind.encode() + b"\n")
        while block := stream.read(_BLOCK):
            digest.update(block)
            kept.write(block)
        key = digest.digest()[:KEY_BYTES]
        kept.seek(0)
        reading.account.key = key.hex()
        reading.account.earlier = reading.earlier.get(key.hex())
        known = lookup.whole_file(key) if lookup and reading.account.earlier else None
        if known is None:
            reading.account.earlier = None
            yield from _parsed(kept, kind, reading, key)
        else:
            for warning in reading.account.earlier.warnings if reading.account.earlier else ():
                reading.warn(replace(warning, path=reading.path))
            yield known
            yield WholeFile(key, known.lines)


def _parsed(kept: BinaryIO, kind: str, reading: Reading, key: bytes) -> Iterator[Event]:
    kind = kind_within(kind, kept.read(_HEAD), reading.said)
    kept.seek(0)
    reading.account.format = "copied page" if kind == "listing" else ""
    lines: list[int] = []
    found: list[Record] = []
    rejected = 0
    for record in READERS[kind](kept, reading):
        if isinstance(record, (Rejection, Part)):
            # A record that may not be the same is read again each time.
            rejected += 1
            yield from [found] if found else []
            yield record
            found = []
        else:
            lines.append(_line(record))
            found.append((lines[-1], record_key(key, len(lines) - 1), record.content()))
            if len(found) == _TOGETHER:
                yield found
                found = []
    yield from [found] if found else []
    reading.finish()
    if lines and not rejected:
        yield WholeFile(key, np.array(lines, np.int64))


def record_key(file_key: bytes, number: int) -> bytes:
    """Return the key of a record, by the key of its file and its number there, from 0."""
    return sha256(file_key + number.to_bytes(8, "little")).digest()[:KEY_BYTES]


def _line(project: Project) -> int:
    return int(project.source_line.rpartition(":")[2])
