"""What a corpus is known again by: a hash of all its files together, and one of each by itself."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path

from indexer.corpus.files.opening import open_file, why_unreadable
from indexer.corpus.files.settings_names import SETTINGS_FILES
from indexer.corpus.files.sources import Source, root_of, shown, walk
from indexer.corpus.reading import LIMITS, READING_VERSION, Limits
from indexer.document import Rejection

# What tells that a file was written or replaced: its number on the disk, its size, and when it last changed.
State = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A SHA-256 of a corpus folder as a whole, and of each of its files by itself, hexadecimal.

    `states` is how each file was before it was looked at.
    """

    folder: Path
    whole: str
    files: Mapping[Path, str]
    states: Mapping[Path, State | None] = field(compare=False)

    def changed(self) -> list[str]:
        """Return the names of the files that may have been written to since then, as they are told.

        What was read of them may be neither what was there before nor what is there now, even where both are
        the same. Those that are gone are left out: without them the corpus has another fingerprint.
        """
        root = root_of(self.folder)
        found = [file for file, state in self.states.items() if _state_of(file) not in (state, None)]
        return sorted(shown(str(file.relative_to(root))) for file in found)


def corpus_fingerprint(corpus_dir: Path, limits: Limits = LIMITS) -> Fingerprint:
    """Return a fingerprint that changes when a file that is read, or the list of skipped ones, does.

    The files of settings count too, and so does how files are read: what was rejected for a limit is taken
    once that is raised.
    """
    how = [READING_VERSION, unicodedata.unidata_version, *astuple(limits)]
    digest = hashlib.sha256(f"{how}\n".encode())
    hashes: dict[Path, str] = {}
    states: dict[Path, State | None] = {}
    for one in walk(corpus_dir, limits):
        if isinstance(one, Source) and one.file not in hashes:
            states[one.file] = _state_of(one.file)
            hashes[one.file] = _file_hash(one.file)
        content = one.reason if isinstance(one, Rejection) else hashes[one.file]
        digest.update(f"{one.path}\n{content}\n".encode())
    for name in SETTINGS_FILES:
        file = root_of(corpus_dir) / name
        states[file] = _state_of(file)
        digest.update(f"{name}\n{_file_hash(file)}\n".encode() if file.exists() else b"")
    return Fingerprint(corpus_dir, digest.hexdigest(), hashes, states)


def _state_of(file: Path) -> State | None:
    """Return the state of a file, None if there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _file_hash(file: Path) -> str:
    try:
        with open_file(file) as raw:
            return hashlib.file_digest(raw, "sha256").hexdigest()
    except OSError as error:
        return why_unreadable(error)
