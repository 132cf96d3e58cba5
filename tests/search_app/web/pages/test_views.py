"""The pages as a visitor without scripts meets them: order, wording, forms, help."""

from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

import pytest

from indexer.build import reindex
from indexer.document import grantee_slug
from indexer.storage.days import today
from search_app.results import TermMatch
from search_app.web.api.openapi import EXAMPLES
from search_app.web.pages.parts.listing.hits import is_part
from search_app.web.pages.parts.listing.typed_years import TypedTime, typed_time
from search_app.web.pages.parts.readable.days import duration, whole
from search_app.web.pages.parts.readable.numbers import projects
from search_app.web.pages.parts.reference import components, operation_parts
from tests.building import index_of
from tests.conftest import application
from tests.documents import CALLE, CAMINOS, LABOUR, MUNICIPAL, SEED, TECLAB, VISION_ZERO
from tests.html import parsed, text_of, texts


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return parsed(answer)


def hits(tree):
    return texts(tree, ".//article/h2")


def links(tree, path=".//a"):
    return {text_of(link): link.get("href") for link in tree.findall(path)}


def query_of(address):
    return parse_qsl(urlsplit(address).query)


PAGES = [
    pytest.param("/", id="home"),
    pytest.param("/search", id="browse"),
    pytest.param("/search?q=labour+courts&status=active&as_of=2026-01-01&explain=1", id="results"),
    pytest.param("/search?q=zebra+courts", id="relaxed"),
    pytest.param("/search?q=zzzz&status=active&grantee=Nobody", id="nothing"),
    pytest.param("/search?q=%22open+%28%3C%3E%26", id="repaired"),
    pytest.param("/search?page=40", id="beyond-the-end"),
    pytest.param(f"/projects/{TECLAB.id}", id="project"),
    pytest.param(f"/projects/{TECLAB.id}?q=labour+courts", id="project-found"),
    pytest.param("/grantees", id="grantees"),
    pytest.param(f"/grantees/{grantee_slug(TECLAB.grantee)}", id="grantee"),
    pytest.param("/changes", id="changes"),
    pytest.param("/api/docs", id="reference"),
    pytest.param("/problems/not-found", id="problem"),
]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_valid_and_says_where_it_is(client, address):
    tree = page(client, address)

    assert len(tree.findall(".//h1")) == 1
    assert tree.findtext(".//title").endswith("Grant project search")
    assert tree.find(".//main") is not None
    assert tree.find(".//html" if tree.tag != "html" else ".").get("lang") == "en"
    assert tree.find(".//meta[@name='description']").get("content")
    assert texts(tree, ".//nav[@aria-label='Skip links']/a")[0] == "Skip to main content"
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    named = {element.get("for") for element in tree.findall(".//label") if element.get("for")}
    assert named <= set(ids)


@pytest.mark.parametrize("address", PAGES)
def test_no_heading_level_is_skipped(client, address):
    levels = [
        int(element.tag[1])
        for element in page(client, address).iter()
        if element.tag in ("h1", "h2", "h3", "h4")
    ]

    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_says_a_day_and_never_the_name_of_a_generation(client, address):
    generation = client.get("/api/v1/search").json["index"]["generation"]

    assert generation not in text_of(page(client, address).find("body"))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_light(client, address):
    assert len(client.get(address).data) <= 60_000


def test_the_style_sheet_is_light(client):
    assert len(client.get("/static/site.css", buffered=True).data) <= 21_500


def test_every_link_on_every_page_leads_somewhere(client):
    addresses = {href for start in PAGES for href in links(page(client, start.values[0])).values()}

    local = sorted(href for href in addresses if href.startswith("/"))
    assert len(local) > 100
    assert {href: client.get(href, buffered=True).status_code for href in local} == dict.fromkeys(local, 200)


