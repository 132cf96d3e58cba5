"""The last good generation: the current one, or, where that cannot be read, one before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from indexer.errors import IndexerError, UnreadableIndexError
from indexer.history import keeping
from indexer.reporting.report import LISTED_REJECTIONS, Report, from_json, read_back
from indexer.reporting.source_reports import SourceReport
from indexer.storage import generation
from indexer.storage.folder.manifest import Manifest, documents_told
from indexer.storage.folder.ownership import HISTORY
from indexer.storage.folder.report_files import read_report, rejected_lines
from indexer.storage.segment import Segment


@dataclass(frozen=True, slots=True)
class Prior:
    """A generation that a build starts from; every byte of it was checked."""

    folder: Path
    manifest: Manifest
    segment: Segment

    def is_current(self) -> bool:
        """Tell whether it is the current one; else that is damaged, or cannot be read."""
        return generation.current_name(self.folder.parent) == self.folder.name

    def sources(self) -> dict[str, SourceReport]:
        """Return what it says of the files it was made from, by the keys of their bytes."""
        try:
            return {one.key: one for one in from_json(read_report(self.folder)).sources if one.key}
        except (OSError, ValueError):
            return {}

    def unchanged(self) -> Report | None:
        """Return the report of a run that finds all as it was; None if that cannot be read any more.

        Such a run begins the history where there is none yet; raise OSError if that cannot be written.
        """
        try:
            lines = rejected_lines(self.folder, LISTED_REJECTIONS)
            found = read_back(read_report(self.folder), lines)
        except (OSError, ValueError):
            return None
        told: tuple[str, ...] = ()
        if not (self.folder.parent / HISTORY).exists():
            told = keeping.begin_late(self.folder, self.segment)
        return replace(
            found,
            added=(), changed=(), removed=(), added_count=0, changed_count=0, removed_count=0,
            warnings=(*found.warnings, *told), unchanged=self.manifest.documents, written=False, seconds=0.0,
        )  # fmt: skip


def last_good(index_dir: Path) -> Prior | None:
    """Return the last good generation, which can be built upon; foreign and damaged ones cannot.

    Raise UnreadableIndexError for one that may be good but may not be read: what is compared with nothing
    would count as new.
    """
    names = _candidates(index_dir)
    published = generation.published_digest(index_dir) if names else ""
    for name in names:
        folder = index_dir / name
        try:
            return Prior(folder, *generation.verified(folder, published))
        except UnreadableIndexError:
            raise
        except (IndexerError, OSError):
            continue
    return None


def most_told(index_dir: Path) -> int:
    """Return the most projects that a generation says it has, though it cannot be read; 0 if none says it."""
    return max((documents_told(index_dir / name) for name in _candidates(index_dir)), default=0)


def _candidates(index_dir: Path) -> list[str]:
    try:
        return generation.candidates(index_dir)
    except (IndexerError, FileNotFoundError):
        return []
