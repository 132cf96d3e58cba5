"""The front door, before Flask: a request that was answered before costs no more than a look-up.

Every request gets an id, every answer its security headers, and both are counted and logged here,
whoever answers. What an answer is made from is in its key: the generation, the day, and all of the
request that can change it.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from indexer.errors import IndexerError
from indexer.storage.days import today
from search_app.engine.live import Live
from search_app.engine.search import SearchEngine
from search_app.web.serving.admission.turns import Turns, may_take_long
from search_app.web.serving.cache import AnswerCache, CachedAnswer, Key
from search_app.web.serving.headers import always
from search_app.web.serving.log import RequestLine
from search_app.web.serving.metrics import Metrics
from search_app.web.serving.negotiation import (
    coding_of,
    leave_unknown_range,
    leave_upgrade,
    precondition,
    without_body,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

VISIT = "search.visit"

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


@dataclass(slots=True)
class Visit:
    """One request on its way: what is known of it, filled in by whoever finds out."""

    request_id: str
    engine: SearchEngine | None
    key: Key | None
    began: float = field(default_factory=time.perf_counter)
    route: str = "(none)"
    hits: int | None = None
    canonical: str | None = None

    @property
    def generation(self) -> str | None:
        """The generation that answers."""
        return self.engine.info.generation if self.engine else None


def _key(environ: WSGIEnvironment, generation: str) -> Key:
    return (
        generation,
        today(),
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST"),
        environ["PATH_INFO"],
        environ["QUERY_STRING"],
        # `_visit` has put it there; there are only a few.
        environ["HTTP_ACCEPT_ENCODING"],
    )


def _request_id(environ: WSGIEnvironment) -> str:
    given = environ.get("HTTP_X_REQUEST_ID", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """A WSGI application around another one, and one that refuses what is too much."""

    application: WSGIApplication
    live: Live
    answers: AnswerCache
    turns: Turns
    refusal: WSGIApplication
    metrics: Metrics | None
    log: Callable[[RequestLine], None] | None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from the cache, else let the application answer."""
        visit = environ[VISIT] = self._visit(environ)
        cached = self.answers.get(visit.key) if visit.key else None
        if cached is not None:
            return self._again(cached, visit, environ, start_response)

        def _started(
            status: str, headers: list[tuple[str, str]], *exc_info: object
        ) -> Callable[[bytes], object]:
            headers += (*always(environ["PATH_INFO"]), ("X-Request-Id", visit.request_id))
            self._record(visit, environ, int(status[:3]))
            return start_response(status, headers, *exc_info)  # type: ignore[arg-type]

        with self.turns.turn_in_time(long=may_take_long(environ["QUERY_STRING"])) as given:
            return (self.application if given else self.refusal)(environ, _started)

    def _visit(self, environ: WSGIEnvironment) -> Visit:
        environ["HTTP_ACCEPT_ENCODING"] = coding_of(environ.get("HTTP_ACCEPT_ENCODING"))
        leave_unknown_range(environ)
        leave_upgrade(environ)
        try:
            engine = self.live.engine()
        except IndexerError:
            return Visit(_request_id(environ), None, None)
        asks = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        return Visit(_request_id(environ), engine, _key(environ, engine.info.generation) if asks else None)

    def _again(
        self, cached: CachedAnswer, visit: Visit, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        visit.route, visit.hits = cached.route, cached.hits
        headers, status = [*cached.headers, ("X-Request-Id", visit.request_id)], 200
        unwanted = precondition(environ, cached.etag)
        if unwanted:
            headers, status = without_body(headers, unwanted), unwanted
        self._record(visit, environ, status)
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [] if unwanted or environ["REQUEST_METHOD"] == "HEAD" else [cached.body]

    def _record(self, visit: Visit, environ: WSGIEnvironment, status: int) -> None:
        seconds = time.perf_counter() - visit.began
        if self.metrics:
            self.metrics.observe(visit.route, status, seconds)
        if self.log:
            self.log(
                RequestLine(
                    request_id=visit.request_id,
                    method=environ["REQUEST_METHOD"],
                    route=visit.route,
                    status=status,
                    ms=seconds * 1000,
                    hits=visit.hits,
                    generation=visit.generation,
                    query_string=environ["QUERY_STRING"],
                )
            )
