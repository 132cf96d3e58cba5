"""ClusterEngine: the engine of whatever generation serves in a cluster, swapped between two requests.

The alias is looked at in the background, a little while after it was looked at last. A new generation is
opened while the old one answers. A cluster that does not answer makes no engine go away: searches say so,
each by itself, and answer again once it does.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable
from functools import cached_property
from time import monotonic

from indexer.cluster import generations
from indexer.cluster.client import TIMED_OUT, Access, Cluster
from indexer.errors import ClusterError, ClusterGoneError, IndexerError
from indexer.text.meaning.models import Model
from search_app.cluster.opening import open_backend
from search_app.config import Settings
from search_app.engine.live import CACHED_ANSWERS, log_other_model, model_of
from search_app.engine.search import SearchEngine

_log = logging.getLogger(__name__)

# Seconds between two looks at the alias; where there is no engine yet, between two tries to open one.
LOOK_EVERY, TRY_EVERY = 2.0, 1.0


class ClusterEngine:
    """Gives the engine to answer with; safe to share between threads."""

    def __init__(self, cluster: Cluster, meaning: str = "") -> None:
        """Watch the alias of `cluster`, which may not answer yet; `meaning` names a model, "" for none."""
        self.refused = 0
        self._meaning = meaning
        # What is done when another generation has taken over.
        self.settled: Callable[[], object] = gc.collect
        self._cluster = cluster
        self._lock = threading.Lock()
        self._engine: SearchEngine | None = None
        self._index = ""
        self._next_look = 0.0
        self._reason: IndexerError = ClusterError("the cluster was not asked yet")
        self._said = ""

    @classmethod
    def of(cls, settings: Settings) -> ClusterEngine:
        """Return the engine that some settings tell; raise ClusterError for an address that is none."""
        return cls(Cluster(access_of(settings)), settings.meaning)

    def engine(self) -> SearchEngine:
        """Return the engine of the generation that serves, or of the last one that could be opened.

        Raise NoIndexError or ClusterError when there is none to answer with.
        """
        if monotonic() >= self._next_look:
            self._look()
        if self._engine is None:
            raise self._reason.anew()
        return self._engine

    def start(self) -> None:
        """Open the generation that serves now and make it warm; raise as `engine` does."""
        self.engine().warm()

    @cached_property
    def _model(self) -> Model | None:
        return model_of(self._meaning)

    def check(self) -> None:
        """Raise ClusterGoneError unless the index that is open is all there now."""
        path, parameters = f"_cluster/health/{self._index}", {"timeout": "1s"}
        if self._cluster.ask("GET", path, parameters=parameters, allowed=(TIMED_OUT,))["status"] == "red":
            raise ClusterGoneError(f"the index {self._index} is not all there")

    def confirm(self) -> None:
        """Raise ClusterError unless the cluster answers, is one for us, and takes who asks."""
        self._cluster.confirm()

    def _look(self) -> None:
        if not self._lock.acquire(blocking=self._engine is None):
            return
        if self._engine is None:
            try:
                if monotonic() >= self._next_look:
                    self._follow()
            finally:
                self._lock.release()
            return
        self._next_look = monotonic() + LOOK_EVERY
        try:
            threading.Thread(target=self._follow_and_release, daemon=True).start()
        except RuntimeError:  # no thread to be had now; the next request tries again
            self._lock.release()

    def _follow_and_release(self) -> None:
        try:
            self._follow()
        finally:
            self._lock.release()

    def _follow(self) -> None:
        """Open the generation that serves unless it is open; note why that cannot be."""
        try:
            if self._engine is None:
                self._cluster.confirm()
            found = generations.current(self._cluster)
            if self._engine is None or self._index != found.index:
                backend = open_backend(self._cluster, found, self._model)
                by_meaning = backend.meaning is not None
                engine = SearchEngine(backend, answers=CACHED_ANSWERS, by_meaning=by_meaning)
                if self._model and not by_meaning:
                    log_other_model(found.name, self._meaning)
                if self._engine is not None:
                    engine.warm()
                self._engine, self._index = engine, found.index
                self.settled()
            self._said = ""
        except Exception as error:  # whatever is wrong with it, the old one serves on
            self._refuse(error)
        self._next_look = monotonic() + (TRY_EVERY if self._engine is None else LOOK_EVERY)

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, IndexerError):
            error = ClusterError(
                f"the generation in the cluster cannot be opened ({error!r}); run: reindex --full"
            )
        self._reason = error.anew()
        if str(error) != self._said:
            self._said = str(error)
            self.refused += 1
            _log.error("%s", self._said)


def access_of(settings: Settings) -> Access:
    """Return how settings say that a cluster is reached."""
    return Access(
        settings.cluster_url,
        settings.cluster_name,
        settings.cluster_user,
        settings.cluster_password,
        settings.cluster_ca_file,
        settings.cluster_certificate,
    )