def test_home_says_what_there_is(client):
    tree = page(client, "/")

    assert "5 projects, 2019–2027, 4 grantees" in text_of(tree.find(".//main"))
    years = tree.findall(".//ol[@class='years']/li")
    assert [(text_of(year), year.find("a").get("href")) for year in years[:2]] == [
        ("2019 1 project", "/search?active_year=2019"),
        ("2020 1 project", "/search?active_year=2020"),
    ]
    assert len(years) == 9
    name = "American Institutes for Research"
    assert links(tree)[name] == f"/grantees/{grantee_slug(name)}"
    assert links(tree)[MUNICIPAL.title] == f"/projects/{MUNICIPAL.id}"


def test_results_stand_in_their_order(client):
    tree = page(client, "/search?q=labour+courts&status=active&as_of=2026-01-01")

    found = [
        tree.find(path)
        for path in (
            ".//form[@role='search']",
            ".//h1",
            ".//p[@class='reading']",
            ".//div[@class='chips']",
            ".//a[@class='to-filters']",
            ".//details[@class='export']",
            ".//form[@class='order']",
            ".//article",
            ".//section[@class='filters']",
        )
    ]
    order = {element: place for place, element in enumerate(tree.iter())}
    assert [order[element] for element in found] == sorted(order[element] for element in found)


def test_the_heading_and_the_title_tell_the_result(labour):
    assert text_of(page(labour, "/search?q=cocoa+ghana").find(".//h1")) == "1 project for ‘cocoa ghana’"
    assert text_of(page(labour, "/search?q=zzzz").find(".//h1")) == "No projects for ‘zzzz’"
    everything = text_of(page(labour, "/search").find(".//title"))
    assert text_of(page(labour, "/search?q=%20%20").find(".//title")) == everything
    beyond = text_of(page(labour, "/search?q=cocoa+ghana&page=4000").find(".//title"))
    assert beyond == "1 project for ‘cocoa ghana’ (there is no page 4,000) – Grant project search"
    second = page(labour, "/search?per_page=10&page=2")
    assert second.findtext(".//title") == "62 projects (page 2 of 7) – Grant project search"


def test_a_hit_tells_who_when_and_why(client):
    article = page(client, "/search?q=labour+courts&as_of=2026-01-01").find(".//article")

    assert text_of(article.find("h2")) == TECLAB.title
    assert [mark.text for mark in article.findall("h2//mark")] == ["Courts", "Labor"]
    assert text_of(article.find("p[@class='facts']")) == "Ergo Group, Inc. · Jan 2023 – Jul 2027 · Active"
    assert [time.get("datetime") for time in article.findall(".//time")] == ["2023-01-23", "2027-07-23"]
    assert article.find("p[@class='facts']/a").get("href") == f"/grantees/{grantee_slug(TECLAB.grantee)}"
    why = article.find("details[@class='why']")
    assert texts(why, ".//dl/div/dt") == ["labour", "courts"]
    assert texts(why, ".//dl/div/dd")[0] == "found as labor (another form) in title, description"


def test_other_forms_are_told_and_can_be_left_out(client):
    tree = page(client, "/search?q=labour+courts")

    reading = tree.find(".//p[@class='reading']")
    assert text_of(reading) == "Also searched: labor. Exact words only"
    exact = page(client, reading.find("a").get("href"))
    assert "Exact words only." in text_of(exact.find(".//main"))
    assert query_of(links(exact)["Search other spellings as well"]) == [("q", "labour courts")]


@pytest.mark.parametrize(
    ("q", "notice"),
    [
        pytest.param("zebra+courts", "No project has both words; these have one of them.", id="two"),
        pytest.param(
            "zebra-like+courts",
            "No project has both words; these have one of them, or a part of one.",
            id="parts",
        ),
        pytest.param("zebra+courts+unions+quagga", "No project has all 4 words; these have some.", id="four"),
        pytest.param("zebra+calle", "No project has both words; this one has one of them.", id="one"),
        pytest.param(
            "zebra+quagga+calle", "No project has all 3 words; this one has some.", id="one of three"
        ),
        pytest.param(
            '"municipality"',
            "No project has the words in quotes as written; this one has them in other forms.",
            id="one in other forms",
        ),
    ],
)
def test_a_relaxed_search_says_so(client, q, notice):
    assert notice in texts(page(client, f"/search?q={q}"), ".//p[@class='notice']")


