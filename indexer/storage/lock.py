"""The lock of an index folder: one `reindex` at a time; whoever comes second is told who was first.

It imports nothing that takes time, so that a command can try it before it loads the rest of itself.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from indexer.errors import LockedError

LOCK = "LOCK"


@contextlib.contextmanager
def lock(index_dir: Path) -> Iterator[None]:
    """Hold the index folder for writing, made if missing; raise LockedError if another process has it."""
    index_dir.mkdir(parents=True, exist_ok=True)
    # Not through a link: in a folder from elsewhere it might lead to a file that is then emptied.
    descriptor = os.open(index_dir / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            raise LockedError(
                f"another reindex is running (pid {holder}); wait for it to end", path=index_dir
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)
