"""Send documents to an index: from this process, or from several that each send a chunk at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.cluster import bulk
from indexer.cluster.client import Cluster
from indexer.cluster.turning import CHUNK, DocumentMaker, Measures, Moments, chunks_of, document_id
from indexer.errors import WorkerLostError
from indexer.reporting.ending import end_with_command
from indexer.storage import generation
from indexer.storage.segment import Segment

# Chunks for each process, if there is enough; starting one costs as much as making so many occurrences.
CHUNKS_PER_JOB, LEAST_PER_JOB = 4, 400_000
# Seconds between two looks at whether the lease still holds, while other processes work.
LOOK_EVERY = 1.0

# Is told how many more documents were taken; may raise to stop all.
Sent = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends documents of the generation in a folder to an index, in `jobs` processes.

    `seen` says when each document was seen.
    """

    cluster: Cluster
    folder: Path
    index: str
    measures: Measures
    seen: Moments
    jobs: int = 1

    def send(self, segment: Segment, documents: NDArray[np.intp], sent: Sent) -> None:
        """Send ascending documents; raise ClusterError, WorkerLostError, or what `sent` raises."""
        chunks = [*chunks_of(segment, documents, self._chunk(segment, documents))] if self.jobs > 1 else []
        if len(chunks) > 1:
            self._in_processes(chunks, sent)
        else:
            self.here(self.maker(segment), documents, sent)

    def maker(self, segment: Segment) -> DocumentMaker:
        """Return what makes the documents of the generation."""
        return DocumentMaker(segment, self.measures, self.seen)

    def here(self, maker: DocumentMaker, documents: NDArray[np.intp], sent: Sent) -> None:
        """Send documents from this process."""
        bulk.send(self.cluster, self.index, _lines(maker, documents), sent)

    def delete(self, ids: Sequence[str], sent: Sent) -> None:
        """Delete projects by their ids."""
        lines = (orjson.dumps({"delete": {"_id": document_id(one)}}) + b"\n" for one in ids)
        bulk.send(self.cluster, self.index, lines, sent)

    def _chunk(self, segment: Segment, documents: NDArray[np.intp]) -> int:
        total = sum(int(field[documents].sum(dtype=np.int64)) for field in segment.lengths)
        return min(CHUNK, max(total // (self.jobs * CHUNKS_PER_JOB), LEAST_PER_JOB))

    def _in_processes(self, chunks: Sequence[NDArray[np.intp]], sent: Sent) -> None:
        # Spawned, not forked: a child of a process with threads may inherit a held lock.
        pool = ProcessPoolExecutor(self.jobs, get_context("spawn"), _start_worker, (self,))
        try:
            waiting: set[Future[int]] = {pool.submit(_send_in_worker, chunk) for chunk in chunks}
            while waiting:
                done, waiting = wait(waiting, LOOK_EVERY, FIRST_COMPLETED)
                sent(sum(one.result() for one in done))
        except BrokenProcessPool:
            raise WorkerLostError(
                "a process that sends was killed, perhaps for lack of memory; use fewer --jobs"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _lines(maker: DocumentMaker, documents: NDArray[np.intp]) -> Iterator[bytes]:
    for key, row in maker.rows(documents):
        yield orjson.dumps({"index": {"_id": key}}) + b"\n" + orjson.dumps(row) + b"\n"


_worker: tuple[Sender, DocumentMaker]


def _start_worker(sender: Sender) -> None:
    global _worker
    end_with_command()
    _worker = (sender, sender.maker(generation.open_segment(sender.folder)))


def _send_in_worker(documents: NDArray[np.intp]) -> int:
    sender, maker = _worker
    sender.here(maker, documents, lambda _number: None)
    return len(documents)
