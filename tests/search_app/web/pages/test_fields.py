"""Own fields on the pages: facts, totals, orders, forms, exclusion."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from indexer.document import Project
from indexer.storage.own_fields import OwnField
from search_app.request import Number, Range
from search_app.results import Money, Total, Totals
from search_app.web.pages.parts.facts import ListedFact, ListedFacts
from search_app.web.pages.parts.readable.money import amount, exact, rounded, totals_line
from tests.building import index_of
from tests.conftest import application
from tests.html import parsed, text_of, texts

THEMES = ["Water", "Water", "Health", "Roads", "Health", "Water"]
AMOUNTS = ["$1,500,000", "$20,000,000", "EUR 2,000,000", "up to EUR 1,000,000", "25,000 GBP", None]
COUNTRIES = ["Peru", "Ghana; Mali", "Peru", "Mali", "Peru; Ghana; Mali; Kenya; Haiti", "Q & < A"]


def a_project(number):
    columns = {
        "Theme": THEMES[number],
        "Country": COUNTRIES[number],
        "Signed": f"20{10 + number}-03-0{1 + number}",
        "Participants": str(10 * number),
        "Link": f"https://grants.example/{number}",
        "Amount": AMOUNTS[number],
        "Contact": f"Person {number}",
    }
    return Project(
        f"p{number}",
        f"Wells {number}",
        "Wells & roads.",
        "Verité",
        date(2021 - number, 1, 1),
        date(2022, 1, 1),
        tuple((name, text) for name, text in columns.items() if text),
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A client over six projects in several currencies, one without an amount."""
    folder = tmp_path_factory.mktemp("fields")
    return application(index_of(folder, [a_project(number) for number in range(6)])).test_client()


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return parsed(answer)


def facet(tree, label):
    """Return a facet of the page by its label, None where it is not shown."""
    shown = {text_of(one.find("summary")): one for one in tree.findall(".//details[@class='facet']")}
    return shown.get(label)


def facts(tree, path):
    return dict(zip(texts(tree, f"{path}/div/dt"), texts(tree, f"{path}/div/dd"), strict=True))


def sent(form, **typed):
    """Return the parameters that a form sends when it is filled in."""
    fields = {one.get("name"): one.get("value") or "" for one in form.findall(".//input")}
    assert typed.keys() <= fields.keys()
    return fields | typed


def test_a_result_is_added_up_currency_by_currency(client):
    assert texts(page(client, "/search"), ".//p[@class='totals']") == [
        "Amount: USD 21.5 million in 2 projects, EUR 3 million in 2, GBP 25,000 in 1; 1 states none"
    ]
    assert texts(page(client, "/search?theme=Health"), ".//p[@class='totals']") == [
        "Amount: EUR 2 million in 1 project, GBP 25,000 in 1"
    ]
    assert texts(page(client, "/search?q=zebra"), ".//p[@class='totals']") == []


def test_money_is_charted_by_year_for_each_currency_that_has_several(client):
    charts = page(client, "/search").findall(".//figure")

    assert [one.get("aria-label") for one in charts] == [
        "Amount by year of start, USD", "Amount by year of start, EUR",
    ]  # fmt: skip
    assert [text.replace("\xa0", " ") for text in texts(charts[0], ".//li/span/span[@class='hidden']")] == [
        "USD 20 million in 1 project, started in", "USD 1.5 million in 1 project, started in"
    ]  # fmt: skip
    assert texts(charts[0], ".//li/span[@class='value']") == ["2020", "2021"]
    lengths = [one.get("height") for one in charts[0].iter() if str(one.tag).endswith("rect")]
    assert lengths == ["100%", "8%"]
    assert texts(charts[0], "p") == ["Not in the chart: 1 project without an amount."]
    # One year is no chart.
    assert page(client, "/search?theme=Health").findall(".//figure") == []


