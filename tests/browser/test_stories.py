"""What people do, step by step."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WHOLE, launched
from tests.documents import CALLE, CAMINOS, MUNICIPAL, TECLAB

# What can be pressed and is lower than 24 px; a radio button is pressed through its label.
SMALL_TARGETS = """
    [...document.querySelectorAll(".filters a, .pages a, .chips a, button, select, input, summary")]
        .filter((one) => one.type !== "hidden" && one.checkVisibility())
        .map((one) => one.type === "radio" ? one.parentElement : one)
        .filter((one) => one.getBoundingClientRect().height < 24)
        .map((one) => one.outerHTML)
"""
WITH_AND_WITHOUT_SCRIPTS = [pytest.param(True, id="scripts"), pytest.param(False, id="no-scripts")]


def heading(page):
    return page.get_by_role("heading", level=1)


def hit_titles(page):
    return [" ".join(text.split()) for text in page.locator("article h2").all_inner_texts()]


def choose_year(page, year):
    """Choose a year from the list that says what the chart shows."""
    page.get_by_text("The years as a list").click()
    page.get_by_role("link", name=year, exact=True).click()


@pytest.mark.parametrize("scripts", WITH_AND_WITHOUT_SCRIPTS)
def test_search_and_open_a_project(visit, seed_site, scripts):
    page = visit(seed_site, java_script_enabled=scripts)
    page.goto("/")
    page.get_by_label("Search projects").fill("labour courts")
    page.get_by_role("button", name="Search", exact=True).click()

    expect(heading(page)).to_have_text("2 projects for ‘labour courts’")
    expect(page).to_have_title("2 projects for ‘labour courts’ – Grant project search")
    assert hit_titles(page)[0] == TECLAB.title
    page.get_by_role("link", name=TECLAB.title).click()

    expect(heading(page)).to_have_text(TECLAB.title)
    expect(page.locator("main mark").first).to_have_text("Courts")
    page.get_by_role("link", name="Back to results").click()
    expect(heading(page)).to_have_text("2 projects for ‘labour courts’")


@pytest.mark.parametrize("scripts", WITH_AND_WITHOUT_SCRIPTS)
def test_narrow_by_year_and_grantee_and_take_one_back(visit, seed_site, scripts):
    page = visit(seed_site, java_script_enabled=scripts)
    page.goto("/search")
    filters = page.locator(".filters")

    choose_year(page, "2020")
    assert hit_titles(page) == [CALLE.title]
    page.get_by_role("link", name="Remove Active in: 2020").click()
    assert len(hit_titles(page)) == 5

    choose_year(page, "2024")
    filters.get_by_role("link", name=re.compile("^American Institutes")).click()
    assert hit_titles(page) == [CAMINOS.title, CALLE.title]
    filters.get_by_role("link", name=re.compile("^Verité")).click()
    assert hit_titles(page) == [MUNICIPAL.title, CAMINOS.title, CALLE.title]
    page.get_by_role("link", name="Remove Active in: 2024").click()
    expect(heading(page)).to_have_text("3 projects")
    page.get_by_role("link", name="Clear all").click()
    expect(heading(page)).to_have_text("5 projects")


@pytest.mark.parametrize("scripts", WITH_AND_WITHOUT_SCRIPTS)
def test_dates_by_the_form(visit, seed_site, scripts):
    page = visit(seed_site, java_script_enabled=scripts)
    page.goto("/search?q=labor")
    page.get_by_label("Started", exact=True).check()
    page.get_by_label("From", exact=True).fill("2022")
    page.get_by_role("button", name="Apply dates").click()

    expect(page).to_have_url(f"{seed_site}/search?q=labor&start_from=2022")
    expect(heading(page)).to_have_text("3 projects for ‘labor’")
    expect(page.get_by_label("Started", exact=True)).to_be_checked()
    expect(page.get_by_label("From", exact=True)).to_have_value("2022")
    page.go_back()
    expect(heading(page)).to_have_text("5 projects for ‘labor’")


@pytest.mark.parametrize("scripts", WITH_AND_WITHOUT_SCRIPTS)
def test_a_wrong_date_keeps_what_was_typed(visit, seed_site, scripts):
    page = visit(seed_site, java_script_enabled=scripts)
    page.goto("/search")
    page.get_by_label("Ended", exact=True).check()
    page.get_by_label("From", exact=True).fill("soon")
    page.get_by_label("To", exact=True).fill("2025")
    page.get_by_role("button", name="Apply dates").click()

    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    field = page.get_by_label("From", exact=True)
    expect(field).to_have_value("soon")
    expect(field).to_have_accessible_description(re.compile("must be a date that exists"))
    expect(page.get_by_label("To", exact=True)).to_have_value("2025")
    page.get_by_role("link", name="soon").click()
    expect(field).to_be_focused()
    field.fill("2024")
    page.get_by_role("button", name="Apply dates").click()
    expect(heading(page)).to_have_text("2 projects")


def test_nothing_found_leads_on(visit, seed_site):
    page = visit(seed_site)
    page.goto("/search?q=inspections&active_on=2026&status=completed")

    expect(heading(page)).to_have_text("No projects for ‘inspections’")
    page.locator(".ways").get_by_role("link", name="Remove Status: Completed").click()
    expect(heading(page)).to_have_text("1 project for ‘inspections’")


def test_the_back_button_goes_step_by_step(visit, labour_site):
    page = visit(labour_site)
    page.goto("/search?q=labor")
    first = heading(page).inner_text()
    page.locator(".filters").get_by_role("link", name=re.compile("^Completed")).click()
    second = heading(page).inner_text()
    page.locator("article h2 a").first.click()

    page.go_back()
    expect(heading(page)).to_have_text(second)
    page.go_back()
    expect(heading(page)).to_have_text(first)


def test_sort_and_page_size_wait_for_apply(visit, labour_site):
    page = visit(labour_site)
    page.goto("/search")
    page.get_by_label("Sort by").select_option(label="Title A–Z")
    page.get_by_label("Show").select_option("10")
    expect(page).to_have_url(f"{labour_site}/search")
    page.get_by_role("button", name="Apply", exact=True).click()

    expect(page).to_have_url(f"{labour_site}/search?sort=title&per_page=10")
    titles = hit_titles(page)
    page.get_by_role("link", name="Next page").click()
    assert titles + hit_titles(page) == sorted(titles + hit_titles(page), key=str.casefold)
    expect(page).to_have_title(re.compile(r"\(page 2 of 7\)"))


def focused(page):
    text = page.evaluate("document.activeElement.innerText || document.activeElement.name || ''")
    return " ".join(text.split())


def press_until(page, wanted, most=80):
    """Press Tab until what has the focus says `wanted`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page).startswith(wanted):
            return
    raise AssertionError(f"{wanted!r} cannot be reached with the Tab key")


