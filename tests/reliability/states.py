"""What is in an index folder: which generation, whether it is whole, and what does not belong there."""

from __future__ import annotations

from pathlib import Path

from indexer.storage import generation
from indexer.storage.folder.ownership import HISTORY

BELONGS = {generation.LOCK, generation.CURRENT, generation.INDEX_TAG, HISTORY, "README.md"}


def documents(index: Path) -> int:
    """Return the number of projects of the current generation, of which every byte is checked."""
    folder = generation.current(index)
    manifest = generation.verify(folder)
    segment = generation.open_segment(folder)
    assert len(segment) == manifest.documents
    assert segment.find(segment.project(len(segment) // 2).id) == len(segment) // 2
    return len(segment)


def strays(index: Path) -> list[str]:
    """Return the names in the index folder that are neither a generation in use nor the index's own."""
    names = BELONGS | set(generation.generations(index, complete=False))
    return sorted(path.name for path in index.iterdir() if path.name not in names)


def unpublished(index: Path) -> list[Path]:
    """Return the generations that are being built, or were left half-made."""
    return [index / name for name in strays(index) if (index / name).is_dir()]
