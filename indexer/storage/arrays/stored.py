"""Stored projects: each packed by itself, with what the projects of a corpus have in common kept once.

A project's stored form (`document.stored_form`) is a frame of zstd without a checksum, for the manifest has
one of the whole file; a very long one is not packed. The frames share a dictionary that is trained on a
sample: the projects whose ids have the smallest hashes, and of them what seldom changes (`sampled`). So it
depends on nothing but what the projects say; and as long as that stays, so does the dictionary, and frames
are copied from generation to generation: also where ends are put off, amounts corrected and texts continued.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import orjson
import zstandard
from numpy.typing import NDArray

I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]

# Of the sample: how many projects, and how much of each; of its description so many characters. More of them
# pack no better.
SAMPLE, SAMPLED_BYTES, SAMPLED_BEGINNING = 2_000, 4_096, 300
# A dictionary is worth its place in a corpus of so many projects, with so many bytes for each of them.
LEAST_PROJECTS, BYTES_PER_PROJECT = 500, 16
LARGEST_DICTIONARY = 112_640
# The default of zstd; twice the time at the next levels gains one part in a hundred.
LEVEL = 3
# No record gives a longer form: a reader takes a megabyte at most, of which JSON may make some times as much.
# A frame that says that it unfolds to more is refused before it is unfolded.
LONGEST_FORM = 32 << 20
# A longer form stands as it is: a list shows little of it, and to unpack all of it takes too long for a page.
LONGEST_PACKED = 256 << 10
# Frames that are unpacked at once, so that they take little memory.
TOGETHER = 500
# The fewest bytes that a frame has.
_HEAD = 4 + 1 + 1 + 3
# What begins a form that is not packed, and no frame.
_UNPACKED = b"["
_BRACKET = _UNPACKED[0]


class Stored(Sequence[bytes]):
    """The stored forms of a segment, by document; threads may share it."""

    def __init__(self, packed: memoryview, offsets: U64, dictionary: memoryview) -> None:
        """Take frames end to end, where each begins and ends, and their dictionary, empty for none."""
        self._packed, self._offsets, self.dictionary = packed, offsets, dictionary
        self._shared = zstandard.ZstdCompressionDict(dictionary) if len(dictionary) else None
        self._own = threading.local()

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, document: int) -> bytes:  # type: ignore[override]
        """Return a stored form; raise ValueError if it cannot be unpacked."""
        return next(self.forms((document,)))

    def __iter__(self) -> Iterator[bytes]:
        return self.forms(range(len(self)))

    def forms(self, documents: Iterable[int]) -> Iterator[bytes]:
        """Yield the stored forms of documents; raise ValueError at one that cannot be unpacked."""
        return map(bytes, self.views(documents))

    def views(self, documents: Iterable[int]) -> Iterator[bytes | memoryview]:
        """Yield the same, but what is not packed as it lies in the file."""
        packed, bounds, document = self._packed, self._offsets.item, -1
        try:
            unpack, frame_size = self._unpack(), zstandard.frame_content_size
            for document in documents:
                begin, end = bounds(document), bounds(document + 1)
                frame = packed[begin:end]
                if begin < end and packed[begin] == _BRACKET:
                    yield frame
                    continue
                if not 0 <= frame_size(frame) <= LONGEST_FORM:
                    raise ValueError(f"stored project {document} says that it is too long")
                yield unpack(frame)
        except zstandard.ZstdError as error:
            raise ValueError(f"stored project {document}: {error}") from error

    def joined(self, first: int, last: int) -> bytes:
        """Return the stored forms of documents `first` to `last` (exclusive) with commas between them.

        Raise ValueError as `forms` does.
        """
        return b",".join(self._together(np.arange(first, last)))

    def many(self, documents: I64) -> Iterator[bytes]:
        """Yield what `forms` does: many short ones are unpacked together, in less time."""
        for begin in range(0, len(documents), TOGETHER):
            yield from self._together(documents[begin : begin + TOGETHER])

    def _together(self, documents: I64) -> Iterable[bytes]:
        """Return the stored forms of documents, unpacked at once if all are short."""
        starts, ends = (self._offsets[places].astype(np.int64) for places in (documents, documents + 1))
        packed = np.frombuffer(self._packed, np.uint8)
        if not len(documents) or not _are_short_frames(packed, starts, ends):
            return self.forms(documents.tolist())
        segments = np.stack([starts, ends - starts], axis=1).astype(np.uint64)
        try:
            frames = zstandard.BufferWithSegments(self._packed, segments.tobytes())
            found = self._unpacker().multi_decompress_to_buffer(frames)
            return [found[number].tobytes() for number in range(len(found))]
        except zstandard.ZstdError as error:
            first, last = documents[[0, -1]].tolist()
            raise ValueError(f"stored projects {first} to {last + 1}: {error}") from error

    def begins(self, document: int, beginning: bytes) -> bool:
        """Tell whether a stored form begins with some bytes; raise ValueError if it cannot be unpacked."""
        first = self._offsets.item(document)
        # A long form is not read beyond its beginning.
        is_unpacked = self._packed[first : first + 1] == _UNPACKED
        form = self._packed[first : first + len(beginning)] if is_unpacked else self[document]
        return bytes(form[: len(beginning)]) == beginning

    def frames(self, documents: I64) -> tuple[memoryview, I64, I64]:
        """Return all frames end to end, and where those of some documents begin and end."""
        offsets = self._offsets.astype(np.int64)
        return self._packed, offsets[documents], offsets[documents + 1]

    def _unpack(self) -> Callable[[memoryview], bytes]:
        # What unpacks keeps its state in between, so each thread has one of its own.
        found: Callable[[memoryview], bytes] | None = getattr(self._own, "unpack", None)
        if found is None:
            found = self._own.unpack = partial(self._unpacker().decompress, allow_extra_data=False)
        return found

    def _unpacker(self) -> zstandard.ZstdDecompressor:
        found: zstandard.ZstdDecompressor | None = getattr(self._own, "unpacker", None)
        if found is None:
            found = self._own.unpacker = zstandard.ZstdDecompressor(dict_data=self._shared)
        return found


def _are_short_frames(packed: NDArray[np.uint8], starts: I64, ends: I64) -> bool:
    """Tell whether from each start to its end is a frame of one block that says it unfolds to 64 kB or less.

    What is checked is the beginning of a frame and that nothing stands behind it (RFC 8878, section 3.1.1):
    unpacked together, frames would not say so.
    """
    # The smallest frame has a magic number, a descriptor, the size of its content, and a block's head.
    if int((ends - starts).min()) < _HEAD:
        return False
    descriptors = packed[starts + 4].astype(np.int64)
    kinds, single = descriptors >> 6, descriptors >> 5 & 1
    if not ((kinds == 1) | (kinds == 0) & (single == 1)).all() or (descriptors & 0b11011).any():
        return False
    # Behind the descriptor: a byte for the window where there are several segments, one or two of the size.
    blocks = starts + 5 + (1 - single) + (1 + kinds)
    heads = sum(packed[np.minimum(blocks + byte, ends - 1)].astype(np.int64) << 8 * byte for byte in range(3))
    sizes = np.where(heads >> 1 & 3 == 1, 1, heads >> 3)
    return bool(((heads & 1 == 1) & (blocks + 3 + sizes + 4 * (descriptors >> 2 & 1) == ends)).all())


def sample_of(by_hash: NDArray[np.integer[Any]]) -> I64:
    """Return the documents on which a dictionary is trained, the first of all `by_hash` of their ids [N].

    A small corpus has no sample.
    """
    return by_hash[: SAMPLE if len(by_hash) >= LEAST_PROJECTS else 0].astype(np.int64)


def sampled(form: bytes) -> bytes:
    """Return what a stored form of the sample gives: a form with what seldom changes in it.

    The description is cut, the last day is another first one, and columns have names and no values.
    """
    name, title, description, grantee, start, _, *more = orjson.loads(form)
    extra = [dict.fromkeys(columns, "") for columns in more]
    beginning = [name, title, description[:SAMPLED_BEGINNING], grantee, start, start, *extra]
    return orjson.dumps(beginning)[:SAMPLED_BYTES]


def dictionary_size(projects: int) -> int:
    """Return how large the dictionary of a corpus may be, in bytes."""
    return min(LARGEST_DICTIONARY, projects * BYTES_PER_PROJECT)


def trained(sample: Iterable[bytes], size: int) -> bytes:
    """Return the dictionary of up to `size` bytes for what a sample gives, b"" for none."""
    try:
        texts: list[bytes | bytearray | memoryview] = [*sample]
        return zstandard.train_dictionary(size, texts, level=LEVEL).as_bytes() if texts else b""
    except zstandard.ZstdError:
        # The sample is too small, or has nothing in common.
        return b""


def packing(dictionary: bytes | memoryview) -> Callable[[bytes], bytes]:
    """Return what packs a stored form."""
    shared = zstandard.ZstdCompressionDict(dictionary) if len(dictionary) else None
    if shared:
        shared.precompute_compress(level=LEVEL)
    packer = zstandard.ZstdCompressor(
        level=LEVEL, dict_data=shared, write_checksum=False, write_dict_id=False, write_content_size=True
    )
    return lambda form: form if len(form) > LONGEST_PACKED else packer.compress(form)
