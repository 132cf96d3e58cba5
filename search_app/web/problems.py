"""What a visitor reads when there is no answer: one family, one table, one handler.

Under `/api/` an error is `application/problem+json` (RFC 9457), elsewhere a page of the site.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, current_app, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException
from werkzeug.wrappers import Response as AnyResponse

from indexer.errors import ClusterError, IndexerError
from search_app.web.api.json_values import as_json
from search_app.web.api.schemas.arguments import InvalidParametersError, ParameterError

# Long enough for a small `reindex` to end, short enough that nobody waits in vain.
RETRY_AFTER_SECONDS = 5

_log = logging.getLogger("search_app")


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of error: its name in addresses, its status, its title and what it means.

    `said` is what people read where the meaning speaks to others; it has a place for the time to `wait`.
    """

    slug: str
    status: int
    title: str
    meaning: str
    said: str = ""


PROBLEMS = (
    Problem(
        "invalid-parameter",
        400,
        "Invalid query parameter",
        "A parameter has a value that it cannot have. The answer names each one and what was expected.",
    ),
    Problem("bad-request", 400, "Bad request", "The request cannot be understood."),
    Problem("not-found", 404, "Not found", "There is no such project, and no such page, here."),
    Problem("method-not-allowed", 405, "Method not allowed", "Everything here is read, with GET or HEAD."),
    Problem(
        "range-not-satisfiable", 416, "No such part", "The file ends before the part that was asked for."
    ),
    Problem("query-too-long", 413, "Query too long", "The text to search for is longer than is allowed."),
    Problem(
        "too-many-requests",
        429,
        "Too many requests",
        "Wait for the seconds that Retry-After names.",
        "More was asked for than is answered at once. Try again in {wait}.",
    ),
    Problem(
        "too-busy",
        503,
        "Too busy",
        "Many searches that take long, as those for words with “*” or “~” may, wait already. Ask again "
        "after the seconds that Retry-After names, or for whole words.",
        "Many searches that take long, as those for words with “*” or “~” may, wait already. Try again in "
        "{wait}, or search for whole words.",
    ),
    Problem(
        "internal-error", 500, "Internal error", "The service failed. Its log says why; try again later."
    ),
    Problem(
        "no-index",
        503,
        "No index to search",
        "There is no index that can be opened. The command reindex builds one; answers then begin.",
        "The projects cannot be searched just now. Come back in a few minutes.",
    ),
    Problem(
        "cluster-gone",
        503,
        "The index does not answer",
        "The cluster that holds the index gives no whole answer now. Ask again after the seconds that "
        "Retry-After names: it may only be short of a node for a moment.",
        "The projects cannot be searched just now. Try again in {wait}.",
    ),
)
_BY_SLUG = {problem.slug: problem for problem in PROBLEMS}
# What the framework itself refuses, by status; every other refusal is a bad request.
_OF_STATUS = {
    404: "not-found",
    405: "method-not-allowed",
    413: "query-too-long",
    416: "range-not-satisfiable",
    500: "internal-error",
}
# Headers that belong to a refusal by the framework.
_OF_REFUSALS = frozenset({"Allow", "Content-Range"})


class SearchError(Exception):
    """Root of the errors that a visitor reads; `slug` names its row of `PROBLEMS`."""

    slug = "internal-error"

    def __init__(
        self,
        detail: str = "",
        *,
        slug: str | None = None,
        headers: Mapping[str, str] | None = None,
        errors: tuple[ParameterError, ...] = (),
    ) -> None:
        """Say `detail`, with the response headers and the parameter errors that belong to it."""
        self.problem = _BY_SLUG[slug or self.slug]
        self.detail = detail or self.problem.meaning
        super().__init__(self.detail)
        self.headers = dict(headers or {})
        self.errors = errors


class NotFoundError(SearchError):
    """There is no such project or page."""

    slug = "not-found"


class TooManyRequestsError(SearchError):
    """A client asks faster than the setting allows."""

    slug = "too-many-requests"


