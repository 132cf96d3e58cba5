"""Keeps the history along with the generations: what a run saw is in it before its generation is visible.

A server that opens a generation finds what the history says of it. Where the run is not published after all,
what it added is taken back, and a damaged history is where it was; killed between the two, what it added
stays, for then it saw what it says.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import IndexerError
from indexer.history.noticing import Look, noticed
from indexer.reporting.numbers import counted
from indexer.storage import generation
from indexer.storage.folder.ownership import HISTORY
from indexer.storage.history import journal
from indexer.storage.history.journal import Journal
from indexer.storage.history.known import known_of
from indexer.storage.history.moments import moment_of, name_of
from indexer.storage.history.records import Record, Run
from indexer.storage.segment import Segment

# How long additions, changes and removals are kept one by one, in days.
KEPT_DAYS = 365
_DAY = 86_400_000_000
# What the texts of all runs may have, packed: a worker has them in memory.
MOST_TEXTS = 32_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """The history that there was, what a run adds to it, and what whoever looks after it must be told."""

    index_dir: Path
    name: str
    before: Journal
    run: Run
    days: int
    warnings: tuple[str, ...]

    @contextlib.contextmanager
    def written(self) -> Iterator[None]:
        """Hold the history with the run in it while the block publishes; raise OSError."""
        undo = contextlib.ExitStack()
        try:
            mended = self._mended(undo)
            if self.run.says_something:
                journal.append(self.index_dir, mended, self.run)
                undo.callback(journal.cut, self.index_dir, mended)
            yield
        except BaseException:
            with contextlib.suppress(OSError, IndexerError):
                if generation.current_name(self.index_dir) != self.name:
                    undo.close()
            raise

    def _mended(self, undo: contextlib.ExitStack) -> Journal:
        """Leave a file to which a run can be added, with no more runs than are kept."""
        before = self.before
        if before.damage:
            aside = journal.put_aside(self.index_dir, self.name)
            # Nobody has been told of the damage by a run that is not published: the next one has to find it.
            undo.callback(aside.replace, self.index_dir / HISTORY)
        kept = folded(before.records, self.run.moment - self.days * _DAY) if self.run.says_something else None
        if kept or before.damage:
            return journal.rewrite(self.index_dir, kept or before.records)
        return before


def folded(records: Sequence[Record], oldest: int) -> tuple[Record, ...] | None:
    """Return records with those before a moment as one; None where there is nothing to put together.

    So are the oldest of them where all have more texts than a worker can have in memory.
    """
    texts, first = 0, 0
    for place in range(len(records) - 1, -1, -1):
        record = records[place]
        texts += len(record.details) if isinstance(record, Run) else 0
        if record.moment < oldest or texts > MOST_TEXTS:
            first = place + 1
            break
    if not any(isinstance(one, Run) for one in records[:first]):
        return None
    return known_of(records[:first]), *records[first:]


def begin(
    folder: Path, new: Segment, prior: tuple[str, Segment] | None, *, fresh: bool, days: int = KEPT_DAYS
) -> Kept:
    """Return what the run that built the generation in `folder` saw, to be kept for some days.

    `prior` is the generation before with its name, `fresh` says that there was none, not even a damaged one.
    Raise OSError if the history cannot be read.
    """
    before = journal.read(folder.parent)
    known = known_of(before.records)
    moment = moment_of(folder.name)
    look = Look(moment, moment_of(prior[0]) if prior else moment, fresh)
    last = _told_last(folder.parent, prior, known.moment)
    run = noticed(new, prior[1] if prior else None, last, known, look)
    return Kept(folder.parent, folder.name, before, run, days, (*_told(before, folder.name, fresh=fresh),))


def _told_last(index_dir: Path, prior: tuple[str, Segment] | None, moment: int) -> Segment | None:
    """Return the generation whose run the history has as its last, or `prior`, the one before, instead of it.

    After a rollback it is the one that was gone back from, which is still there.
    """
    if prior is None:
        return None
    name, segment = prior
    if moment > moment_of(name):
        folder = index_dir / name_of(moment)
        with contextlib.suppress(IndexerError, OSError):
            return generation.verified(folder)[1]
    return segment


def begin_late(folder: Path, segment: Segment) -> tuple[str, ...]:
    """Begin the history of an index without one, with the generation in `folder`; return what is to be told.

    Raise OSError if it cannot be written.
    """
    found = begin(folder, segment, (folder.name, segment), fresh=False)
    with found.written():
        return found.warnings


def _told(before: Journal, name: str, *, fresh: bool) -> Iterator[str]:
    if before.torn:
        yield "a run that died left the end of the history unfinished; that end was dropped"
    if before.damage:
        records = counted(len(before.records), "record")
        yield (
            f"the history is damaged ({before.damage}): it was put aside as {HISTORY}.{name}, and goes on "
            f"with the {records} before the damage; restore it from a backup to have all"
        )
    if not before.found and not fresh:
        yield (
            "there was no history of this index: it begins now, and when the projects that were here before "
            "were first seen is not known; if it was lost, restore HISTORY from a backup"
        )
