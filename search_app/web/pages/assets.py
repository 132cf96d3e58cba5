"""Static files under addresses that change with their content, so that browsers may keep them for a year."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

YEAR_SECONDS = 365 * 24 * 3600


def addresses(folder: Path) -> dict[str, str]:
    """Return the address of each static file, by name."""
    return {path.name: f"/static/{path.name}?v={_digest([path])}" for path in sorted(folder.iterdir())}


def fingerprint(folder: Path, *settings: object) -> str:
    """Return a name for what the pages are made of: every file in `folder` and the settings they show."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc")
    return _digest(files, repr(settings).encode())


def _digest(files: Iterable[Path], seed: bytes = b"") -> str:
    digest = blake2b(seed, digest_size=6)
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()
