"""The lines of a file, some at a time: in blocks of whole lines, which NumPy can look through."""

from __future__ import annotations

import io
from collections.abc import Iterator
from io import BufferedIOBase

from indexer.corpus.account import Account
from indexer.corpus.reading import MEGABYTE
from indexer.corpus.texts import UTF8_MARK, UTF16_MARKS, decode

# Of a file at a time: enough for NumPy, and all that is made of it fits into the cache of a processor.
BLOCK_BYTES = MEGABYTE // 4


def lines_of(block: bytes) -> list[bytes]:
    """Return the lines of a block, without their ends."""
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines


def blocks_of(stream: BufferedIOBase, account: Account | None = None) -> Iterator[bytes]:
    """Yield whole lines, some at a time, end to end in UTF-8; tell `account` of another encoding.

    Where a packed file is damaged, the lines before the damage are still given; the one in it is not.
    """
    first = stream.readline()
    if first.startswith(UTF16_MARKS):
        if account:
            account.encoding = "utf-16"
        stream = io.BytesIO(decode(first + stream.read()).encode("utf-8", "replace"))
        first = b""
    parts = [first.removeprefix(UTF8_MARK)]
    # What is there, not all that was asked for: so nothing before a damage is lost.
    while block := stream.read1(BLOCK_BYTES):
        end = block.rfind(b"\n") + 1
        if end:
            parts.append(block[:end])
            yield _drained(parts)
        parts.append(block[end:])
    if any(parts):
        yield _drained(parts)


def _drained(parts: list[bytes]) -> bytes:
    """Return parts as one, and forget them: a line may be as large as the file."""
    whole = b"".join(parts)
    parts.clear()
    return whole
