"""Whose folder it is: `reindex` writes and removes only in folders that bear its mark and hold nothing else.

    INDEX.TAG        the mark of an index folder, written before anything else is
    HISTORY          what happened to projects (see `indexer.storage.history`); by its first line it is known
    GENERATION.TAG   the mark of a generation

A folder is taken for an index if it is empty, or if everything in it is of a kind and under a name that
`reindex` gives. An index of a version before the marks is known by its structure.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from indexer.errors import ForeignFolderError
from indexer.storage.folder.opening import NotPlainError, create, open_file, read_bytes

LOCK, CURRENT, NEXT, MANIFEST = "LOCK", "CURRENT", "CURRENT.new", "manifest.json"
HISTORY, HISTORY_NEXT = "HISTORY", "HISTORY.new"
INDEX_TAG, GENERATION_TAG = "INDEX.TAG", "GENERATION.TAG"
# By its first words a mark is known; the rest is for people.
SIGNATURE = b"grant-search index"
HISTORY_SIGNATURE = b"grant-search history"
_INDEX_TEXT = SIGNATURE + b"\nMade by `reindex`, which removes old generations. Keep nothing else in here.\n"
# What follows is a list of the files that may be removed with a generation: a name to a line.
_GENERATION_TEXT = (
    SIGNATURE + b": generation\nMade by `reindex`, which removes it when it is old, with these files:\n"
)

# Generations are named by the moment in which they were begun, so that names ascend with time.
GENERATION_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z", re.ASCII)
_POINTER = re.compile(rb"(\d{8}T\d{6}\.\d{6}Z ?){0,2}\n?([0-9a-f]{64}( \d{1,20}){2}\n)?")
# The history, the next one while it is written, and one that was damaged, by the generation that found it so.
_HISTORY = re.compile(rf"HISTORY(\.new|\.{GENERATION_NAME.pattern})?", re.ASCII)
_PROCESS = re.compile(rb"\d{0,10}")
# What people and file systems put beside an index; tolerated, never touched.
_BESIDE = re.compile(r"\.gitignore|\.gitkeep|lost\+found|\.nfs\w+", re.ASCII)
# The names of arrays, of texts, and of what is told of a build, in this version and others.
_FILE = re.compile(r"[a-z][a-z0-9_]{0,63}\.(npy|bin|json|jsonl)", re.ASCII)
# What a build needs for a while, as `tempfile` names it: runs of postings that do not fit into memory.
_SCRATCH = re.compile(r"spill|tmp[a-z0-9_]{8}", re.ASCII)
# Longer than any of these is; what is longer is not ours.
_MOST_BYTES = 65_536
# So many names of files that are not ours are listed in an error.
_TOLD = 3


def refuse_foreign(index_dir: Path) -> None:
    """Raise ForeignFolderError unless `index_dir` is missing, empty, or an index with nothing else in it.

    Raise OSError if it cannot be listed.
    """
    try:
        status = index_dir.stat()
    except FileNotFoundError:
        if index_dir.is_symlink():
            raise ForeignFolderError(f"{index_dir} is a broken link; name a folder", path=index_dir) from None
        return
    if not stat.S_ISDIR(status.st_mode):
        raise ForeignFolderError(f"{index_dir} is not a folder; --index must name one", path=index_dir)
    strangers = _strangers(index_dir)
    # Looked at again: what another run removes in this moment is half there.
    if strangers and (strangers := _strangers(index_dir)):
        raise ForeignFolderError(_told(index_dir, strangers), path=index_dir)


def _strangers(index_dir: Path) -> list[str]:
    """Return the names of what is not ours in an index folder, or in one that may become one."""
    names = sorted(_names(index_dir))
    tagged = is_marked(index_dir)
    known = tagged or any(_is_generation(index_dir / name) for name in names)
    return [name for name in names if not _belongs(index_dir / name, tagged=tagged, known=known)]


def is_marked(index_dir: Path) -> bool:
    """Tell whether a folder bears the mark of an index; one that was cut by a crash is one as well."""
    tag = index_dir / INDEX_TAG
    return _is_file(tag) and _INDEX_TEXT.startswith(_content(tag))


def _told(index_dir: Path, strangers: list[str]) -> str:
    if (tag := index_dir / INDEX_TAG).is_file() and tag.stat().st_nlink > 1:
        return f"files of {index_dir} have a second name (hard links); remove that copy, and copy with cp -a"
    listed = ", ".join("".join(c if c.isprintable() else "\ufffd" for c in one) for one in strangers[:_TOLD])
    more = f" and {len(strangers) - _TOLD} more" if len(strangers) > _TOLD else ""
    advice = "move that elsewhere" if is_marked(index_dir) else "pass a new or an empty folder as --index"
    return f"{index_dir} holds what reindex did not make ({listed}{more}); {advice}"


def refuse_overlap(index_dir: Path, corpus_dir: Path) -> None:
    """Raise ForeignFolderError if one of the two folders is the other one or lies in it, also by links."""
    try:
        index, corpus = index_dir.resolve(), corpus_dir.resolve()
    except (OSError, RuntimeError):
        raise ForeignFolderError(
            f"{index_dir} is a link that goes round; name a folder", path=index_dir
        ) from None
    if _within(index, corpus) or _within(corpus, index):
        raise ForeignFolderError(
            f"the index {index_dir} and the corpus {corpus_dir} are one folder, or one lies in the other; "
            "pass another --index",
            path=index_dir,
        )


def _within(inner: Path, outer: Path) -> bool:
    """Tell whether `inner` is `outer` or lies below it, by name or, where a folder has two, by itself."""
    return any(path == outer or _same(path, outer) for path in (inner, *inner.parents))


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def mark_index(index_dir: Path) -> None:
    """Put the mark into the folder of an index."""
    _mark(index_dir / INDEX_TAG, _INDEX_TEXT)


def mark_generation(folder: Path, files: Iterable[str]) -> None:
    """Put the mark into the folder of a new generation, with the names of the files that it will hold."""
    _mark(folder / GENERATION_TAG, _GENERATION_TEXT + "".join(f"{name}\n" for name in files).encode())


def _mark(tag: Path, text: bytes) -> None:
    if _content(tag) == text:
        return
    # What is there is a mark that was cut: a run died while it wrote it.
    tag.unlink(missing_ok=True)
    create(tag, text)


def remove_generation(folder: Path) -> None:
    """Remove the folder of a generation if it is ours; raise OSError if that cannot be done."""
    if not _is_generation(folder):
        return
    # Some file systems (FAT) know no modes and refuse to set one: there nothing was taken away either.
    with contextlib.suppress(PermissionError):
        folder.chmod(0o700)
    # Those by which it is known to be one go last: the next run goes on where this one was stopped.
    last = (MANIFEST, GENERATION_TAG)
    for name in sorted(_names(folder), key=lambda name: (name == GENERATION_TAG, name in last)):
        if _SCRATCH.fullmatch(name) and _is_folder(folder / name):
            _remove_scratch(folder / name)
        else:
            (folder / name).unlink()
    folder.rmdir()


def _remove_scratch(folder: Path) -> None:
    """Remove runs of postings, `<folder>/<folder>/run/<array>`; raise OSError at what is not one."""
    for path in folder.iterdir():
        if _is_folder(path):
            _remove_scratch(path)
        elif folder.name == "run":
            path.unlink()
    folder.rmdir()


def _belongs(path: Path, *, tagged: bool, known: bool) -> bool:
    """Tell whether something in an index folder is ours, or may be there."""
    name = path.name
    if _BESIDE.fullmatch(name):
        return True
    if GENERATION_NAME.fullmatch(name):
        return _is_generation(path)
    if name == INDEX_TAG:
        return tagged
    if name == "README.md":
        return known or SIGNATURE in _content(path)
    if _HISTORY.fullmatch(name):
        return _is_file(path) and (tagged or _begins(path, HISTORY_SIGNATURE))
    patterns = {LOCK: _PROCESS, CURRENT: _POINTER, NEXT: _POINTER}
    if name not in patterns or not _is_file(path):
        return False
    return tagged or patterns[name].fullmatch(_content(path)) is not None


def _is_generation(path: Path) -> bool:
    """Tell whether a folder is a generation, whole or half made, with nothing else in it."""
    if not GENERATION_NAME.fullmatch(path.name) or not _is_folder(path):
        return False
    try:
        # A network file system puts what is still open of a removed folder under names of its own.
        names = {name for name in _names(path) if not _BESIDE.fullmatch(name)}
        files = _files_of(path) if names else set()
    except PermissionError:
        # What may not be read is not removed either; what is wrong with it is told when it is opened.
        return True
    except (FileNotFoundError, NotADirectoryError):
        return False
    return all(name in files or (files and _SCRATCH.fullmatch(name)) for name in names)


def _files_of(folder: Path) -> set[str]:
    """Return the names of the files that a generation may hold; none if no run wrote, or began, its mark."""
    own = {GENERATION_TAG, MANIFEST}
    tag = folder / GENERATION_TAG
    text = _content(tag)
    is_cut = (
        _is_file(tag) and tag.stat().st_size < len(_GENERATION_TEXT) and _GENERATION_TEXT.startswith(text)
    )
    if text.startswith(_GENERATION_TEXT) or is_cut:
        return own | {name for name in text.decode("ascii", "replace").splitlines() if _FILE.fullmatch(name)}
    try:
        older = json.loads(_content(folder / MANIFEST))
        if {"format", "schema", "documents", "files"} <= set(older):
            return own | {name for name in older["files"] if _FILE.fullmatch(name)}
    except (ValueError, TypeError, RecursionError):
        pass
    return set()


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _content(path: Path) -> bytes:
    """Return what a small file holds; nothing if it is missing, long, or no file of one name."""
    try:
        return read_bytes(path, _MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError, NotPlainError):
        return b""


def _begins(path: Path, beginning: bytes) -> bool:
    """Tell whether a file of any length begins with some bytes."""
    with os.fdopen(open_file(path), "rb") as file:
        return file.read(len(beginning)) == beginning


def _is_file(path: Path) -> bool:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_nlink <= 1


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
