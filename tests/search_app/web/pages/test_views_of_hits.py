"""The table and the timeline: the same hits as the list, in other forms that the address keeps."""

import csv
from datetime import date
from io import StringIO
from urllib.parse import parse_qsl, urlsplit

import pytest

from indexer.document import Project
from tests.building import index_of
from tests.conftest import application
from tests.html import parsed, text_of, texts

DAY = "as_of=2022-01-01"
PROJECTS = [
    Project("a", "Wells", "Deep", "Verité", date(2020, 1, 1), date(2021, 12, 31), (("Amount", "$1,500,000"), ("Country", "Peru"))),
    Project("b", "Roads", "Long", "Ergo", date(2022, 1, 1), date(2023, 12, 31), (("Amount", "$20,000"), ("Country", "Mali; Peru"))),
    Project("c", "مدارس", "Ar", "", date(2023, 1, 1), date(2029, 12, 31), (("Country", "Mali"),)),
    Project("d", "No end", "", "Ergo", date(2022, 1, 1), None, (("Amount", "$5"),)),
    Project("e", "No start", "", "Ergo", None, date(2024, 12, 31), (("Country", "Mali"),)),
    Project("f", "No dates", "", "Ergo", None, None, (("Country", "Mali"),)),
]  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return application(index_of(tmp_path_factory.mktemp("views"), PROJECTS)).test_client()


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return parsed(answer)


def test_the_other_views_are_links_that_keep_the_search(client):
    tree = page(client, f"/search?q=roads&{DAY}&page=1&per_page=10")
    views = tree.find(".//div[@class='tools']/p[@class='switch']")

    assert text_of(views.find("b")) == "List"
    assert [(text_of(one), one.get("href")) for one in views.findall("a")] == [
        ("Table", f"/search?q=roads&{DAY}&view=table&per_page=10"),
        ("Timeline", f"/search?q=roads&{DAY}&view=timeline&per_page=10"),
    ]


@pytest.mark.parametrize("view", ["table", "timeline"])
def test_every_view_has_the_hits_of_the_list_with_its_links(client, view):
    in_list = [
        (text_of(one), one.get("href")) for one in page(client, f"/search?{DAY}").findall(".//article/h2/a")
    ]
    tree = page(client, f"/search?{DAY}&view={view}")
    path = ".//table//th/a" if view == "table" else ".//div[@class='timeline']/ol/li/a"

    found = [(text_of(one), urlsplit(one.get("href"))) for one in tree.findall(path)]
    assert [href.path for _, href in found] == [urlsplit(href).path for _, href in in_list]
    assert all(text.startswith(title) for (text, _), (title, _) in zip(found, in_list, strict=True))
    assert {f"view={view}" in href.query for _, href in found} == {True}


def test_a_table_has_the_usual_columns_until_others_are_chosen(client):
    tree = page(client, f"/search?{DAY}&view=table&sort=title")

    usual = ["Project", "Grantee", "Start", "End", "Status", "Country", "Amount"]
    assert texts(tree, ".//thead/tr/th") == usual
    rows = [texts(row, "*") for row in tree.findall(".//tbody/tr")]
    assert rows[-2] == ["Wells", "Verité", "1 Jan 2020", "31 Dec 2021", "Completed", "Peru", "USD 1,500,000"]
    assert rows[0] == ["No dates", "Ergo", "unknown", "unknown", "Unknown", "Mali", ""]


def test_the_columns_are_chosen_by_a_form_and_stay_in_the_address_and_in_files(client):
    tree = page(client, f"/search?q=wells&{DAY}&view=table&per_page=10")
    form = tree.find(".//details[@class='choose']/form")
    boxes = {one.get("value") for one in form.findall(".//input[@name='columns']")}
    assert boxes == {"grantee", "start_date", "end_date", "status", "amount", "country", "world_region"}
    kept = {one.get("name"): one.get("value") for one in form.findall("input")}
    assert kept == {"q": "wells", "as_of": "2022-01-01", "view": "table", "per_page": "10"}

    tree = page(client, f"/search?q=wells&{DAY}&view=table&columns=country&columns=amount")
    assert texts(tree, ".//thead/tr/th") == ["Project", "Country", "Amount"]
    links = {text_of(one): one.get("href") for one in tree.findall(".//details[@class='export']//a")}
    assert [value for name, value in parse_qsl(urlsplit(links["CSV"]).query) if name == "columns"] == [
        "country",
        "amount",
    ]
    rows = list(csv.reader(StringIO(client.get(links["CSV"]).data.decode("utf-8-sig"))))
    assert rows[0] == ["id", "title", "url", "country", "amount", "amount_currency"]
    assert rows[1][-3:] == ["Peru", "1500000", "USD"]
    assert client.get(links["XLSX"]).status_code == 200
    assert client.get("/api/v1/search?q=wells&view=table&columns=amount&chart=ended").status_code == 200
    assert client.get("/api/v1/search?view=wall&columns=colour").status_code == 400


def spans(tree):
    """Return what is drawn for each hit: begin and end in percent, and whether a date is unknown."""
    found = {}
    for row in tree.findall(".//div[@class='timeline']/ol/li"):
        lane = row.find(".//{*}svg")
        bar, line = lane.find("{*}rect"), lane.find("{*}line")
        name = text_of(row.find(".//span[@class='name']"))
        if bar is not None:
            begin = float(bar.get("x").rstrip("%"))
            found[name] = (begin, begin + float(bar.get("width").rstrip("%")), False)
        elif line is not None:
            found[name] = (float(line.get("x1").rstrip("%")), float(line.get("x2").rstrip("%")), True)
        else:
            found[name] = None
    return found


def test_bars_go_from_start_to_end_and_unknown_dates_are_told(client):
    tree = page(client, f"/search?{DAY}&view=timeline")
    found = spans(tree)

    # Ten years, 2020 to 2029.
    assert found["Wells"] == (0, 20, False)
    assert found["Roads"] == pytest.approx((20, 40, False))
    assert found["مدارس"] == pytest.approx((30, 100, False))
    assert found["No end"] == (20, 100, True)
    assert found["No start"] == (0, 50, True)
    assert found["No dates"] is None
    told = {
        text_of(one.find(".//span[@class='name']")): text_of(one)
        for one in tree.findall(".//div[@class='timeline']/ol/li/a")
    }
    assert told["No end"].startswith("No end Jan 2022 – end unknown, status unknown")
    assert told["Wells"].startswith("Wells Jan 2020 – Dec 2021, completed")
    day = tree.find(".//{*}line[@class='day']")
    assert (day.get("x1"), "1 January 2022" in text_of(tree.find(".//p[@class='legend note']"))) == (
        "20.0%",
        True,
    )


def test_a_status_is_told_by_a_pattern(client):
    tree = page(client, f"/search?{DAY}&view=timeline")
    patterns = {one.get("id") for one in tree.findall(".//{*}pattern")}
    fills = {
        text_of(row.find(".//span[@class='name']")): (row.find(".//{*}rect").get("fill") or "").strip(
            "url(#)"
        )
        for row in tree.findall(".//div[@class='timeline']/ol/li")
        if row.find(".//{*}rect") is not None
    }

    assert fills == {"Wells": "of-completed", "Roads": "", "مدارس": "of-planned"}
    assert {one for one in fills.values() if one} == patterns


def test_a_timeline_of_undated_projects_is_their_list(client):
    tree = page(client, "/search?q=%22no+dates%22&view=timeline")

    assert spans(tree) == {"No dates": None}
