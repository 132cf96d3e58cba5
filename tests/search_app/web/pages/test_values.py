"""All the values of a facet in a search: found by what is typed, page by page, chosen and refused."""

import re
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from indexer.document import Project
from search_app.web.pages.parts.listing.bars import VALUES_SHOWN
from search_app.web.pages.parts.listing.value_pages import NAMES_A_PAGE
from tests.building import index_of
from tests.html import parsed, text_of, texts
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

NAMES = [f"Institute {number}" for number in range(NAMES_A_PAGE + 40)] + ["Université de Liège", "unknown"]
THEMES = [f"Theme {number}" for number in range(20)]


@pytest.fixture(scope="module")
def client(backend, tmp_path_factory):
    projects = [
        Project(f"p{number}", f"Wells {number}", "", name, date(2000, 1, 1), date(2001, 1, 1), (("Theme", THEMES[number % 20]),))
        for number, name in enumerate(NAMES)
    ]  # fmt: skip
    projects += [Project(f"q{number}", "Roads", "", NAMES[0]) for number in range(3)]
    projects.append(Project("nobody", "Roads of nobody"))
    return backend.application(index_of(tmp_path_factory.mktemp("values"), projects)).test_client()


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return parsed(answer)


def listed(tree):
    lists = [one for one in tree.findall(".//ul[@class='buckets']") if one.find(".//{*}svg") is not None]
    return [text for one in lists for text in texts(one, "li/a/span[@class='value']")]


def of_facet(tree, label):
    return next(
        one for one in tree.findall(".//details[@class='facet']") if text_of(one.find("summary")) == label
    )


def test_a_long_facet_has_a_box_and_a_page_that_keep_the_search(client):
    tree = page(client, "/search?q=wells&sort=title&view=table&page=2")
    facet = of_facet(tree, "Grantee")
    kept = [("q", "wells"), ("sort", "title"), ("view", "table")]

    assert len(listed(facet)) == VALUES_SHOWN + len(["Unknown"])
    (see_all,) = facet.findall("p[@class='note']/a")
    assert parse_qsl(urlsplit(see_all.get("href")).query) == kept
    assert (
        text_of(facet.find("p[@class='note']"))
        == f"See all of Grantee ({len(NAMES) - 1 - VALUES_SHOWN} more)"
    )
    form = facet.find("form[@class='find']")
    assert form.get("action") == "/values/grantee" == urlsplit(see_all.get("href")).path
    assert [(one.get("name"), one.get("value")) for one in form.findall("input[@type='hidden']")] == kept
    assert "find" in [one.get("name") for one in form.findall("input")]


def test_all_values_are_there_page_by_page_with_their_counts(client):
    first = page(client, "/values/grantee")
    (onward,) = first.findall(".//nav[@class='pages']//a[@rel='next']")
    second = page(client, onward.get("href"))

    assert len(listed(first)) == NAMES_A_PAGE
    assert sorted(listed(first) + listed(second)) == sorted(NAMES[:-1])
    assert text_of(first.find(".//ul[@class='buckets']/li/a")).split(" 4 ")[0] == "Institute 0"
    (back,) = second.findall(".//nav[@class='pages']//a[@rel='prev']")
    assert back.get("href") == "/values/grantee"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("universite", ["Université de Liège"]),
        ("LIÈGE de", ["Université de Liège"]),
        ("institute 23", [one for one in NAMES if "23" in one]),
        ("nobody", []),
        ("%00<b>", []),
    ],
)
def test_values_are_found_by_a_part_without_case_and_accents(client, typed, expected):
    tree = page(client, f"/values/grantee?q=wells&find={typed}")

    assert sorted(listed(tree)) == sorted(expected)
    assert tree.find(".//input[@id='find']").get("value") in (typed, " <b>".strip())
    assert [one.get("href") for one in tree.findall(".//main/p[@class='note']/a")] == [
        "/values/grantee?q=wells"
    ]


def test_pages_of_what_was_found_keep_what_was_typed(client):
    tree = page(client, "/values/grantee?q=wells&find=institute")
    (onward,) = tree.findall(".//nav[@class='pages']//a[@rel='next']")

    assert onward.get("href") == "/values/grantee?q=wells&page=2&find=institute"
    assert len(listed(page(client, onward.get("href")))) == 40


