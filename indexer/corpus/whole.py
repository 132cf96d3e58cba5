"""Files that are read as a whole (.txt, .html, .csv, .tsv), known again by the hash of all their bytes.

In them a record means what it does by what stands around it, so one changed byte has the whole file read
anew; so does a rejection or a warning, which must be told again.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import BinaryIO

import numpy as np

from indexer.corpus.formats import listing, table
from indexer.corpus.reading import KEY_BYTES, Event, Lookup, Reading, Record, WholeFile
from indexer.document import Project, Rejection

# Records that are taken together: that is quicker.
_TOGETHER = 256

Reader = Callable[[BinaryIO, Reading], Iterator[Project | Rejection]]


def _read_page(stream: BinaryIO, reading: Reading) -> Iterator[Project | Rejection]:
    # BeautifulSoup takes longer to load than a whole run in which nothing changed.
    from indexer.corpus.formats import page

    return page.read(stream, reading)


READERS: dict[str, Reader] = {"listing": listing.read, "page": _read_page, "table": table.read}


def records(stream: BinaryIO, kind: str, reading: Reading, lookup: Lookup | None) -> Iterator[Event]:
    """Yield what a file of `kind` holds; one that `lookup` knows is not parsed."""
    raw = stream.read()
    key = sha256(kind.encode() + b"\n" + raw).digest()[:KEY_BYTES]
    known = lookup.whole_file(key) if lookup else None
    if known is not None:
        yield known
        yield WholeFile(key, known.lines)
        return
    doubts: list[str] = []

    def _warn(warning: str) -> None:
        doubts.append(warning)
        reading.warn(warning)

    lines: list[int] = []
    found: list[Record] = []
    rejected = 0
    for record in READERS[kind](io.BytesIO(raw), replace(reading, warn=_warn)):
        if isinstance(record, Rejection):
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
    if lines and not rejected and not doubts:
        yield WholeFile(key, np.array(lines, np.int64))


def record_key(file_key: bytes, number: int) -> bytes:
    """Return the key of a record, by the key of its file and its number there, from 0."""
    return sha256(file_key + number.to_bytes(8, "little")).digest()[:KEY_BYTES]


def _line(project: Project) -> int:
    return int(project.source_line.rpartition(":")[2])
