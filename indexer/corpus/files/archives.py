"""Archives (.zip): each file in one is a file of the corpus of its own, called `archive.zip/file.csv`.

An archive is in other people's hands as well: it may name thousands of files, unfold without end, or want a
password. What it says of itself is not believed: each of its files is read up to the limit of its kind.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from indexer.corpus.files.opening import open_file

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ARCHIVE = ".zip"
# Files in an archive; publishers' have a few, one a year or one for each of a year's grants.
MOST_MEMBERS = 20_000
# Bytes that are taken at once: the list at the end of an archive has some hundred for each file.
_MOST_AT_ONCE = 8 << 20
_ENCRYPTED = 0x1
# What reading a damaged archive raises.
DAMAGED = (
    zipfile.BadZipFile,
    EOFError,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)


class ArchiveError(OSError):
    """An archive, or a file in it, that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name there, and how many bytes it takes packed."""

    name: str
    size: int
    is_encrypted: bool


def members(file: Path) -> list[Member]:
    """Return the files in an archive, in its order, a name that comes twice once; folders are left out.

    Raises ArchiveError with the reason if it cannot be read, or has more than `MOST_MEMBERS`.
    """
    with Archives() as archives:
        infos = {info.filename: info for info in archives.opened(file).infolist() if not info.is_dir()}
    if len(infos) > MOST_MEMBERS:
        raise ArchiveError(f"an archive of {len(infos):,} files; at most {MOST_MEMBERS:,}")
    return [
        Member(name, info.compress_size, bool(info.flag_bits & _ENCRYPTED)) for name, info in infos.items()
    ]


class Archives:
    """Opens files in archives one after the other; the last archive stays open for the next file in it."""

    def __init__(self) -> None:
        """Begin with none open."""
        self._file: Path | None = None
        self._archive: zipfile.ZipFile | None = None
        self._raw: io.BufferedReader | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what is open."""
        self._close()

    def open_member(self, file: Path, name: str) -> MemberStream:
        """Open a file in an archive for reading; raise ArchiveError with the reason if that cannot be."""
        try:
            return MemberStream(self.opened(file).open(name))
        except (*DAMAGED, KeyError):
            raise ArchiveError("damaged archive") from None

    def opened(self, file: Path) -> zipfile.ZipFile:
        """Return an archive; raise ArchiveError if it cannot be read as one."""
        if self._archive is None or self._file != file:
            self._close()
            self._raw = _ShortReads(open_file(file).detach())
            try:
                self._archive = zipfile.ZipFile(self._raw)
            except DAMAGED:
                raise ArchiveError("not an archive that can be read") from None
            self._file = file
        return self._archive

    def _close(self) -> None:
        if self._archive is not None:
            self._archive.close()
        # A ZipFile leaves a file open that it was given.
        if self._raw is not None:
            self._raw.close()
        self._archive = self._raw = None


class MemberStream(io.RawIOBase):
    """The bytes of a file in an archive."""

    def __init__(self, member: IO[bytes]) -> None:
        self._member = member

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read1(self, size: int) -> bytes:
        """Return at most `size` bytes; raise ArchiveError where the archive is damaged."""
        try:
            return self._member.read(size)
        except DAMAGED:
            raise ArchiveError("damaged archive; what stood before the damage was read") from None

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill `buffer` with what is there."""
        chunk = self.read1(len(memoryview(buffer)))
        memoryview(buffer)[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        """Close the file; the archive stays open."""
        with suppress(*DAMAGED, OSError):
            self._member.close()
        super().close()


class _ShortReads(io.BufferedReader):
    """A file that gives little at once: else the list of files in an archive is read whole, however long."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return `size` bytes, of what is left as much as is taken at once; raise ArchiveError for more."""
        wanted = _MOST_AT_ONCE if size is None or size < 0 else size
        if wanted > _MOST_AT_ONCE:
            raise ArchiveError("an archive with a list of files that is too long")
        return super().read(wanted)