@pytest.mark.parametrize(
    ("text", "words", "degree", "expected"),
    [
        pytest.param("pre-war", ("pre",), 2, True, id="a part"),
        pytest.param("pre-war", ("prewar",), 2, False, id="another form"),
        pytest.param("pre-war", ("pre", "prewar"), 2, False, id="both"),
        pytest.param("pre-war", ("pre-war", "pre"), 1, False, id="as written"),
        pytest.param("wars", ("war",), 2, False, id="one word"),
    ],
)
def test_a_part_of_a_compound_is_no_other_form_of_it(text, words, degree, expected):
    assert is_part(TermMatch(text, words, ("title",), degree)) is expected


def test_nothing_found_does_not_say_that_it_was_relaxed(client):
    tree = page(client, "/search?q=zebra+courts&status=planned")

    assert hits(tree) == []
    assert texts(tree, ".//p[@class='notice']") == []


def test_a_missing_word_can_be_required(labour):
    tree = page(labour, "/search?q=cocoa+ghana+cotton&op=or")

    required = {
        text: href for text, href in links(tree, ".//article//dl//a").items() if text.startswith("require")
    }
    assert required
    for text, href in required.items():
        word = text.removeprefix("require ")
        highlights = [mark.text.lower() for mark in page(labour, href).findall(".//article//mark")]
        assert any(word in mark for mark in highlights)


def test_did_you_mean_is_a_whole_query_with_its_count(client):
    tree = page(client, "/search?q=inspecters+automotiv")

    (notice,) = [
        one for one in tree.findall(".//p[@class='notice']") if text_of(one).startswith("Did you mean")
    ]
    corrected = page(client, notice.find("a").get("href"))
    assert text_of(notice).endswith(f"({projects(len(hits(corrected)))})")


def test_chips_take_away_one_filter_each(client):
    tree = page(client, "/search?q=labor&status=active&active_on=2024&as_of=2026-01-01")

    chips = links(tree, ".//div[@class='chips']//a")
    assert chips == {
        "Remove Active during: 2024 ×": "/search?q=labor&status=active&as_of=2026-01-01",
        "Remove Status: Active ×": "/search?q=labor&active_on=2024&as_of=2026-01-01",
        "Remove Status as of: 2026-01-01 ×": "/search?q=labor&active_on=2024&status=active",
        "Clear all": "/search?q=labor",
    }


def test_nothing_found_shows_ways_on_in_their_order(client):
    tree = page(client, "/search?q=inspecters+zebra&grantee=Verité&active_on=2024")

    assert texts(tree, ".//div[@class='chips']//a")[:-1] == [
        "Remove Active during: 2024 ×",
        "Remove Grantee: Verité ×",
    ]
    ways = texts(tree, ".//ul[@class='ways']/li")
    assert ways[-1] == "Browse all projects, or by grantee"
    removals = [way for way in ways if way.startswith("Remove")]
    assert removals == ["Remove Grantee: Verité: 2 projects"]
    for way in tree.findall(".//ul[@class='ways']/li")[:-1]:
        told = int(text_of(way).rpartition(": ")[2].split()[0])
        assert len(hits(page(client, way.find("a").get("href")))) == told


def test_clear_all_takes_away_filters_and_nothing_else(client):
    shown = "expand=0&sort=title&view=table&chart=started&per_page=50"
    tree = page(client, f"/search?q=labor+zebra&op=or&status=active&active_on=2024&as_of=2026-01-01&{shown}")

    cleared = links(tree, ".//div[@class='chips']//a")["Clear all"]
    assert query_of(cleared) == query_of(f"/search?q=labor+zebra&op=or&{shown}")


