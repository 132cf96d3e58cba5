"""The running service: its parts, what Flask does round every request, and its health."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from threading import Semaphore
from time import monotonic
from typing import cast
from urllib.parse import unquote_to_bytes
from weakref import WeakKeyDictionary

from flask import Blueprint, Flask, Response, current_app, request
from flask_compress import Compress

from indexer.errors import IndexerError
from search_app.config import Settings
from search_app.engine.live import Live, LiveEngine
from search_app.engine.search import SearchEngine
from search_app.facets.table import FACETS
from search_app.web.contract import Contract, contract_of
from search_app.web.exports.specs import ExportSpec
from search_app.web.problems import BusyError, NotFoundError, SearchError, TooManyRequestsError
from search_app.web.serving.cache import AnswerCache, CachedAnswer
from search_app.web.serving.front import VISIT, FrontDoor, Visit
from search_app.web.serving.headers import always
from search_app.web.serving.hosts import BelievedProxies, is_answered
from search_app.web.serving.log import log_visibly, request_logger
from search_app.web.serving.metrics import CONTENT_TYPE, Metrics, new_metrics
from search_app.web.serving.negotiation import CODINGS, precondition
from search_app.web.serving.rate import RateLimit
from search_app.web.serving.turns import Turns

# A minute: short enough that a new generation is seen soon, long enough that a link many people follow is
# answered by caches.
CACHE_CONTROL = "public, max-age=60, must-revalidate"

# Files of hits that a worker sends at once: each takes a thread for as long as its reader does, who is given
# up after a while (`listening`). There are more threads than that.
FILES_AT_ONCE = 40

# Seconds to tell a client to wait whose slow search was refused: by then the waiting ones have been
# answered.
BUSY_SECONDS = 2

# What a proxy, a container or a cluster asks by whatever name it has for this machine.
HEALTH = frozenset({"ops.healthz", "ops.readyz"})

# Blueprints whose answers depend on nothing but the generation, the day and the address.
CACHED_BLUEPRINTS = ("pages", "api", "exports", "searches")

_COMPRESSION = {
    "COMPRESS_REGISTER": False,
    "COMPRESS_ALGORITHM": list(CODINGS),
    "COMPRESS_ALGORITHM_STREAMING": list(CODINGS),
    # The level of gzip: it takes two thirds of the time of gzip's default level, and makes 4 % more bytes.
    "COMPRESS_LEVEL": 4,
    "COMPRESS_MIN_SIZE": 1024,
    "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,
}

# Besides the exports, which say it themselves.
COMPRESSED_TYPES = (
    "text/html",
    "text/css",
    "text/javascript",
    "text/plain",
    "image/svg+xml",
    "application/json",
    "application/problem+json",
    "application/atom+xml",
    "application/opensearchdescription+xml",
    "application/xml",
    "application/x-bibtex",
    "application/x-research-info-systems",
)

blueprint = Blueprint("ops", __name__)


@dataclass(frozen=True, slots=True)
class Service:
    """The parts that the requests of one application share."""

    settings: Settings
    exports: tuple[ExportSpec, ...]
    live: Live
    answers: AnswerCache
    turns: Turns
    files: Semaphore
    rate: RateLimit
    metrics: Metrics | None
    compress: Compress
    # To compare all facets of an index with those of the last one takes longer than to find its engine.
    contracts: WeakKeyDictionary[SearchEngine, Contract]


def init_app(app: Flask, settings: Settings, exports: tuple[ExportSpec, ...]) -> None:
    """Put the parts together and round the application."""
    app.config.from_mapping(_compression(exports))
    service = app.extensions["search"] = Service(
        settings=settings,
        exports=exports,
        live=_live(settings),
        answers=AnswerCache(settings.cache_mb * 1024 * 1024),
        turns=Turns(),
        files=Semaphore(FILES_AT_ONCE),
        rate=RateLimit(settings.rate_limit),
        metrics=new_metrics(),
        compress=Compress(app),
        contracts=WeakKeyDictionary(),
    )
    log_visibly()
    log = request_logger(settings.log_format, with_query=settings.log_queries)
    app.wsgi_app = FrontDoor(app.wsgi_app, service.live, service.answers, service.turns, service.metrics, log)  # type: ignore[method-assign]
    if settings.proxies:
        # Outermost: answers are cached under the name and the scheme that the visitor used.
        app.wsgi_app = BelievedProxies(app.wsgi_app, settings.proxies)  # type: ignore[method-assign]
    app.before_request(way_in)
    app.after_request(way_out)


def _live(settings: Settings) -> Live:
    """Return what gives the engine: it follows the index folder, or the cluster."""
    if settings.backend == "embedded":
        return LiveEngine(settings.index_dir, settings.meaning)
    # Imported here: without a cluster nothing of it is needed.
    from search_app.engine.following import ClusterEngine

    return ClusterEngine.of(settings)


def _compression(exports: Iterable[ExportSpec]) -> dict[str, object]:
    types = (spec.media_type for spec in exports if not spec.packed)
    return {**_COMPRESSION, "COMPRESS_MIMETYPES": list(dict.fromkeys((*COMPRESSED_TYPES, *types)))}


def service() -> Service:
    """Return the service that the current request is for."""
    return cast("Service", current_app.extensions["search"])


def visit() -> Visit:
    """Return what is known of the current request."""
    return cast("Visit", request.environ[VISIT])


def engine() -> SearchEngine:
    """Return the engine of this request: one generation from its first look to its last.

    Raise NoIndexError, IndexFormatError or DamagedIndexError when there is none.
    """
    current = visit()
    if current.engine is None:
        current.engine = service().live.engine()
    return current.engine


def contract() -> Contract:
    """Return what can be asked of the index of this request; raise as `engine` does."""
    asked, here = engine(), service()
    found = here.contracts.get(asked)
    if found is None:
        found = here.contracts[asked] = contract_of(asked.specs, here.exports, here.settings)
    return found


def contract_anyway() -> Contract:
    """Return what can be asked of the index of this request, or of any where there is none."""
    try:
        return contract()
    except IndexerError:
        return contract_of(FACETS, service().exports, service().settings)


def way_in() -> None:
    """Refuse a name that is not ours, who asks too often or too much, and an address that no text has."""
    if request.endpoint not in HEALTH and not is_answered(request.environ, service().settings.trusted_hosts):
        raise SearchError("The request does not name one host that is answered here.", slug="bad-request")
    # Only what computes counts: a cached answer never gets here, files of pages and health cost nothing.
    counted = request.endpoint != "static" and request.blueprint != blueprint.name
    wait = service().rate.wait(request.remote_addr or "", monotonic()) if counted else 0.0
    if wait:
        raise TooManyRequestsError(headers={"Retry-After": str(int(wait) + 1)})
    if request.endpoint == "static" and request.path.endswith("/"):
        # Flask would send the file as it is, without looking at what was asked for.
        raise NotFoundError
    if visit().busy:
        raise BusyError(headers={"Retry-After": str(BUSY_SECONDS)})
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError:
        raise SearchError("The address is not valid UTF-8.", slug="bad-request") from None


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
        response.headers["Cache-Control"] = "no-store"
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


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process is up."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say that there is an index to answer from, and that it answers; 503 when not."""
    info = engine().info
    service().live.check()
    return Response(f"ok {info.generation} {info.documents} projects\n", mimetype="text/plain")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give the figures of this worker to Prometheus."""
    figures = service().metrics
    if figures is None:
        raise NotFoundError("Metrics need prometheus_client; run: pip install 'grant-search[metrics]'")
    try:
        info = engine().info
    except IndexerError:
        text = figures.text(None, 0, service().live.refused)
    else:
        text = figures.text(info.generation, info.documents, service().live.refused)
    return Response(text, content_type=CONTENT_TYPE)