def test_a_value_is_chosen_and_refused_for_the_same_search(client):
    tree = page(client, "/values/theme?q=wells&sort=title&grantee=Institute+3&grantee=Institute+23")
    values = tree.find(".//ul[@class='buckets']/li")

    assert listed(tree) == ["Theme 3"]
    assert [one.get("href") for one in values.findall("a")] == [
        "/search?q=wells&grantee=Institute+3&grantee=Institute+23&theme=Theme+3&sort=title"
    ]
    (refused,) = tree.findall(".//details[@class='rest refuse']//a")
    assert (text_of(refused), refused.get("href")) == (
        "Exclude Theme 3",
        "/search?q=wells&grantee=Institute+3&grantee=Institute+23&theme_not=Theme+3&sort=title",
    )
    assert text_of(tree.find(".//p[@class='lead']")) == "In 2 projects for ‘wells’."
    (back,) = tree.findall(".//nav[@class='trail']//a")
    assert back.get("href") == "/search?q=wells&grantee=Institute+3&grantee=Institute+23&sort=title"


@pytest.mark.parametrize("q", ["roads", "roads wells", "wells"])
def test_values_are_said_to_be_of_the_projects_that_they_are_counted_in(client, q):
    asked = f"q={q.replace(' ', '+')}&grantee=Institute+0&grantee=Institute+3"
    tree = page(client, f"/values/grantee?{asked}")
    pages = [
        tree,
        *(page(client, f"/values/grantee?{asked}&page=2") for _ in tree.findall(".//a[@rel='next']")),
    ]
    counts = [
        text.split()[0]
        for one in pages
        for text in texts(one, ".//ul[@class='buckets']//span[@class='count']")
    ]
    shown = " ".join(texts(of_facet(page(client, f"/search?{asked}"), "Grantee"), ".//li/a"))
    unknown = re.search(r"Unknown (\d+) project", shown)[1]
    among = sum(map(int, [*counts, unknown]))

    assert text_of(tree.find(".//p[@class='lead']")) == f"In {among} projects for ‘{q}’."
    assert f"{among} projects" in text_of(tree.find(".//title"))


def test_unknown_is_a_link_like_the_others(client):
    facet = of_facet(page(client, "/search?q=roads"), "Grantee")
    unknown = next(
        one
        for one in facet.findall(".//li/a")
        if re.match("Unknown", text_of(one)) and "grantee=" in one.get("href")
    )

    assert (text_of(unknown), unknown.get("href")) == ("Unknown 1 project", "/search?q=roads&grantee=unknown")
    chosen = page(client, unknown.get("href"))
    assert texts(chosen, ".//article/h2") == ["Roads of nobody"]
    assert "Grantee: Unknown" in texts(chosen, ".//div[@class='chips']//a")[0]
    (marked,) = of_facet(chosen, "Grantee").findall(".//li/a[@aria-current='true']")
    assert (text_of(marked), marked.get("href")) == ("✓Remove Unknown 1 project", "/search?q=roads")
    # A grantee that is called so is as unknown.
    both = page(client, "/search?grantee=unknown")
    assert both.findtext(".//h1") == "2 projects"
    assert "Unknown 2 projects" in texts(of_facet(page(client, "/search"), "Grantee"), ".//li/a")


def test_a_name_that_reads_as_our_word_for_none_stands_in_quotes(backend, tmp_path):
    names = ["", "", "", "Unknown", "Unknown", "Unknown Artists Trust"]
    projects = [Project(f"p{number}", "Wells", grantee=name) for number, name in enumerate(names)]
    client = backend.application(index_of(tmp_path, projects)).test_client()
    facet = of_facet(page(client, "/search"), "Grantee")

    assert texts(facet, ".//li/a") == [
        "“Unknown” 2 projects",
        "Unknown Artists Trust 1 project",
        "Unknown 3 projects",
        "Exclude “Unknown”",
        "Exclude Unknown Artists Trust",
    ]
    assert listed(page(client, "/values/grantee")) == ["“Unknown”", "Unknown Artists Trust"]
    both = page(client, "/search?grantee=Unknown&grantee=unknown&status=unknown")
    assert [text for text in texts(both, ".//div[@class='chips']//a") if "Unknown" in text] == [
        "Remove Status: Unknown ×",
        "Remove Grantee: “Unknown” ×",
        "Remove Grantee: Unknown ×",
    ]
    assert texts(of_facet(both, "Status"), ".//li/a")[0] == "✓Remove Unknown 5 projects"


def test_there_are_no_values_of_what_is_no_facet_of_names(client):
    for name in ("active_year", "colour", "q"):
        assert text_of(page(client, f"/values/{name}", 404).find(".//h1")) == "Not found"
    assert "Disallow: /values" in client.get("/robots.txt").text


def test_every_list_of_values_has_a_title_of_its_own(client):
    asked = (
        "?q=wells",
        "?q=wells&page=2",
        "?q=wells&find=institute",
        "?q=wells&find=institute&page=2",
        "?q=roads",
    )
    titles = [text_of(page(client, f"/values/grantee{one}").find(".//title")) for one in asked]
    assert len(set(titles)) == len(asked)
