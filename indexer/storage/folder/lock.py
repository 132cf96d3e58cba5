"""The lock of an index folder: one `reindex` at a time; whoever comes second is told who was first.

It imports nothing that takes time, so that a command can try it before it loads the rest of itself.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from indexer.errors import ForeignFolderError, LockedError
from indexer.storage.folder.ownership import LOCK, mark_index, refuse_foreign

# Never through a link: in a folder from elsewhere it might lead to a file that is then emptied.
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextlib.contextmanager
def lock(index_dir: Path) -> Iterator[None]:
    """Hold the index folder for writing, made if missing.

    Raise ForeignFolderError if it is not ours, LockedError if another process has it.
    """
    refuse_foreign(index_dir)
    index_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(index_dir / LOCK, _FLAGS, 0o644)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            raise ForeignFolderError(f"{index_dir / LOCK} is not a file of ours; remove it", path=index_dir)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            raise LockedError(
                f"another reindex is running (pid {holder}); wait for it to end", path=index_dir
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        mark_index(index_dir)
        yield
    finally:
        os.close(descriptor)
