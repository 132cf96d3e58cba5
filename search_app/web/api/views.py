"""The JSON API, version 1: the same search as the pages, as data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from flask import Blueprint, Response, request

from indexer.document import status_on
from indexer.storage.days import today
from search_app.request import ChangesRequest, SearchRequest
from search_app.web.answers import LinkedProject, answer, linked_completion, linked_similar
from search_app.web.api import dumped_changes, dumped_grantees, dumped_projects, dumping
from search_app.web.api.dumped_grantees import GranteesAsked
from search_app.web.api.json_values import as_json
from search_app.web.api.openapi import document
from search_app.web.api.preflight import METHODS
from search_app.web.api.schemas.arguments import NoParametersSchema
from search_app.web.api.schemas.grantees import GranteesParametersSchema
from search_app.web.api.schemas.history import changes_parameters
from search_app.web.api.schemas.parameters import SuggestParametersSchema
from search_app.web.changed import linked_changes
from search_app.web.exports.specs import ExportSpec
from search_app.web.grantee_pages import linked_grantee, linked_profile
from search_app.web.page_links import PageLinks
from search_app.web.serving.service import (
    contract,
    contract_anyway,
    engine,
    named_grantee,
    named_project,
    service,
    visit,
)
from search_app.web.urls import CHANGES_API, SEARCH_API, project_url

SIMILAR_LISTED = 5

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

_no_parameters = NoParametersSchema()
_grantees_parameters = GranteesParametersSchema()
_changes_parameters = changes_parameters()
_suggest_parameters = SuggestParametersSchema()


@blueprint.route("/search", methods=METHODS)
def search() -> Response:
    """Answer a search."""
    possible = contract()
    asked = cast("SearchRequest", possible.parameters.read(request.args))
    links = possible.links(asked, SEARCH_API)
    results = engine().search(asked)
    visit().canonical, visit().hits = links.query, results.total
    found = answer(results, links, possible)
    response = _json(dumping.search(found, explained=asked.explain))
    response.headers["Link"] = _link_header(found.links, possible.exports)
    return response


def _link_header(links: PageLinks, exports: Iterable[ExportSpec]) -> str:
    relations = (
        ("first", links.first),
        ("prev", links.prev),
        ("next", links.next),
        ("last", links.last),
        ('alternate"; type="text/html', links.html),
        *((f'alternate"; type="{spec.media_type}', links.exports[spec.name]) for spec in exports),
    )
    return ", ".join(f'<{url}>; rel="{relation}"' for relation, url in relations if url)


@blueprint.route("/projects/<project:project_id>", methods=METHODS)
def project(project_id: str) -> Response:
    """Give one project."""
    _no_parameters.read(request.args)
    return _json(project_document(project_id))


def project_document(project_id: str) -> dict[str, object]:
    """Return one project as data; raise NotFoundError where there is none."""
    found = named_project(project_id)
    day = today()
    status = status_on(day, found.start, found.end)
    return dumped_projects.project(
        LinkedProject(
            found, status, project_url(found.id), day, engine().fields(found.id), engine().when(found.id)
        )
    )


@blueprint.route("/projects/<project:project_id>/similar", methods=METHODS)
def similar(project_id: str) -> Response:
    """Give the nearest other projects, with the words they share."""
    _no_parameters.read(request.args)
    if engine().project(whole := f"{project_id}/similar") is not None:
        # An id may be any text, this one as well.
        return _json(project_document(whole))
    project_document(project_id)
    near = [linked_similar(one) for one in engine().similar(project_id, SIMILAR_LISTED)]
    return _json(dumped_projects.similars(project_id, near))


@blueprint.route("/changes", methods=METHODS)
def changes() -> Response:
    """Tell what was added, changed and removed."""
    asked = cast("ChangesRequest", _changes_parameters.read(request.args))
    linked = linked_changes(engine().changes(asked), CHANGES_API)
    return _json(dumped_changes.changes(linked))


@blueprint.route("/grantees", methods=METHODS)
def grantees() -> Response:
    """List grantees, or those with some words in their names."""
    asked = GranteesAsked(**cast("dict[str, Any]", _grantees_parameters.read(request.args)))
    found = [linked_grantee(one) for one in engine().grantees.with_words(asked.q)]
    return _json(dumped_grantees.grantees(asked, found, engine().info))


@blueprint.route("/grantees/<slug>", methods=METHODS)
def grantee(slug: str) -> Response:
    """Tell of one grantee."""
    _no_parameters.read(request.args)
    named = named_grantee(slug)
    return _json(dumped_grantees.profile(linked_profile(engine().profile(named))))


@blueprint.route("/suggest", methods=METHODS)
def suggest() -> Response:
    """Complete what is being typed."""
    typed = cast("dict[str, str]", _suggest_parameters.read(request.args)).get("q", "")
    completions = [linked_completion(one) for one in engine().suggest(typed)]
    return _json(dumping.completions(typed, completions))


@blueprint.route("/openapi.json", methods=METHODS)
def openapi() -> Response:
    """Describe this API as OpenAPI 3.1."""
    _no_parameters.read(request.args)
    return _json(document(contract_anyway(), service().settings.site_name))


def _json(document: dict[str, object]) -> Response:
    return Response(as_json(document), mimetype="application/json")
