"""Analysis of stored projects, chunk by chunk, in this process or in several."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

from indexer.document import texts_of
from indexer.errors import WorkerLostError
from indexer.inverting.postings import CHUNK_DOCUMENTS, Inverter
from indexer.inverting.runs import Run
from indexer.reporting.ending import end_with_command
from indexer.storage.own_fields import SearchedTexts, searched_of
from indexer.storage.segment import open_stored
from indexer.text.corrections import Line
from indexer.text.stemming import stemming

# More chunks than this go through the disk, so that memory does not grow with the corpus.
RUNS_IN_MEMORY = 8
# Chunks for each process, if there are enough documents.
CHUNKS_PER_JOB = 4
# Starting a process costs as much as analysing some thousand documents.
LEAST_PER_JOB = 4_000
# Stored projects that are parsed in one go: of most corpora a megabyte or less.
PARSED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Chunks:
    """How stored projects are analysed: from which folder, how many at a time, in how many processes.

    `other_names` are those of grantees, `stem_lines` the corpus's own corrections to the stemmer.
    """

    folder: Path
    other_names: Mapping[str, str]
    stem_lines: tuple[Line, ...] = ()
    documents: int = CHUNK_DOCUMENTS
    jobs: int = 1

    def runs(self, total: int, scratch: Path) -> Iterator[Run]:
        """Yield the runs of documents 0 to `total` in order; large ones live in the `scratch` folder."""
        bounds = [*range(0, total, self._documents_at_a_time(total)), total]
        chunks = list(pairwise(bounds)) or [(0, 0)]
        if self.jobs > 1 and len(chunks) > 1:
            yield from self._in_processes(chunks, scratch)
            return
        own = SearchedTexts.in_folder(self.folder, total)
        inverter = _inverter(self.other_names, self.stem_lines, own)
        for first, last in chunks:
            run = invert_stored(self.folder, first, last, inverter, own)
            yield run if len(chunks) <= RUNS_IN_MEMORY else _through_disk(run, scratch)

    def _documents_at_a_time(self, total: int) -> int:
        if self.jobs == 1:
            return self.documents
        # Every process gets several chunks, so that none has to wait long for the last one.
        return min(self.documents, max(total // (self.jobs * CHUNKS_PER_JOB), LEAST_PER_JOB))

    def _in_processes(self, chunks: Sequence[tuple[int, int]], scratch: Path) -> Iterator[Run]:
        # Spawned, not forked: a child of a process with threads may inherit a held lock.
        with ProcessPoolExecutor(
            self.jobs,
            get_context("spawn"),
            _start_worker,
            (self.folder, dict(self.other_names), self.stem_lines, scratch, chunks[-1][-1]),
        ) as pool:
            try:
                for folder in pool.map(_analyse_in_worker, chunks):
                    yield Run.load(folder)
            except BrokenProcessPool:
                raise WorkerLostError(
                    "a process that analyses was killed, perhaps for lack of memory; use fewer --jobs"
                ) from None


def _inverter(other_names: Mapping[str, str], stem_lines: tuple[Line, ...], own: SearchedTexts) -> Inverter:
    return Inverter(other_names, stemming(stem_lines).stems, len(searched_of(own.declared)))


def invert_stored(folder: Path, first: int, last: int, inverter: Inverter, own: SearchedTexts) -> Run:
    """Return the run of documents `first` to `last` (exclusive) of the stored projects in `folder`."""
    stored = open_stored(folder)
    for begin in range(first, last, PARSED_AT_ONCE):
        texts = list(texts_of(stored.joined(begin, min(begin + PARSED_AT_ONCE, last))))
        searched = own.of(begin, [extra for *_, extra in texts])
        for (title, description, grantee, _), own_texts in zip(texts, searched, strict=True):
            inverter.add(title, description, grantee, own_texts)
    return inverter.invert(first)


def _through_disk(run: Run, scratch: Path) -> Run:
    folder = Path(tempfile.mkdtemp(dir=scratch)) / "run"
    run.save(folder)
    return Run.load(folder)


_worker: tuple[Path, Inverter, SearchedTexts, Path]


def _start_worker(
    folder: Path, other_names: Mapping[str, str], stem_lines: tuple[Line, ...], scratch: Path, total: int
) -> None:
    global _worker
    end_with_command()
    own = SearchedTexts.in_folder(folder, total)
    _worker = (folder, _inverter(other_names, stem_lines, own), own, scratch)


def _analyse_in_worker(chunk: tuple[int, int]) -> Path:
    folder, inverter, own, scratch = _worker
    target = Path(tempfile.mkdtemp(dir=scratch)) / "run"
    invert_stored(folder, *chunk, inverter, own).save(target)
    return target
