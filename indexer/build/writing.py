"""Writes the arrays of a generation: copied out of the last one where little changed, else made anew."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from indexer.build.options import BuildOptions
from indexer.corpus.fields import Said
from indexer.errors import DamagedIndexError
from indexer.intake import recording
from indexer.intake.aliases import Aliases
from indexer.intake.columns import Columns
from indexer.intake.difference import Difference
from indexer.intake.own_columns import write_own_columns
from indexer.intake.prior.last_good import Prior
from indexer.inverting import increments, merging, splicing
from indexer.inverting.chunks import Chunks
from indexer.inverting.postings import Inverter, is_found
from indexer.reporting.numbers import counted
from indexer.storage.own_fields import OwnField, SearchedTexts, from_bytes, searched_of
from indexer.storage.segment import Segment, open_stored, stored_project, stored_texts
from indexer.storage.writer import SegmentWriter
from indexer.text.meaning.vectors import Vectors
from indexer.text.stemming import stemming
from indexer.text.word_rules import WordRules, parse

# Above this share of new and changed projects, analysing everything is about as quick as merging.
MOST_FRESH = 0.4


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written, and where to: what the corpus says of names, words and fields, and how to build."""

    folder: Path
    options: BuildOptions
    aliases: Aliases
    rules: WordRules
    said: Said
    fields: tuple[OwnField, ...]
    vectors: Vectors

    def write(self, prior: Prior | None, columns: Columns, change: Difference, writer: SegmentWriter) -> None:
        """Write all arrays of some projects; `change` is what is new in them since the `prior` generation."""
        total = len(columns)
        recording.write_documents(columns, writer)
        write_own_columns(columns, self.fields, writer)
        recording.write_ledger(columns, self.options.limits, self.said, writer)
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
        before = (
            (prior.segment.vectors, change.new_numbers) if prior and has_vectors(prior, vectors) else None
        )
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
        stored, stems = open_stored(self.folder), increments.stems_of(prior, stemming(self.rules.stem_lines))
        own = SearchedTexts.in_folder(self.folder, total)
        inverter = Inverter(self.aliases.other_names, stems, len(searched_of(self.fields)))
        for document in change.fresh.tolist():
            project = stored_project(stored, document)
            (own_texts,) = own.of(document, [dict(project.extra)])
            inverter.add(project.title, project.description, project.grantee, own_texts)
        self.options.progress("merging", 0, None)
        new = increments.renumbered(inverter.invert(0), change.fresh, total)
        splicing.splice(increments.remaining(prior, change.new_numbers, total), new, writer)

    def checked(self, total: int) -> Segment:
        """Open what was written, count it, and look one project up by id and by a word of its title."""
        segment = Segment.open(self.folder)
        stems = increments.stems_of(segment, stemming(self.rules.stem_lines))
        if len(segment) != total:
            raise DamagedIndexError(
                f"{self.folder} holds {len(segment):,} of {counted(total, 'project')}; run: reindex --full"
            )
        if total and not is_found(segment, total // 2, stems):
            raise DamagedIndexError(f"{self.folder} does not find project {total // 2}; run: reindex --full")
        return segment


def has_vectors(prior: Prior, vectors: Vectors) -> bool:
    """Tell whether a generation has vectors of the same model, or none where none are wanted."""
    return [*prior.segment.vector_model] == vectors.lines