def test_a_step_that_finds_nothing_is_not_offered(client):
    ways = texts(page(client, "/search?q=zebra&active_on=2024&status=active"), ".//ul[@class='ways']/li")
    assert ways == ["Browse all projects, or by grantee"]

    tree = page(client, "/search?q=inspections&grantee=Nobody&active_on=1950")
    ways = links(tree, ".//ul[@class='ways']/li/a")
    assert ways == {
        "Clear all filters": "/search?q=inspections",
        "all projects": "/search",
        "grantee": "/grantees",
    }
    found = hits(page(client, ways["Clear all filters"]))
    assert f"Clear all filters: {projects(len(found))}" in texts(tree, ".//ul[@class='ways']/li")


@pytest.mark.parametrize(
    ("q", "words", "given", "said"),
    [
        ("grants in 2015", "", {"active_on": "2015"}, "active in 2015"),
        ("What was running in 2021?", "", {"active_on": "2021"}, "active in 2021"),
        ("before 1990", "", {"start_to": "1989"}, "that started before 1990"),
        ("mines ended before 1990", "mines", {"end_to": "1989"}, "that ended before 1990"),
        ("labour courts since 2010", "labour courts", {"start_from": "2010"}, "that started in or after 2010"),
        ("after 2010 mines", "mines", {"start_from": "2011"}, "that started after 2010"),
        ("mines 2015–2017", "mines", {"active_from": "2015", "active_to": "2017"}, "active from 2015 to 2017"),
        ("mines 2015..2017", "mines", {"active_from": "2015", "active_to": "2017"}, "active from 2015 to 2017"),
        ("[2015 TO 2017] mines", "mines", {"active_from": "2015", "active_to": "2017"}, "active from 2015 to 2017"),
        ("projects started between 2015 and 2017", "", {"start_from": "2015", "start_to": "2017"}, "that started from 2015 to 2017"),
        ("mines until 1975", "mines", {"start_to": "1975"}, "that started in or before 1975"),
        ("mines that ended up to 1975", "mines that", {"end_to": "1975"}, "that ended in or before 1975"),
        ("mines in the 1980s", "mines", {"active_from": "1980", "active_to": "1989"}, "active from 1980 to 1989"),
        ("mines begun during the 1980's", "mines", {"start_from": "1980", "start_to": "1989"}, "that started from 1980 to 1989"),
        ("1968 protests", "protests", {"active_on": "1968"}, "active in 1968"),
        ("May 2015", "", {"active_on": "2015-05"}, "active in May 2015"),
        ("2015-05 courts", "courts", {"active_on": "2015-05"}, "active in May 2015"),
        ("courts 2015-05-03", "courts", {"active_on": "2015-05-03"}, "active on 3 May 2015"),
        ("projects ended in Sept. 2015", "", {"end_from": "2015-09", "end_to": "2015-09"}, "that ended in September 2015"),
        ("mines started on 3rd May 2015", "mines", {"start_from": "2015-05-03", "start_to": "2015-05-03"}, "that started on 3 May 2015"),
        ("grants of Sep. 3, 2015", "", {"active_on": "2015-09-03"}, "active on 3 September 2015"),
    ],
)  # fmt: skip
def test_a_time_in_words_is_understood(q, words, given, said):
    assert typed_time(q) == TypedTime(words, given, said)


@pytest.mark.parametrize(
    "q",
    ["", "courts", "1776", "2017-2015", "[2017 TO 2015]", "2017..2015", "[2015 TO *]", "since May 2015", "May 2015 to May 2016", "31 June 2015", "0 May 2015", "2015-13", '"war" 2015', "war OR 2015", "war -2015", "a 2015 b", "in20155"],
)  # fmt: skip
def test_what_may_be_no_time_is_left_alone(q):
    assert typed_time(q) is None


