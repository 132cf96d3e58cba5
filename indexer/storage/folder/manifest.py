"""The manifest of a generation: what it is made of, and whether all of it is as it was written.

A manifest comes from a folder that anybody may have made: it is read up to a bound, and each of its values
is of the type that it must have, before anything in it is used.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from indexer.errors import (
    DamagedIndexError,
    IndexerError,
    IndexFormatError,
    UnreadableIndexError,
    why_not_read,
)
from indexer.storage.arrays import consistency
from indexer.storage.arrays.inventory import FILES
from indexer.storage.days import now, timestamp
from indexer.storage.folder.hashing import Digests
from indexer.storage.folder.opening import read_bytes, size_of
from indexer.storage.folder.ownership import MANIFEST
from indexer.storage.schema import schema_fingerprint
from indexer.storage.segment import FORMAT, Segment

# A manifest has some fifty lines; what is longer is none.
_MOST_BYTES = 65_536
# A process that lacks open files or memory cannot read what is good.
_FOR_WANT_OF = frozenset([errno.EMFILE, errno.ENFILE, errno.ENOMEM])
_TYPES = {
    "format": int,
    "schema": str,
    "corpus": str,
    "documents": int,
    "built_at": str,
    "files": dict,
    "sha256": str,
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is made of; `files` gives each file's size in bytes and SHA-256.

    As a file it carries its own SHA-256, so that no byte of a generation can change unseen.
    """

    format: int
    schema: str
    corpus: str
    documents: int
    built_at: str
    files: dict[str, tuple[int, str]]

    @classmethod
    def of(cls, folder: Path, documents: int, corpus: str, digests: Digests) -> Manifest:
        """Return the manifest of the finished files in `folder`, built now, taking what `digests` has."""
        files = {path.name: (path.stat().st_size, digests.of(path)) for path in sorted(folder.iterdir())}
        return cls(FORMAT, schema_fingerprint(), corpus, documents, timestamp(now()), files)

    def digest(self) -> str:
        """Return the SHA-256 of all that it says."""
        return hashlib.sha256(json.dumps(self._said(), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> str:
        """Return it as it is written, with its digest."""
        return json.dumps({**self._said(), "sha256": self.digest()}, indent=1, sort_keys=True)

    def _said(self) -> dict[str, object]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a generation that this code can read.

    Raise DamagedIndexError if it cannot be read, IndexFormatError if another version wrote it.
    """
    path = folder / MANIFEST
    content = _content(path)
    if not {"format", "schema"} <= content.keys():
        raise _damaged(path, "cannot be read (it has no format)")
    if (content["format"], content["schema"]) != (FORMAT, schema_fingerprint()):
        raise IndexFormatError(
            f"{folder.name} was built by another version; run: reindex --full", path=folder
        )
    try:
        digest, found = _typed(content)
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(path, f"cannot be read ({error})") from error
    if found.digest() != digest:
        raise _damaged(path, "is damaged")
    if found.files.keys() != FILES:
        raise _damaged(path, "lists other files than a generation has")
    return found


def documents_told(folder: Path) -> int:
    """Return how many projects a generation says it has, whatever its format; 0 if it does not say."""
    try:
        told = _content(folder / MANIFEST).get("documents")
    except (DamagedIndexError, UnreadableIndexError):
        return 0
    return told if type(told) is int and told > 0 else 0


def _content(path: Path) -> dict[str, Any]:
    """Return what a manifest says, unchecked; raise DamagedIndexError if it says nothing."""
    try:
        content = json.loads(read_bytes(path, _MOST_BYTES))
    except FileNotFoundError:
        raise _damaged(path, "is missing") from None
    except (OSError, ValueError, RecursionError) as error:
        raise _blamed(path, error, _damaged(path, f"cannot be read ({error})")) from error
    if not isinstance(content, dict):
        raise _damaged(path, "cannot be read (it is no object)")
    return content


def _typed(content: dict[str, Any]) -> tuple[str, Manifest]:
    """Return the digest and the manifest of what was read; raise KeyError, TypeError or ValueError."""
    for name, kind in _TYPES.items():
        if type(content[name]) is not kind:
            raise TypeError(f"{name} is no {kind.__name__}")
    if content.keys() != _TYPES.keys() or content["documents"] < 0:
        raise ValueError("it says what no manifest does")
    if datetime.fromisoformat(content["built_at"]).tzinfo is None:
        raise ValueError("built_at has no time zone")
    files = {name: (size, digest) for name, (size, digest) in content["files"].items()}
    if not all(type(size) is int and type(digest) is str for size, digest in files.values()):
        raise TypeError("files have no sizes and digests")
    return content.pop("sha256"), Manifest(**{**content, "files": files})


def verify(folder: Path) -> Manifest:
    """Read every file of a generation against its manifest, and hold its arrays against each other.

    Raise DamagedIndexError naming what is bad, IndexFormatError if another version wrote it.
    """
    return verified(folder)[0]


def verified(folder: Path, published: str = "") -> tuple[Manifest, Segment]:
    """Verify a generation, and return its manifest and its segment; raise as `verify` does.

    Where it is, by the digest of its manifest, the one that was `published` here, its projects have been read
    by whoever did that, and are not unpacked once more: that takes most of the time.
    """
    expected = read_manifest(folder)
    with _blaming(folder):
        strange = sorted({path.name for path in folder.iterdir()} - FILES - {MANIFEST})
    if strange or folder.is_symlink():
        raise _damaged(folder / (strange or [""])[0], "is no part of a generation")
    for name, (size, _) in expected.files.items():
        with _blaming(folder / name):
            if size_of(folder / name) != size:
                raise _damaged(folder / name, "has another size than written")
    largest_first = sorted(expected.files, key=expected.files.__getitem__, reverse=True)
    with Digests() as digests:
        # Arrays are held against each other while threads hash; but a damaged file is told first.
        digests.begin(folder / name for name in largest_first)
        misfit = _misfit(folder, expected, unread=published != expected.digest())
        for name in largest_first:
            with _blaming(folder / name):
                if digests.of(folder / name) != expected.files[name][1]:
                    raise _damaged(folder / name, "is damaged")
    if misfit is not None:
        raise misfit
    # Mapped anew, so that what was read to be checked does not stay in memory.
    return expected, open_segment(folder, all_values=False)


def open_segment(folder: Path, *, all_values: bool = True) -> Segment:
    """Map the arrays of a generation; raise DamagedIndexError if one is missing or not as it must be.

    Without `all_values` long arrays are not read: for a generation that was verified.
    """
    try:
        return Segment.open(folder, all_values=all_values)
    except (OSError, ValueError) as error:
        raise _blamed(folder, error, _damaged(folder, f"cannot be opened ({error})")) from error


def _misfit(folder: Path, expected: Manifest, *, unread: bool) -> DamagedIndexError | None:
    """Return what is wrong with a generation whose projects are `unread`, None if nothing is."""
    try:
        segment = open_segment(folder)
        consistency.check(segment, unread=unread)
    except DamagedIndexError as error:
        return error
    except ValueError as error:
        return _damaged(folder, f"cannot be searched ({error})")
    if len(segment) != expected.documents:
        return _damaged(folder, f"holds {len(segment)} of the {expected.documents} projects that it tells of")
    return None


def _damaged(path: Path, what: str) -> DamagedIndexError:
    return DamagedIndexError(f"{path} {what}; run: reindex --full", path=path)


def _blamed(path: Path, error: Exception, damaged: DamagedIndexError) -> IndexerError:
    """Return `damaged`, or that this process may not, or cannot now, read what another one could."""
    if isinstance(error, OSError) and (isinstance(error, PermissionError) or error.errno in _FOR_WANT_OF):
        return UnreadableIndexError(f"{path} {why_not_read(error)}", path=path)
    return damaged


@contextlib.contextmanager
def _blaming(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        damaged = DamagedIndexError(f"{path}: {error.strerror}; run: reindex --full", path=path)
        raise _blamed(path, error, damaged) from error
