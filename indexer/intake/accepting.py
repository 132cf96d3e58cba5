"""Accepts what the readers yield: one project for each identity, ready to be ordered.

Records that the ledger of the last generation knows are accepted as documents of that generation, unread; the
others become `rows`. Of two records with one id the later one counts, however it is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from indexer.corpus.contents import Files
from indexer.corpus.reading import LIMITS, NO_KEY, Event, Part, Record, Unchanged, WholeFile, megabytes
from indexer.document import Content, Project, Rejection, SourceWarning, fingerprint_of, stored_form
from indexer.intake.aliases import Aliases
from indexer.intake.prior.earlier import Earlier
from indexer.intake.rejections import Rejections
from indexer.intake.rows import LINE_BITS, Batch, RecordKeys, Rows, SourceLines
from indexer.reporting.numbers import counted
from indexer.text.analysis import fold

# A corpus that is all conflicts needs to be looked at, not listed.
MAX_WARNINGS = 1_000
# How often progress is reported, in projects.
PROGRESS_STEP = 2_000
# The name of the extra column that keeps a grantee as its source wrote it.
GRANTEE_AS_WRITTEN = "Grantee as written"
# Fewer records are accepted one by one.
_TOGETHER = 16


class Intake:
    """The accepted projects of a corpus in reading order, and what was said about the rest."""

    def __init__(
        self,
        spill: BinaryIO,
        aliases: Aliases | None = None,
        earlier: Earlier | None = None,
        rejected: Rejections | None = None,
        most_bytes: int = LIMITS.run,
    ) -> None:
        """Begin with nothing; `earlier` is what the last generation knows of the corpus.

        What would take more than `most_bytes` of memory is rejected, file by file.
        """
        self.aliases = Aliases() if aliases is None else aliases
        self._most_bytes = most_bytes
        self._other_names = self.aliases.other_names
        self.earlier = earlier
        self.rows = Rows(spill)
        self.keys = RecordKeys()
        self.rejected = Rejections() if rejected is None else rejected
        self.warnings: list[str] = list(self.aliases.warnings[:MAX_WARNINGS])
        self.duplicates = self.replaced = self._unlisted = 0
        self._latest: dict[str, int] = {}
        self._lines = SourceLines()
        self._parts: list[tuple[int, Content]] = []
        self._names: list[tuple[int, Content]] = []

    def take_all(self, files: Files, progress: Callable[[int], None]) -> None:
        """Take every record of every file; `progress` is called with the number read so far."""
        number = reported = 0
        for path, events in files:
            first = self._lines.begin(path)
            for event in events if self._has_room(path, 0) else ():
                number += self._take_event(event, first)
                if number >= reported + PROGRESS_STEP:
                    reported = number
                    progress(number)
                if isinstance(event, list) and not self._has_room(path, event[-1][0]):
                    break
        self._take_parts()

    def _take_event(self, event: Event, first: int) -> int:
        """Take what a reader yields from a file; return how many records it was."""
        if isinstance(event, list):
            self._take_records(event, first)
            return len(event)
        if isinstance(event, Unchanged):
            self._take_unchanged(event.entries, event.lines + first)
            return len(event.lines)
        if isinstance(event, WholeFile):
            self.keys.whole_files[first >> LINE_BITS] = event
            return 0
        if isinstance(event, Part):
            parts = self._names if event.names_only else self._parts
            parts.append((first + event.line, event.content))
            self.rows.held_bytes += sum(map(len, event.content[:4]))
        else:
            self.rejected.add(event)
        return 1

    def _take_parts(self) -> None:
        """Take records that are cut off, of those with one id the longest, where no whole one was taken."""
        longest: dict[str, tuple[int, Content]] = {}
        for source_line, content in self._parts:
            before = longest.get(content[0])
            if before is None or _length(content) > _length(before[1]):
                longest[content[0]] = (source_line, content)
        self.duplicates += len(self._parts) - len(longest)
        for source_line, content in longest.values():
            if self._is_taken(content[0]):
                self.duplicates += 1
            else:
                self._take(source_line, NO_KEY, content)
        self._parts = []
        self._take_names()

    def _take_names(self) -> None:
        """Take records that only name projects, where no other tells of the same; tell how many are not."""
        left = Counter(
            self.source_line(source_line).rpartition(":")[0]
            for source_line, content in self._names
            if self._is_taken(content[0])
        )
        taken = [one for one in self._names if not left or not self._is_taken(one[1][0])]
        for path, count in left.items():
            self.duplicates += count
            rows = "1 row tells" if count == 1 else f"{count:,} rows tell"
            self.warn(f"{path}: {rows} only the name and id of projects that others tell more of; left out")
        for source_line, content in taken:
            self._take(source_line, NO_KEY, content)
        self._names = []

    def _is_taken(self, project_id: str) -> bool:
        row = self._latest.get(project_id)
        if row is not None and self.rows.alive[row]:
            return True
        document = self.earlier.segment.find(project_id) if self.earlier else None
        return document is not None and self.earlier is not None and bool(self.earlier.held[document])

    def _has_room(self, path: str, line: int) -> bool:
        """Return whether the run may take more into memory; if not, reject what a file has after a line."""
        if self.rows.held_bytes <= self._most_bytes:
            return True
        reason = (
            f"the projects of this run take up {megabytes(self._most_bytes)} already; what follows here "
            "was not read; raise SEARCH_MAX_RUN_MB"
        )
        self.rejected.add(Rejection(path, line, reason, ""))
        return False

    def take(self, projects: Iterable[Project]) -> None:
        """Take projects that have been read already, each with its `source_line`."""
        for project in projects:
            path, _, line = project.source_line.rpartition(":")
            self._take(self._lines.begin(path) + int(line or 0), NO_KEY, project.content())

    def source_line(self, packed: int) -> str:
        """Return a packed source line as text, "file:line"."""
        return self._lines.text(packed)

    def warn(self, warning: SourceWarning | str) -> None:
        """Keep a warning for the report, or count it."""
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(str(warning))
        else:
            self._unlisted += 1

    def told(self) -> tuple[str, ...]:
        """Return the warnings, and how many more there were."""
        more = (f"and {counted(self._unlisted, 'more warning')}, not listed",) if self._unlisted else ()
        return (*self.warnings, *more)

    def _take_records(self, records: list[Record], first: int) -> None:
        """Take records of a file; together, which is quicker, if each has an id that was not read before."""
        ids = [content[0] for _, _, content in records]
        alone = self.earlier is not None and len(records) < _TOGETHER
        if not alone and len({*ids}) == len(ids) and self._latest.keys().isdisjoint(ids):
            records = self._take_together(records, ids, first)
        for line, key, content in records:
            self._take(first + line, key, content)

    def _take_together(self, records: list[Record], ids: list[str], first: int) -> list[Record]:
        """Take those of the records that replace nothing; return the others."""
        contents = [self._canonical(content) for _, _, content in records]
        stored = [stored_form(content) for content in contents]
        fingerprints = [
            self._fingerprint(content[3], form) for content, form in zip(contents, stored, strict=True)
        ]
        source_lines, keys = [first + line for line, _, _ in records], [key for _, key, _ in records]
        new = Batch(source_lines, keys, contents, stored, fingerprints)
        others: list[Record] = []
        if self.earlier is not None:
            documents = self.earlier.documents_of(ids)
            same = self.earlier.is_same(documents, b"".join(fingerprints))
            self._take_same(self.earlier, new.of(np.flatnonzero(same)), documents[same])
            others = [records[number] for number in np.flatnonzero(~same & (documents >= 0)).tolist()]
            new = new.of(np.flatnonzero(documents < 0))
        if new.contents:
            rows = range(len(self.rows), len(self.rows) + len(new.contents))
            self._latest.update(zip((content[0] for content in new.contents), rows, strict=True))
            self.keys.extend(new.keys, rows, new.source_lines)
            self.rows.extend(new.source_lines, new.contents, new.stored, new.fingerprints)
        return others

    def _take_same(self, earlier: Earlier, same: Batch, documents: NDArray[np.int64]) -> None:
        self.duplicates += earlier.hold(documents, np.array(same.source_lines, np.int64))
        self.keys.extend(same.keys, (~documents).tolist(), same.source_lines)

    def _take(self, source_line: int, key: bytes, content: Content) -> None:
        """Take one record; the same again is dropped, another with the same id replaces the earlier."""
        content = self._canonical(content)
        stored = stored_form(content)
        fingerprint = self._fingerprint(content[3], stored)
        if self.earlier is not None and self._is_of_earlier(
            self.earlier, source_line, key, content[0], fingerprint
        ):
            return
        rows = self.rows
        row = self._latest.setdefault(content[0], len(rows))
        if row != len(rows):
            if rows.alive[row]:
                if rows.fingerprint(row) == fingerprint:
                    self.duplicates += 1
                    self.keys.add(key, row, source_line)
                    return
                self._warn_of(content[0], source_line, rows.source_lines[row])
                rows.alive[row] = False
            self._latest[content[0]] = len(rows)
        self.keys.add(key, len(rows), source_line)
        rows.extend([source_line], [content], [stored], [fingerprint])

    def _fingerprint(self, grantee: str, stored: bytes) -> bytes:
        # The other names of its grantee are indexed with a project: they are part of what may change.
        names = self._other_names.get(grantee) if self._other_names else None
        return fingerprint_of(stored + names.encode()) if names else fingerprint_of(stored)

    def _canonical(self, content: Content) -> Content:
        if not self._other_names:
            return content
        grantee = content[3]
        canonical = self.aliases.get(fold(grantee), grantee)
        if canonical == grantee:
            return content
        return (*content[:3], canonical, *content[4:6], (*content[6], (GRANTEE_AS_WRITTEN, grantee)))

    def _is_of_earlier(
        self, earlier: Earlier, source_line: int, key: bytes, project_id: str, fingerprint: bytes
    ) -> bool:
        """Return whether a record is a document of the last generation, having accepted or replaced it."""
        document = earlier.segment.find(project_id)
        if document is None:
            return False
        if earlier.fingerprint(document) == fingerprint:
            self.keys.add(key, ~document, source_line)
            self._take_earlier(earlier, document, source_line)
            return True
        earlier.replaced[document] = True
        if earlier.held[document]:
            self._warn_of(project_id, source_line, int(earlier.source_lines[document]))
            earlier.held[document] = False
        return False

    def _take_unchanged(self, entries: NDArray[np.int64], source_lines: NDArray[np.int64]) -> None:
        earlier = self.earlier
        assert earlier is not None, "only a ledger knows what is unchanged"
        documents = earlier.ledger.documents[entries].astype(np.int64)
        self.keys.known.append((entries, source_lines))
        if not earlier.replaced[documents].any():
            self.duplicates += earlier.hold(documents, source_lines)
            return
        for document, source_line in zip(documents.tolist(), source_lines.tolist(), strict=True):
            self._take_earlier(earlier, document, source_line)

    def _take_earlier(self, earlier: Earlier, document: int, source_line: int) -> None:
        if earlier.held[document]:
            self.duplicates += 1
            return
        if earlier.replaced[document]:
            project_id = earlier.segment.project(document).id
            row = self._latest[project_id]
            self._warn_of(project_id, source_line, self.rows.source_lines[row])
            self.rows.alive[row] = False
            earlier.replaced[document] = False
        earlier.held[document] = True
        earlier.source_lines[document] = source_line

    def _warn_of(self, project_id: str, source_line: int, before: int) -> None:
        """Count a record that a later one with its id replaces, and tell of it."""
        self.replaced += 1
        self.warn(
            f"{self.source_line(source_line)}: another project {project_id!r} stands at "
            f"{self.source_line(before)}; the later one was taken"
        )


def _length(content: Content) -> int:
    return len(content[2]) + len(content[3])