def test_a_year_that_is_typed_is_offered_as_a_date_too(client):
    tree = page(client, "/search?q=labor+projects+in+2024&sort=title")
    note = next(one for one in tree.findall(".//p[@class='reading']") if "By date" in text_of(one))
    link = note.find("a")
    found = page(client, link.get("href"))
    assert text_of(link) == f"{text_of(found.find('.//h1'))} active in 2024"
    assert link.get("href") == "/search?q=labor&active_on=2024&sort=title"
    for address in (
        link.get("href"),
        "/search?q=labor",
        "/search?q=labor+1950",
        "/search?q=2024&status=active&active_on=2024",
    ):
        assert "By date" not in " ".join(texts(page(client, address), ".//p[@class='reading']")), address


def test_where_nothing_is_found_there_is_nothing_to_download_but_a_feed(client):
    tree = page(client, "/search?q=zzzz&status=active")

    assert tree.findall(".//details[@class='export']") == []
    assert tree.findall(".//select") == []
    note = next(one for one in tree.findall(".//section[@id='results']/p") if "feed" in text_of(one))
    assert client.get(note.find("a").get("href")).mimetype == "application/atom+xml"
    assert page(client, "/search?q=labor").findall(".//details[@class='export']") != []


@pytest.mark.parametrize(
    ("q", "begun"),
    [
        pytest.param("automoti", "automoti", id="one word"),
        pytest.param("mexican+automoti", None, id="found with the other one"),
        pytest.param("automoti&status=planned", None, id="nothing begins so"),
        pytest.param("automoti*&status=planned", None, id="typed as a beginning"),
        pytest.param("zzzz", None, id="no word begins so"),
        pytest.param("au", None, id="two letters"),
        pytest.param("quagga+AND", None, id="an operator"),
    ],
)
def test_where_nothing_is_found_words_that_begin_so_are_offered(client, q, begun):
    tree = page(client, f"/search?q={q}")
    found = [one for one in tree.findall(".//ul[@class='ways']//a") if "begin" in text_of(one)]
    assert [text_of(one) for one in found] == ([f"Words that begin with “{begun}”"] if begun else [])
    for link in found:
        assert query_of(link.get("href")) == [("q", f"{begun}*")]
        assert f"{text_of(link)}: 1 project" in texts(tree, ".//ul[@class='ways']/li")
        assert len(hits(page(client, link.get("href")))) == 1


def test_a_search_form_keeps_the_filters(client):
    form = page(client, "/search?q=labor&status=active&sort=title&page=1").find(".//form[@role='search']")

    hidden = [(one.get("name"), one.get("value")) for one in form.findall("input[@type='hidden']")]
    assert hidden == [("status", "active"), ("sort", "title")]
    assert form.find(".//input[@name='q']").get("value") == "labor"
    assert form.find(".//label[@for='q']").text == "Search projects"


MODES = [
    pytest.param(
        "active", "2021", "2022-06", [("active_from", "2021"), ("active_to", "2022-06")], id="active"
    ),
    pytest.param("active", "2021", "2021", [("active_on", "2021")], id="active-on"),
    pytest.param("started", "2021", "", [("start_from", "2021")], id="started-from"),
    pytest.param("ended", "", " 2024 ", [("end_to", "2024")], id="ended-until"),
    pytest.param("within", "2020", "2025", [("start_from", "2020"), ("end_to", "2025")], id="within"),
    pytest.param("started", "2021", "2021", [("start_from", "2021"), ("start_to", "2021")], id="started-in"),
    pytest.param("active", "", "", [], id="neither"),
    pytest.param("nonsense", "2021", "", [("active_from", "2021")], id="unknown-meaning"),
]