def test_a_sum_without_a_currency_says_so():
    totals = (Total("EUR", 1, 3e6, 3e6), Total("", 2, 3_500.5, 1_750.25))

    assert totals_line(Totals("amount", "Amount", totals, 1_200)).replace("\xa0", " ") == (
        "EUR 3 million in 1 project, 3,500.50 (no currency stated) in 2; 1,200 state none"
    )


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0, "0"),
        (940_500, "940,500"),
        (999_999.99, "999,999.99"),
        (1_000_000, "1 million"),
        (1_234_567, "1.23 million"),
        (23_449_999, "23.4 million"),
        (999_960_000, "1 billion"),
        (1_250_000_000, "1.25 billion"),
        (-2_500_000, "−2.5 million"),
        (4.2e15, "4,200 trillion"),
    ],
)
def test_a_sum_is_told_in_a_few_digits(number, told):
    assert rounded(number).replace("\xa0", " ") == told


@pytest.mark.parametrize(
    ("number", "told"),
    [(1_500_000, "1,500,000"), (1_500.5, "1,500.50"), (2.125, "2.125"), (-3, "−3"), (1e15, f"{10**15:,}")],
)
def test_an_amount_is_told_whole(number, told):
    assert exact(number) == told
    assert amount(Money(number, "")) == f"{told} (no currency stated)"


def test_a_hit_has_at_most_four_facts_money_among_them(client):
    hits = page(client, "/search?sort=-amount").findall(".//article")

    assert facts(hits[0], "dl[@class='facts own']") == {
        "Country": "Ghana; Mali",
        "Theme": "Water",
        "Signed": "2 March 2011",
        "Amount": "USD 20,000,000",
    }
    without = next(hit for hit in hits if text_of(hit.find("h2")) == "Wells 5")
    assert facts(without, "dl[@class='facts own']")["Amount"] == "unknown"
    assert "Amount" not in facts(
        page(client, "/search?q=%22wells+5%22").find(".//article"), "dl[@class='facts own']"
    )
    long = next(hit for hit in hits if text_of(hit.find("h2")) == "Wells 4")
    assert facts(long, "dl[@class='facts own']")["Country"] == "Ghana; Haiti; Kenya and 2 more"


@pytest.mark.parametrize("sort", ["-amount", "amount", "-signed"])
def test_each_hit_says_what_it_is_in_the_order_of_in_every_view(client, sort):
    label = sort.removeprefix("-").capitalize()

    told = [
        facts(one, "dl[@class='facts own']")[label]
        for one in page(client, f"/search?sort={sort}").findall(".//article")
    ]
    table = page(client, f"/search?sort={sort}&view=table")
    place = texts(table, ".//thead//th").index(label)
    cells = [texts(row, "*")[place] or "unknown" for row in table.findall(".//tbody/tr")]
    rows = texts(page(client, f"/search?sort={sort}&view=timeline"), ".//span[@class='facts']")
    assert len(told) == len({*told}) == 6
    assert cells == told
    assert [row.partition(f", {label}: ")[2] for row in rows] == told


def test_a_number_is_a_fact_of_hits_where_they_are_in_its_order():
    """Otherwise hits do not tell it: people do not compare them by numbers alone."""
    number, theme = OwnField("pupils", "Pupils", "number"), OwnField("theme", "Theme", "keyword")
    fields = {"pupils": 1200.0, "theme": ("Water",)}

    assert ListedFacts((number, theme)).of(fields) == [ListedFact("Theme", "Water")]
    in_order = ListedFacts((number, theme), "-pupils")
    assert in_order.of(fields) == [ListedFact("Pupils", "1,200"), ListedFact("Theme", "Water")]
    assert in_order.of({}) == [ListedFact("Pupils", "unknown")]


def test_own_orders_have_labels_for_people(client):
    tree = page(client, "/search?sort=-amount")

    options = {one.get("value"): text_of(one) for one in tree.findall(".//select[@name='sort']/option")}
    assert options["-amount"] == "Amount, highest first"
    assert options["amount"] == "Amount, lowest first"
    assert options["-signed"] == "Signed, newest first"
    assert options["signed"] == "Signed, oldest first"
    assert texts(tree, ".//select[@name='sort']/option[@selected]") == ["Amount, highest first"]
    assert texts(tree, ".//article/h2")[0] == "Wells 1"


