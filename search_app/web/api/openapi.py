"""The API described: OpenAPI 3.1, from the marshmallow schemas that check it and dump it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from inspect import getdoc
from typing import Any, TypeAlias

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from search_app.web.api.schemas.arguments import NoParametersSchema
from search_app.web.api.schemas.fields import AnswerSchema
from search_app.web.api.schemas.grantees import (
    GranteesParametersSchema,
    GranteesSchema,
    ProfileSchema,
)
from search_app.web.api.schemas.history import ChangesSchema, changes_parameters
from search_app.web.api.schemas.parameters import SuggestParametersSchema
from search_app.web.api.schemas.projects import FullProjectSchema, SimilarsSchema
from search_app.web.api.schemas.responses import (
    CompletionsSchema,
    ProblemSchema,
)
from search_app.web.contract import Contract
from search_app.web.problems import PROBLEMS
from search_app.web.serving.negotiation import FAILED
from search_app.web.urls import CHANGES_API, GRANTEES_API

OPENAPI_VERSION = "3.1.0"
DISTRIBUTION = "grant-search"

Json: TypeAlias = dict[str, Any]

PROJECT_ID: Json = {
    "name": "project_id",
    "in": "path",
    "required": True,
    "description": "the id of a project, as a search gives it",
    "schema": {"type": "string", "minLength": 1},
}

SLUG: Json = {
    "name": "slug",
    "in": "path",
    "required": True,
    "description": "what a grantee is called in addresses, as the list of grantees gives it",
    "schema": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of the API: what it does, takes and gives."""

    path: str
    name: str
    summary: str
    parameters: NoParametersSchema | None
    answers: tuple[AnswerSchema, ...]

    @property
    def named(self) -> list[Json]:
        """What the address names: a project, a grantee, or nothing."""
        return [one for one in (PROJECT_ID, SLUG) if f"{{{one['name']}}}" in self.path]


# Parameters to try, by the name of the operation.
EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "search": {"q": "labor courts", "active_on": "2024"},
    "project": {},
    "similar": {},
    "grantees": {"q": "institute"},
    "grantee": {},
    "changes": {"kind": "added"},
    "suggest": {"q": "ins"},
}


def operations(contract: Contract) -> tuple[Operation, ...]:
    """Return every operation of the API over an index."""
    one_project = "/api/v1/projects/{project_id}"
    return (
        Operation(
            "/api/v1/search",
            "search",
            "Search projects by words, dates, status and grantee",
            contract.parameters,
            contract.answers,
        ),
        Operation(one_project, "project", "One project", None, (FullProjectSchema(),)),
        Operation(
            f"{one_project}/similar",
            "similar",
            "The nearest other projects, with the words they share",
            None,
            (SimilarsSchema(),),
        ),
        *_lists(),
        Operation(
            "/api/v1/suggest",
            "suggest",
            "Completions while typing: words, titles, grantees",
            SuggestParametersSchema(),
            (CompletionsSchema(),),
        ),
    )


def _lists() -> tuple[Operation, ...]:
    """Return the operations that list what a search does not: grantees, changes."""
    return (
        Operation(
            GRANTEES_API,
            "grantees",
            "Grantees by name, with the number of their projects",
            GranteesParametersSchema(),
            (GranteesSchema(),),
        ),
        Operation(
            f"{GRANTEES_API}/{{slug}}",
            "grantee",
            "One grantee: its projects in numbers, its words, and who is near",
            None,
            (ProfileSchema(),),
        ),
        Operation(
            CHANGES_API,
            "changes",
            "What was added, changed and removed, by day",
            changes_parameters(),
            (ChangesSchema(),),
        ),
    )


def document(contract: Contract, title: str) -> Json:
    """Return the OpenAPI document."""
    plugin = MarshmallowPlugin()
    spec = APISpec(
        title=title,
        version=_version(),
        openapi_version=OPENAPI_VERSION,
        info={
            "description": "Full-text search over grant projects. Everything is a GET; a link is a search."
        },
        plugins=[plugin],
        servers=[{"url": "/"}],
    )
    for one in operations(contract):
        spec.path(path=one.path, operations={"get": _described(one)})
    described: Json = spec.to_dict()
    assert plugin.converter is not None
    for (schema, *_), name in plugin.converter.refs.items():
        described["components"]["schemas"][name]["description"] = getdoc(schema)
    return described


def _version() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"


def _described(one: Operation) -> Json:
    parameters: list[Json] = list(one.named)
    if one.parameters:
        parameters.append({"in": "query", "schema": one.parameters})
    return {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": parameters,
        "responses": {"200": _answered(one)} | _refused(one),
    }


def _answered(one: Operation) -> Json:
    schema: Any = {"anyOf": list(one.answers)} if len(one.answers) > 1 else one.answers[0]
    answered: Json = {
        "description": one.summary,
        "content": {"application/json": {"schema": schema}},
        "headers": {
            "ETag": _header("names the generation and the request"),
            "X-Request-Id": _header("as in the log"),
        },
    }
    if one.name == "search":
        answered["headers"]["Link"] = _header("other pages and other forms of the search (RFC 8288)")
        answered["links"] = {name: _first_result(name) for name in ("project", "similar")}
    return answered


def _first_result(operation: str) -> Json:
    """Lead from a search to an operation on its first result."""
    return {"operationId": operation, "parameters": {"project_id": "$response.body#/results/0/id"}}


def _refused(one: Operation) -> Json:
    """Return the errors that an operation can answer with: one entry for each status of the table."""
    never = {405} | ({404} if not one.named else set()) | ({413} if one.parameters is None else set())
    titles: dict[int, list[str]] = {}
    for problem in PROBLEMS:
        if problem.status not in never:
            titles.setdefault(problem.status, []).append(problem.title)
    refused: Json = {
        str(status): {
            "description": "; ".join(found),
            "content": {"application/problem+json": {"schema": ProblemSchema()}},
        }
        for status, found in titles.items()
    }
    for status in {"429", "503"} & refused.keys():
        refused[status]["headers"] = {"Retry-After": _header("seconds to wait")}
    # Who does not want the answer is sent no body.
    refused["304"] = {"description": "If-None-Match names this answer"}
    refused[str(FAILED)] = {"description": "If-Match names another answer"}
    return refused


def _header(meaning: str) -> Json:
    return {"description": meaning, "schema": {"type": "string"}}
