"""The codes of a corpus: which projects each is found by, in one sorted table.

Codes are the ids that a source gives, and the columns that are fields of the type "code" (`recognition`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from indexer.document import identity
from indexer.storage.arrays.sums import narrowed
from indexer.storage.arrays.text_tables import Texts, spliced
from indexer.storage.days import day_of
from indexer.storage.own_fields import OwnField, of_type
from indexer.storage.segment import I64, Segment
from indexer.storage.writer import SegmentWriter
from indexer.text.codes import keys_of, keys_of_each

# Ids that are made end in a hash, which may be followed by what tells equal ones apart.
_MADE = re.compile(r"(?:^|-)[0-9a-f]{8}", re.MULTILINE)
# Ids that are cut together.
_TOGETHER = 10_000
_DOCUMENT_BITS = 32


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of N projects: `keys` are sorted, `numbers` int64 [E] which of them, `projects` int64 [E] of
    which project, 0 to N - 1.
    """  # noqa: D205

    keys: Texts
    numbers: I64
    projects: I64


def columns_of(declared: Sequence[OwnField]) -> tuple[str, ...]:
    """Return the columns of a source that hold codes."""
    return tuple(column for field in of_type(declared, "code") for column in field.columns)


def codes_of(identities: Iterable[tuple[str, str, int]], texts: Mapping[int, Sequence[str]]) -> Codes:
    """Return the codes of projects, given id, title and number of the first day of each.

    `texts` are those of the columns of codes, by project, of the projects that have some.
    """
    keys = [*_keys_of_ids(identities)]
    for project, columns in texts.items():
        keys[project] = [*dict.fromkeys(chain(keys[project], *map(keys_of, columns)))]
    counts = np.fromiter(map(len, keys), np.int64, len(keys))
    return Codes(*_numbered(chain.from_iterable(keys)), np.arange(len(keys)).repeat(counts))


def _keys_of_ids(identities: Iterable[tuple[str, str, int]]) -> Iterator[list[str]]:
    """Yield what each id is found by; those that are made are no codes."""
    identities = iter(identities)
    while block := [*islice(identities, _TOGETHER)]:
        ids = [one for one, _, _ in block]
        found = keys_of_each(ids)
        # One look at all ids: most corpora have none that is made.
        if _MADE.search("\n".join(ids)):
            found = [[] if is_made(*one) else keys for one, keys in zip(block, found, strict=True)]
        yield from found


def _numbered(keys: Iterable[str]) -> tuple[Texts, I64]:
    """Return the distinct keys, sorted, and which of them each key is, int64 [keys].

    In UTF-8 texts are in the order of their code points, and no key has a zero byte, which NumPy fills up
    shorter ones with.
    """
    distinct, numbers = np.unique(np.array([key.encode() for key in keys], np.bytes_), return_inverse=True)
    sizes = np.char.str_len(distinct).astype(np.uint64)
    return Texts(distinct.tobytes().replace(b"\0", b""), sizes), numbers


def of_segment(segment: Segment, documents: I64) -> Codes:
    """Return the codes of documents of a segment, ascending; with keys that only others have."""
    place = np.full(len(segment), -1, np.int64)
    place[documents] = np.arange(len(documents))
    projects = place[segment.code_documents]
    numbers = np.arange(len(segment.codes)).repeat(segment.code_counts)
    return Codes(segment.codes, numbers[projects >= 0], projects[projects >= 0])


def write_codes(old: tuple[Codes, I64], new: tuple[Codes, I64], writer: SegmentWriter) -> None:
    """Write the keys of all codes, sorted, and the documents that each finds.

    With the codes go the documents, int64 [N], that their projects are. It is quick where few are new.
    """
    (codes, documents), (others, other_documents) = old, new
    used = np.bincount(codes.numbers, minlength=len(codes.keys)) > 0
    united = spliced(codes.keys, used, list(others.keys))
    # Key and document in one number: what is in order already is sorted quickly.
    packed = np.concatenate([
        united.kept[codes.numbers] << _DOCUMENT_BITS | documents[codes.projects],
        united.added[others.numbers] << _DOCUMENT_BITS | other_documents[others.projects],
    ])  # fmt: skip
    packed.sort(kind="stable")
    counts = np.bincount(packed >> _DOCUMENT_BITS, minlength=len(united.sizes))
    writer.encoded("codes", united.blob, united.sizes)
    writer.array("code_counts", narrowed(counts))
    writer.array("code_documents", (packed & ((1 << _DOCUMENT_BITS) - 1)).astype(np.uint32))


def is_made(project_id: str, title: str, start: int) -> bool:
    """Tell whether an id was made from a title and the number of a day because its source gives none."""
    # To make it anew takes ten times as long as to see that it cannot be one.
    if _MADE.search(project_id) is None:
        return False
    return project_id.startswith(identity(title, day_of(start)))