def test_facets_of_fields_stand_closed_until_something_is_chosen(client):
    tree = page(client, "/search")
    assert all(facet(tree, label).get("open") is None for label in ("Theme", "Country", "Amount"))
    tree = page(client, "/search?theme=Water&amount_from=100")
    assert [facet(tree, label).get("open") is None for label in ("Theme", "Country", "Amount")] == [
        False,
        True,
        False,
    ]


def test_a_facet_that_cannot_narrow_is_not_shown(client):
    everything, one = page(client, "/search"), page(client, "/search?q=title:0")

    assert facet(everything, "Grantee") is None
    assert facet(everything, "Amount") is not None
    assert facet(one, "Amount") is None
    assert facet(one, "Theme") is None
    assert facet(page(client, "/search?q=title:0&theme=Water"), "Theme") is not None


def refusals(tree, label):
    return {
        text_of(one): one.get("href")
        for one in facet(tree, label).findall(".//details[@class='rest refuse']//a")
    }


def test_a_value_can_be_excluded(client):
    tree = page(client, "/search?q=wells&country_not=Haiti&theme=Water")

    assert refusals(tree, "Theme") == {
        f"Exclude {value}": f"/search?q=wells&country_not=Haiti&theme=Water&theme_not={value}"
        for value in ("Health", "Roads")
    }
    by_country = refusals(tree, "Country")
    assert by_country["Exclude Q & < A"] == (
        "/search?q=wells&country_not=Haiti&country_not=Q+%26+%3C+A&theme=Water"
    )
    assert texts(tree, ".//article/h2") == ["Wells 0", "Wells 1", "Wells 5"]
    assert texts(page(client, by_country["Exclude Ghana"]), ".//article/h2") == ["Wells 0", "Wells 5"]


def test_only_values_that_are_seen_at_once_can_be_excluded(tmp_path):
    projects = [
        Project(f"p{number}", f"Title {number}", extra=(("Theme", f"Theme {number % 30}"),))
        for number in range(90)
    ]
    tree = page(application(index_of(tmp_path, projects)).test_client(), "/search")

    theme = facet(tree, "Theme")
    # What is refused is behind one stop of the Tab key, and so are the values that are not seen at once.
    assert len(theme.findall("ul/li")) == 8
    folded = [len(one.findall("ul/li")) for one in theme.findall("details")]
    assert (folded, len(refusals(tree, "Theme"))) == ([8], 8)
    assert texts(theme, "p") == [
        "See all of Theme (22 more). A word finds them as well: theme:word in the search box"
    ]


def test_a_number_form_keeps_the_search(client):
    tree = page(client, "/search?q=wells&theme=Water&theme=Health&sort=-amount&page=1")
    form = facet(tree, "Amount").find(".//form")

    assert form.get("action") == "/search"
    assert texts(form, ".//label") == ["From", "To"]
    assert text_of(form.find(".//button")) == "Apply Amount"
    hidden = [(one.get("name"), one.get("value")) for one in form.findall(".//input[@type='hidden']")]
    assert hidden == [("q", "wells"), ("theme", "Water"), ("theme", "Health"), ("sort", "-amount")]
    answer = client.get("/search", query_string=[*hidden, ("amount_from", " 1,500,000 "), ("amount_to", "")])
    assert answer.status_code == 303
    assert parse_qsl(urlsplit(answer.headers["Location"]).query) == [
        ("q", "wells"), ("theme", "Water"), ("theme", "Health"), ("amount_from", "1500000"), ("sort", "-amount"),
    ]  # fmt: skip
    tree = page(client, answer.headers["Location"])
    assert texts(tree, ".//article/h2") == ["Wells 1", "Wells 2", "Wells 0"]
    assert "Remove Amount from: 1,500,000 ×" in texts(tree, ".//div[@class='chips']//a")
    assert sent(facet(tree, "Amount").find(".//form"))["amount_from"] == "1500000"


