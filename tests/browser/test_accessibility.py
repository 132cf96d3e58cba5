"""axe-core finds nothing, on every page, in both themes, wide and narrow."""

import re
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import NARROW, WIDE
from tests.documents import TECLAB

PAGES = [
    pytest.param("/", id="home"),
    pytest.param("/search", id="browse"),
    pytest.param("/search?q=zebra+labour+courts&status=active&as_of=2026-01-01&explain=1", id="results"),
    pytest.param("/search?q=zzzz&status=active", id="nothing"),
    pytest.param("/search?date_mode=started&from=x&to=2021", id="wrong-date"),
    pytest.param(f"/projects/{TECLAB.id}?q=labour+courts", id="project"),
    pytest.param("/grantees", id="grantees"),
    pytest.param("/changes", id="changes"),
    pytest.param("/api/docs", id="reference"),
    pytest.param("/problems/no-index", id="problem"),
    pytest.param("/none", id="no-page"),
]


OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_in_either_theme_wide_or_narrow(visit, seed_site, address):
    page = visit(seed_site)
    page.goto(address)
    # What is folded away is read as well once it is opened.
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")

    for theme, viewport in product(("light", "dark"), (WIDE, NARROW)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size(viewport)
        # A theme is nothing but colours.
        found = Axe().run(page, options=None if theme == "light" else OF_COLOURS)
        assert found.violations_count == 0, f"{theme}, {viewport['width']} px: {found.generate_report()}"


def test_axe_finds_nothing_in_open_suggestions(visit, seed_site):
    page = visit(seed_site)
    page.goto("/")
    page.get_by_label("Search projects").press_sequentially("inspe")
    page.get_by_role("option").first.wait_for()

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def styled(page, selector, name, pseudo=None):
    """Return the values of a style of all elements that a selector finds."""
    return page.locator(selector).evaluate_all(
        "(all, [name, pseudo]) => all.map((one) => getComputedStyle(one, pseudo)[name])", [name, pseudo]
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_placeholder_is_as_dark_as_a_note(visit, large_site, theme):
    """Axe looks at the colours of texts, but at those of placeholders not."""
    page = visit(large_site, color_scheme=theme)
    page.goto("/search?q=labor")

    assert {*styled(page, ".find input[type=search]", "color", "::placeholder")} == {
        *styled(page, ".chart .note", "color")
    }


def test_what_is_active_is_seen_in_forced_colours(visit, labour_site):
    page = visit(labour_site, forced_colors="active")
    page.goto("/search?per_page=10")
    page.get_by_label("Search projects").press_sequentially("labo")
    page.get_by_role("option").nth(1).wait_for()
    page.keyboard.press("ArrowDown")

    active, other, *_ = styled(page, "[role=option]", "backgroundColor")
    assert active != other
    current, other, *_ = styled(page, ".pages li > a:not([rel])", "backgroundColor")
    assert current != other
    assert active == current
    assert {*styled(page, "[aria-selected=true] *", "color")} == {
        *styled(page, "[aria-current=page]", "color")
    }


def test_paper_is_white_in_the_dark_theme(visit, seed_site):
    page = visit(seed_site, color_scheme="dark")
    page.goto("/search?q=labor")
    dark = styled(page, ":root, body", "backgroundColor")
    page.emulate_media(media="print")

    assert styled(page, "body", "backgroundColor") == ["rgb(255, 255, 255)"] != dark[1:]
    assert styled(page, "div.band", "display") == ["none"]


def shade(colour):
    """Return the relative luminance of an `rgb(…)` colour, as WCAG 2 has it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((shade(one), shade(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_active_suggestion_is_told_from_the_others_at_a_glance(visit, labour_site, theme):
    """A background is all that tells it: WCAG 1.4.11 wants 3:1, and 4.5:1 of the text on it."""
    page = visit(labour_site, color_scheme=theme)
    page.goto("/")
    page.get_by_label("Search projects").press_sequentially("labo")
    page.get_by_role("option").nth(1).wait_for()
    page.keyboard.press("ArrowDown")
    others = styled(page, ".suggestions", "backgroundColor")

    for _ in range(2):
        active = styled(page, "[role=option][aria-selected=true]", "backgroundColor")
        assert contrast(*active, *others) >= 3
        for text in styled(page, "[aria-selected=true] *", "color"):
            assert contrast(text, *active) >= 4.5
        # The same under the pointer.
        page.get_by_role("option").first.hover()


@pytest.mark.parametrize("size", ["100%", "200%"])
def test_links_to_skip_are_out_of_sight_until_they_are_in_focus(visit, seed_site, size):
    page = visit(seed_site, viewport=NARROW)
    page.goto("/search")
    page.evaluate("(size) => { document.documentElement.style.fontSize = size }", size)
    for link in page.locator(".skip a").all():
        assert link.evaluate("(one) => one.getBoundingClientRect().bottom") <= 0
        link.focus()
        assert link.evaluate("(one) => one.getBoundingClientRect().top") == 0
        assert link.evaluate("(one) => one.getBoundingClientRect().right") <= NARROW["width"]
