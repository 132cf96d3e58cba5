"""At real size: what people meet where there are many years, names, scripts and long words."""

import re
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_stories import choose_year, focused, heading

PHONE, TABLET = {"width": 360, "height": 640}, {"width": 768, "height": 1024}
MOST_STOPS = 20
ADDRESSES = (
    "/",
    "/search?active_year=1980-1984",
    "/search?q=labor&view=timeline",
    "/search?q=cocoa+courts&view=table",
    "/search?q=Donaudampfschifffahrtsgesellschaft*",
    "/search?q=strengthening+capacity+institutions&per_page=100",
    "/values/grantee?q=labor",
    "/changes",
)
# Labels of an axis that meet, counts that lie over a label, and what is wider than the page.
CROWDED = """() => {
    const box = (one) => one.getBoundingClientRect();
    const shown = (one) => one.checkVisibility() && box(one).width > 0;
    const found = [];
    for (const axis of document.querySelectorAll("svg.ticks")) {
        const labels = [...axis.querySelectorAll("text")].filter(shown).map(box);
        labels.forEach((one, place) => {
            if (place && one.left < labels[place - 1].right + 1) found.push(`labels of years at ${one.left}`);
        });
        if (shown(axis) && !labels.length) found.push("no labels");
    }
    for (const link of document.querySelectorAll(".buckets a")) {
        const [value, count] = [".value", ".count"].map((name) => link.querySelector(name));
        if (value && count && shown(link) && box(value).right > box(count).left + 1) found.push(link.innerText);
    }
    if (document.documentElement.scrollWidth > innerWidth) {
        const wide = [...document.querySelectorAll("main *")].find((one) => box(one).right > innerWidth + 1);
        found.push(`wider than the page: ${wide ? wide.outerHTML.slice(0, 200) : ""}`);
    }
    return found;
}"""


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_meets_or_sticks_out_at_any_width_and_size_of_text(visit, large_site, address):
    page = visit(large_site)
    page.goto(address)
    # The filters of a narrow screen are folded until they are asked for.
    page.evaluate("location.hash = 'filters'")

    for viewport, size in product((NARROW, TABLET, WIDE), ("100%", "200%")):
        page.set_viewport_size(viewport)
        page.evaluate("(size) => { document.documentElement.style.fontSize = size }", size)
        assert page.evaluate(CROWDED) == [], f"{viewport['width']} px, text at {size}"


@pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["phone", "wide"])
@pytest.mark.parametrize(
    "query", ["q=labor", "active_year=1980-1984&sort=title", "q=child+labour&country=Peru"]
)
def test_the_first_hit_is_near(visit, large_site, viewport, query):
    page = visit(large_site, viewport=viewport)
    page.goto(f"/search?{query}")
    first = page.locator("article h2 a").first
    assert first.bounding_box()["y"] < viewport["height"]

    page.evaluate("document.querySelector('main').previousElementSibling.tabIndex")
    stops = 0
    while not first.evaluate("(one) => one === document.activeElement"):
        page.keyboard.press("Tab")
        stops += not page.evaluate("document.activeElement.closest('.skip') !== null")
        assert stops <= MOST_STOPS, focused(page)


def test_the_order_chosen_is_read_whole_on_a_phone(visit, large_site):
    page = visit(large_site, viewport=PHONE)
    page.goto("/search?q=labor&sort=-changed")

    written, room = page.locator("select[name=sort]").evaluate(
        """(select) => {
            const style = getComputedStyle(select), pen = document.createElement("canvas").getContext("2d");
            pen.font = style.font;
            const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
            return [pen.measureText(select.selectedOptions[0].text).width, room];
        }"""
    )
    assert 0 < written <= room
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_paper_cuts_off_no_column_of_a_table(visit, large_site):
    """Paper of A4 within its margins, all columns that there are, and words and names as long as any."""
    page = visit(large_site, viewport={"width": 718, "height": 1000})
    page.goto("/search?q=labor&view=table")
    for one in page.locator(".choose input").all():
        one.evaluate("(box) => { box.checked = true }")
    page.locator(".choose form").evaluate("(form) => form.submit()")
    page.wait_for_url("**columns=**")
    assert page.locator(".hits thead th").count() > 6
    page.emulate_media(media="print")

    outside = page.locator(".hits th, .hits td").evaluate_all(
        "(cells) => cells.filter((one) => one.getBoundingClientRect().right > innerWidth).length"
    )
    assert outside == 0
    assert page.locator(".scroll").evaluate("(one) => one.scrollWidth <= one.clientWidth")


def test_paper_breaks_no_day_and_no_amount_of_a_table(visit, large_site):
    page = visit(large_site, viewport={"width": 718, "height": 1000})
    for column, title in (("start_date", "Start"), ("status", "Status"), ("amount", "Amount")):
        page.goto(f"/search?q=labor&view=table&per_page=100&sort=-{column}".replace("-status", "title"))
        page.emulate_media(media="print")
        place = page.locator(".hits thead th").all_inner_texts().index(title) + 1
        cells = page.locator(f".hits tbody > tr > :nth-child({place})")
        lines = cells.evaluate_all(f"(cells) => cells.filter((one) => one.innerText.trim()).map({LINES})")
        assert len(lines) > 50
        assert {*lines} == {1}, column


