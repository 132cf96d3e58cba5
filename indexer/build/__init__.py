"""`reindex`: corpus to generation, by the shortest way that gives the same bytes.

Nothing changed: nothing is written. Little changed: what is unchanged is copied out of the last
generation's arrays and only the rest is analysed. Else everything is analysed, in chunks.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from indexer.build.options import DEFAULT, BuildOptions
from indexer.build.writing import Writing, has_vectors
from indexer.corpus import contents
from indexer.corpus.files.fingerprint import Fingerprint, corpus_fingerprint
from indexer.errors import ShrunkError
from indexer.history import keeping
from indexer.history.keeping import Kept
from indexer.intake.accepting import Intake
from indexer.intake.aliases import read_aliases
from indexer.intake.columns import Columns
from indexer.intake.difference import Difference, difference
from indexer.intake.ledger import Ledger, terms_of
from indexer.intake.prior import shrinking
from indexer.intake.prior.earlier import Earlier
from indexer.intake.prior.last_good import Prior, last_good, most_told
from indexer.intake.quality import notes
from indexer.intake.rejections import Rejections
from indexer.intake.rows import Spills, spills
from indexer.intake.settings_files import read_fields, read_word_rules
from indexer.own_fields import declaring
from indexer.reporting.numbers import counted
from indexer.reporting.report import RejectedError, Report, kept_json
from indexer.storage import generation
from indexer.storage.arrays.inventory import REJECTED
from indexer.storage.folder.hashing import Digests
from indexer.storage.folder.manifest import Manifest
from indexer.storage.folder.ownership import refuse_foreign, refuse_overlap
from indexer.storage.folder.report_files import write_report
from indexer.storage.own_fields import OwnField
from indexer.storage.segment import Segment
from indexer.storage.writer import SegmentWriter
from indexer.text.meaning.vectors import NO_VECTORS, Vectors

__all__ = ["BuildOptions", "reindex"]

# Of the reasons of rejections, those that a report counts.
LISTED_REASONS = 20


def reindex(corpus_dir: Path, index_dir: Path, options: BuildOptions = DEFAULT) -> Report:
    """Bring the index up to the corpus and report what changed.

    Raise ForeignFolderError, CorpusError, LockedError, ShrunkError, RejectedError (with `strict`), or
    OSError when something cannot be read or written; whatever is raised, the current generation stays so.
    """
    refuse_overlap(index_dir, corpus_dir)
    if options.check:
        refuse_foreign(index_dir)
        corpus = corpus_fingerprint(corpus_dir, options.limits)
        with tempfile.TemporaryDirectory() as name, spills(Path(name)) as spilled:
            return _Build(corpus, Path(name), spilled, options).compare(last_good(index_dir))
    with generation.lock(index_dir):
        prior = last_good(index_dir)
        good = prior.folder.name if prior else None
        generation.clean_up(index_dir, good)
        corpus = corpus_fingerprint(corpus_dir, options.limits)
        vectors = Vectors.of(options.meaning)
        same = prior and not options.full and prior.manifest.corpus == corpus.whole and prior.is_current()
        if prior and same and has_vectors(prior, vectors) and (unchanged := prior.unchanged()):
            return unchanged
        with generation.building(index_dir, good) as folder, spills(folder) as spilled:
            return _Build(corpus, folder, spilled, options, vectors).publish(prior)


class _Build:
    """One build: read and compare, then write, check and publish."""

    def __init__(
        self,
        corpus: Fingerprint,
        folder: Path,
        spilled: Spills,
        options: BuildOptions,
        vectors: Vectors = NO_VECTORS,
    ) -> None:
        self.corpus, self.folder, self.options = corpus, folder, options
        corpus_dir = corpus.folder
        self.started = time.monotonic()
        self.aliases, self.rules = read_aliases(corpus_dir), read_word_rules(corpus_dir)
        self.fields_said, self.columns_said = read_fields(corpus_dir)
        self.fields: tuple[OwnField, ...] = ()
        self.spilled, self.vectors = spilled, vectors
        self.sources = contents.Sources()
        self.changed: list[str] = []

    def compare(self, prior: Prior | None) -> Report:
        """Read the corpus and return what a build would report, and whether it would refuse to write."""
        columns, change = self._read(prior)
        if prior:
            try:
                self._refuse_to_shrink(prior, columns, change)
            except ShrunkError as error:
                columns.intake.warn(f"a run would write nothing: {error}")
        return self._report(columns, change, written=False)

    def publish(self, prior: Prior | None) -> Report:
        """Build the generation, make it current, and return its report."""
        columns, change = self._read(prior)
        if self.options.strict:
            found = self._report(columns, change, written=False)
            if found.rejected or found.guesses():
                raise RejectedError(found)
        self._refuse_to_shrink(prior, columns, change)
        with Digests() as digests:
            said, rules = self.columns_said, self.rules
            writing = Writing(self.folder, self.options, self.aliases, rules, said, self.fields, self.vectors)
            writing.write(prior, columns, change, SegmentWriter(self.folder, digests.seal))
            kept = self._kept(prior, writing.checked(len(columns)))
            for warning in kept.warnings:
                columns.intake.warn(warning)
            found = self._report(columns, change, written=True)
            write_report(self.folder, kept_json(found))
            columns.intake.rejected.write(self.folder / REJECTED)
            self.options.progress("publishing", 0, None)
            # What changed meanwhile is read again the next time, though it may then be as it was before.
            known_as = "" if self.changed else self.corpus.whole
            manifest = Manifest.of(self.folder, len(columns), known_as, digests)
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
        told = prior.sources() if lookup and prior else {}
        self.sources = contents.Sources(told, self.corpus.files, said=self.columns_said)
        files = contents.files(self.corpus.folder, options.limits, intake.warn, lookup, self.sources)
        intake.take_all(files, lambda done: options.progress("reading", done, None))
        self.changed = self.corpus.changed()
        for path in self.changed:
            intake.warn(f"{path}: changed while the corpus was read; run reindex again")
        columns = Columns(intake)
        extras, headings = columns.extras, self.sources.other_columns()
        self.fields = declaring.declared(extras.described(), extras.together, self.fields_said, headings)
        return columns, difference(columns, prior.segment if prior else None)

    def _earlier(self, prior: Prior) -> Earlier | None:
        terms = terms_of(self.aliases, self.options.limits, self.columns_said)
        ledger = Ledger.open(prior.folder, len(prior.segment), terms)
        return Earlier(prior.segment, ledger) if ledger else None

    def _refuse_to_shrink(self, prior: Prior | None, columns: Columns, change: Difference) -> None:
        if self.options.allow_shrink:
            return
        corpus, found = self.corpus.folder, self.sources.found
        if prior is None:
            # Nothing to compare with can be read; but some of that may still say how much it was.
            before = most_told(self.folder.parent)
            shrinking.refuse_to_shrink(corpus, before - len(columns), before, found)
        elif gone := shrinking.refuse_to_lose(corpus, prior.segment, change, len(columns), found):
            columns.intake.warn(
                f"the sample is not in the corpus any more, which removes {counted(gone, 'project')}"
            )

    def _report(self, columns: Columns, change: Difference, *, written: bool) -> Report:
        intake, described = columns.intake, columns.extras.described()
        return Report(
            added=change.added,
            changed=change.changed,
            removed=change.removed,
            added_count=change.added_count,
            changed_count=change.changed_count,
            removed_count=change.removed_count,
            unchanged=len(columns) - change.added_count - change.changed_count,
            rejected=tuple(intake.rejected),
            rejected_count=intake.rejected.count,
            rejected_reasons=tuple(intake.rejected.reasons.most_common(LISTED_REASONS)),
            warnings=intake.told(),
            projects=len(columns),
            duplicates=intake.duplicates,
            replaced=intake.replaced,
            generation=self.folder.name if written else None,
            written=written,
            seconds=time.monotonic() - self.started,
            notes=(*notes(columns), *declaring.warnings(described, self.fields)),
            fields=(*declaring.told(described, self.fields),) if described else (),
            sources=(*self.sources.found,),
        )
