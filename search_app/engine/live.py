"""LiveEngine: the engine of whatever generation is current, swapped between two requests.

The pointer file is looked at on every request (one `lstat`). A new generation is opened and verified in
the background while the old one answers; a bad one is refused, logged once and counted, and tried again
after growing pauses: it may only be late, or away for a moment. Only success is remembered. A cold start
tries the current generation, then the previous one.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Protocol

from indexer.errors import (
    DamagedIndexError,
    ForeignFolderError,
    IndexerError,
    NoIndexError,
    UnreadableIndexError,
)
from indexer.storage import generation
from indexer.storage.folder.ownership import refuse_foreign
from indexer.text.meaning.models import Model, ModelError, open_model
from search_app.engine.search import SearchEngine

_log = logging.getLogger(__name__)

# Whole answers that an engine caches: few, because finished ones are cached as bytes, which cost a tenth
# of the memory and nothing to whoever collects garbage.
CACHED_ANSWERS = 64

# A refused generation is tried again after so many seconds, then after twice as many, up to a minute.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0

# What `lstat` tells of the pointer file: it is replaced, never written in place.
Signature = tuple[int, int, int]
_NEVER: Signature = (0, 0, 0)


class Live(Protocol):
    """What gives the engine to answer with, and follows whatever generation is current."""

    refused: int
    settled: Callable[[], object]

    def engine(self) -> SearchEngine:
        """Return the engine to answer with; raise an IndexerError when there is none."""

    def start(self) -> None:
        """Open the current generation now and make it warm."""

    def check(self) -> None:
        """Raise an IndexerError unless whatever holds the index answers now."""


def model_of(name: str) -> Model | None:
    """Return a model of meaning, "" for none; without it searches go by words alone, which is logged."""
    try:
        return open_model(name) if name else None
    except ModelError as error:
        _log.warning("searches go by words alone: %s", error)
        return None


def log_other_model(generation: str, name: str) -> None:
    """Log that a generation has no vectors of the model with some name."""
    advice = f"its vectors are not of the model {name}; run: reindex --meaning {name}"
    _log.warning("searches of generation %s go by words alone: %s", generation, advice)


class LiveEngine:
    """Gives the engine to answer with; safe to share between threads."""

    def __init__(self, index_dir: Path, meaning: str = "") -> None:
        """Watch the pointer in `index_dir`, which may not exist yet; `meaning` names a model, "" for none."""
        self.index_dir = index_dir
        self._meaning = meaning
        self.refused = 0
        # What is done when another generation has taken over.
        self.settled: Callable[[], object] = gc.collect
        self._pointer = index_dir / generation.CURRENT
        self._lock = threading.Lock()
        self._engine: SearchEngine | None = None
        # Whether whoever opens the first generation waits until it is warm.
        self._waits = False
        # The pointer whose first generation is served, the one that was tried last, and when to try it again.
        self._settled: Signature | None = _NEVER
        self._tried: Signature | None = _NEVER
        self._pause, self._next_try = FIRST_PAUSE, 0.0
        # What is wrong with which generation, as it was logged.
        self._refusals: set[tuple[str, str]] = set()
        self._reason: IndexerError = self._no_index()

    def engine(self) -> SearchEngine:
        """Return the engine of the current generation, or of the last good one.

        Raise NoIndexError, IndexFormatError, DamagedIndexError or ForeignFolderError when there is none to
        answer with.
        """
        signature = self._look()
        if signature != self._settled and self._is_due(signature):
            self._follow(signature)
        if self._engine is None:
            raise self._reason.anew()
        return self._engine

    def start(self) -> None:
        """Open the current generation now and make it warm, so that no visitor waits for it.

        Raise as `engine` does.
        """
        self._waits = True
        self.engine()

    @cached_property
    def _model(self) -> Model | None:
        return model_of(self._meaning)

    def check(self) -> None:
        """Do nothing: an index that is mapped answers."""

    def _no_index(self) -> NoIndexError:
        return NoIndexError(f"{self.index_dir} has no index yet; run: reindex", path=self.index_dir)

    def _look(self) -> Signature | None:
        try:
            status = self._pointer.lstat()
        except OSError:
            # Whoever opens the generation says what is wrong.
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _is_due(self, signature: Signature | None) -> bool:
        return signature != self._tried or monotonic() >= self._next_try

    def _follow(self, signature: Signature | None) -> None:
        if self._engine is None:
            with self._lock:
                if self._engine is None and self._is_due(signature):
                    self._open(signature)
        elif self._lock.acquire(blocking=False):
            # The opener releases the lock; until then others go on with the engine that there is.
            try:
                threading.Thread(target=self._open_and_release, args=(signature,), daemon=True).start()
            except RuntimeError:  # no thread to be had now; the next request tries again
                self._lock.release()

    def _open_and_release(self, signature: Signature | None) -> None:
        try:
            if signature != self._settled and self._is_due(signature):
                self._open(signature)
        finally:
            self._lock.release()

    def _open(self, signature: Signature | None) -> None:
        """Serve the first good one of the current and the previous generation, and note how that went."""
        names = self._names()
        self._serve(names)
        if names and self._engine is not None and self._engine.info.generation == names[0]:
            self._settled = signature
            self._refusals.clear()
        self._pause = min(2 * self._pause, LONGEST_PAUSE) if signature == self._tried else FIRST_PAUSE
        self._tried, self._next_try = signature, monotonic() + self._pause

    def _names(self) -> list[str]:
        """Return the names of the current and the previous generation; note the reason if there are none."""
        try:
            refuse_foreign(self.index_dir)
            names = generation.generations(self.index_dir, complete=False)
            if not names:
                self._reason = self._no_index()
        except ForeignFolderError as error:
            # What lies in a folder of somebody else is for the log, not for visitors.
            self._log_once("the index", error)
            self._reason = ForeignFolderError(
                "the index folder of this service is not one, or holds more than an index; run: reindex",
                path=self.index_dir,
            )
        except IndexerError as error:
            self._reason = error.anew()
        except OSError as error:
            self._reason = UnreadableIndexError(
                f"{error.filename} cannot be read: {error.strerror}; may the server read what reindex writes?"
            )
        else:
            return names
        return []

    def _serve(self, names: list[str]) -> None:
        """Serve the first good generation of some, unless it is served already."""
        refused: list[IndexerError] = []
        for name in names:
            if self._engine is not None and self._engine.info.generation == name:
                return
            try:
                folder = self.index_dir / name
                engine = SearchEngine.of(folder, verify=True, answers=CACHED_ANSWERS, model=self._model)
                if self._model and not engine.by_meaning:
                    log_other_model(name, self._meaning)
                self._take(engine)
            except Exception as error:  # whatever is wrong with it, the old one serves on
                # Anew: what it was raised through is held by nothing.
                refused.append(self._refusal(name, error).anew())
            else:
                return
        if refused:
            # Of the current one: only where that is mended is anything well again.
            self._reason = refused[0]

    def _take(self, engine: SearchEngine) -> None:
        """Answer with `engine` from now on, warm if there is another one that answers until it is."""
        if self._engine is None and not self._waits:
            threading.Thread(target=engine.warm, daemon=True).start()
        else:
            engine.warm()
        self._engine = engine
        # The last engine and its caches refer to each other: without a collection its files would stay open
        # for long.
        self.settled()

    def _refusal(self, name: str, error: Exception) -> IndexerError:
        """Log what is wrong with a generation, and return it."""
        if not isinstance(error, IndexerError):
            error = DamagedIndexError(f"{name} cannot be opened ({error!r}); run: reindex --full")
        self._log_once(f"generation {name}", error)
        return error

    def _log_once(self, what: str, error: IndexerError) -> None:
        refusal = what, str(error)
        if refusal not in self._refusals:
            self._refusals.add(refusal)
            _log.error("%s is refused: %s", *refusal)
            self.refused += 1
