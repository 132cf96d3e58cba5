"""Hostile columns and names of files: no markup of a source gets into any page that tells of them (S1)."""

from urllib.parse import quote

import pytest

from indexer.build import BuildOptions, reindex
from indexer.document import Project, grantee_slug
from search_app.results import Snippet
from search_app.web.highlighting import html_text
from tests.building import write_corpus
from tests.conftest import application
from tests.test_hostile import suspicious

# What a reader takes for markup it takes away; this stays.
IMAGE, SCRIPT = "<svg onload=alert(1)>", '"><svg/onload=alert(1)>'
HANDLER, ENDING = "' onfocus='alert(1)", "</option></textarea></title></svg><svg onload=alert(1)>"
THEMES = (f"Mines {IMAGE}", f"Mines {SCRIPT}", f"Mines {HANDLER}", f"Mines {ENDING}")
LINK, NO_LINK = 'https://example.org/?"><b>', "javascript://example.org/%0aalert(1)"
GRANTEES = (f"Ergo {IMAGE}", f"Ergo {ENDING}", "")


def project(number, words=""):
    theme = THEMES[number % len(THEMES)]
    return Project(
        f"p{number}",
        f"Labor courts {number} {theme}",
        f"Of justice {words}. {theme}",
        GRANTEES[number % len(GRANTEES)],
        extra=(
            (f"Theme {IMAGE}", theme),
            (f"Region {ENDING}", f"{SCRIPT} {number % 2}; {IMAGE}; {ENDING}"),
            (f"Budget {SCRIPT}", f"{'up to ' * (number % 2)}${number + 1},000"),
            (f"Notes {SCRIPT}", " ".join([f"Notes about labor {number} {theme}."] * 20)),
            ("Website", NO_LINK if number == 5 else f"{LINK}{number}"),
            (f"Few {IMAGE}", SCRIPT if number == 5 or words else ""),
        ),
    )


@pytest.fixture(scope="module")
def visitor(tmp_path_factory):
    """A client over two runs: what the second added, changed and removed is hostile as well."""
    folder = tmp_path_factory.mktemp("columns")
    corpus = write_corpus(folder / "corpus", [project(number) for number in range(16)])
    reindex(corpus, folder / "index")
    later = [project(number, IMAGE if number < 4 else "") for number in range(1, 17)]
    (write_corpus(corpus, later) / "projects.jsonl").rename(corpus / f"{IMAGE}.jsonl")
    reindex(corpus, folder / "index", BuildOptions(allow_shrink=True))
    return application(folder / "index").test_client()


def addresses():
    theme, region, budget = (
        "theme_svg_onload_alert_1",
        "region_option_textarea_title_svg_svg_onload_alert_1",
        "budget_svg_onload_alert_1",
    )
    texts = [quote(text) for text in (IMAGE, SCRIPT, ENDING)]
    return [
        "/",
        "/search?q=labor+justice+notes&op=or&explain=1&per_page=100",
        f"/search?q={theme}:mines+labor",
        f"/search?view=table&columns={theme}&columns={region}&columns={budget}&columns=grantee",
        "/search?view=timeline",
        f"/search?view=timeline&sort=-{budget}",
        f"/search?sort={budget}",
        "/changes",
        "/changes?kind=changed",
        "/grantees",
        *(f"/grantees/{grantee_slug(grantee)}" for grantee in GRANTEES if grantee),
        *(f"/projects/p{number}?q=labor" for number in range(1, 17)),
        *(f"/values/{name}?q=labor" for name in (theme, region, "grantee")),
        *(
            address.format(text)
            for text in texts
            for address in (
                f"/search?q=labor+{{0}}&{theme}=Mines+{{0}}&{region}={{0}}&grantee_not={{0}}",
                f"/search?q=xyzzy&{theme}=Mines+{{0}}&{budget}_from={{0}}&{budget}={{0}}",
                f"/search?{theme}_not=Mines+{{0}}&{budget}_to={{0}}&date_mode=active&from={{0}}",
                f"/values/{theme}?find={{0}}",
                f"/values/{region}?q={{0}}&find=svg",
                "/changes?q={0}&from={0}&to={0}",
                "/grantees?q={0}",
            )
        ),
    ]  # fmt: skip


def test_no_markup_of_a_column_gets_into_a_page(visitor):
    for address in addresses():
        answer = visitor.get(address)
        found = [one for one in suspicious(answer) if not one.startswith(LINK)]
        assert (answer.status_code in (200, 400), found) == (True, []), address


@pytest.mark.parametrize(
    ("marked", "html"),
    [
        ((), "&lt;b&gt; &amp; &lt;i&gt;"),
        (((0, 3),), "<mark>&lt;b&gt;</mark> &amp; &lt;i&gt;"),
        (((2, 7), (7, 9)), "&lt;b<mark>&gt; &amp; &lt;</mark><mark>i&gt;</mark>"),
    ],
    ids=["nowhere", "at-the-beginning", "to-the-end"],
)
def test_markup_is_escaped_before_between_and_in_marks(marked, html):
    assert html_text(Snippet("<b> & <i>", marked)) == html