def test_everything_by_keyboard_alone(visit, seed_site):
    page = visit(seed_site)
    page.goto("/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "q"
    page.keyboard.type("labor")
    page.keyboard.press("Enter")

    expect(heading(page)).to_have_text("5 projects for ‘labor’")
    press_until(page, "Skip to results")
    page.keyboard.press("Enter")
    press_until(page, TECLAB.title)
    press_until(page, "Why this matched")
    page.keyboard.press("Enter")
    expect(page.locator("article .why[open] dt").first).to_have_text("labor")
    page.goto("/search?q=labor")
    press_until(page, "from")
    page.keyboard.type("2020")
    page.keyboard.press("Tab")
    page.keyboard.type("2020")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{seed_site}/search?q=labor&active_on=2020")
    press_until(page, "Remove Active during: 2020")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("5 projects for ‘labor’")


def test_the_focus_is_always_visible(visit, seed_site):
    page = visit(seed_site)
    page.goto("/search?q=labor&status=active")
    for _ in range(40):
        page.keyboard.press("Tab")
        outline, where = page.evaluate(
            "[getComputedStyle(document.activeElement).outlineStyle, document.activeElement.outerHTML]"
        )
        assert outline != "none", where


def test_suggestions_by_keyboard(visit, seed_site):
    page = visit(seed_site)
    page.goto("/")
    field = page.get_by_role("combobox", name="Search projects")
    field.press_sequentially("inspe")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")

    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "suggestion-0")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("inspe")
    field.press("ArrowDown")
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    # A key that ends a composition, as Safari tells it, is not for the list.
    composed = "new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, cancelable: true})"
    assert field.evaluate(f"field => field.dispatchEvent({composed})")
    field.press("Enter")
    expect(heading(page)).to_have_text(re.compile("for ‘inspe"))


