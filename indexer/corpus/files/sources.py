"""The files of a corpus folder: found in a fixed order, opened without trust.

The folder is in other people's hands: it may hold pipes, devices, links that lead out or in circles, and
archives that unfold without end. None of them is opened, each is named in the report.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, replace
from gzip import GzipFile
from io import BufferedReader
from pathlib import Path, PurePosixPath

from indexer.corpus.files.archives import ARCHIVE, Archives, Member, members
from indexer.corpus.files.opening import bounded, open_unpacked, why_unreadable
from indexer.corpus.files.settings_names import SETTINGS_FILES, meant_for
from indexer.corpus.reading import LIMITS, Limits, megabytes
from indexer.document import Rejection
from indexer.errors import CorpusError, why_not_read

Child = os.DirEntry[str]

# What is no format: the files in it have theirs.
ARCHIVED = "archive"
# The formats, by the end of the file name; `.gz` may follow any of them.
KINDS = {
    ".txt": "listing",
    ".html": "page",
    ".htm": "page",
    ".mht": "archived page",
    ".mhtml": "archived page",
    ".csv": "table",
    ".tsv": "table",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".jsonld": "json",
    ".xml": "xml",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".ods": "workbook",
    ".xls": "workbook",
    ARCHIVE: ARCHIVED,
}
PACKED = ".gz"
# Beside the corpus, not part of it: notes, hidden files, half-copied files, editors' backups, and what an
# office program puts beside a workbook while it is open.
_IGNORED = re.compile(
    r"\..*|~\$.*|README.*|.*(\.md|\.part|\.tmp|\.crdownload|\.swp|~)", re.IGNORECASE | re.DOTALL
)
_ADVICE = {
    ".zip": "unpack it, and put what is in it here",
    ".7z": "unpack it, and put what is in it here",
    ".rar": "unpack it, and put what is in it here",
    ".tar": "unpack it, and put what is in it here",
    ".xlsb": "save the workbook as .xlsx",
    ".numbers": "export the table as .csv",
    ".pdf": "save the table as .csv or .html",
    ".docx": "save the table as .csv or .html",
    ".eml": "save what is attached to the message, and put that here",
    ".msg": "save what is attached to the message, and put that here",
    ".geojson": "export the table as .csv or .json",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file that will be read: its name inside the corpus, where it really is, and its format.

    `member` is its name in the archive that `file` is, "" for a file by itself.
    """

    path: str
    file: Path
    kind: str
    packed: bool
    size: int
    member: str = ""


def walk(corpus_dir: Path, limits: Limits = LIMITS) -> list[Source | Rejection]:
    """Return every file of the corpus in sorted order, a `Rejection` in the place of what cannot be read.

    Raises CorpusError if the folder is missing or cannot be listed.
    """
    root = root_of(corpus_dir)
    found: list[Source | Rejection] = []
    folders = [(root, "")]
    while folders:
        folder, prefix = folders.pop()
        try:
            children = _children(folder)
        except OSError as error:
            if not prefix:
                raise _unreadable(corpus_dir, error) from None
            found.append(Rejection(prefix.rstrip("/"), 0, f"this folder {why_not_read(error)}", ""))
            continue
        for child in children:
            path = prefix + shown(child.name)
            one = None if _ignored(child, prefix) else _look_at(child, path, root, limits)
            if isinstance(one, Path):
                folders.append((one, path + "/"))
            elif one is not None:
                found += _unfolded(one, limits)
    return sorted(found, key=lambda one: one.path)


def open_source(source: Source, limits: Limits, archives: Archives) -> BufferedReader:
    """Open a source for reading, unpacked, up to its limit; whatever goes wrong then is for the guard."""
    if source.member:
        stream = archives.open_member(source.file, source.member)
        packed = source.path.lower().endswith(PACKED)
        return bounded(GzipFile(fileobj=stream) if packed else stream, stream, limits.of(source.kind))
    return open_unpacked(source.file, packed=source.packed, limit=limits.of(source.kind))


def _children(folder: Path) -> list[Child]:
    """Return what is in a folder; raise OSError if that may not be listed, or nothing in it be opened."""
    # A folder without the right to search it can be listed, and then nothing in it is there.
    (folder / os.pardir).stat()
    # By name: two that are shown alike would else be read in the order in which the disk has them.
    return sorted(os.scandir(folder), key=lambda child: os.fsencode(child.name))


