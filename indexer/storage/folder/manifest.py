"""The manifest of a generation: what it was made from, and size and checksum of each of its files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.errors import DamagedIndexError, IndexFormatError
from indexer.storage.days import now, timestamp
from indexer.storage.folder.hashing import Digests
from indexer.storage.folder.ownership import MANIFEST
from indexer.storage.schema import schema_fingerprint
from indexer.storage.segment import FORMAT


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
        built_at = timestamp(now())
        return cls(FORMAT, schema_fingerprint(), corpus, documents, built_at, files)

    def digest(self) -> str:
        """Return the SHA-256 of all that it says."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> str:
        """Return it as it is written, with its digest."""
        return json.dumps({**asdict(self), "sha256": self.digest()}, indent=1, sort_keys=True)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a generation that this code can read.

    Raise DamagedIndexError if it cannot be read, IndexFormatError if another version wrote it.
    """
    path = folder / MANIFEST
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        if (content["format"], content["schema"]) != (FORMAT, schema_fingerprint()):
            raise IndexFormatError(
                f"{folder.name} was built by another version; run: reindex --full", path=folder
            )
        digest = content.pop("sha256")
        files = {
            str(name): (int(size), str(file_digest)) for name, (size, file_digest) in content["files"].items()
        }
        found = Manifest(**{**content, "files": files})
    except FileNotFoundError:
        raise DamagedIndexError(f"{path} is missing; run: reindex --full", path=path) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndexError(f"{path} cannot be read ({error}); run: reindex --full", path=path) from error
    if found.digest() != digest:
        raise DamagedIndexError(f"{path} is damaged; run: reindex --full", path=path)
    return found
