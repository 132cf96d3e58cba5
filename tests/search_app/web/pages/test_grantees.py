"""The pages of grantees, and the same as data."""

from __future__ import annotations

from datetime import date

import orjson
import pytest
from markupsafe import escape

from indexer.document import Project, grantee_slug, status_on
from indexer.storage.days import today
from search_app.web.api.json_values import as_json
from search_app.web.pages.parts.listing.directory import ONE_PAGE
from tests.building import index_of
from tests.conftest import application
from tests.documents import LABOUR
from tests.html import parsed, text_of, texts

NAMES = [f"{chr(65 + number % 3)}gency {number:03}" for number in range(650)]


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A client of an index with many grantees, some of them spelled in several ways."""
    projects = [
        Project(f"p{number}", f"Courts {number}", grantee=name, start=date(2000 + number % 20, 1, 1))
        for number, name in enumerate([*NAMES, "Verité", "VERITE", "Bold & <Co.>", "労働", "x" * 300])
    ]
    return application(index_of(tmp_path_factory.mktemp("grantees"), projects)).test_client()


def page_of(client, name, query=""):
    return parsed(client.get(f"/grantees/{grantee_slug(name)}{query}"))


def names_on(client, address):
    return texts(parsed(client.get(address)), ".//main//section//a")


def test_no_page_has_more_names_than_can_be_read_and_all_are_on_some(many):
    found, addresses = [], ["/grantees"]
    tree = parsed(many.get("/grantees"))
    addresses = [one.get("href") for one in tree.findall(".//nav[@class='letters']//a")]
    for address in addresses:
        while address:
            answer = many.get(address)
            assert len(answer.data) < 200_000
            some = names_on(many, address)
            assert 0 < len(some) <= ONE_PAGE
            found += some
            following = parsed(answer).find(".//nav[@class='pages']//a[@rel='next']")
            address = None if following is None else following.get("href")
    assert sorted(found) == sorted([*NAMES, "Verité", "VERITE", "Bold & <Co.>", "労働", "x" * 300])


def test_the_list_opens_with_letters_and_says_how_many_there_are(tmp_path):
    projects = [Project(f"p{number}", "Courts", grantee=f"{number} Works") for number in range(ONE_PAGE)]
    numbers = application(index_of(tmp_path / "numbers", projects[:1])).test_client()
    both = application(
        index_of(tmp_path / "both", [*projects, Project("a", "Mines", grantee="Works")])
    ).test_client()

    assert names_on(both, "/grantees") == ["Works"]
    assert len(names_on(both, "/grantees?letter=%23")) == ONE_PAGE
    lead = "{} with the number of its projects"
    assert texts(parsed(both.get("/grantees")), ".//p[@class='lead']") == [lead.format("201 grantees, each")]
    assert texts(parsed(numbers.get("/grantees")), ".//p[@class='lead']") == [lead.format("1 grantee, each")]
    alone = numbers.get("/grantees?q=nobody").text
    assert ("The one grantee</a>" in alone, "0 of 1 grantee have" in alone) == (True, True)
    assert "All 201 grantees</a>" in both.get("/grantees?q=nobody").text


def test_the_box_finds_names(many):
    assert names_on(many, "/grantees?q=verite") == ["VERITE", "Verité"]
    assert names_on(many, "/grantees?q=agency+00&letter=B")[:2] == ["Agency 000", "Agency 003"]
    assert "No grantee has it; try the beginning of the word." in many.get("/grantees?q=nobody").text
    assert "No grantee has them all" in many.get("/grantees?q=nobody+here").text
    for odd in ("q=%00", "page=0", "page=99999999999", "page=x", "letter=%3Cb%3E", "q=" + "x" * 5000):
        assert many.get(f"/grantees?{odd}").status_code == 200


def test_every_list_of_grantees_has_a_title_of_its_own(many):
    addresses = [
        "",
        "?letter=A",
        "?letter=B",
        "?letter=B&page=2",
        "?q=agency",
        "?q=agency&page=2",
        "?q=institute",
    ]
    titles = [text_of(parsed(many.get(f"/grantees{one}")).find(".//title")) for one in addresses]
    # The first is that of the letter that the list begins with.
    assert len(set(titles[1:])) == len(titles) - 1
    assert titles[0] in titles[1:3]


def test_a_text_without_words_counts_nobody(many):
    everybody = names_on(many, "/grantees")

    for typed in ("%20", "!!", "%22-%22"):
        address = f"/grantees?q={typed}"
        assert names_on(many, address) == everybody
        tree = parsed(many.get(address))
        assert "in their name" not in text_of(tree)
        assert text_of(tree.find(".//title")) == text_of(parsed(many.get("/grantees")).find(".//title"))
    note = parsed(many.get("/grantees?q=!!"))
    assert "‘!!’ has neither letters nor digits, and was left out." in text_of(note)


def test_a_page_tells_what_there_is_of_a_grantee(labour):
    name = "Meridian Institute for Work"
    own = [one for one in LABOUR.values() if one.grantee == name]
    tree = page_of(labour, name)
    data = labour.get(f"/api/v1/grantees/{grantee_slug(name)}").json

    active = sum(status_on(today(), one.start, one.end) == "active" for one in own)
    first = min(one.start.year for one in own if one.start)
    assert (data["projects"], data["active"], data["first_year"]) == (len(own), active, first)
    lead = text_of(tree.find(".//p[@class='lead']"))
    assert lead.startswith(f"{len(own)} projects since {first}, {active or 'none'} active on ")
    listed = texts(tree, ".//section[@aria-labelledby='projects']//li/a")
    assert sorted(listed) == sorted(one.title for one in own)
    found = labour.get(data["links"]["search"]).json
    assert found["total"] == len(own)
    assert data["totals"] == found["totals"]
    years = {one["year"]: one["projects"] for one in data["years"]}
    assert years == {
        year: count
        for year in range(1990, 2050)
        if (
            count := sum(
                bool(one.start and one.end) and one.start.year <= year <= one.end.year for one in own
            )
        )
    }


def test_every_link_of_a_page_leads_somewhere(labour, many):
    for client, name in ((labour, "Meridian Institute for Work"), (many, "Verité"), (many, "労働")):
        answer = client.get(f"/grantees/{grantee_slug(name)}")
        assert len(answer.data) < 200_000
        addresses = {one.get("href") for one in parsed(answer).findall(".//main//a")}
        assert {
            one: client.get(one).status_code for one in addresses if one.startswith("/")
        } == dict.fromkeys((one for one in addresses if one.startswith("/")), 200)


def test_other_spellings_lead_to_each_other(many):
    (other,) = page_of(many, "Verité").findall(".//main/p/a[@dir='auto']")
    assert (text_of(other), other.get("href")) == ("VERITE", f"/grantees/{grantee_slug('VERITE')}")
    assert [one["name"] for one in many.get(f"/api/v1/grantees/{grantee_slug('Verité')}").json["alike"]] == [
        "VERITE"
    ]


def test_hits_projects_and_home_lead_to_the_page(labour):
    for address in ("/search?q=cocoa", "/projects/cocoa-ghana", "/"):
        links = {one.get("href") for one in parsed(labour.get(address)).findall(".//main//a")}
        assert any(one.startswith("/grantees/") for one in links), address


def test_nobody_is_not_found(many):
    for address in ("/grantees/nobody", "/api/v1/grantees/nobody", "/grantees/", "/grantees/%00"):
        assert many.get(address).status_code in (308, 404)


def test_every_grantee_is_on_some_page_of_the_data(many):
    address, found = "/api/v1/grantees?per_page=200", []
    while address:
        answer = many.get(address).json
        found += answer["results"]
        address = answer["links"]["next"]
    assert len(found) == len({one["slug"] for one in found}) == answer["total"] == len(NAMES) + 5
    assert all(one["url"] == f"/grantees/{one['slug']}" for one in found)
    assert many.get("/api/v1/grantees?per_page=201").status_code == 400
    assert (
        orjson.loads(as_json(many.get("/api/v1/grantees?q=verite&page=9").json["links"]))["prev"]
        == "/api/v1/grantees?q=verite"
    )


@pytest.mark.parametrize("slug", ["none", "o'neill", "جمعية"])
def test_a_grantee_that_is_not_there_is_named_as_it_was_asked_for(many, slug):
    answer = many.get(f"/grantees/{slug}")
    assert answer.status_code == 404
    assert f"There is no grantee “<bdi>{escape(slug)}</bdi>” in this index." in answer.text
