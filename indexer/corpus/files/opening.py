"""Opens files that nobody vouches for: regular files only, never waiting, never beyond a limit."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import zlib
from io import BufferedReader, IOBase
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from indexer.corpus.reading import MEGABYTE, megabytes
from indexer.errors import why_not_read

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_READ_ONLY = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
_BUFFER_BYTES = MEGABYTE


class Unpacked(Protocol):
    """What is there of a file, after unpacking."""

    def read1(self, size: int, /) -> bytes:
        """Return at most `size` bytes, and at least one unless it ended."""
        ...


class TooLargeError(OSError):
    """A file grew or unfolded beyond its limit."""


def open_file(file: Path) -> BufferedReader:
    """Open a regular file for reading; raise OSError for anything else."""
    # Non-blocking and checked after opening: a pipe put in the file's place cannot hang the run.
    raw = os.fdopen(os.open(file, _READ_ONLY), "rb")
    if not stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
        raw.close()
        raise OSError("not a regular file")
    return raw


def open_unpacked(file: Path, *, packed: bool, limit: int) -> BufferedReader:
    """Open a file for reading, unpacked if it is; reading beyond `limit` bytes raises TooLargeError."""
    raw = open_file(file)
    plain = gzip.GzipFile(fileobj=raw) if packed else raw
    return bounded(plain, raw, limit)


def bounded(plain: Unpacked, raw: IOBase, limit: int) -> BufferedReader:
    """Return a stream that raises TooLargeError beyond `limit` bytes, and closes `raw`, the file below."""
    return BufferedReader(_Bounded(plain, raw, limit), _BUFFER_BYTES)


def content_hash(stream: BufferedReader) -> str:
    """Return the SHA-256, hexadecimal, of all that a stream of `bounded` has given up to now."""
    assert isinstance(stream.raw, _Bounded), "no other stream counts its bytes"
    return stream.raw.digest.hexdigest()


def why_unreadable(error: BaseException) -> str:
    """Return why opening or reading a file failed."""
    if isinstance(error, FileNotFoundError):
        return "vanished while the corpus was read; run reindex again"
    if isinstance(error, (gzip.BadGzipFile, EOFError, zlib.error)):
        return "damaged gzip file; what stood before the damage was read"
    return why_not_read(error) if isinstance(error, OSError) else str(error)


class _Bounded(io.RawIOBase):
    """The bytes of a stream, up to a limit, and their hash; closes the file below as well."""

    def __init__(self, plain: Unpacked, raw: IOBase, limit: int) -> None:
        self._plain, self._raw, self._limit, self._left = plain, raw, limit, limit
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        """Say that it can be read, as BufferedReader asks."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill `buffer` with what is there; raise TooLargeError beyond the limit."""
        # What is there, not all that was asked for: so nothing before a damage is lost.
        chunk = self._plain.read1(len(memoryview(buffer)))
        self._left -= len(chunk)
        if self._left < 0:
            raise TooLargeError(f"more than {megabytes(self._limit)} unfolded; split it into several files")
        self.digest.update(chunk)
        memoryview(buffer)[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        """Close the file, packed or not."""
        self._raw.close()
        super().close()
