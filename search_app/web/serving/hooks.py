"""What Flask does round every request: it refuses some before, and finishes each answer after."""

from __future__ import annotations

from hashlib import blake2b
from time import monotonic
from urllib.parse import unquote_to_bytes

from flask import Response, current_app, request
from werkzeug.datastructures import Headers

from search_app.web.api.preflight import is_preflight, preflight
from search_app.web.problems import NotFoundError, SearchError, TooManyRequestsError
from search_app.web.serving.admission.clients import client_of
from search_app.web.serving.admission.hosts import is_answered
from search_app.web.serving.cache import CachedAnswer
from search_app.web.serving.front import Visit
from search_app.web.serving.headers import always
from search_app.web.serving.negotiation import NO_STORE, precondition, without_body
from search_app.web.serving.service import service, visit

# A minute: short enough that a new generation is seen soon, long enough that a link many people follow is
# answered by caches.
CACHE_CONTROL = "public, max-age=60, must-revalidate"
# The blueprint of health and figures, and what of it a proxy, a container or a cluster asks by whatever name
# it has for this machine.
OPERATIONS = "ops"
HEALTH = frozenset({f"{OPERATIONS}.healthz", f"{OPERATIONS}.readyz"})
# Blueprints whose answers depend on nothing but the generation, the day and the address.
CACHED_BLUEPRINTS = ("pages", "api", "exports", "searches")


def way_in() -> Response | None:
    """Refuse a name that is not ours, who asks too often, an address that no text has; answer OPTIONS."""
    if request.endpoint not in HEALTH and not is_answered(request.environ, service().settings.trusted_hosts):
        raise SearchError("The request does not name one host that is answered here.", slug="bad-request")
    if is_preflight():
        return preflight()
    # Only what computes counts: a cached answer never gets here, files of pages and health cost nothing.
    counted = request.endpoint != "static" and request.blueprint != OPERATIONS
    wait = service().rate.wait(client_of(request.remote_addr or ""), monotonic()) if counted else 0.0
    if wait:
        raise TooManyRequestsError(headers={"Retry-After": str(int(wait) + 1)})
    if request.endpoint == "static" and request.path.endswith("/"):
        # Flask would send the file as it is, without looking at what was asked for.
        raise NotFoundError
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError:
        raise SearchError("The address is not valid UTF-8.", slug="bad-request") from None
    return None


def way_out(response: Response) -> Response:
    """Finish an answer, and cache it for the next who asks the same."""
    current = visit()
    current.route = request.url_rule.rule if request.url_rule else current.route
    lasting = (
        response.status_code == 200 and current.key is not None and request.blueprint in CACHED_BLUEPRINTS
    )
    if lasting:
        response.headers["Cache-Control"] = CACHE_CONTROL
        response.headers["ETag"] = _entity(current)
    elif request.endpoint != "static":
        response.headers["Cache-Control"] = NO_STORE
    response.headers["Vary"] = "Accept-Encoding"
    # A part of a file is of the file as it is; what is asked for without a coding need not be looked at.
    _close_at_the_end(response)
    if request.environ["HTTP_ACCEPT_ENCODING"] and response.status_code == 200:
        service().compress.after_request(response)
    if lasting:
        _cache(response, current)
    if response.status_code == 200 and "ETag" in response.headers:
        _unless_known(response)
    return response


def _close_at_the_end(response: Response) -> None:
    """Close the file that is sent also where another body takes its place."""
    close = getattr(response.response, "close", None)
    if close is not None:
        response.call_on_close(close)


def _unless_known(response: Response) -> None:
    """Send no body to whoever has it already.

    `make_conditional` would do the same, but also make all of a streamed file to learn its length.
    """
    unwanted = precondition(request.environ, response.headers["ETag"])
    if unwanted:
        response.status_code = unwanted
        response.set_data(b"")
        response.headers = Headers(without_body(response.headers, unwanted))


def _entity(current: Visit) -> str:
    """Name an answer: the generation, then a hash of the request in its canonical form.

    Weak, because the time that an answer took is part of it and differs from one worker to the next.
    """
    assert current.key is not None
    generation, day, scheme, host, path, query, _encoding = current.key
    asked = query if current.canonical is None else current.canonical
    seed = repr((day, scheme, host, path, asked, current_app.config["FINGERPRINT"]))
    return f'W/"{generation}-{blake2b(seed.encode(), digest_size=8).hexdigest()}"'


def _cache(response: Response, current: Visit) -> None:
    if response.is_streamed or current.key is None:
        return
    body, headers = response.get_data(), (*response.headers, *always(request.path))
    if "Content-Length" not in response.headers:
        headers = (*headers, ("Content-Length", str(len(body))))
    answer = CachedAnswer(headers, body, response.headers["ETag"], current.route, current.hits)
    service().answers.put(current.key, answer)
