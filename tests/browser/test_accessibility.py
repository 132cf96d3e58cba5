"""axe-core finds nothing, on every page, in both themes, wide and narrow."""

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


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_in_either_theme_wide_or_narrow(visit, seed_site, address):
    page = visit(seed_site)
    page.goto(address)
    # What is folded away is read as well once it is opened.
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")

    for theme, viewport in product(("light", "dark"), (WIDE, NARROW)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size(viewport)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{theme}, {viewport['width']} px: {found.generate_report()}"


def test_axe_finds_nothing_in_open_suggestions(visit, seed_site):
    page = visit(seed_site)
    page.goto("/")
    page.get_by_label("Search projects").press_sequentially("inspe")
    page.get_by_role("option").first.wait_for()

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