def test_escape_never_empties_the_box(visit, seed_site):
    page = visit(seed_site)
    page.goto("/search?q=labor")
    field = page.get_by_role("combobox", name="Search projects")
    field.press("Escape")
    expect(field).to_have_value("labor")
    page.clock.install()
    field.fill("")
    field.press_sequentially("inspe")
    # Before the list has opened: it does not open afterwards.
    field.press("Escape")
    page.clock.run_for(1_000)
    expect(field).to_have_value("inspe")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_what_is_typed_counts_once_an_option_is_left(visit, seed_site):
    page = visit(seed_site)
    page.goto("/")
    field = page.get_by_role("combobox", name="Search projects")
    field.press_sequentially("labo")
    page.get_by_role("option").first.wait_for()
    for left in ("ArrowLeft", "Home", "End", "r"):
        field.press("ArrowDown")
        expect(field).to_have_attribute("aria-activedescendant", "suggestion-0")
        field.press(left)
        assert field.get_attribute("aria-activedescendant") is None
    field.press("Enter")
    expect(heading(page)).to_have_text("5 projects for ‘labor’")


def test_one_suggestion_is_said_to_be_one(visit, seed_site):
    page = visit(seed_site)
    page.goto("/")
    one = {"text": "inspectors", "kind": "word", "count": 1, "url": "/search?q=inspectors"}
    page.route("**/api/v1/suggest*", lambda route: route.fulfill(json={"q": "inspe", "completions": [one]}))
    page.get_by_role("combobox", name="Search projects").press_sequentially("inspe")

    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.locator(".search [role=status]")).to_have_text("1 suggestion")
    page.keyboard.press("Escape")
    expect(page.locator(".search [role=status]")).to_have_text("")


@pytest.mark.parametrize("status", [429, 503])
def test_suggestions_for_what_was_typed_before_go_where_none_come(visit, seed_site, status):
    page = visit(seed_site)
    page.goto("/")
    field = page.get_by_role("combobox", name="Search projects")
    field.press_sequentially("labo")
    page.get_by_role("option").first.wait_for()
    page.route("**/api/v1/suggest*", lambda route: route.fulfill(status=status, body="{}"))
    field.press_sequentially("r rights")

    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")


def test_an_option_that_is_chosen_while_another_list_is_on_its_way_is_left_with_its_list(visit, seed_site):
    page = visit(seed_site)
    page.goto("/")
    field = page.get_by_role("combobox", name="Search projects")
    field.press_sequentially("labo")
    page.get_by_role("option").first.wait_for()
    asked = []
    page.route("**/api/v1/suggest*", lambda route: asked.append(route))
    with page.expect_request("**/api/v1/suggest*"):
        field.press("r")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "suggestion-0")
    [route] = asked
    with page.expect_response("**/api/v1/suggest*"):
        route.continue_()

    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(0)
    assert field.get_attribute("aria-activedescendant") is None


