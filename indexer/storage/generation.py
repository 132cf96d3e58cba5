"""Generations: build aside, check, publish, keep one previous, clean up; under the `lock`.

    index/LOCK            flock of the one running `reindex`; holds its process number
    index/CURRENT         the names of the current and the previous generation, and on a line of its own which
                          manifest was published: its SHA-256, its file, and when that last changed;
                          replaced atomically
    index/<generation>/   written once, then read-only; manifest.json has size and SHA-256 of every file

A generation is complete when its manifest is there and becomes visible when CURRENT names it. Other
generations were left by a run that died, and the next run removes them; nothing else is ever removed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from indexer.errors import (
    NoIndexError,
    UnconfirmedError,
    UnreadableIndexError,
    why_not_read,
)
from indexer.storage.arrays.inventory import NAMES
from indexer.storage.days import now
from indexer.storage.folder.hashing import sync
from indexer.storage.folder.lock import lock as lock
from indexer.storage.folder.manifest import Manifest
from indexer.storage.folder.manifest import open_segment as open_segment
from indexer.storage.folder.manifest import verified as verified
from indexer.storage.folder.manifest import verify as verify
from indexer.storage.folder.opening import NotPlainError, create, read_bytes
from indexer.storage.folder.ownership import CURRENT as CURRENT
from indexer.storage.folder.ownership import GENERATION_NAME, NEXT, mark_generation, remove_generation
from indexer.storage.folder.ownership import GENERATION_TAG as GENERATION_TAG
from indexer.storage.folder.ownership import INDEX_TAG as INDEX_TAG
from indexer.storage.folder.ownership import LOCK as LOCK
from indexer.storage.folder.ownership import MANIFEST as MANIFEST

# Files that are flushed to the disk at the same time.
SYNCED_AT_A_TIME = 16
# The bits of a mode that a published generation keeps.
_READ_ONLY = 0o555
# A pointer is two names, a digest and two numbers; what is longer is damage and not worth reading.
_POINTER_BYTES = 256


@contextlib.contextmanager
def building(index_dir: Path, good: str | None = None) -> Iterator[Path]:
    """Give a new folder to build a generation in; it goes away if the block fails before it is published.

    `good` is the name of the last good generation, which is kept.
    """
    name = now().strftime("%Y%m%dT%H%M%S.%fZ")
    folder = index_dir / name
    try:
        folder.mkdir()
        mark_generation(folder, NAMES)
        yield folder
    except BaseException:
        # Asked of the pointer, not remembered: Ctrl-C may come between publishing and noting it.
        with contextlib.suppress(OSError):
            if current_name(index_dir) != name:
                remove_generation(folder)
        _clean_up_in_peace(index_dir, good)
        raise


def publish(folder: Path, manifest: Manifest, good: str | None = None) -> None:
    """Make the generation in `folder` the current one, durably and read-only.

    The one before is kept as the previous one: `good`, the last that is known to be good, if there is one.
    Raise UnconfirmedError if it is current but may not survive a power cut, OSError if it is not current.
    """
    index_dir = folder.parent
    create(folder / MANIFEST, manifest.to_json().encode())
    # Most have been confirmed already. Side by side, for a disk confirms several files as fast as one.
    with ThreadPoolExecutor(SYNCED_AT_A_TIME) as pool:
        list(pool.map(_seal, folder.iterdir()))
    _seal(folder)
    before = [good] if good else _pointed(index_dir)[:1]
    _point(index_dir, [folder.name, *before], f"{manifest.digest()} {_file_of(folder / MANIFEST)}")
    _clean_up_in_peace(index_dir, good)


def _seal(path: Path) -> None:
    """Make a file or a folder read-only, where its file system knows that, and wait until the disk has it."""
    with contextlib.suppress(PermissionError):
        path.chmod(path.stat().st_mode & _READ_ONLY)
    sync(path)


def clean_up(index_dir: Path, good: str | None = None) -> None:
    """Remove generations that are not needed, as far as they are ours.

    Needed are the current and the previous one and `good`, the last that is known to be good. Where none
    is known to be, whatever is complete is kept.
    """
    needed = {*_pointed(index_dir), good}
    for path in index_dir.iterdir():
        spare = good is None and _complete(path)
        if GENERATION_NAME.fullmatch(path.name) and path.name not in needed and not spare:
            # What cannot be removed now, the next run removes.
            with contextlib.suppress(OSError):
                remove_generation(path)
    (index_dir / NEXT).unlink(missing_ok=True)


def _clean_up_in_peace(index_dir: Path, good: str | None) -> None:
    # What cannot be removed now, the next run removes.
    with contextlib.suppress(OSError, UnreadableIndexError):
        clean_up(index_dir, good)


def candidates(index_dir: Path) -> list[str]:
    """Return the names of the generations that may be good: current, previous, then others, newest first."""
    pointed = generations(index_dir)
    others = [
        path.name for path in index_dir.iterdir() if GENERATION_NAME.fullmatch(path.name) and _complete(path)
    ]
    return list(dict.fromkeys([*pointed, *sorted(others, reverse=True)]))


def rollback(index_dir: Path) -> str:
    """Make the previous generation current again and return its name; the two change places."""
    with lock(index_dir):
        names = _pointed(index_dir)
        if len(names) < 2 or not _complete(index_dir / names[1]):
            raise NoIndexError("there is no previous generation to go back to", path=index_dir)
        verify(index_dir / names[1])
        _point(index_dir, names[1::-1])
        return names[1]


def generations(index_dir: Path, *, complete: bool = True) -> list[str]:
    """Return the names of the current and the previous generation, the current one first.

    With `complete`, only those whose manifest is there.
    """
    names = _pointed(index_dir)
    return [name for name in names if not complete or _complete(index_dir / name)]


def current_name(index_dir: Path) -> str | None:
    """Return the name of the current generation, or None; cheap enough for every request."""
    names = _pointed(index_dir)
    return names[0] if names else None


def current(index_dir: Path) -> Path:
    """Return the folder of the current generation; raise NoIndexError if there is none."""
    name = current_name(index_dir)
    if name is None:
        raise NoIndexError(f"{index_dir} has no index yet; run: reindex", path=index_dir)
    return index_dir / name


def _complete(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


def published_digest(index_dir: Path) -> str:
    """Return the digest of the manifest that was published last, "" where the pointer does not tell.

    Whoever published that generation here had read all of its projects. Of a copy, or of an index that came
    from elsewhere, the pointer tells nothing: its manifest is another file.
    """
    names, published = _pointer(index_dir)
    digest, _, file = published.partition(" ")
    try:
        return digest if names and file == _file_of(index_dir / names[0] / MANIFEST) else ""
    except OSError:
        return ""


def _file_of(path: Path) -> str:
    """Return what tells a file from any that is put in its place: nobody chooses when it last changed."""
    status = path.stat()
    return f"{status.st_ino} {status.st_ctime_ns}"


def _pointed(index_dir: Path) -> list[str]:
    return _pointer(index_dir)[0]


def _pointer(index_dir: Path) -> tuple[list[str], str]:
    """Return the names in a pointer, and which manifest was published."""
    try:
        content = read_bytes(index_dir / CURRENT, _POINTER_BYTES).decode("ascii", "replace")
    except (FileNotFoundError, NotADirectoryError, NotPlainError):
        return [], ""
    except OSError as error:
        raise UnreadableIndexError(f"{index_dir / CURRENT} {why_not_read(error)}", path=index_dir) from error
    names, _, published = content.partition("\n")
    return [name for name in names.split()[:2] if GENERATION_NAME.fullmatch(name)], published.strip()


def _point(index_dir: Path, names: list[str], published: str = "") -> None:
    temporary = index_dir / NEXT
    temporary.unlink(missing_ok=True)
    lines = [" ".join(names), *([published] if published else [])]
    create(temporary, "".join(f"{line}\n" for line in lines).encode("ascii"))
    temporary.replace(index_dir / CURRENT)
    try:
        sync(index_dir)
    except OSError as error:
        raise UnconfirmedError(
            f"{names[0]} is current, but the disk did not confirm it ({error.strerror}); check the disk",
            path=index_dir,
        ) from error
