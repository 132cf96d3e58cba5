"""The running service: the parts that the requests of one application share, and what each takes of them."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Semaphore
from typing import cast
from weakref import WeakKeyDictionary

from flask import current_app, request
from flask_compress import Compress

from indexer.document import Project
from indexer.errors import IndexerError
from search_app.config import Settings
from search_app.engine.grantee_names import GranteeName
from search_app.engine.live import Live
from search_app.engine.search import SearchEngine
from search_app.facets.table import FACETS
from search_app.web.api.schemas.kinds import printable
from search_app.web.contract import Contract, contract_of
from search_app.web.exports.specs import ExportSpec
from search_app.web.problems import NotFoundError
from search_app.web.serving.admission.rate import RateLimit
from search_app.web.serving.admission.turns import Turns
from search_app.web.serving.cache import AnswerCache
from search_app.web.serving.front import VISIT, Visit
from search_app.web.serving.metrics import Metrics


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


def named_project(project_id: str) -> Project:
    """Return the project of an id; raise NotFoundError where there is none, and as `engine` does."""
    if (found := engine().project(project_id)) is None:
        raise NotFoundError(f"There is no project “{printable(project_id)}” in this index.")
    return found


def named_grantee(slug: str) -> GranteeName:
    """Return the grantee of a slug; raise NotFoundError where there is none, and as `engine` does."""
    if (found := engine().grantees.by_slug(slug)) is None:
        raise NotFoundError(f"There is no grantee “{printable(slug)}” in this index.")
    return found


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