@pytest.mark.parametrize(("mode", "first", "last", "expected"), MODES)
def test_the_date_form_leads_to_the_canonical_address(client, mode, first, last, expected):
    asked = {"q": "labor", "date_mode": mode, "from": first, "to": last, "status": "active"}
    answer = client.get("/search", query_string=asked)

    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert sorted(query_of(address)) == sorted([("q", "labor"), *expected, ("status", "active")])
    form = page(client, address).find(".//form[@class='dates']")
    shown = [form.find(f".//input[@name='{name}']").get("value") for name in ("from", "to")]
    assert shown == [first.strip(), last.strip()]
    checked = [
        one.get("value")
        for one in form.findall(".//input[@name='date_mode']")
        if one.get("checked") is not None
    ]
    assert checked == [mode if expected and mode != "nonsense" else "active"]


def test_a_wrong_date_keeps_what_was_typed_and_says_so_twice(client):
    tree = page(client, "/search?q=labor&date_mode=started&from=20x1&to=2021&status=active", status=400)

    form = tree.find(".//form[@class='dates']")
    field = form.find(".//input[@name='from']")
    assert (field.get("value"), field.get("aria-invalid")) == ("20x1", "true")
    assert form.find(".//input[@name='to']").get("value") == "2021"
    error_id = field.get("aria-describedby").split()[1]
    beside = text_of(form.find(f".//*[@id='{error_id}']"))
    assert beside.startswith("Error: From must be a date that exists")
    summary = tree.find(".//section[@class='alert']")
    assert summary.find(".//a").get("href") == "#date-from"
    assert tree.findtext(".//title").startswith("Error: ")
    assert ("status", "active") in [(one.get("name"), one.get("value")) for one in form.findall("input")]


def test_a_range_that_ends_before_it_begins_is_said_beside_to(client):
    tree = page(client, "/search?date_mode=ended&from=2022&to=2021", status=400)

    errors = texts(tree, ".//form[@class='dates']//p[@class='error']")
    assert errors == ["Error: To must not be before From (2022-01-01)"]


def test_any_other_wrong_parameter_is_named_and_left_out(client):
    tree = page(client, "/search?q=labor&sort=colour&per_page=2", status=400)

    assert "The column “colour” is none of those to choose from" in text_of(
        page(client, "/search?view=table&columns=colour", status=400)
    )
    assert "The order “colour” is none of those to choose from" in text_of(
        tree.find(".//section[@class='alert']")
    )
    assert len(hits(tree)) == 2


def test_a_page_ignores_what_it_does_not_know(client):
    assert hits(page(client, "/search?q=verite&utm_source=mail&fbclid=1")) == [MUNICIPAL.title]


def test_a_chosen_bucket_is_marked_in_words(client):
    tree = page(client, "/search?status=active&as_of=2026-01-01")

    (chosen,) = tree.findall(".//details[@class='facet']//a[@aria-current='true']")
    assert text_of(chosen) == "✓Remove Active 3 projects"
    assert chosen.get("href") == "/search?as_of=2026-01-01"


def test_pages_are_listed_around_the_one_shown(labour):
    tree = page(labour, "/search?per_page=5&page=6")

    nav = tree.find(".//nav[@aria-label='Results pages']")
    assert texts(nav, "ul/li") == [
        "← Previous page",
        "Page 1",
        "…",
        "Page 4",
        "Page 5",
        "Page 6",
        "Page 7",
        "Page 8",
        "…",
        "Page 13",
        "Next page →",
    ]
    (current,) = nav.findall(".//a[@aria-current='page']")
    assert text_of(current) == "Page 6"


def test_sort_and_per_page_wait_for_apply(labour):
    form = page(labour, "/search?q=labor&status=completed&page=2&per_page=10").find(".//form[@class='order']")

    chosen = [
        option.get("value") for option in form.findall(".//option") if option.get("selected") is not None
    ]
    assert chosen == ["relevance", "10"]
    assert [(one.get("name"), one.get("value")) for one in form.findall("input")] == [
        ("q", "labor"),
        ("status", "completed"),
    ]
    assert text_of(form.find("button")) == "Apply"


def test_a_page_beyond_the_end_leads_back(client):
    tree = page(client, "/search?page=9")

    assert links(tree)["Go to the last page, 1"] == "/search"


