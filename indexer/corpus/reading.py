"""What a reader of a source is told: its name, how much it may take, and where its warnings go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read, in bytes.

    `whole` is for a file that is held whole (.txt, .csv, .tsv), `page` for a saved page, which a parser
    blows up thirtyfold, `lines` for one that is read line by line (.jsonl). A packed file may neither
    be nor unfold to more. `record` is for one record.
    """

    whole: int = 64 * MEGABYTE
    page: int = 8 * MEGABYTE
    lines: int = 256 * MEGABYTE
    record: int = MEGABYTE

    @classmethod
    def for_files_of(cls, megabytes: int) -> Limits:
        """Return limits in proportion to that of a file that is held whole."""
        whole = megabytes * MEGABYTE
        return cls(whole, whole // 8, whole * 4)

    def of(self, kind: str) -> int:
        """Return the limit for a file of `kind`."""
        return {"page": self.page, "jsonl": self.lines}.get(kind, self.whole)


LIMITS = Limits()


def silent(_: str) -> None:
    """Take a warning and say nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The source's name inside the corpus, the limits, and what is called with each warning."""

    path: str
    limits: Limits = LIMITS
    warn: Callable[[str], None] = silent


def megabytes(size: int) -> str:
    """Return a size in bytes as people read it."""
    return f"{size / MEGABYTE:.3g} MB"