def _unreadable(corpus_dir: Path, error: OSError) -> CorpusError:
    return CorpusError(f"the corpus folder {corpus_dir} {why_not_read(error)}", path=corpus_dir)


def root_of(corpus_dir: Path) -> Path:
    """Return where a corpus folder really is; raise CorpusError if there is none."""
    try:
        root = corpus_dir.resolve(strict=True)
    except PermissionError as error:
        raise _unreadable(corpus_dir, error) from None
    except (OSError, RuntimeError):
        raise CorpusError(
            f"no corpus folder at {corpus_dir}; create it or pass --corpus", path=corpus_dir
        ) from None
    if not root.is_dir():
        raise CorpusError(f"{corpus_dir} is a file; --corpus must name a folder", path=corpus_dir)
    return root


def _ignored(child: Child, prefix: str) -> bool:
    return _IGNORED.fullmatch(child.name) is not None or (not prefix and child.name in SETTINGS_FILES)


def _look_at(child: Child, path: str, root: Path, limits: Limits) -> Source | Rejection | Path:
    try:
        file = Path(child.path)
        if child.is_symlink():
            file = file.resolve(strict=True)
            if not file.is_relative_to(root):
                return Rejection(path, 0, "a link that leaves the corpus folder; put a copy here instead", "")
            if file.is_dir():
                return Rejection(path, 0, "a link to a folder; folders are read under their own name", "")
        status = file.stat()
    except PermissionError as error:
        return Rejection(path, 0, why_unreadable(error), "")
    except (OSError, RuntimeError):
        return Rejection(path, 0, "a broken link, a loop of links, or a file that vanished", "")
    if stat.S_ISDIR(status.st_mode):
        return file
    if not stat.S_ISREG(status.st_mode):
        return Rejection(path, 0, "a pipe, socket or device, not a file", "")
    return source_at(path, file, status.st_size, limits)


def sources_at(path: str, file: Path, size: int, limits: Limits) -> list[Source | Rejection]:
    """Return what there is to read of a file of `size` bytes called `path`: itself, or what it holds."""
    return _unfolded(source_at(path, file, size, limits), limits)


def _unfolded(one: Source | Rejection, limits: Limits) -> list[Source | Rejection]:
    """Return the files in an archive in the place of it; all else as it is."""
    if isinstance(one, Rejection) or one.kind != ARCHIVED:
        return [one]
    try:
        found = members(one.file)
    except OSError as error:
        return [Rejection(one.path, 0, str(error), "")]
    return [
        _in_archive(one, member, limits)
        for member in found
        if not any(_IGNORED.fullmatch(part) for part in member.name.split("/"))
        and "__MACOSX" not in member.name
    ] or [Rejection(one.path, 0, "an archive with no file that is read", "")]


def _in_archive(archive: Source, member: Member, limits: Limits) -> Source | Rejection:
    path = f"{archive.path}/{shown(member.name)}"
    if member.is_encrypted:
        return Rejection(path, 0, "locked by a password; unpack it, and put what is in it here", "")
    found = source_at(path, archive.file, member.size, limits)
    if isinstance(found, Rejection):
        return found
    if found.kind == ARCHIVED:
        return Rejection(path, 0, f"an archive in an archive; {_ADVICE[ARCHIVE]}", "")
    return replace(found, packed=True, member=member.name)


def source_at(path: str, file: Path, size: int, limits: Limits) -> Source | Rejection:
    """Return a file of `size` bytes as a source called `path`, or why it will not be read."""
    name = path.lower()
    packed = name.endswith(PACKED)
    suffix = PurePosixPath(name.removesuffix(PACKED)).suffix
    kind = KINDS.get(suffix)
    if meant := meant_for(path):
        return Rejection(path, 0, meant, "")
    if kind is None:
        advice = _ADVICE.get(suffix, "formats: " + " ".join(KINDS))
        return Rejection(path, 0, f"not a format that is read; {advice}", "")
    if size > limits.of(kind):
        return Rejection(path, 0, f"more than {megabytes(limits.of(kind))}; split it into several files", "")
    return Source(path, file, kind, packed, size)


def shown(name: str) -> str:
    """Return a name or path as it is told: what cannot be printed is replaced."""
    readable = os.fsencode(name).decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "\ufffd" for char in readable)