def test_a_search_can_be_taken_elsewhere(client):
    tree = page(client, "/search?q=labor&per_page=2&page=2")

    assert links(tree, ".//details[@class='export']//a") == {
        "CSV": "/search.csv?q=labor",
        "XLSX": "/search.xlsx?q=labor",
        "JSON lines": "/search.jsonl?q=labor",
        "JSON": "/api/v1/search?q=labor&per_page=2&page=2",
        "Feed": "/search.atom?q=labor",
        "Copy link": "/search?q=labor&per_page=2&page=2",
    }
    feed = tree.find(".//link[@type='application/atom+xml']")
    assert feed.get("href") == "/search.atom?q=labor"


def test_a_project_keeps_the_search_that_found_it(client):
    results = page(client, "/search?q=labor&sort=start_date")
    address = links(results)[VISION_ZERO.title]

    tree = page(client, address)
    assert [mark.text for mark in tree.findall(".//main//mark")] == ["labor", "Labor"]
    trail = links(tree, ".//nav[@aria-label='Results']//a")
    assert trail["Back to results"] == "/search?q=labor&sort=start_date"
    assert text_of(page(client, trail["← Previous project"]).find(".//h1")) == CALLE.title
    assert text_of(page(client, trail["Next project →"]).find(".//h1")) == CAMINOS.title


def test_a_project_alone_has_no_trail(client):
    tree = page(client, f"/projects/{TECLAB.id}")

    assert tree.find(".//nav[@aria-label='Results']") is None
    assert tree.findall(".//main//mark") == []


def test_a_project_tells_all_its_facts(labour):
    tree = page(labour, "/projects/cocoa-ghana?as_of=2020-01-01")

    facts = dict(
        zip(
            texts(tree, ".//dl[@class='facts-list']/div/dt"),
            texts(tree, ".//dl[@class='facts-list']/div/dd"),
            strict=True,
        )
    )
    assert facts == {
        "Grantee": "Meridian Institute for Work",
        "Start": "1 October 2019",
        "End": "30 September 2023",
        "Duration": "4 years",
        "Status": "Active as of 1 January 2020",
        "Country": "Ghana",
        "Amount": "USD 4,000,000",
        "World region (from the country)": "Western Africa",
        "First seen": whole(today()),
        "Identifier": "cocoa-ghana",
    }


def test_a_project_can_be_cited_and_read_by_programs(client, seed_index):
    tree = page(client, f"/projects/{TECLAB.id}")

    cite = text_of(tree.find(".//section[@class='part cite']"))
    built = whole(datetime.fromisoformat(client.get("/api/v1/search").json["index"]["built_at"]))
    for part in (
        TECLAB.title,
        "Ergo Group, Inc.",
        f"http://localhost/projects/{TECLAB.id}",
        f"as of {built}",
    ):
        assert part in cite
    described = tree.find(".//script[@type='application/ld+json']").text
    assert f'"identifier": "{TECLAB.id}"' in described
    assert '"foundingDate": "2023-01-23"' in described
    assert tree.find(".//link[@rel='alternate']").get("href") == f"/projects/{TECLAB.id}.json"


def test_similar_projects_tell_what_tells_them_apart(labour):
    tree = page(labour, "/projects/cocoa-ghana")

    items = tree.findall(".//section[@aria-labelledby='similar']//li")
    assert 0 < len(items) <= 5
    known = text_of(tree.find(".//article"))
    for item in items:
        (apart,) = texts(item, "p[@class='note']")
        words = apart.removeprefix("Only in this one: ").split(", ")
        assert words
        assert [word for word in words if word in known] == []


def test_grantees_are_listed_a_to_z(labour):
    tree = page(labour, "/grantees")

    listed = links(tree, ".//main//section//a")
    assert set(listed) == {one.grantee for one in LABOUR.values() if one.grantee}
    letters = texts(tree, ".//nav[@aria-label='Letters']//a")
    assert letters == sorted(letters)
    for name, href in list(listed.items())[:5]:
        assert page(labour, href).findtext(".//h1") == name


