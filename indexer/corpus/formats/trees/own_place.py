"""A place of one's own in a stream that others read as well."""

from __future__ import annotations

from typing import BinaryIO


class OwnPlace:
    """Reads a seekable stream from a place on, whoever else moves about in it."""

    def __init__(self, stream: BinaryIO, place: int = 0) -> None:
        """Begin at `place`, in bytes."""
        self._stream, self._place = stream, place

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        self._stream.seek(self._place)
        block = self._stream.read(size)
        self._place += len(block)
        return block