def test_paper_has_a_citation_to_its_last_word(visit, large_site):
    page = visit(large_site)
    page.goto("/search?q=strengthening+capacity+institutions+inspection+workplaces")
    page.locator("article h2 a").first.click()
    assert len(page.get_by_label("Citation").input_value()) > 400
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        cut_off = page.get_by_label("Citation").evaluate("(one) => one.scrollHeight - one.clientHeight")
        assert cut_off <= 0, media


# In how many lines the text of an element is.
LINES = """(one) => {
    const text = document.createRange();
    text.selectNodeContents(one);
    return new Set([...text.getClientRects()].map((line) => line.top)).size;
}"""


@pytest.mark.parametrize("size", ["100%", "200%"])
def test_the_box_has_room_for_a_word_on_any_screen(visit, large_site, size):
    page = visit(large_site, viewport=NARROW)
    for address in ("/", "/search?q=labor"):
        page.goto(address)
        page.evaluate("(size) => { document.documentElement.style.fontSize = size }", size)

        box, button = page.locator("#q"), page.get_by_role("button", name="Search", exact=True)
        letter = box.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
        assert box.bounding_box()["width"] >= 6 * letter
        assert button.evaluate(LINES) == 1


@pytest.mark.parametrize("width", [320, 360, 414, 768])
@pytest.mark.parametrize("address", ["/changes", "/search?q=labor"])
def test_a_label_stands_beside_its_field_on_any_screen(visit, large_site, address, width):
    page = visit(large_site, viewport={"width": width, "height": 800})
    page.goto(address)

    parted = page.locator(".order label").evaluate_all(
        """(labels) => labels.filter((label) => {
            const words = document.createRange();
            words.selectNode(label.firstChild);
            const field = label.querySelector("input, select").getBoundingClientRect();
            return words.getBoundingClientRect().bottom <= field.top;
        }).map((label) => label.textContent)"""
    )
    assert parted == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    tight = (
        page.locator(".order")
        .locator("input, select, button")
        .evaluate_all(
            """(fields) => fields.map((one) => one.getBoundingClientRect()).filter((one, place, all) =>
            place && one.top > all[place - 1].top && one.top < all[place - 1].bottom + 4).length"""
        )
    )
    assert tight == 0


@pytest.mark.parametrize(
    "address", ["/", "/search?q=labor&active_year=2001&country=Peru", "/search?q=labor&view=timeline", "/search?q=labor&view=table", "/values/grantee?q=labor"]
)  # fmt: skip
def test_axe_finds_nothing_at_real_size(visit, large_site, address):
    page = visit(large_site)
    page.goto(f"{address}#filters")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")

    for theme, viewport in (("light", WIDE), ("dark", NARROW)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size(viewport)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{theme}, {viewport['width']} px: {found.generate_report()}"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_the_shape_of_a_result_to_a_table_of_it(visit, large_site, scripts):
    page = visit(large_site, java_script_enabled=scripts)
    page.goto("/search?q=cocoa")
    found = heading(page).inner_text()
    page.get_by_role("link", name="Started", exact=True).click()
    expect(heading(page)).to_have_text(found)
    choose_year(page, "2010")
    expect(page.locator(".plot .band")).to_have_count(1)
    expect(page.get_by_role("link", name="Remove Started in: 2010")).to_be_visible()

    page.get_by_role("link", name="Table", exact=True).click()
    page.get_by_text("Columns", exact=True).click()
    for label in ("Status", "End"):
        page.get_by_label(label, exact=True).uncheck()
    page.get_by_role("button", name="Show these columns").click()
    assert [one.strip() for one in page.locator("thead th").all_inner_texts()][:3] == [
        "Project",
        "Grantee",
        "Start",
    ]
    expect(page.locator("thead")).not_to_contain_text("Status")
    for name in ("q=cocoa", "start_year=2010", "view=table"):
        assert name in page.url

    page.get_by_role("link", name="Timeline", exact=True).click()
    page.locator(".timeline li a").first.click()
    page.get_by_role("link", name="Back to results").click()
    expect(page.locator(".timeline")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_grantee_is_found_among_a_thousand_and_chosen(visit, large_site, scripts):
    page = visit(large_site, java_script_enabled=scripts)
    page.goto("/search?q=cocoa&sort=title")
    page.get_by_label("Find in Grantee").fill("confederation rural")
    page.get_by_role("button", name="Find in Grantee").click()
    expect(heading(page)).to_have_text("Grantee")
    page.locator(".values").get_by_role("link", name=re.compile("^Confederation")).first.click()

    assert "q=cocoa" in page.url
    assert "sort=title" in page.url
    expect(page.locator(".chips")).to_contain_text("Confederation of Federations")


def test_a_suggestion_keeps_filters_dates_sort_and_operator(visit, large_site):
    page = visit(large_site)
    page.goto("/search?q=mines&status=completed&active_on=2005&sort=title&op=or&view=table")
    field = page.get_by_role("combobox", name="Search projects")
    field.fill("")
    field.press_sequentially("labor")
    options = page.locator("#suggestions").get_by_role("option")
    expect(options.first).to_have_text(re.compile(r"^labor [0-9,]+$"))
    options.first.click()

    expect(heading(page)).to_have_text(re.compile("for ‘labor"))
    for kept in ("status=completed", "active_on=2005", "sort=title", "op=or", "view=table"):
        assert kept in page.url
