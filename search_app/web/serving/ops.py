"""The service in operation: how its parts are put together round the application, its health and figures."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Semaphore
from weakref import WeakKeyDictionary

from flask import Blueprint, Flask, Response
from flask_compress import Compress

from indexer.errors import IndexerError
from indexer.reporting.numbers import counted
from search_app.config import Settings
from search_app.engine.live import Live, LiveEngine
from search_app.web.exports.specs import ExportSpec
from search_app.web.problems import NotFoundError
from search_app.web.serving.admission.hosts import BelievedProxies
from search_app.web.serving.admission.rate import RateLimit
from search_app.web.serving.admission.refusal import Refusal
from search_app.web.serving.admission.turns import Turns
from search_app.web.serving.cache import AnswerCache
from search_app.web.serving.front import FrontDoor
from search_app.web.serving.hooks import OPERATIONS, way_in, way_out
from search_app.web.serving.log import log_visibly, request_logger
from search_app.web.serving.metrics import CONTENT_TYPE, new_metrics
from search_app.web.serving.negotiation import CODINGS
from search_app.web.serving.service import Service, engine, service

# Files of hits that a worker sends at once: each takes a thread for as long as its reader does, who is given
# up after a while (`listening`). There are more threads than that.
FILES_AT_ONCE = 40

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

blueprint = Blueprint(OPERATIONS, __name__)


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
    log_visibly(settings.log_format)
    log = request_logger(settings.log_format, with_query=settings.log_queries)
    app.wsgi_app = FrontDoor(  # type: ignore[method-assign]
        app.wsgi_app,
        service.live,
        service.answers,
        service.turns,
        Refusal(app),
        service.metrics,
        log,
    )
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


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process is up."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say that there is an index to answer from, and that it answers; 503 when not."""
    info = engine().info
    service().live.check()
    return Response(f"ok {info.generation} {counted(info.documents, 'project')}\n", mimetype="text/plain")


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
