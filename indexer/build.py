"""`reindex`: corpus to generation, by the shortest way that gives the same bytes.

Nothing changed: nothing is written. Little changed: what is unchanged is copied out of the last
generation's arrays and only the rest is analysed. Else everything is analysed, in chunks.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from indexer.corpus import contents
from indexer.corpus.files.sources import corpus_fingerprint
from indexer.corpus.reading import LIMITS, Limits
from indexer.errors import DamagedIndexError
from indexer.history import keeping
from indexer.history.keeping import KEPT_DAYS, Kept
from indexer.intake import recording
from indexer.intake.accepting import Intake
from indexer.intake.aliases import read_aliases
from indexer.intake.columns import Columns
from indexer.intake.difference import Difference, difference
from indexer.intake.ledger import Ledger, terms_of
from indexer.intake.own_columns import write_own_columns
from indexer.intake.prior import shrinking
from indexer.intake.prior.earlier import Earlier
from indexer.intake.prior.last_good import Prior, last_good, most_told
from indexer.intake.quality import notes
from indexer.intake.rejections import Rejections
from indexer.intake.rows import Spills, spills
from indexer.intake.settings_files import read_fields, read_word_rules
from indexer.inverting import increments, merging, splicing
from indexer.inverting.chunks import Chunks
from indexer.inverting.postings import CHUNK_DOCUMENTS, Inverter, is_found
from indexer.own_fields import declaring
from indexer.reporting.report import RejectedError, Report, kept_json
from indexer.storage import generation
from indexer.storage.arrays.inventory import REJECTED
from indexer.storage.folder.hashing import Digests
from indexer.storage.folder.manifest import Manifest
from indexer.storage.folder.ownership import refuse_foreign, refuse_overlap
from indexer.storage.folder.report_files import write_report
from indexer.storage.own_fields import OwnField, SearchedTexts, from_bytes, searched_of
from indexer.storage.segment import Segment, open_stored, stored_project, stored_texts
from indexer.storage.writer import SegmentWriter
from indexer.text.meaning.vectors import NO_VECTORS, Vectors
from indexer.text.stemming import stemming
from indexer.text.word_rules import parse

# Above this share of new and changed projects, analysing everything is about as quick as merging.
MOST_FRESH = 0.4

# Of the reasons of rejections, those that a report counts.
LISTED_REASONS = 20

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


def reindex(corpus_dir: Path, index_dir: Path, options: BuildOptions = BuildOptions()) -> Report:
    """Bring the index up to the corpus and report what changed.

    Raise ForeignFolderError, CorpusError, LockedError, ShrunkError, RejectedError (with `strict`), or
    OSError when something cannot be read or written; whatever is raised, the current generation stays so.
    """
    refuse_overlap(index_dir, corpus_dir)
    if options.check:
        refuse_foreign(index_dir)
        with tempfile.TemporaryDirectory() as name, spills(Path(name)) as spilled:
            return _Build(corpus_dir, Path(name), spilled, options).compare(last_good(index_dir))
    with generation.lock(index_dir):
        prior = last_good(index_dir)
        good = prior.folder.name if prior else None
        generation.clean_up(index_dir, good)
        corpus = corpus_fingerprint(corpus_dir, options.limits)
        vectors = Vectors.of(options.meaning)
        same = prior and not options.full and prior.manifest.corpus == corpus and prior.is_current()
        if prior and same and _has(prior, vectors) and (unchanged := prior.unchanged()):
            return unchanged
        with generation.building(index_dir, good) as folder, spills(folder) as spilled:
            return _Build(corpus_dir, folder, spilled, options, vectors).publish(prior, corpus)


class _Build:
    """One build: read and compare, then write, check and publish."""

    def __init__(
        self,
        corpus_dir: Path,
        folder: Path,
        spilled: Spills,
        options: BuildOptions,
        vectors: Vectors = NO_VECTORS,
    ) -> None:
        self.corpus_dir, self.folder, self.options = corpus_dir, folder, options
        self.started = time.monotonic()
        self.aliases, self.rules = read_aliases(corpus_dir), read_word_rules(corpus_dir)
        self.stemming = stemming(self.rules.stem_lines)
        self.fields_said, self.columns_said = read_fields(corpus_dir)
        self.fields: tuple[OwnField, ...] = ()
        self.spilled, self.vectors = spilled, vectors
        self.sources = contents.Sources()

    def compare(self, prior: Prior | None) -> Report:
        """Read the corpus and return what a build would report."""
        return self._report(*self._read(prior), written=False)

    def publish(self, prior: Prior | None, corpus: str) -> Report:
        """Build the generation, make it current, and return its report."""
        columns, change = self._read(prior)
        if self.options.strict:
            found = self._report(columns, change, written=False)
            if found.rejected or found.guesses():
                raise RejectedError(found)
        if not self.options.allow_shrink:
            self._refuse_to_shrink(prior, columns, change)
        with Digests() as digests:
            self._write(prior, columns, change, SegmentWriter(self.folder, digests.seal))
            kept = self._kept(prior, self._checked(len(columns)))
            for warning in kept.warnings:
                columns.intake.warn(warning)
            found = self._report(columns, change, written=True)
            write_report(self.folder, kept_json(found))
            columns.intake.rejected.write(self.folder / REJECTED)
            self.options.progress("publishing", 0, None)
            manifest = Manifest.of(self.folder, len(columns), corpus, digests)
        with kept.written():
            generation.publish(self.folder, manifest, prior.folder.name if prior else None)
        return found

    def _kept(self, prior: Prior | None, segment: Segment) -> Kept:
        """Return what the history is to have of this build."""
        before = (prior.folder.name, prior.segment) if prior else None
        fresh = prior is None and not most_told(self.folder.parent)
        return keeping.begin(self.folder, segment, before, fresh=fresh, days=self.options.keep_changes)

    def _read(self, prior: Prior | None) -> tuple[Columns, Difference]:
        options = self.options
        earlier = self._earlier(prior) if prior and not options.full else None
        rejected = Rejections(self.spilled.rejected)
        intake = Intake(self.spilled.rows, self.aliases, earlier, rejected, options.limits.run)
        for warning in (*self.rules.warnings, *self.vectors.warnings):
            intake.warn(warning)
        lookup = earlier.ledger if earlier else None
        self.sources = contents.Sources(prior.sources() if lookup and prior else {}, said=self.columns_said)
        files = contents.files(self.corpus_dir, options.limits, intake.warn, lookup, self.sources)
        intake.take_all(files, lambda done: options.progress("reading", done, None))
        columns = Columns(intake)
        extras, headings = columns.extras, self.sources.other_columns()
        self.fields = declaring.declared(extras.described(), extras.together, self.fields_said, headings)
        return columns, difference(columns, prior.segment if prior else None)

    def _earlier(self, prior: Prior) -> Earlier | None:
        terms = terms_of(self.aliases, self.options.limits, self.columns_said)
        ledger = Ledger.open(prior.folder, len(prior.segment), terms)
        return Earlier(prior.segment, ledger) if ledger else None

    def _refuse_to_shrink(self, prior: Prior | None, columns: Columns, change: Difference) -> None:
        corpus, found = self.corpus_dir, self.sources.found
        if prior is None:
            # Nothing to compare with can be read; but some of that may still say how much it was.
            before = most_told(self.folder.parent)
            shrinking.refuse_to_shrink(corpus, before - len(columns), before, found)
        elif gone := shrinking.refuse_to_lose(corpus, prior.segment, change, len(columns), found):
            columns.intake.warn(f"the sample is not in the corpus any more: its {gone} projects are gone")

    def _write(
        self, prior: Prior | None, columns: Columns, change: Difference, writer: SegmentWriter
    ) -> None:
        total = len(columns)
        recording.write_documents(columns, writer)
        write_own_columns(columns, self.fields, writer)
        recording.write_ledger(columns, self.options.limits, self.columns_said, writer)
        writer.texts("word_rules", self.rules.lines())
        self._write_vectors(writer, None if self.options.full else prior, change, total)
        if prior and self._may_increment(prior.segment, change, total):
            self._write_incrementally(writer, prior.segment, change, total)
        else:
            self._write_fully(writer, total)

    def _write_vectors(
        self, writer: SegmentWriter, prior: Prior | None, change: Difference, total: int
    ) -> None:
        """Write what each project means, of the same model taken over for those that stay."""
        vectors, stored = self.vectors, open_stored(self.folder)
        writer.texts("vector_model", vectors.lines)
        found = writer.allocate("vectors", np.int8, total, vectors.dimensions)
        before = (prior.segment.vectors, change.new_numbers) if prior and _has(prior, vectors) else None
        vectors.fill(found, before, partial(stored_texts, stored), self.options.progress)
        writer.finished("vectors.npy")

    def _may_increment(self, prior: Segment, change: Difference, total: int) -> bool:
        """Tell whether the last segment has most of the projects, and the same words with the same terms."""
        if self.options.full or not total - len(change.fresh) or len(change.fresh) > MOST_FRESH * total:
            return False
        if searched_of(from_bytes(prior.own_fields)) != searched_of(self.fields):
            return False
        return parse("\n".join(prior.word_rules)).stem_lines == self.rules.stem_lines

    def _write_fully(self, writer: SegmentWriter, total: int) -> None:
        options = self.options
        chunks = Chunks(
            self.folder,
            self.aliases.other_names,
            self.rules.stem_lines,
            options.chunk_documents,
            options.jobs,
        )
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            runs = []
            for run in chunks.runs(total, Path(scratch)):
                runs.append(run)
                options.progress("analysing", min(len(runs) * options.chunk_documents, total), total)
            options.progress("merging", 0, None)
            merging.merge(runs, writer)

    def _write_incrementally(
        self, writer: SegmentWriter, prior: Segment, change: Difference, total: int
    ) -> None:
        self.options.progress("analysing", 0, len(change.fresh))
        stored, stems = open_stored(self.folder), increments.stems_of(prior, self.stemming)
        own = SearchedTexts.in_folder(self.folder, total)
        inverter = Inverter(self.aliases.other_names, stems, len(searched_of(self.fields)))
        for document in change.fresh.tolist():
            project = stored_project(stored, document)
            (own_texts,) = own.of(document, [dict(project.extra)])
            inverter.add(project.title, project.description, project.grantee, own_texts)
        self.options.progress("merging", 0, None)
        new = increments.renumbered(inverter.invert(0), change.fresh, total)
        splicing.splice(increments.remaining(prior, change.new_numbers, total), new, writer)

    def _checked(self, total: int) -> Segment:
        """Open what was written, count it, and look one project up by id and by a word of its title."""
        segment = Segment.open(self.folder)
        stems = increments.stems_of(segment, self.stemming)
        if len(segment) != total:
            raise DamagedIndexError(
                f"{self.folder} holds {len(segment)} of {total} projects; run: reindex --full"
            )
        if total and not is_found(segment, total // 2, stems):
            raise DamagedIndexError(f"{self.folder} does not find project {total // 2}; run: reindex --full")
        return segment

    def _report(self, columns: Columns, change: Difference, *, written: bool) -> Report:
        intake, described = columns.intake, columns.extras.described()
        return Report(
            added=change.added,
            changed=change.changed,
            removed=change.removed,
            added_count=change.added_count,
            changed_count=change.changed_count,
            removed_count=change.removed_count,
            unchanged=len(columns) - len(change.fresh),
            rejected=tuple(intake.rejected),
            rejected_count=intake.rejected.count,
            rejected_reasons=tuple(intake.rejected.reasons.most_common(LISTED_REASONS)),
            warnings=(*intake.warnings,),
            projects=len(columns),
            duplicates=intake.duplicates,
            generation=self.folder.name if written else None,
            written=written,
            seconds=time.monotonic() - self.started,
            notes=(*notes(columns), *declaring.warnings(described, self.fields)),
            fields=(*declaring.told(described, self.fields),) if described else (),
            sources=(*self.sources.found,),
        )


def _has(prior: Prior, vectors: Vectors) -> bool:
    """Tell whether a generation has vectors of the same model, or none where none are wanted."""
    return [*prior.segment.vector_model] == vectors.lines
