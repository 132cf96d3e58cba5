"""The report of a generation as files: what was done, and a line for each rejected record with its text."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from indexer.storage.arrays.inventory import REJECTED, REPORT
from indexer.storage.folder.opening import create, open_file, read_bytes

# Bytes of a report that is read back: more than any report has that was written here.
MOST_BYTES = 256_000_000


def write_report(folder: Path, content: bytes) -> None:
    """Write what a report says into the folder of its generation; raise OSError."""
    create(folder / REPORT, content)


def read_report(folder: Path) -> bytes:
    """Return what `write_report` wrote; raise OSError if it cannot be opened or read."""
    return read_bytes(folder / REPORT, MOST_BYTES)


def rejected_lines(folder: Path, most: int) -> list[bytes]:
    """Return the first lines of the file of rejected records, `most` at most; raise OSError."""
    with os.fdopen(open_file(folder / REJECTED), "rb") as file:
        return [*islice(file, most)]
