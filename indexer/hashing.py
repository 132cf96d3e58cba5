"""SHA-256 of files, several at a time: hashing lets go of the interpreter, so that threads do."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

# One after the other, hashing the last and the new generation would be a fifth of a small update.
AT_A_TIME = min(4, os.cpu_count() or 1)


@contextmanager
def hashing(sizes: Mapping[Path, int]) -> Iterator[dict[Path, Future[str]]]:
    """Give the SHA-256 to come of each file, whose size in bytes is given; the largest first."""
    largest_first = sorted(sizes, key=sizes.__getitem__, reverse=True)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        yield {path: pool.submit(_sha256, path) for path in largest_first}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
