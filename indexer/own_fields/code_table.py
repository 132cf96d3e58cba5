"""The codes of a corpus: which projects each is found by, in one sorted table.

Codes are the ids that a source gives, and the columns that are fields of the type "code" (`recognition`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import orjson

from indexer.document import identity
from indexer.storage.own_fields import OwnField, of_type
from indexer.storage.segment import U64, begins
from indexer.storage.writer import SegmentWriter
from indexer.text.codes import keys_of

# Stored forms that are parsed together.
_TOGETHER = 1_000
# Ids that are made end in a hash, which may be followed by what tells equal ones apart.
_MADE = re.compile(r"(?:^|-)[0-9a-f]{8}")


def columns_of(declared: Sequence[OwnField]) -> tuple[str, ...]:
    """Return the columns of a source that hold codes."""
    return tuple(column for field in of_type(declared, "code") for column in field.columns)


def write_codes(
    stored: memoryview, offsets: U64, declared: Sequence[OwnField], writer: SegmentWriter
) -> None:
    """Write the keys of all codes, sorted, and the documents that each finds."""
    columns = columns_of(declared)
    found: defaultdict[str, list[int]] = defaultdict(list)
    for document, texts in enumerate(_codes(stored, offsets, columns)):
        for key in dict.fromkeys(key for text in texts for key in keys_of(text)):
            found[key].append(document)
    keys = sorted(found)
    counts = np.array([len(found[key]) for key in keys], np.int64)
    writer.texts("codes", keys)
    writer.array("code_starts", begins(counts).astype(np.uint32))
    writer.array("code_documents", np.array([one for key in keys for one in found[key]], np.uint32))


def _codes(stored: memoryview, offsets: U64, columns: Sequence[str]) -> Iterator[list[str]]:
    """Yield the codes of each document."""
    size = len(offsets) - 1
    for first in range(0, size, _TOGETHER):
        bounds = offsets[first : min(first + _TOGETHER, size) + 1].tolist()
        rows = [bytes(stored[begin:end]) for begin, end in pairwise(bounds)]
        for row in orjson.loads(b"[" + b",".join(rows) + b"]"):
            extra = row[6] if len(row) > 6 else {}
            codes = [extra[column] for column in columns if column in extra]
            yield codes if is_made(row[0], row[1], row[4]) else [row[0], *codes]


def is_made(project_id: str, title: str, start: str | None) -> bool:
    """Tell whether an id was made from a title because its source gives none."""
    # To make it anew takes ten times as long as to see that it cannot be one.
    if _MADE.search(project_id) is None:
        return False
    return project_id.startswith(identity(title, date.fromisoformat(start) if start else None))
