"""SHA-256 of files, several at a time: hashing lets go of the interpreter, so that threads do."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from indexer.storage.folder.opening import open_file

# More than there are cores: some threads wait for the disk.
AT_A_TIME = 4
# What file systems answer, some over a network or FUSE, that cannot confirm the entries of a folder.
_CANNOT_CONFIRM = frozenset({errno.EINVAL, errno.ENOTSUP})


class Digests:
    """The digests of files, worked out by threads from the moment each file is named."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_A_TIME)
        self._digests: dict[Path, Future[str]] = {}

    def begin(self, paths: Iterable[Path]) -> None:
        """Begin to hash files that are not written to any more."""
        self._begin(_sha256, paths)

    def seal(self, path: Path) -> None:
        """Begin to hash a file that is not written to any more, and bring it to the disk."""
        self._begin(_sealed, [path])

    def _begin(self, task: Callable[[Path], str], paths: Iterable[Path]) -> None:
        self._digests.update({path: self._pool.submit(task, path) for path in paths})

    def of(self, path: Path) -> str:
        """Return the SHA-256 of a file, hexadecimal; raise OSError if it cannot be read or confirmed."""
        if path not in self._digests:
            self.begin([path])
        return self._digests[path].result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)


def sync(path: Path) -> None:
    """Wait until the disk has a file or the entries of a folder, these as far as the file system can."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_CONFIRM or not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise
    finally:
        os.close(descriptor)


def _sha256(path: Path) -> str:
    with os.fdopen(open_file(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sealed(path: Path) -> str:
    digest = _sha256(path)
    sync(path)
    return digest