def test_suggestions_open_and_close_with_alt_and_arrows(visit, seed_site):
    page = visit(seed_site)
    page.goto("/search?q=labor")
    field = page.get_by_role("combobox", name="Search projects")
    field.press("Alt+ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    field.press("ArrowUp")
    expect(page.locator("#suggestions [role=option]").last).to_have_attribute("aria-selected", "true")
    field.press("Alt+ArrowUp")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_who_comes_back_sees_the_search_of_the_page(visit, labour_site):
    page = visit(labour_site)
    page.goto("/search?q=labor+courts")
    page.get_by_label("Search projects").fill("other")
    # Suggestions, where they have come, go with Escape; what is below them can be clicked again.
    page.keyboard.press("Escape")
    page.get_by_label("Any word").check()
    page.get_by_label("Sort by").select_option(label="Title A–Z")
    page.locator("article h2 a").first.click()
    page.go_back()
    expect(page.get_by_label("Search projects")).to_have_value("labor courts")
    expect(page.get_by_label("All words")).to_be_checked()
    expect(page.get_by_label("Sort by")).to_have_value("relevance")


def test_a_page_that_was_kept_has_no_list_of_suggestions_over_it(chromium, seed_site):
    """A browser that keeps pages, as all do for people: Playwright turns that off, and one without windows cannot."""
    kept = ["--disable-back-forward-cache"]
    browser = launched(chromium.browser_type, WHOLE, ignore_default_args=kept)
    try:
        page = browser.new_page(base_url=seed_site)
        page.goto("/search?q=courts")
        page.get_by_label("Search projects").fill("")
        page.keyboard.type("insp")
        expect(page.get_by_role("listbox")).to_be_visible()
        page.evaluate("window.addEventListener('pageshow', (event) => { window.kept = event.persisted })")
        page.keyboard.press("Enter")
        page.wait_for_url("**q=insp**")
        # Playwright waits for a page that is loaded anew.
        page.evaluate("setTimeout(() => history.back(), 0)")
        page.wait_for_function("window.kept")
        expect(page.get_by_label("Search projects")).to_have_value("courts")
        expect(page.get_by_role("listbox")).to_be_hidden()
    finally:
        browser.close()


def test_a_suggestion_keeps_the_rest_of_the_search(visit, seed_site):
    page = visit(seed_site)
    page.goto("/search?q=labor&status=active&as_of=2026-01-01&sort=title&op=or")
    field = page.get_by_role("combobox", name="Search projects")
    field.fill("")
    field.press_sequentially("inspe")
    page.locator("#suggestions").get_by_role("option").first.click()

    expect(heading(page)).to_have_text(re.compile("for ‘inspe"))
    for kept in ("status=active", "as_of=2026-01-01", "sort=title", "op=or"):
        assert kept in page.url


def test_a_suggested_project_is_opened_with_a_click(visit, seed_site):
    page = visit(seed_site)
    page.goto("/")
    page.get_by_role("combobox", name="Search projects").press_sequentially("towards eff")
    page.get_by_role("option", name=TECLAB.title).click()

    expect(heading(page)).to_have_text(TECLAB.title)


def test_on_a_narrow_screen_filters_are_behind_a_button(visit, seed_site):
    page = visit(seed_site, viewport=NARROW)
    page.goto("/search?q=labor&status=active&as_of=2026-01-01")
    dates = page.get_by_role("button", name="Apply dates")
    expect(dates).to_be_hidden()
    page.get_by_role("link", name="Filters (2)", exact=True).click()
    expect(dates).to_be_in_viewport()
    choose_year(page, "2026")

    expect(page.get_by_role("link", name="Filters (3)", exact=True)).to_be_visible()
    expect(dates).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_nothing_is_wider_than_a_narrow_screen(visit, seed_site):
    page = visit(seed_site, viewport=NARROW)
    for address in ("/", "/search?q=labor", f"/projects/{TECLAB.id}", "/grantees", "/api/docs", "/none"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"], address


def test_paper_has_the_results_and_nothing_to_press(visit, seed_site):
    page = visit(seed_site)
    page.goto("/search?q=labour+courts&active_from=2000")
    page.emulate_media(media="print")

    expect(heading(page)).to_be_visible()
    expect(page.get_by_role("link", name=TECLAB.title)).to_be_visible()
    for hidden in ("form[role=search]", ".clear", ".dates", ".order", ".export", ".top nav"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".plot")).to_be_visible()
    addresses = (
        "/",
        "/search?view=table",
        "/values/grantee",
        "/grantees",
        "/changes",
        f"/projects/{TECLAB.id}",
    )
    for address in addresses:
        page.goto(address)
        expect(page.locator(".letters")).to_be_hidden()
        pressed = page.locator("button, input, select, main summary").all()
        assert [one.evaluate("(one) => one.outerHTML") for one in pressed if one.is_visible()] == []


def test_targets_are_large_enough_to_hit(visit, labour_site):
    page = visit(labour_site, viewport=NARROW)
    page.goto("/search?q=child")
    page.get_by_role("link", name="Filters", exact=True).click()
    small = page.evaluate(SMALL_TARGETS)

    assert small == []


def test_a_bar_of_the_chart_is_clicked(visit, seed_site):
    page = visit(seed_site)
    page.goto("/")
    page.locator(".plot a").nth(1).click()

    expect(page).to_have_url(f"{seed_site}/search?active_year=2020")
    expect(page.locator(".plot .band")).to_have_count(1)


def test_the_link_of_a_search_is_copied(visit, seed_site):
    page = visit(seed_site, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/search?q=labor&page=1&utm_source=mail")
    page.get_by_text("Download", exact=True).click()
    page.get_by_role("link", name="Copy link").click()

    expect(page.get_by_text("Copied.", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{seed_site}/search?q=labor"