def test_the_reference_lists_every_operation_parameter_and_object(client):
    spec = client.get("/api/v1/openapi.json").json
    tree = page(client, "/api/docs")

    names = {parameter["name"] for path in spec["paths"].values() for parameter in path["get"]["parameters"]}
    assert {row.text for row in tree.findall(".//tbody/tr/th/code")} == names
    assert {text_of(one) for one in tree.findall(".//div[@class='objects']//h3")} == set(
        spec["components"]["schemas"]
    )
    assert [part.path for part in operation_parts(spec, EXAMPLES, {})] == list(spec["paths"])
    assert all(one.fields and one.meaning for one in components(spec))


@pytest.mark.parametrize("held", [SEED, [replace(CALLE, grantee=None)], []], ids=["full", "nobody", "empty"])
def test_every_example_of_the_reference_answers(tmp_path, held):
    client = application(index_of(tmp_path, held)).test_client()
    examples = [one for one in links(page(client, "/api/docs")).values() if one.startswith("/api/v1/")]

    assert {one: client.get(one).status_code for one in examples} == dict.fromkeys(examples, 200)
    assert any(one.endswith("/similar") for one in examples) == bool(held)
    assert any(one.startswith("/api/v1/search?q=") for one in examples)


def test_without_an_index_the_reference_names_nothing_made_up(tmp_path):
    examples = links(page(application(tmp_path / "none").test_client(), "/api/docs")).values()

    assert not any("/projects/" in one or "/grantees/" in one for one in examples)


def test_the_site_s_name_is_a_setting(seed_index):
    tree = page(application(seed_index, SEARCH_SITE_NAME="Labor & <Grants>").test_client(), "/search")

    assert tree.findtext(".//title") == "5 projects – Labor & <Grants>"


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        pytest.param(date(2023, 12, 15), date(2027, 12, 14), "4 years", id="whole-years"),
        pytest.param(date(2023, 1, 1), date(2023, 1, 31), "1 month", id="one-month"),
        pytest.param(date(2023, 1, 1), date(2023, 1, 10), "less than a month", id="days"),
        pytest.param(date(2023, 1, 1), date(2023, 2, 20), "2 months", id="more-than-half"),
        pytest.param(date(2023, 1, 31), date(2023, 3, 1), "1 month", id="less-than-half"),
        pytest.param(date(2023, 1, 1), date(2026, 8, 31), "3 years 8 months", id="years-and-months"),
        pytest.param(date(2022, 1, 1), date(2023, 1, 31), "1 year 1 month", id="one-of-each"),
        pytest.param(date(9999, 1, 1), date(9999, 12, 31), "1 year", id="end-of-the-calendar"),
        pytest.param(None, date(2023, 1, 1), None, id="unknown-start"),
        pytest.param(date(2023, 1, 1), None, None, id="unknown-end"),
    ],
)
def test_a_duration_is_told_as_people_say_it(start, end, told):
    assert duration(start, end) == told


def test_what_is_doubtful_in_the_sources_stands_on_the_page_of_changes(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "grants.csv").write_text(
        "title,start,<b>grante</b>\nSafe Gold,01/02/2020,x\nTotal,,\n", encoding="utf-8"
    )
    reindex(corpus, tmp_path / "index")
    tree = page(application(tmp_path / "index").test_client(), "/changes")
    (section,) = [one for one in tree.findall(".//section") if one.get("aria-labelledby") == "doubts"]
    doubts = texts(section, ".//li")
    assert text_of(section.find("h2")) == f"Doubtful in the sources ({len(doubts)})"
    assert any(doubt.startswith("grants.csv: dates read with the month first") for doubt in doubts)
    assert any(doubt.startswith("grants.csv:3: 1 row left out as totals") for doubt in doubts)
    assert section.findall(".//b") == []
