"""What one search too many is told, made before Flask: whoever is refused may ask again at once.

A refusal that costs as much as a small answer keeps waiting those whom it is there for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from search_app.web.api.json_values import as_json
from search_app.web.problems import BusyError, document, error_page
from search_app.web.serving.front import VISIT, Visit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# Seconds to tell a client to wait whose slow search was refused: by then the waiting ones have been
# answered.
BUSY_SECONDS = 2
# In the log and in the figures: which of the searches it would have been, nobody has looked.
_ROUTE = "(too busy)"
_STATUS = "503 Service Unavailable"
_ALWAYS = (("Cache-Control", "no-store"), ("Vary", "Accept-Encoding"), ("Retry-After", str(BUSY_SECONDS)))


class Refusal:
    """A WSGI application that answers no search: as many of those that may take long wait as can."""

    def __init__(self, app: Flask) -> None:
        """Refuse as a page of `app`."""
        self._app, self._error = app, BusyError()
        self._page: tuple[str | None, bytes] | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Refuse: problem+json under `/api/`, a page elsewhere."""
        if environ["PATH_INFO"].startswith("/api/"):
            kind, body = "application/problem+json", self._data(environ)
        else:
            kind, body = "text/html; charset=utf-8", self._of_generation(environ[VISIT])
        environ[VISIT].route = _ROUTE
        start_response(_STATUS, [("Content-Type", kind), ("Content-Length", str(len(body))), *_ALWAYS])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _data(self, environ: WSGIEnvironment) -> bytes:
        # WSGI has a character for each byte.
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        return as_json(document(self._error, path, environ["QUERY_STRING"]))

    def _of_generation(self, visit: Visit) -> bytes:
        """Return the page, made once for a generation: it says nothing of what was asked, or by whom."""
        page = self._page
        if page is None or page[0] != visit.generation:
            with self._app.test_request_context("/", environ_overrides={VISIT: visit}):
                page = self._page = visit.generation, error_page(self._error).encode()
        return page[1]
