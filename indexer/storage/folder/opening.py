"""Opens what is in an index that nobody vouches for: regular files of one name, no links, never waiting.

All that is read of an index and all that is made beside it comes through here.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_READ_ONLY = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
# The mode of a new file, less what the umask takes away.
_NEW_MODE = 0o666
# What opening a link, a socket or a device without a driver fails with.
_NOT_PLAIN = (errno.ELOOP, errno.ENXIO, errno.ENODEV)


class NotPlainError(OSError):
    """A pipe, a device, a link, or a file of several names stands where a file of ours should."""


def open_file(path: Path) -> int:
    """Return a descriptor of a regular file that has one name; raise OSError for anything else."""
    try:
        descriptor = os.open(path, _READ_ONLY)
    except OSError as error:
        if error.errno in _NOT_PLAIN:
            raise NotPlainError(error.errno, "a link, a socket or a device", str(path)) from None
        raise
    try:
        # Looked at after it was opened: what is put in its place meanwhile was not opened.
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotPlainError(errno.EINVAL, "not a regular file", str(path))
        if status.st_nlink > 1:
            raise NotPlainError(errno.EMLINK, "a file with several names (hard links)", str(path))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_bytes(path: Path, limit: int) -> bytes:
    """Return what a file holds; raise OSError if it cannot be opened or is longer than `limit` bytes."""
    with os.fdopen(open_file(path), "rb") as file:
        # As much as there is, not as may be: Python takes memory for all it is asked for before it reads.
        content = file.read(min(limit, os.fstat(file.fileno()).st_size) + 1)
    if len(content) > limit:
        raise NotPlainError(errno.EFBIG, f"longer than {limit:,} bytes", str(path))
    return content


def size_of(path: Path) -> int:
    """Return the size of a file in bytes; raise OSError if it cannot be opened."""
    descriptor = open_file(path)
    try:
        return os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


def create(path: Path, content: bytes) -> None:
    """Write a new file, and wait until the disk has it; raise FileExistsError if there is anything.

    Whatever goes wrong, nothing is left.
    """
    descriptor = os.open(path, _NEW, _NEW_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
