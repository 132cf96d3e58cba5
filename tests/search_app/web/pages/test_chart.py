"""The chart of years: an axis of one width, every count a bar, the chosen span in it, labels that fit."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Project
from search_app.web.pages.parts.drawing.axis import MOST_BARS, SETS, axis_of
from tests.building import index_of
from tests.conftest import application
from tests.html import parsed, text_of, texts

YEARS = st.integers(1900, 2060)
# Of a year in small digits, in the size of the page's text.
LABEL_REM = 2.0
# The least width of the chart for each set of labels, as the style sheet has it.
LEAST_REM = {"few": 8.75, "some": 15, "many": 30}


@st.composite
def axes(draw):
    return axis_of(*sorted((draw(YEARS), draw(YEARS))))


@given(axes())
def test_an_axis_has_one_width_and_few_bars(axis):
    starts = list(axis.starts())

    assert len(starts) == axis.size <= MOST_BARS
    assert {after - before for before, after in pairwise(starts)} <= {axis.width}
    assert starts[-1] + axis.width - 1 == axis.last


@given(axes())
def test_no_label_meets_another_in_any_set(axis):
    for name, most in SETS:
        shown = [one.percent for one in axis.ticks() if name in one.sets.split()]
        assert 1 <= len(shown) <= most
        for before, after in pairwise(shown):
            if axis.size > 6:
                assert (after - before) / 100 * LEAST_REM[name] >= LABEL_REM


@given(axes(), st.dates(date(1850, 1, 1), date(2100, 1, 1)), st.dates(date(1850, 1, 1), date(2100, 1, 1)))
def test_days_stand_in_their_order_on_an_axis(axis, one, other):
    earlier, later = sorted((one, other))

    assert 0 <= axis.share(earlier) <= axis.share(later) <= axis.share(later, after=True) <= 1


def test_a_year_that_is_hardly_meant_stretches_no_axis():
    assert axis_of(1, 2020).first == 1900
    assert axis_of(2015, 9999).last < 2100
    assert (axis_of(1, 1).first, axis_of(1, 1).size) == (1, 1)


PROJECTS = [
    Project("a", "Wells", start=date(2001, 1, 1), end=date(2003, 6, 30)),
    Project("b", "Roads", start=date(2003, 1, 1), end=date(2004, 6, 30)),
    Project("c", "Roads again", start=date(2009, 1, 1), end=date(2010, 6, 30)),
    Project("d", "No end", start=date(2010, 1, 1)),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return application(index_of(tmp_path_factory.mktemp("chart"), PROJECTS)).test_client()


def chart(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return parsed(answer).find(".//div[@class='chart']")


def listed(tree):
    return texts(tree, ".//ol[@class='years']/li")


def bands(tree):
    return [
        (float(one.get("x")), float(one.get("width"))) for one in tree.findall(".//{*}rect[@class='band']")
    ]


@pytest.mark.parametrize("path", ["/", "/search"])
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("", ["2001 1 project", "2002 1 project", "2003 2 projects", "2004 1 project", "2009 1 project", "2010 1 project"]),
        ("?chart=started", ["2001 1 project", "2003 1 project", "2009 1 project", "2010 1 project"]),
        ("?chart=ended", ["2003 1 project", "2004 1 project", "2010 1 project"]),
    ],
)  # fmt: skip
def test_every_count_above_0_is_a_bar_and_a_link_of_a_list(client, path, kind, expected):
    tree = chart(client, path + kind)

    assert listed(tree) == expected
    drawn = tree.findall(".//{*}svg[@class='plot']/{*}a")
    assert [text_of(one).replace(":", "") for one in drawn] == expected
    assert [one.get("href") for one in drawn] == [one.get("href") for one in tree.findall(".//li/a")]
    assert {one.get("tabindex") for one in drawn} == {"-1"}
    for one, told in zip(drawn, expected, strict=True):
        found = parsed(client.get(one.get("href")))
        assert text_of(found.find(".//h1")) == told.split(" ", 1)[1]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Active by year, 2001 to 2010. Most: 2 projects in 2003."),
        ("?chart=ended", "Ended by year, 2003 to 2010. Most: 1 project in each of 2003, 2004 and 2010."),
        ("?chart=started", "Started by year, 2001 to 2010. Most: 1 project in each of 4 years."),
        ("?q=again", "Active by year, 2009 to 2010. Most: 1 project in each of 2009 and 2010."),
    ],
)
def test_the_sentence_names_each_year_that_has_the_most(client, query, said):
    note = text_of(chart(client, f"/search{query}").find("p[@class='note']"))

    assert note.startswith(said)


def test_bars_of_several_years_are_counted_as_spans(tmp_path):
    apart = [
        Project(str(year), "Wells", start=date(year, 1, 1), end=date(year, 2, 1))
        for year in range(1900, 2001, 20)
    ]
    client = application(index_of(tmp_path, apart)).test_client()

    note = text_of(chart(client, "/search").find("p[@class='note']"))
    assert note == "Active by year, 1900 to 2004. Most: 1 project in each of 6 spans of 5 years."


def test_a_chart_without_bars_says_so(tmp_path):
    far = [Project(str(year), "Wells", start=date(year, 1, 1), end=date(year, 2, 1)) for year in (1200, 8000)]
    client = application(index_of(tmp_path, far)).test_client()

    note = text_of(chart(client, "/search").find("p[@class='note']"))
    assert note.endswith(": no projects.")
    assert note.startswith("Active by year, 1900 to ")


def test_the_other_years_are_a_click_away_and_keep_the_search(client):
    tree = chart(client, "/search?q=roads&sort=title")

    assert text_of(tree.find("p[@class='switch']/b")) == "Active"
    assert [one.get("href") for one in tree.findall("p[@class='switch']/a")] == [
        "/search?q=roads&sort=title&chart=started",
        "/search?q=roads&sort=title&chart=ended",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("active_year=2002-2003", [(1, 2)]),
        ("active_year=2001&active_year=2009", [(0, 1), (8, 1)]),
        ("active_from=2003&active_to=2009", [(2, 7)]),
        ("active_on=2003", [(2, 1)]),
        ("active_from=2003-07-02", [(0.499, 7.501)]),
        ("active_year=1991", [(0, 1)]),
    ],
)
def test_the_chosen_span_is_drawn(client, query, expected):
    assert bands(chart(client, f"/search?{query}")) == expected


def test_a_search_narrowed_by_starts_has_the_chart_of_starts(client):
    tree = chart(client, "/search?start_from=2003")

    assert text_of(tree.find("p[@class='switch']/b")) == "Started"
    assert (listed(tree)[0], len(bands(tree))) == ("2003 1 project", 1)
    radio = parsed(client.get("/search?chart=ended")).find(".//input[@name='date_mode'][@checked]")
    assert radio.get("value") == "ended"


def test_unknown_dates_are_a_link(client):
    tree = chart(client, "/search?chart=ended")
    (unknown,) = tree.findall("p[@class='note']/a")

    assert (text_of(unknown), unknown.get("href")) == (
        "Unknown: 1 project",
        "/search?end_year=unknown&chart=ended",
    )
    found = parsed(client.get(unknown.get("href")))
    assert texts(found, ".//article/h2") == ["No end"]
    assert "Ended in: Unknown" in texts(found, ".//div[@class='chips']//a")[0]


def test_one_year_alone_is_no_chart(client):
    assert chart(client, "/search?q=again&chart=started") is None
    assert bands(chart(client, "/search?q=again&chart=started&start_year=2009")) == [(0, 1)]


def test_years_that_are_hardly_meant_widen_neither_a_chart_nor_the_summary(tmp_path):
    amount = (("Amount", "$5"),)
    far = [
        Project("old", "Roads of old", start=date(1850, 1, 1), end=date(1851, 1, 1), extra=amount),
        Project("later", "Roads of then", start=date(8000, 1, 1), end=date(8001, 1, 1), extra=amount),
    ]
    near = [replace(one, extra=amount) for one in PROJECTS]
    client = application(index_of(tmp_path, near + far)).test_client()
    home, listed, drawn = (parsed(client.get(one)) for one in ("/", "/search", "/search?view=timeline"))

    assert "6 projects, 2001–2010, 0 grantees" in texts(home, ".//p[@class='lead']")
    assert "Active by year, 2001 to 2010." in text_of(home.find(".//div[@class='chart']"))
    [*years] = map(str, range(2001, 2011))
    assert texts(listed, ".//figure//span[@class='value']") == years
    axis = texts(drawn.find(".//div[@class='row axis']"), ".//{*}text")
    assert (axis[0], axis[-1]) == ("2001", "2010")
