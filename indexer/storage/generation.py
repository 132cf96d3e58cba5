"""Generations: build aside, check, publish, keep one previous, clean up; under the `lock`.

    index/LOCK            flock of the one running `reindex`; holds its process number
    index/CURRENT         one line, the names of the current and the previous generation; replaced atomically
    index/<generation>/   written once, then never again; manifest.json has size and SHA-256 of every file

A generation is complete when its manifest is there and becomes visible when CURRENT names it. Whatever
else lies in the folder was left by a run that died, and the next run removes it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from indexer.errors import (
    DamagedIndexError,
    NoIndexError,
    UnconfirmedError,
    UnreadableIndexError,
)
from indexer.storage.days import now
from indexer.storage.folder.hashing import Digests, sync
from indexer.storage.folder.lock import lock as lock
from indexer.storage.folder.manifest import Manifest, read_manifest
from indexer.storage.folder.opening import NotPlainError, create, read_bytes
from indexer.storage.folder.ownership import CURRENT as CURRENT
from indexer.storage.folder.ownership import GENERATION_NAME, NEXT, mark_generation, remove_generation
from indexer.storage.folder.ownership import GENERATION_TAG as GENERATION_TAG
from indexer.storage.folder.ownership import INDEX_TAG as INDEX_TAG
from indexer.storage.folder.ownership import LOCK as LOCK
from indexer.storage.folder.ownership import MANIFEST as MANIFEST
from indexer.storage.inventory import NAMES
from indexer.storage.segment import Segment

# Files whose way to the disk is waited for at a time.
SYNCED_AT_A_TIME = 16
# A pointer is two names; what is longer is damage and not worth reading.
_POINTER_BYTES = 256


@contextlib.contextmanager
def building(index_dir: Path) -> Iterator[Path]:
    """Give a new folder to build a generation in; it goes away if the block fails before it is published."""
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
        _clean_up_in_peace(index_dir)
        raise


def publish(folder: Path, manifest: Manifest) -> None:
    """Make the generation in `folder` the current one, durably; keep the one before as previous.

    Raise UnconfirmedError if it is current but may not survive a power cut, OSError if it is not current.
    """
    index_dir = folder.parent
    create(folder / MANIFEST, manifest.to_json().encode())
    # Most have been confirmed already. Side by side, for a disk confirms several files as fast as one.
    with ThreadPoolExecutor(SYNCED_AT_A_TIME) as pool:
        list(pool.map(sync, folder.iterdir()))
    sync(folder)
    names = _pointed(index_dir)
    _point(index_dir, [folder.name, *names[:1]])
    _clean_up_in_peace(index_dir)


def clean_up(index_dir: Path) -> None:
    """Remove generations that are neither the current nor the previous one, as far as they are ours.

    Where neither of the two can be found, the pointer is damaged: then whatever is complete is kept.
    """
    pointed = _pointed(index_dir)
    lost = not any(_complete(index_dir / name) for name in pointed)
    for path in index_dir.iterdir():
        if (
            GENERATION_NAME.fullmatch(path.name)
            and path.name not in pointed
            and not (lost and _complete(path))
        ):
            # What cannot be removed now, the next run removes.
            with contextlib.suppress(OSError):
                remove_generation(path)
    (index_dir / NEXT).unlink(missing_ok=True)


def _clean_up_in_peace(index_dir: Path) -> None:
    # What cannot be removed now, the next run removes.
    with contextlib.suppress(OSError, UnreadableIndexError):
        clean_up(index_dir)


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


def open_segment(folder: Path) -> Segment:
    """Map the arrays of a generation; raise DamagedIndexError if one is missing or cannot be one."""
    try:
        return Segment.open(folder)
    except (OSError, ValueError, EOFError) as error:
        raise DamagedIndexError(
            f"{folder} cannot be opened ({error}); run: reindex --full", path=folder
        ) from error


def verify(folder: Path) -> Manifest:
    """Read every file of a generation against its manifest; raise DamagedIndexError naming a bad one."""
    expected = read_manifest(folder)
    for name, (size, _) in expected.files.items():
        path = folder / name
        with _blaming(path):
            if path.stat().st_size != size:
                raise DamagedIndexError(
                    f"{path} has another size than written; run: reindex --full", path=path
                )
    largest_first = sorted(expected.files, key=expected.files.__getitem__, reverse=True)
    with Digests() as digests:
        digests.begin(folder / name for name in largest_first)
        for name in largest_first:
            path = folder / name
            with _blaming(path):
                if digests.of(path) != expected.files[name][1]:
                    raise DamagedIndexError(f"{path} is damaged; run: reindex --full", path=path)
    return expected


@contextlib.contextmanager
def _blaming(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DamagedIndexError(f"{path}: {error.strerror}; run: reindex --full", path=path) from error


def _complete(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


def _pointed(index_dir: Path) -> list[str]:
    try:
        names = read_bytes(index_dir / CURRENT, _POINTER_BYTES).decode("ascii", "replace").split()[:2]
    except (FileNotFoundError, NotADirectoryError, NotPlainError):
        return []
    except OSError as error:
        raise UnreadableIndexError(
            f"{index_dir / CURRENT} cannot be read: {error.strerror}", path=index_dir
        ) from error
    return [name for name in names if GENERATION_NAME.fullmatch(name)]


def _point(index_dir: Path, names: list[str]) -> None:
    temporary = index_dir / NEXT
    temporary.unlink(missing_ok=True)
    create(temporary, f"{' '.join(names)}\n".encode("ascii"))
    temporary.replace(index_dir / CURRENT)
    try:
        sync(index_dir)
    except OSError as error:
        raise UnconfirmedError(
            f"{names[0]} is current, but the disk did not confirm it ({error.strerror}); check the disk",
            path=index_dir,
        ) from error
