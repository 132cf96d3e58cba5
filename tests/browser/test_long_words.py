"""Words that have no place to break: names, titles, texts and values of hundreds of letters stay within the page."""

from datetime import date
from itertools import product

import pytest

from indexer.document import Project, grantee_slug
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_real_size import CROWDED
from tests.building import index_of

LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 12
GRANTEES = tuple(f"{start}{LONG}" for start in "AB")
ADDRESSES = (
    "/",
    "/search?q=a*",
    "/search?q=a*&view=table",
    "/search?q=a*&view=timeline",
    f"/search?country={LONG}&grantee={GRANTEES[0]}&q=zebra",
    "/values/grantee",
    "/values/country",
    "/projects/one",
    "/grantees",
    f"/grantees/{grantee_slug(GRANTEES[0])}",
    "/changes",
)
# Numbers of projects that are broken over lines.
BROKEN_COUNTS = """() => {
    const lines = (text) => {
        const range = document.createRange();
        range.selectNodeContents(text);
        return range.getClientRects().length;
    };
    const shown = [...document.querySelectorAll(".count")].filter((one) => one.checkVisibility());
    return shown.filter((one) => lines(one.firstChild) > 1).map((one) => one.outerHTML);
}"""


def long_project(number, project_id):
    return Project(
        id=project_id,
        title=f"A{number}{LONG}",
        description=f"{LONG * 4} and more.",
        start=date(2021, 1, 1),
        end=date(2023, 1, 1),
        grantee=GRANTEES[number % 2],
        extra=(("Country", LONG), ("Theme", f"{LONG}{number}")),
    )


@pytest.fixture(scope="module")
def long_site(serve, tmp_path_factory):
    names = ["one", *map(str, range(2, 9))]
    return serve(index_of(tmp_path_factory.mktemp("long"), list(map(long_project, range(8), names))))


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: one[:24])
def test_a_word_of_any_length_stays_within_the_page(visit, long_site, address):
    page = visit(long_site)
    page.goto(address)
    page.evaluate("location.hash = 'filters'")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")

    for viewport, size in product((NARROW, WIDE), ("100%", "200%")):
        page.set_viewport_size(viewport)
        page.evaluate("(size) => { document.documentElement.style.fontSize = size }", size)
        where = f"{viewport['width']} px, text at {size}"
        assert page.evaluate(CROWDED) == [], where
        assert page.evaluate(BROKEN_COUNTS) == [], where
