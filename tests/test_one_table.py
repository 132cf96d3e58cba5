"""What people add is one entry of a table: it is then on the page, in every answer, and in the reference."""

import csv
import io
import string
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from search_app.embedded import answering
from search_app.facets.specs import FacetSpec
from search_app.facets.table import FACETS
from search_app.results import Bucket, Facet
from search_app.web.api.schemas.parameters import search_parameters
from search_app.web.exports import table
from search_app.web.exports.specs import ExportSpec
from search_app.web.exports.table import WITHOUT_PAGES
from tests.conftest import application
from tests.html import parsed, text_of

ATOM = "{http://www.w3.org/2005/Atom}"
LETTERS = tuple(string.ascii_uppercase)
# Enough projects for the index whose facets are served; the other one has fewer, and no such facet.
MANY = 10


class FirstLetters:
    """The first letter of each title."""

    def __init__(self, spec, spans):
        self._spec = spec
        titles = [spans.segment.project(document).title for document in range(len(spans.segment))]
        self._numbers = np.array([LETTERS.index(title[0].upper()) for title in titles])

    def mask(self, values, _as_of):
        return np.isin(self._numbers, [LETTERS.index(one) for one in values])

    def facet(self, chosen, over):
        counts = over.count(self._numbers, len(LETTERS)).tolist()
        buckets = [
            Bucket(letter, f"Letter {letter}", count, letter in chosen)
            for letter, count in zip(LETTERS, counts, strict=True)
            if count or letter in chosen
        ]
        return Facet(self._spec.name, self._spec.label, "terms", tuple(buckets[:5]), more=len(buckets[5:]))


LETTER = FacetSpec(
    name="letter",
    label="First letter",
    reads="choice",
    meaning="titles that begin with any of these letters",
    open_column=FirstLetters,
    choices=LETTERS,
    exclusion="titles that begin with none of these letters",
    is_open=True,
)


@pytest.fixture(scope="module")
def clients(seed_index, labour_index):
    """Clients of two applications: the index of the first has one facet more than that of the second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            answering, "specs_of", lambda segment: (*FACETS, LETTER) if len(segment) > MANY else FACETS
        )
        apps = [application(index) for index in (labour_index, seed_index)]
        for app in apps:
            assert app.test_client().get("/readyz").status_code == 200
        yield [app.test_client() for app in apps]


@pytest.fixture
def client(clients):
    """A client of the index that has the facet."""
    return clients[0]


def asked(path, *pairs):
    return f"{path}?{urlencode(pairs)}"


def found(client, *pairs):
    return client.get(asked("/api/v1/search", *pairs, ("per_page", "100"))).json


def letter_of(hit):
    return hit["title"][0].upper()


def test_a_facet_of_the_table_is_counted_and_its_links_narrow(client):
    everything = found(client)
    letters = [letter_of(hit) for hit in everything["results"]]

    facet = everything["facets"]["letter"]
    assert (facet["type"], facet["label"]) == ("terms", "First letter")
    assert list(everything["facets"]) == [*(spec.name for spec in FACETS if spec.counted), "letter"]
    for bucket in facet["buckets"]:
        narrowed = client.get(bucket["url"]).json
        assert narrowed["total"] == bucket["count"] == letters.count(bucket["value"])
        assert {letter_of(hit) for hit in narrowed["results"]} == {bucket["value"]}


def test_a_facet_of_the_table_is_counted_without_its_own_filter(client):
    narrowed = found(client, ("letter", "C"), ("status", "completed"))
    others = found(client, ("status", "completed"))

    counts = {one["value"]: one["count"] for one in narrowed["facets"]["letter"]["buckets"]}
    assert counts.items() >= {(one["value"], one["count"]) for one in others["facets"]["letter"]["buckets"]}


def test_a_facet_of_the_table_refuses_values(client):
    everything = {hit["id"] for hit in found(client)["results"]}
    with_c = {hit["id"] for hit in found(client, ("letter", "C"))["results"]}
    without = found(client, ("letter_not", "C"))

    assert with_c
    assert {hit["id"] for hit in without["results"]} == everything - with_c
    assert "C" not in {one["value"] for one in without["facets"]["letter"]["buckets"]}


def test_a_facet_of_the_table_stands_in_the_canonical_address(client):
    answer = found(client, ("sort", "title"), ("letter_not", "A"), ("letter", "C"), ("q", "labor"))

    assert answer["links"]["self"] == ("/api/v1/search?q=labor&letter=C&letter_not=A&sort=title&per_page=100")
    assert answer["query"]["filters"] == {"letter": ["C"], "letter_not": ["A"]}
    assert answer["links"]["csv"] == "/search.csv?q=labor&letter=C&letter_not=A&sort=title"


def test_a_facet_of_the_table_is_on_the_page_with_chips_and_all_of_its_values(client):
    tree = parsed(client.get(asked("/search", ("letter", "C"), ("letter_not", "A"))))

    chips = [text_of(one) for one in tree.findall(".//div[@class='chips']/ul/li/a[@rel='nofollow']")]
    assert chips == ["Remove First letter: C ×", "Remove First letter is not: A ×"]
    (facet,) = [
        one
        for one in tree.findall(".//details[@class='facet']")
        if text_of(one.find("summary")) == "First letter"
    ]
    assert facet.get("open") is not None
    (chosen,) = facet.findall(".//a[@aria-current='true']")
    assert "Letter C" in text_of(chosen)
    see_all = [one.get("href") for one in facet.findall(".//p[@class='note']/a")]
    assert see_all == ["/values/letter?letter=C&letter_not=A"]


def test_a_facet_of_the_table_narrows_files_and_feeds(client):
    ids = {hit["id"] for hit in found(client, ("letter", "C"))["results"]}

    file = client.get(asked("/search.csv", ("letter", "C"))).data.decode("utf-8-sig")
    assert {row["id"] for row in csv.DictReader(io.StringIO(file))} == ids
    feed = ET.fromstring(client.get(asked("/search.atom", ("letter", "C"))).data)
    assert len(feed.findall(f"{ATOM}entry")) == len(ids)


def test_a_facet_of_the_table_is_in_the_reference(client):
    spec = client.get("/api/v1/openapi.json").json
    parameters = {one["name"]: one for one in spec["paths"]["/api/v1/search"]["get"]["parameters"]}

    assert parameters["letter"]["description"] == LETTER.meaning
    assert parameters["letter"]["schema"]["items"]["enum"] == list(LETTERS)
    assert parameters["letter_not"]["description"] == LETTER.exclusion
    assert "letter" in parameters["facets"]["schema"]["pattern"]
    assert "letter" in spec["components"]["schemas"]["Facets"]["properties"]
    assert "letter_not" in client.get("/api/docs").text


def test_a_facet_of_the_table_says_what_is_wrong(client):
    answer = client.get(asked("/api/v1/search", ("letter", "c"), ("letter_not", "AB")))

    assert answer.status_code == 400
    assert [(one["parameter"], one["code"]) for one in answer.json["errors"]] == [
        ("letter", "not_a_choice"),
        ("letter_not", "not_a_choice"),
    ]


def test_a_facet_can_be_asked_for_alone(client):
    assert list(found(client, ("facets", "letter,status"))["facets"]) == ["status", "letter"]


def test_the_facets_are_those_of_the_index_that_is_served(clients):
    with_it, without_it = clients

    assert with_it.get(asked("/api/v1/search", ("letter", "C"))).status_code == 200
    refused = without_it.get(asked("/api/v1/search", ("letter", "C")))
    assert [(one["parameter"], one["code"]) for one in refused.json["errors"]] == [
        ("letter", "unknown_parameter")
    ]
    assert "letter" not in found(without_it)["facets"]
    assert "letter" not in str(without_it.get("/api/v1/openapi.json").json["paths"])


def test_two_parameters_of_one_name_are_noticed_at_once():
    with pytest.raises(ValueError, match="letter"):
        search_parameters((*FACETS, LETTER, LETTER))


def _lines(exported):
    yield f"# {exported.request.q} from {exported.page}\n".encode()
    for hit in exported.hits:
        yield f"{hit.project.id}\t{exported.site}\n".encode()


LINES = ExportSpec(
    name="lines",
    label="Lines",
    path="/search.lines",
    media_type="text/x-lines",
    write=_lines,
    without=WITHOUT_PAGES,
    filename="projects.lines",
)


@pytest.fixture(scope="module")
def exporting(labour_index):
    """A client of an application with one export more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "EXPORTS", (*table.EXPORTS, LINES))
        yield application(labour_index).test_client()


