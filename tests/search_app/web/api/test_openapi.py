"""The API against its own description (Q3): a valid document, and answers that fit it."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from schemathesis import GenerationMode

from indexer.document import grantee_slug
from search_app.web.api.schemas.parameters import search_parameters
from tests import schemathesis_hooks  # noqa: F401, registers them
from tests.documents import TECLAB

OPENAPI = "/api/v1/openapi.json"

# In the suite; the long form has every operation asked as often as the promise says.
SOME_EXAMPLES = 60
MANY_EXAMPLES = 1_000


def engine_of(app):
    return app.extensions["search"].live.engine()


@pytest.fixture(scope="module")
def spec(app):
    return app.test_client().get(OPENAPI).json


def test_the_document_is_valid(spec):
    validate(spec)
    assert spec["openapi"] == "3.1.0"


def test_it_describes_every_parameter_of_the_contract(app, spec):
    described = spec["paths"]["/api/v1/search"]["get"]["parameters"]

    assert [one["name"] for one in described] == list(search_parameters(engine_of(app).specs).fields)
    assert all(one["description"] for one in described)


def test_it_describes_every_route_of_the_api(app, spec):
    routes = {
        rule.rule.replace("<project:project_id>", "{project_id}").replace("<slug>", "{slug}")
        for rule in app.url_map.iter_rules()
    }

    assert set(spec["paths"]) == {rule for rule in routes if rule.startswith("/api/v1/")} - {OPENAPI}


def test_objects_have_no_field_that_is_not_described(spec):
    assert all(schema["additionalProperties"] is False for schema in spec["components"]["schemas"].values())


ANSWERS = [
    pytest.param("/api/v1/search", "/api/v1/search", 200, id="everything"),
    pytest.param("/api/v1/search", "/api/v1/search?q=inspecters+%22open&explain=1", 200, id="explained"),
    pytest.param("/api/v1/search", "/api/v1/search?q=zzzz&facets=none", 200, id="nothing"),
    pytest.param("/api/v1/search", "/api/v1/search?per_page=0&pge=1", 400, id="invalid"),
    pytest.param("/api/v1/search", f"/api/v1/search?q={'x' * 600}", 413, id="too-long"),
    pytest.param("/api/v1/projects/{project_id}", f"/api/v1/projects/{TECLAB.id}", 200, id="project"),
    pytest.param("/api/v1/projects/{project_id}", "/api/v1/projects/none", 404, id="no-project"),
    pytest.param(
        "/api/v1/projects/{project_id}/similar", f"/api/v1/projects/{TECLAB.id}/similar", 200, id="similar"
    ),
    pytest.param("/api/v1/suggest", "/api/v1/suggest?q=in", 200, id="suggest"),
    pytest.param("/api/v1/grantees", "/api/v1/grantees?q=group", 200, id="grantees"),
    pytest.param(
        "/api/v1/grantees/{slug}", f"/api/v1/grantees/{grantee_slug(TECLAB.grantee)}", 200, id="grantee"
    ),
    pytest.param("/api/v1/changes", "/api/v1/changes?per_page=2", 200, id="changes"),
    pytest.param("/api/v1/changes", "/api/v1/changes?from=soon", 400, id="changes-invalid"),
]


@pytest.mark.parametrize(("path", "address", "status"), ANSWERS)
def test_an_answer_fits_its_own_schema(client, spec, path, address, status):
    answer = client.get(address)

    (described,) = spec["paths"][path]["get"]["responses"][str(status)]["content"].values()
    schema = {**described["schema"], "components": spec["components"]}
    assert list(Draft202012Validator(schema).iter_errors(answer.json)) == []


@pytest.mark.parametrize("condition", [{"If-None-Match": "*"}, {"If-Match": '"x"'}, {"Range": "bytes=-0"}])
def test_every_operation_says_what_conditions_bring(client, spec, condition):
    for path, described in spec["paths"].items():
        address = path.format(project_id=TECLAB.id, slug=grantee_slug(TECLAB.grantee))
        answer = client.get(address, headers=condition)

        said = described["get"]["responses"]
        assert str(answer.status_code) in said
        assert ("content" in said[str(answer.status_code)]) == bool(answer.data)


FITS, FITS_NOT = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
# No text is wrong as an id, so that only parameters can fail to fit.
REQUESTS = [
    pytest.param("search", FITS, id="search"),
    pytest.param("search", FITS_NOT, id="search-that-does-not-fit"),
    pytest.param("project", FITS, id="project"),
    pytest.param("similar", FITS, id="similar"),
    pytest.param("suggest", FITS, id="suggest"),
    pytest.param("suggest", FITS_NOT, id="suggest-that-does-not-fit"),
    pytest.param("grantees", FITS, id="grantees"),
    pytest.param("grantees", FITS_NOT, id="grantees-that-do-not-fit"),
    pytest.param("grantee", FITS, id="grantee"),
    pytest.param("changes", FITS, id="changes"),
    pytest.param("changes", FITS_NOT, id="changes-that-do-not-fit"),
]
# The client of the tests does not unpack what it gets.
UNPACKED = {"Accept-Encoding": "identity"}


def keep_asking(app, name, mode, examples):
    schema = schemathesis.openapi.from_wsgi(OPENAPI, app)
    (operation,) = [
        one.ok() for one in schema.get_all_operations() if one.ok().definition.raw["operationId"] == name
    ]

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate(headers=UNPACKED)

    ask()


@pytest.mark.parametrize(("name", "mode"), REQUESTS)
def test_any_request_is_answered_as_described(app, name, mode):
    keep_asking(app, name, mode, SOME_EXAMPLES)


@pytest.mark.soak
@pytest.mark.parametrize(("name", "mode"), REQUESTS)
def test_any_of_a_thousand_requests_is_answered_as_described(app, name, mode, figure):
    keep_asking(app, name, mode, MANY_EXAMPLES)
    figure(
        f"{MANY_EXAMPLES:,} requests for `{name}` that {'fit' if mode is FITS else 'do not fit'}: 0 failures"
    )
