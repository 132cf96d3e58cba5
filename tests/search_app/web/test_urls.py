"""Canonical addresses, toggles of facets, ids in paths."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from search_app.request import Period, Years
from search_app.results import Bucket, Facet
from search_app.web.urls import PagesAround, pages_around, project_url, search_url
from tests import asking


def links(**asked):
    return asking.links(asking.asking(**asked))


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        pytest.param({}, "/search", id="everything"),
        pytest.param({"q": "labour courts"}, "/search?q=labour+courts", id="words"),
        pytest.param({"q": "a&b=c #1"}, "/search?q=a%26b%3Dc+%231", id="reserved-characters"),
        pytest.param({"q": "x", "op": "or", "expand": False}, "/search?q=x&op=or&expand=0", id="choices"),
        pytest.param({"op": "and", "expand": True, "page": 1}, "/search", id="defaults-are-left-out"),
        pytest.param({"status": ("active", "planned")}, "/search?status=active&status=planned", id="several"),
        pytest.param(
            {"active_on": Period.parse("2021-09")}, "/search?active_on=2021-09", id="period-as-typed"
        ),
        pytest.param({"active_year": (Years(2020, 2024),)}, "/search?active_year=2020-2024", id="years"),
        pytest.param({"facets": ()}, "/search?facets=none", id="no-facets"),
        pytest.param({"per_page": 50, "page": 3, "q": "x"}, "/search?q=x&per_page=50&page=3", id="page"),
    ],
)
def test_a_search_has_one_address(asked, address):
    assert links(**asked).here == address


def test_a_change_goes_back_to_the_first_page():
    assert links(q="x", page=4).changed(sort="title") == "/search?q=x&sort=title"


def test_a_value_is_taken_away_alone():
    asked = links(status=("active", "planned"), q="x", page=2)

    assert asked.without("status", "active") == "/search?q=x&status=planned"


def test_another_form_keeps_the_search():
    assert links(q="x", page=2).at("/search.csv", without=("page",)) == "/search.csv?q=x"


def facet(name, *buckets, kind="terms"):
    return Facet(name, name, kind, tuple(Bucket(value, value, 1, selected) for value, selected in buckets))


def test_a_bucket_is_chosen_and_taken_back():
    asked = links(q="x", status=("active",), page=2, per_page=50)

    assert asked.toggles(facet("status", ("active", True), ("planned", False))) == [
        "/search?q=x&per_page=50",
        "/search?q=x&status=active&status=planned&per_page=50",
    ]


def test_a_bucket_stands_in_its_place_among_the_parameters():
    asked = links(q="x", grantee=("Verité",), sort="title")

    assert asked.toggles(facet("status", ("active", False))) == [
        "/search?q=x&status=active&grantee=Verit%C3%A9&sort=title"
    ]


@pytest.mark.parametrize(
    ("chosen", "value", "query"),
    [
        pytest.param(
            (Years(2020, 2024),), "2021", "active_year=2021", id="narrower-takes-the-place-of-wider"
        ),
        pytest.param(
            (Years(2021, 2021),), "2020-2024", "active_year=2020-2024", id="wider-takes-the-place-of-narrower"
        ),
        pytest.param((Years(2021, 2021),), "2022", "active_year=2021&active_year=2022", id="beside-another"),
    ],
)
def test_years_that_overlap_replace_each_other(chosen, value, query):
    asked = links(active_year=chosen)

    assert asked.toggles(facet("active_year", (value, False), kind="range")) == [f"/search?{query}"]


def test_links_of_facets_are_the_same_as_links_made_one_by_one():
    asked = links(
        q="ä b", op="or", grantee=("A & B",), active_year=(Years(2020, 2020),), sort="title", per_page=10
    )
    buckets = facet("grantee", ("A & B", True), ("C", False))

    assert asked.toggles(buckets) == [asked.changed(grantee=None), asked.changed(grantee=("A & B", "C"))]


IDS = [
    pytest.param("plain-id", id="plain"),
    pytest.param("FB-10007-68", id="letters-and-digits"),
    pytest.param("a/b//c/", id="slashes"),
    pytest.param("with space & more?x=1#y", id="reserved"),
    pytest.param("größe-日本", id="not-ascii"),
    pytest.param("100%", id="percent"),
    pytest.param("report.json", id="dot-json"),
    pytest.param("a+b", id="plus"),
]


@pytest.mark.parametrize("project_id", IDS)
def test_an_id_is_one_part_of_the_path(project_id):
    assert urlsplit(project_url(project_id)).path.count("/") == 2


def test_the_search_goes_along_with_a_project():
    assert project_url("a b", "q=x&page=2") == "/projects/a%20b?q=x&page=2"


def test_a_new_search_is_encoded():
    address = search_url(q="“a” & b", grantee="Verité")

    assert parse_qsl(urlsplit(address).query) == [("q", "“a” & b"), ("grantee", "Verité")]


@pytest.mark.parametrize(
    ("page", "pages", "around"),
    [
        pytest.param(1, 3, PagesAround(None, "2"), id="first"),
        pytest.param(2, 3, PagesAround("1", "3"), id="middle"),
        pytest.param(3, 3, PagesAround("2", None), id="last"),
        pytest.param(9, 3, PagesAround("3", None), id="beyond"),
        pytest.param(1, 0, PagesAround(None, None), id="nothing"),
        pytest.param(2, 0, PagesAround("1", None), id="beyond-nothing"),
    ],
)
def test_the_pages_around_one(page, pages, around):
    assert pages_around(page, pages, str) == around
