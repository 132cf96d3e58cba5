"""The file of the history, beside the generations: a line that says what it is, then record after record.

    grant-search history 1
    header    4 bytes of sign, 8 of length, 4 of CRC-32 of these
    record    so many bytes (`records`)
    digest    32 bytes: SHA-256 of the digest before, the header and the record

It cannot be made again from the corpus: it is only added to, at its end, and replaced as a whole. What a run
that died left at the end is recognised and dropped; a file that is damaged elsewhere is put aside under
another name, and what stands before the damage goes on.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.storage.folder.hashing import sync
from indexer.storage.folder.opening import NotPlainError, create, read_bytes
from indexer.storage.folder.ownership import HISTORY, HISTORY_NEXT, HISTORY_SIGNATURE
from indexer.storage.history.records import Record, Snapshot, decoded, encoded

VERSION = 1
MAGIC = HISTORY_SIGNATURE + b" %d\n" % VERSION
# Twenty million projects, and their changes of years; what is longer is no history.
MOST_BYTES = 2_000_000_000
_SIGN = b"NEXT"
_HEADER = struct.Struct("<4sQI")
_DIGEST_BYTES = 32
_WRITE = os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


@dataclass(frozen=True, slots=True)
class Journal:
    """What could be read of a file: its records, where the good ones end in bytes, and the last digest.

    `torn` is set where something unfinished follows them, `damage` says what is wrong where more than the end
    cannot be read; `found` whether there is a file at all.
    """

    records: tuple[Record, ...] = ()
    size: int = 0
    digest: bytes = b""
    torn: bool = False
    damage: str | None = None
    found: bool = False


def read(index_dir: Path) -> Journal:
    """Return what the history beside the generations says; raise OSError if it cannot be opened or read."""
    try:
        content = read_bytes(index_dir / HISTORY, MOST_BYTES)
    except FileNotFoundError:
        return Journal()
    except NotPlainError as error:
        return Journal(damage=f"it is {error.strerror}", found=True)
    return parsed(content)


def parsed(content: bytes) -> Journal:
    """Return what the bytes of a history say; whatever they are, nothing is raised."""
    if not content.startswith(MAGIC):
        if MAGIC.startswith(content):
            return Journal(torn=bool(content), found=True, digest=_first_digest())
        other = content.startswith(HISTORY_SIGNATURE + b" ")
        return Journal(damage="another version wrote it" if other else "its first line differs", found=True)
    records: list[Record] = []
    size, digest, torn, damage = len(MAGIC), _first_digest(), False, None
    while size < len(content):
        try:
            end, record, digest = _next(content, size, digest, first=not records)
        except _TornError:
            torn = True
            break
        except (ValueError, RecursionError) as error:
            damage = f"at byte {size:,}: {error}"
            break
        records.append(record)
        size = end
    return Journal(tuple(records), size, digest, torn, damage, found=True)


class _TornError(Exception):
    """The file ends before the record does."""


def _first_digest() -> bytes:
    return hashlib.sha256(MAGIC).digest()


def _next(content: bytes, begin: int, digest: bytes, *, first: bool) -> tuple[int, Record, bytes]:
    """Return where a record ends, the record, and its digest; raise ValueError if it is none."""
    header = content[begin : begin + _HEADER.size]
    left = len(content) - begin - _HEADER.size
    if left < 0:
        raise _TornError
    sign, length, check = _HEADER.unpack(header)
    if sign != _SIGN or check != zlib.crc32(header[:-4]):
        # A disk that lost power may have made the file longer, and have nothing but zeros to show for it.
        if not content[begin:].strip(b"\0"):
            raise _TornError
        raise ValueError("it does not begin as a record does")
    if left < length + _DIGEST_BYTES:
        raise _TornError
    body = begin + _HEADER.size
    end = body + length + _DIGEST_BYTES
    record = content[body : body + length]
    expected = hashlib.sha256(digest + header + record).digest()
    if content[body + length : end] != expected:
        raise ValueError("its checksum is another")
    found = decoded(record)
    if isinstance(found, Snapshot) and not first:
        raise ValueError("what is known may only stand at the beginning")
    return end, found, expected


def _framed(record: Record, digest: bytes) -> tuple[bytes, bytes]:
    """Return a record as it stands in the file, after one with a digest, and its own digest."""
    content = encoded(record)
    sign = _HEADER.pack(_SIGN, len(content), 0)[:-4]
    header = sign + zlib.crc32(sign).to_bytes(4, "little")
    own = hashlib.sha256(digest + header + content).digest()
    return header + content + own, own


def append(index_dir: Path, journal: Journal, record: Record) -> None:
    """Write a record behind the good ones of a file, made if missing, and wait until the disk has it.

    Whatever goes wrong, the file is as it was; raise OSError.
    """
    path = index_dir / HISTORY
    if not journal.size:
        # If anything is there, it is the beginning of the first line.
        path.unlink(missing_ok=True)
        create(path, MAGIC + _framed(record, _first_digest())[0])
        return
    descriptor = os.open(path, _WRITE)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1 or status.st_size < journal.size:
            raise NotPlainError(0, "is not what it was a moment ago", str(path))
        os.ftruncate(descriptor, journal.size)
        try:
            _write_all(descriptor, journal.size, _framed(record, journal.digest)[0])
            os.fsync(descriptor)
        except BaseException:
            os.ftruncate(descriptor, journal.size)
            raise
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, place: int, content: bytes) -> None:
    while content:
        written = os.pwrite(descriptor, content, place)
        content, place = content[written:], place + written


def cut(index_dir: Path, journal: Journal) -> None:
    """Take back what was appended to a journal, where the run was not published; raise OSError."""
    if not journal.size:
        (index_dir / HISTORY).unlink(missing_ok=True)
        return
    descriptor = os.open(index_dir / HISTORY, _WRITE)
    try:
        os.ftruncate(descriptor, journal.size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rewrite(index_dir: Path, records: Sequence[Record]) -> Journal:
    """Put a file with these records in the place of the one there; return it as it is read; raise OSError."""
    digest, parts = _first_digest(), [MAGIC]
    for record in records:
        framed, digest = _framed(record, digest)
        parts.append(framed)
    content = b"".join(parts)
    temporary = index_dir / HISTORY_NEXT
    temporary.unlink(missing_ok=True)
    create(temporary, content)
    temporary.replace(index_dir / HISTORY)
    sync(index_dir)
    return Journal(tuple(records), len(content), digest, found=True)


def put_aside(index_dir: Path, name: str) -> Path:
    """Copy the file there to another name, by the generation that could not go on with it; raise OSError."""
    aside = index_dir / f"{HISTORY}.{name}"
    create(aside, read_bytes(index_dir / HISTORY, MOST_BYTES))
    return aside