class BusyError(SearchError):
    """The search may take long, and enough such searches wait."""

    slug = "too-busy"


class NoAnswerError(SearchError):
    """There is no index to answer from."""

    slug = "no-index"


def problem_of(slug: str) -> Problem | None:
    """Return the row of the table with a name."""
    return _BY_SLUG.get(slug)


def reported(error: Exception) -> SearchError:
    """Return what a visitor reads of any exception; the unexpected is logged and not shown."""
    match error:
        case SearchError():
            return error
        case InvalidParametersError():
            return _invalid(error)
        case ClusterError():
            # Which machines there are is for the log alone.
            _log.error("%s", error)
            return SearchError(slug="cluster-gone", headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
        case IndexerError():
            return NoAnswerError(_reason(error), headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
        case HTTPException(code=int(code)):
            headers = {name: value for name, value in error.get_headers() if name in _OF_REFUSALS}
            slug = _OF_STATUS.get(code, "bad-request" if code < 500 else "internal-error")
            return SearchError(slug=slug, headers=headers)
    _log.error("request failed", exc_info=error)
    return SearchError()


def _reason(error: IndexerError) -> str:
    """Return why there is no index and the command that helps; where folders are is for the log alone."""
    reason = str(error)
    if error.path is not None:
        reason = reason.replace(f"{Path(error.path).parent}{os.sep}", "")
    return reason if "reindex" in reason else f"{reason.rstrip('.')}. Run `reindex` to build the index."


def _invalid(error: InvalidParametersError) -> SearchError:
    too_long = any(one.parameter == "q" and one.code == "too_long" for one in error.errors)
    count = len(error.errors)
    detail = "1 parameter is not valid." if count == 1 else f"{count} parameters are not valid."
    return SearchError(
        detail, slug="query-too-long" if too_long else "invalid-parameter", errors=error.errors
    )


def init_app(app: Flask) -> None:
    """Give every exception to the one handler."""
    app.register_error_handler(Exception, handle)


def handle(error: Exception) -> AnyResponse:
    """Answer an exception: problem+json under `/api/`, a page elsewhere."""
    answer = reported(error)
    if answer.problem.status == 404 and (address := without_slash()):
        return redirect(address, 308)
    if request.path.startswith("/api/"):
        told = document(answer, request.path, request.query_string.decode("latin-1"))
        response = Response(as_json(told), mimetype="application/problem+json")
    else:
        response = Response(error_page(answer), mimetype="text/html")
    response.status_code = answer.problem.status
    response.headers.extend({"Cache-Control": "no-store", **answer.headers})
    return response


def without_slash() -> str | None:
    """Return the address that was asked for without its trailing slash, if there is one that is known."""
    bare = request.path.rstrip("/")
    # What is no UTF-8 is no address of ours: it is not sent back as one.
    if bare == request.path or "\ufffd" in bare:
        return None
    try:
        current_app.create_url_adapter(request).match(bare, "GET")  # type: ignore[union-attr]
    except (HTTPException, RoutingException):
        return None
    query = request.query_string.decode("latin-1")
    # `match` has found that it begins with a path of this service, so it cannot lead to another host, as
    # `//host` would.
    return quote(bare, safe="/") + (f"?{query}" if query else "")


def error_page(answer: SearchError) -> str:
    """Return an error as a page, which does not depend on what was asked but by the error."""
    return render_template("error.html", error=answer)


def document(answer: SearchError, path: str, query: str) -> dict[str, object]:
    """Return an error as data, for an address: its path as text, its query as it came."""
    address = path + (f"?{query}" if query else "")
    told: dict[str, object] = {
        "type": f"/problems/{answer.problem.slug}",
        "title": answer.problem.title,
        "status": answer.problem.status,
        "detail": answer.detail,
        "instance": quote(address, safe="%/?&=+:;,@!$'()*~"),
    }
    if answer.errors:
        told["errors"] = [asdict(one) for one in answer.errors]
    return told
