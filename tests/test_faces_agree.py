"""Page, JSON, file and feed are one search: the same hits, in the same order, with the same totals."""

import csv
import io
import json
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from search_app.web.exports.tabular import plain
from tests.html import parsed
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

SEARCHES = [
    pytest.param("", id="everything"),
    pytest.param("q=labour+inspection", id="words"),
    pytest.param("q=work&op=or&sort=title", id="any-word-by-title"),
    pytest.param("q=zebra+children", id="relaxed"),
    pytest.param("q=%22fair+recruitment%22+OR+cocoa", id="operators"),
    pytest.param("active_on=2016&as_of=2016-06-30", id="active-on"),
    pytest.param("start_from=2015&end_to=2020&sort=-end_date", id="within"),
    pytest.param("status=completed&status=unknown&as_of=2020-01-01&sort=start_date", id="statuses"),
    pytest.param("active_year=2010-2014&sort=grantee", id="years"),
    pytest.param("q=zzzzzz", id="nothing"),
]


def from_json(client, query):
    every, address = [], f"/api/v1/search?{query}&per_page=100"
    answer = client.get(address).json
    every = [hit["id"] for hit in answer["results"]]
    assert answer["total"] == len(every)
    return every


def from_page(client, query):
    every, address = [], f"/search?{query}&per_page=10"
    while address:
        page = parsed(client.get(address))
        every += [project_of(link) for link in page.findall(".//article/h2/a")]
        following = page.find(".//link[@rel='next']")
        address = following.get("href") if following is not None else None
    return every


def project_of(link):
    return unquote(urlsplit(link.get("href")).path.removeprefix("/projects/"))


def from_file(client, query):
    text = client.get(f"/search.csv?{query}").data.decode("utf-8-sig")
    return [row["id"] for row in csv.DictReader(io.StringIO(text))]


def rows_of_workbook(client, query):
    """Return the rows of the first sheet as mappings by heading."""
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/search.xlsx?{query}").data))
    heading, *rows = book.active.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def lines_of(client, query):
    return [json.loads(line) for line in client.get(f"/search.jsonl?{query}").data.splitlines()]


def from_feed(client, query):
    feed = ET.fromstring(client.get(f"/search.atom?{query}").data)
    links = feed.findall("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}link")
    return [project_of(link) for link in links]


@pytest.mark.parametrize("query", SEARCHES)
def test_page_json_and_file_have_the_same_hits_in_the_same_order(labour, query):
    expected = from_json(labour, query)

    assert from_page(labour, query) == expected
    assert from_file(labour, query) == expected
    assert [row["id"] for row in rows_of_workbook(labour, query)] == expected
    assert [line["id"] for line in lines_of(labour, query)] == expected


@pytest.mark.parametrize("query", SEARCHES)
def test_file_and_workbook_have_the_same_cells(labour, query):
    text = labour.get(f"/search.csv?{query}").data.decode("utf-8-sig")
    cells = [list(row.values()) for row in csv.DictReader(io.StringIO(text))]

    assert [list(map(as_text, row.values())) for row in rows_of_workbook(labour, query)] == cells


def as_text(cell):
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return plain(cell) if isinstance(cell, float) else str(cell)


def test_a_line_is_what_the_api_says_of_the_project(labour):
    lines = lines_of(labour, "q=labor")

    assert lines
    for line in lines:
        project = labour.get(f"/api/v1/projects/{line['id']}").json
        assert line == {**project, "url": f"http://localhost{project['url']}"}


@pytest.mark.parametrize("query", SEARCHES)
def test_the_feed_has_the_same_hits_newest_first(labour, query):
    newest = from_json(
        labour, "&".join([*(part for part in query.split("&") if "sort=" not in part), "sort=-start_date"])
    )

    assert from_feed(labour, query) == newest[:50]


def narrows(facet, total):
    """Tell whether a page shows a facet: where all hits have the one value, there is nothing to choose."""
    buckets = facet["buckets"]
    by_number = any(isinstance(one.get("to"), float) for one in buckets)
    return (
        any(one["selected"] for one in buckets)
        or any(0 < one["count"] < total for one in buckets)
        or (by_number and total > 1)
    )


@pytest.mark.parametrize("query", SEARCHES)
def test_each_number_on_the_page_is_what_the_api_finds_behind_its_link(labour, query):
    answer = labour.get(f"/api/v1/search?{query}").json
    page = parsed(labour.get(f"/search?{query}"))

    total = (
        "No projects"
        if not answer["total"]
        else "1 project"
        if answer["total"] == 1
        else f"{answer['total']} projects"
    )
    assert page.findtext(".//h1").startswith(total)
    chosen = {name for name, _ in parse_qsl(query)}
    led_to = set()
    for link, count in counted(page):
        asked = parse_qsl(urlsplit(link).query)
        added = {name for name, _ in asked} - chosen
        # Where values of a facet are chosen already, another one adds to them.
        if len(added) == 1:
            led_to |= added
            assert labour.get(f"/api/v1/search?{urlencode(asked)}&facets=none").json["total"] == count, link
    narrowing = {name for name, facet in answer["facets"].items() if narrows(facet, answer["total"])}
    assert narrowing - led_to <= chosen | {"start_year", "end_year", "active_year", "amount"}
    assert (led_to & {"active_year"}) or not narrowing & {"active_year"} or chosen


def counted(page):
    """Yield the address and the number of projects of each link of a facet, and of each year of the chart."""
    for link in page.findall(".//ul[@class='buckets']/li/a"):
        if number := link.findtext("span[@class='count']"):
            yield link.get("href"), int(number.replace(",", ""))
    for one in page.findall(".//ol[@class='years']/li"):
        yield one.find("a").get("href"), int(one.find("a").tail.split()[0].replace(",", ""))


def test_a_page_address_is_an_api_address(labour):
    query = "q=child&status=completed&as_of=2020-01-01&per_page=10&sort=title"

    html = [project_of(link) for link in parsed(labour.get(f"/search?{query}")).findall(".//article/h2/a")]
    assert html == [hit["id"] for hit in labour.get(f"/api/v1/search?{query}").json["results"]]