def test_an_empty_form_changes_nothing(client):
    answer = client.get("/search?amount_from=&amount_to=&theme=Water")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/search?theme=Water")


def test_a_wrong_number_keeps_what_was_typed_and_says_so_twice(client):
    tree = page(client, "/search?amount_from=lots&amount_to=&theme=Water", status=400)

    (summary,) = tree.findall(".//section[@class='alert']//a")
    assert (text_of(summary), summary.get("href")) == ("lots", "#range-amount_from")
    form = facet(tree, "Amount").find(".//form")
    assert texts(form, ".//p[@class='error']") == ["Error: From must be a number such as 1500000 or 2.5"]
    (field,) = form.findall(".//input[@id='range-amount_from']")
    assert (field.get("value"), field.get("aria-invalid")) == ("lots", "true")
    assert facet(tree, "Amount").get("open") is not None
    assert len(tree.findall(".//article")) == 3


def test_a_range_upside_down_names_the_field(client):
    tree = page(client, "/search?amount_from=9&amount_to=5", status=400)

    assert texts(facet(tree, "Amount"), ".//p[@class='error']") == ["Error: To must not be below From (9)"]


def test_a_date_field_has_a_form_of_days(client):
    form = facet(page(client, "/search"), "Signed").find(".//form")

    assert "2021-09" in text_of(form)
    tree = page(client, "/search?signed_from=2014&signed_to=2015-02")
    assert texts(tree, ".//article/h2") == ["Wells 4"]


def test_chips_tell_ranges_as_people_read_them(client):
    tree = page(
        client, f"/search?amount={Range(1000.0, 5e6)}&amount={Range(5e6, None)}&amount_to={Number(2.5)}"
    )

    assert texts(tree, ".//div[@class='chips']/ul/li/a[@rel='nofollow']") == [
        "Remove Amount to: 2.50 ×",
        "Remove Amount: 1,000 to 5,000,000 ×",
        "Remove Amount: 5,000,000 and more ×",
    ]


def test_a_project_tells_its_fields_with_links(client):
    tree = page(client, "/projects/p3")

    told = facts(tree, ".//dl[@class='facts-list']")
    assert told["Amount"] == "EUR 1,000,000 written “up to EUR 1,000,000”"
    assert told["Signed"] == "4 March 2013"
    assert told["Contact"] == "Person 3"
    assert told["World region (from the country)"] == "Western Africa"
    leading = {text_of(one): one.get("href") for one in tree.findall(".//dl[@class='facts-list']//a")}
    assert leading["Roads"] == "/search?theme=Roads"
    assert leading["https://grants.example/3"] == "https://grants.example/3"
    assert texts(page(client, leading["Roads"]), ".//article/h2") == ["Wells 3"]


def test_a_project_shows_in_which_of_its_values_the_search_stands(client):
    tree = page(client, "/projects/p3?q=road+mali")

    assert texts(tree, ".//dl[@class='facts-list']//mark") == ["Mali", "Roads"]
    assert page(client, "/projects/p3?q=wells").find(".//dl[@class='facts-list']//mark") is None


def test_a_value_of_a_source_is_a_text(client):
    (link,) = [one for one in page(client, "/projects/p5").findall(".//dl//a") if text_of(one) == "Q & < A"]

    assert link.get("href") == "/search?country=Q+%26+%3C+A"


def test_an_address_that_is_none_is_no_link(tmp_path):
    projects = [
        Project(
            f"p{number}", f"T{number}", extra=(("Link", address), ("Budget", "12 EUR"), ("Currency", "EUR"))
        )
        for number, address in enumerate(["https://a.example/1"] * 30 + ["javascript:alert(1)"])
    ]
    client = application(index_of(tmp_path, projects)).test_client()

    tree = page(client, "/projects/p30")
    assert "javascript:alert(1)" in facts(tree, ".//dl[@class='facts-list']").values()
    assert not [one for one in tree.findall(".//a") if "javascript" in one.get("href")]