def test_an_export_of_the_table_has_all_hits_of_the_search_in_its_order(exporting):
    answer = exporting.get(asked("/search.lines", ("q", "labor"), ("status", "completed"), ("page", "3")))
    hits = found(exporting, ("q", "labor"), ("status", "completed"))["results"]

    assert answer.content_type.startswith("text/x-lines")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="projects.lines"'
    head, *lines = answer.text.splitlines()
    assert head.startswith("# labor from http://localhost/search?q=labor&status=completed")
    assert lines == [f"{hit['id']}\thttp://localhost" for hit in hits]


def test_an_export_of_the_table_is_a_link_of_every_answer(exporting):
    address = "/search.lines?q=labor"
    answer = exporting.get(asked("/api/v1/search", ("q", "labor"), ("per_page", "5")))

    assert answer.json["links"]["lines"] == address
    assert f'<{address}>; rel="alternate"; type="text/x-lines"' in answer.headers["Link"]
    links = exporting.get("/api/v1/openapi.json").json["components"]["schemas"]["Links"]
    assert links["properties"]["lines"] == {"type": "string"}
    assert "lines" in links["required"]


def test_an_export_of_the_table_is_on_the_page(exporting):
    tree = parsed(exporting.get(asked("/search", ("q", "labor"))))

    assert [text_of(one) for one in tree.findall(".//details[@class='export']//a")] == [
        "CSV", "XLSX", "JSON lines", "Feed", "Lines", "JSON", "Copy link",
    ]  # fmt: skip
    (alternate,) = [one for one in tree.findall(".//link") if one.get("type") == "text/x-lines"]
    assert alternate.get("href") == "/search.lines?q=labor"


def test_an_export_of_the_table_is_compressed_and_cached_by_its_entity(exporting):
    answer = exporting.get("/search.lines", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"

    again = exporting.get(
        "/search.lines", headers={"Accept-Encoding": "gzip", "If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_an_export_of_the_table_reports_what_is_wrong(exporting):
    answer = exporting.get(asked("/search.lines", ("status", "new")))

    assert answer.status_code == 400
    assert "Status" in text_of(parsed(answer).find(".//main"))
