"""LiveEngine: the engine of whatever generation is current, swapped between two requests.

The pointer file is looked at on every request (one `stat`). A new generation is opened and verified in
the background while the old one answers; a bad one is refused, logged once and counted. A cold start
tries the current generation, then the previous one.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from indexer.errors import IndexerError, NoIndexError, UnreadableIndexError
from indexer.storage import generation
from search_app.engine.search import SearchEngine

_log = logging.getLogger(__name__)

# Whole answers that an engine caches: few, because finished ones are cached as bytes, which cost a tenth
# of the memory and nothing to whoever collects garbage.
CACHED_ANSWERS = 64

# What `stat` tells of the pointer file: it is replaced, never written in place.
Signature = tuple[int, int, int]


class LiveEngine:
    """Gives the engine to answer with; safe to share between threads."""

    def __init__(self, index_dir: Path) -> None:
        """Watch the pointer in `index_dir`, which may not exist yet."""
        self.index_dir = index_dir
        self.refused = 0
        # What is done when another generation has taken over.
        self.settled: Callable[[], object] = gc.collect
        self._pointer = index_dir / generation.CURRENT
        self._lock = threading.Lock()
        self._engine: SearchEngine | None = None
        # Whether whoever opens the first generation waits until it is warm.
        self._waits = False
        self._signature: Signature | None = None
        self._reason: IndexerError = NoIndexError(
            f"{index_dir} has no index yet; run: reindex", path=index_dir
        )

    def engine(self) -> SearchEngine:
        """Return the engine of the current generation, or of the last good one.

        Raise NoIndexError, IndexFormatError or DamagedIndexError when there is none to answer with.
        """
        signature = self._look()
        if signature != self._signature:
            self._follow(signature)
        if self._engine is None:
            raise self._reason
        return self._engine

    def start(self) -> None:
        """Open the current generation now and make it warm, so that no visitor waits for it.

        Raise as `engine` does.
        """
        self._waits = True
        self.engine()

    def _look(self) -> Signature | None:
        try:
            status = self._pointer.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._reason = UnreadableIndexError(
                f"{self._pointer} cannot be read: {error.strerror}; may the server read what reindex writes?"
            )
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _follow(self, signature: Signature | None) -> None:
        if self._engine is None:
            with self._lock:
                if self._engine is None and signature != self._signature:
                    self._open(signature)
        elif self._lock.acquire(blocking=False):
            # The opener releases the lock; until then others go on with the engine that there is.
            try:
                threading.Thread(target=self._open_and_release, args=(signature,), daemon=True).start()
            except RuntimeError:  # no thread to be had now; the next request tries again
                self._lock.release()

    def _open_and_release(self, signature: Signature | None) -> None:
        try:
            if signature != self._signature:
                self._open(signature)
        finally:
            self._lock.release()

    def _open(self, signature: Signature | None) -> None:
        """Open the first good one of the current and the previous generation."""
        try:
            names = generation.generations(self.index_dir, complete=False)
        except IndexerError as error:
            names, self._reason = [], error
        for name in names:
            if self._engine is not None and self._engine.info.generation == name:
                break
            try:
                self._take(SearchEngine.of(self.index_dir / name, verify=True, answers=CACHED_ANSWERS))
            except Exception as error:  # whatever is wrong with it, the old one serves on
                self._refuse(name, error)
            else:
                break
        self._signature = signature

    def _take(self, engine: SearchEngine) -> None:
        """Answer with `engine` from now on, warm if there is another one that answers until it is."""
        if self._engine is None and not self._waits:
            threading.Thread(target=engine.warm, daemon=True).start()
        else:
            engine.warm()
        self._engine = engine
        # The one before and its caches refer to each other: without this its files stay open for long.
        self.settled()

    def _refuse(self, name: str, error: Exception) -> None:
        if isinstance(error, IndexerError):
            self._reason = error
        _log.error("generation %s is refused: %s", name, error)
        self.refused += 1
