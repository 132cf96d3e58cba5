"""The codes of a corpus: which projects each is found by, in one sorted table.

Codes are the ids that a source gives, and the columns that are fields of the type "code" (`recognition`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from indexer.document import identity
from indexer.storage.arrays.sums import narrowed
from indexer.storage.days import day_of
from indexer.storage.own_fields import OwnField, of_type
from indexer.storage.segment import I64, Segment
from indexer.storage.writer import SegmentWriter
from indexer.text.codes import keys_of

# Ids that are made end in a hash, which may be followed by what tells equal ones apart.
_MADE = re.compile(r"(?:^|-)[0-9a-f]{8}")
_DOCUMENT_BITS = 32


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of N projects: `keys` in any order, `numbers` int64 [E] which of them, `projects` int64 [E]
    of which project, 0 to N - 1.
    """  # noqa: D205

    keys: Sequence[str]
    numbers: I64
    projects: I64


def columns_of(declared: Sequence[OwnField]) -> tuple[str, ...]:
    """Return the columns of a source that hold codes."""
    return tuple(column for field in of_type(declared, "code") for column in field.columns)


def codes_of(identities: Iterable[tuple[str, str, int]], texts: Mapping[int, Sequence[str]]) -> Codes:
    """Return the codes of projects, given id, title and number of the first day of each.

    `texts` are those of the columns of codes, by project, of the projects that have some.
    """
    number_of: dict[str, int] = {}
    numbers: list[int] = []
    projects: list[int] = []
    for project, (project_id, title, start) in enumerate(identities):
        keys = [] if is_made(project_id, title, start) else keys_of(project_id)
        if project in texts:
            keys = [*dict.fromkeys(chain(keys, *map(keys_of, texts[project])))]
        for key in keys:
            numbers.append(number_of.setdefault(key, len(number_of)))
            projects.append(project)
    return Codes(list(number_of), np.array(numbers, np.int64), np.array(projects, np.int64))


def of_segment(segment: Segment, documents: I64) -> Codes:
    """Return the codes of documents of a segment, ascending."""
    place = np.full(len(segment), -1, np.int64)
    place[documents] = np.arange(len(documents))
    projects = place[segment.code_documents]
    numbers = np.arange(len(segment.codes)).repeat(segment.code_counts)
    return Codes(segment.codes, numbers[projects >= 0], projects[projects >= 0])


def write_codes(parts: Sequence[tuple[Codes, I64]], writer: SegmentWriter) -> None:
    """Write the keys of all codes, sorted, and the documents that each finds.

    Each part has int64 [N] the documents that its projects are.
    """
    used = [_used(codes) for codes, _ in parts]
    keys = sorted(dict.fromkeys(chain.from_iterable(used)))
    number_of = dict(zip(keys, range(len(keys)), strict=True))
    entries = [np.zeros(0, np.int64)]
    for (codes, documents), names in zip(parts, used, strict=True):
        renumbered = np.fromiter(map(number_of.__getitem__, names), np.int64, len(names))
        places = np.unique(codes.numbers, return_inverse=True)[1].reshape(-1)
        entries.append(renumbered[places] << _DOCUMENT_BITS | documents[codes.projects])
    # Key and document in one number: what is in order already is sorted quickly.
    packed = np.sort(np.concatenate(entries), kind="stable")
    counts = np.bincount(packed >> _DOCUMENT_BITS, minlength=len(keys))
    writer.texts("codes", keys)
    writer.array("code_counts", narrowed(counts))
    writer.array("code_documents", (packed & ((1 << _DOCUMENT_BITS) - 1)).astype(np.uint32))


def _used(codes: Codes) -> list[str]:
    """Return the keys that a project has, in the order of their numbers."""
    used = np.bincount(codes.numbers, minlength=len(codes.keys)) > 0
    keys = list(codes.keys)
    return keys if used.all() else [key for key, is_used in zip(keys, used.tolist(), strict=True) if is_used]


def is_made(project_id: str, title: str, start: int) -> bool:
    """Tell whether an id was made from a title and the number of a day because its source gives none."""
    # To make it anew takes ten times as long as to see that it cannot be one.
    if _MADE.search(project_id) is None:
        return False
    return project_id.startswith(identity(title, day_of(start)))
