"""How to build: what a caller may choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from indexer.corpus.reading import LIMITS, Limits
from indexer.history.keeping import KEPT_DAYS
from indexer.inverting.postings import CHUNK_DOCUMENTS

Progress = Callable[[str, int, int | None], None]


def no_progress(_stage: str, _done: int, _total: int | None) -> None:
    """Take progress and say nothing."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build: `jobs` processes; `progress` is told stage, done and total (None: unknown).

    `keep_changes` is for how many days the history has each addition, change and removal.
    `meaning` names the model that makes vectors of the projects (`meaning.models`), "" for none.
    """

    full: bool = False
    jobs: int = 1
    strict: bool = False
    check: bool = False
    allow_shrink: bool = False
    keep_changes: int = KEPT_DAYS
    progress: Progress = no_progress
    chunk_documents: int = CHUNK_DOCUMENTS
    limits: Limits = LIMITS
    meaning: str = ""


DEFAULT = BuildOptions()
