"""Saved pages: tables with column names, rows without, and markup that would take for ever."""

import io
from datetime import date

import pytest

from indexer.corpus.formats.pages import page
from indexer.corpus.reading import Reading
from indexer.document import Project, Rejection


def read(html):
    """Return the records of a page."""
    return list(page.read(io.BytesIO(html.encode()), Reading("page.html")))


def described(record):
    """Return what a page says of a project."""
    return record.title, record.start, record.end, record.description, record.grantee


def in_one_line(record):
    """Return what a page says of a project, the paragraphs of its description as one."""
    title, start, end, description, grantee = described(record)
    return title, start, end, description.replace("\n", " "), grantee


COUNTRY_PAGE = """<!doctype html>
<html><body>
<table class="nav"><tr><td>Name</td><td>Phone</td></tr><tr><td>Press office</td><td>555</td></tr></table>
<table>
  <thead><tr><th>Title</th><th>Amount</th><th>Grantee</th><th>Start</th><th>End</th></tr></thead>
  <tbody>
    <tr><th colspan="5">Mexico</th></tr>
    <tr>
      <td><a href="/calle">Improving <em>Working</em> Conditions</a> (CALLE)</td>
      <td>$10,000,000</td>
      <td rowspan="2">American Institutes
          for Research</td>
      <td>12/15/2019</td>
      <td>03/30/2024</td>
    </tr>
    <tr><td>CAMINOS &amp; More</td><td></td><td>08/25/2022</td><td>TBD</td></tr>
    <tr><th>Title</th><th>Amount</th><th>Grantee</th><th>Start</th><th>End</th></tr>
    <tr><td>Cut Row</td><td>$1</td></tr>
  </tbody>
</table>
</body></html>
"""


def test_a_country_page_is_read():
    records = read(COUNTRY_PAGE)
    assert records == [
        Project(
            records[0].id, "Improving Working Conditions (CALLE)", "", "American Institutes for Research",
            date(2019, 12, 15), date(2024, 3, 30), (("Amount", "$10,000,000"), ("Country", "Mexico")),
        ),
        Project(
            records[1].id, "CAMINOS & More", "", "American Institutes for Research", date(2022, 8, 25), None,
            (("Country", "Mexico"),),
        ),
        Rejection("page.html", 18, "2 cells; the header has 5", "Cut Row | $1"),
    ]  # fmt: skip
    assert [record.source_line for record in records[:2]] == ["page.html:8", "page.html:16"]


COURTS = (
    "Labor Courts",
    date(2023, 1, 23),
    date(2027, 7, 23),
    "Trains clerks. Trains judges.",
    "Ergo Group, Inc.",
)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            "<table><tr><td><a href='/x'>Labor Courts</a>01/23/2023 - 07/23/2027 <p>Trains clerks.</p>"
            "<p>Trains judges.</p></td><td>Ergo Group, Inc.</td><td></td></tr></table>",
            id="table-without-a-header",
        ),
        pytest.param(
            "<ul><li><h3>Labor Courts</h3><time>01/23/2023</time> \u2013 <time>07/23/2027</time>"
            "<p>Trains clerks.<br>Trains judges.</p><p>Ergo Group, Inc.</p></li></ul>",
            id="list",
        ),
        pytest.param(
            "<div class='views-row'><div><h3>Labor Courts</h3><p>01/23/2023 - 07/23/2027</p></div>"
            "<div><p>Trains clerks. Trains judges.</p><p>Ergo Group, Inc.</p></div></div>",
            id="blocks",
        ),
        pytest.param(
            "<article><h2>Labor Courts</h2><p><strong>Grantee:</strong> Ergo Group, Inc.</p>"
            "<p>Trains clerks.</p><p>Project duration: 2023-01-23 to 2027-07-23</p>"
            "<p>Trains judges.</p></article>",
            id="labels",
        ),
        pytest.param(
            "<div class='project'><h2>Labor Courts</h2><dl><dt>Start date</dt><dd>January 23, 2023</dd>"
            "<dt>End date</dt><dd>July 23, 2027</dd><dt>Grantee</dt><dd>Ergo Group, Inc.</dd></dl>"
            "<p>Trains clerks. Trains judges.</p></div>",
            id="definitions",
        ),
    ],
)
def test_a_row_without_column_names_is_read(row):
    after = "<li><h3>Safe Gold</h3>01/15/2020 - 12/31/2021<p>Mines.</p><p>Verité</p></li>"
    records = read(f"<html><body><h1>Results</h1>{row}<ul>{after}</ul></body></html>")
    assert [in_one_line(record) for record in records] == [
        COURTS,
        ("Safe Gold", date(2020, 1, 15), date(2021, 12, 31), "Mines.", "Verité"),
    ]


def test_what_stands_around_a_row_is_not_part_of_it():
    html = (
        "<body><div><h1>Labor</h1><p>Menu</p><div><h2>Safe Gold</h2><p>01/15/2020 - 12/31/2021</p>"
        "<p>Mines.</p><p>Verité</p></div><p>Last updated: January 5, 2024</p></div></body>"
    )
    assert [described(record) for record in read(html)] == [
        ("Safe Gold", date(2020, 1, 15), date(2021, 12, 31), "Mines.", "Verité")
    ]


def test_dates_in_a_description_make_no_row():
    html = (
        "<li><h3>Safe Gold</h3>01/15/2020 - 12/31/2021<p>First 01/15/2020 - 06/30/2020.</p><p>Verité</p></li>"
    )
    assert [record.description for record in read(html)] == ["First 01/15/2020 - 06/30/2020."]


@pytest.mark.parametrize(
    "text",
    ["https://example.org/projects", "projects.html", "<?xml version='1.0'?><html></html>", "", "no markup"],
    ids=["address", "file-name", "xhtml", "empty", "text"],
)
def test_what_holds_no_row_gives_nothing_and_no_warning(text):
    assert read(text) == []


def test_scripts_styles_and_comments_are_no_text():
    html = (
        "<script>var x = '<li>A 01/01/2020 - 01/01/2021</li>';</script><style>li > a {}</style>"
        "<!-- <li>B 01/01/2020 - 01/01/2021</li> -->"
        "<li>C<!-- not here --> 01/01/2020 - 01/01/2021<script>if (a<b) {}</script></li>"
    )
    assert [(record.title, record.description) for record in read(html)] == [("C", "")]


def test_a_page_in_another_encoding_is_read():
    raw = "<li><h3>Verité</h3>01/15/2020 - 12/31/2021<p>École</p></li>".encode("cp1252")
    (project,) = page.read(io.BytesIO(raw), Reading("page.html"))
    assert project.title == "Verité"


def test_a_bad_row_is_named_with_its_line():
    html = "<ul>\n<li><h3>Safe Gold</h3>01/15/2020 - 12/31/2019<p>Mines.</p><p>Verité</p></li>\n</ul>"
    (rejected,) = read(html)
    assert (rejected.line, rejected.reason) == (2, "end date 2019-12-31 is before start date 2020-01-15")
    assert rejected.text == "Safe Gold | 01/15/2020 | 12/31/2019 | Mines. | Verité"


@pytest.mark.parametrize(
    ("unit", "reason"),
    [
        ("<a ", "never closed"),
        ("<a x='", "never closed"),
        ("<!-- ", "never closed"),
        ("<!-- >", "never closed"),
        ("<div>", "nested more than 200 deep"),
        ("<li>01/01/2020 - 01/01/2021", "nested more than 200 deep"),
        ("<table><tr><td colspan=99999999>title", "nested more than 200 deep"),
        ("<br>" * 10, "more than 200000 tags"),
        ("<![", "never closed"),
    ],
    ids=["tag", "attribute", "comment", "odd-comment", "blocks", "rows", "tables", "many", "declaration"],
)
def test_a_page_that_would_take_for_ever_is_refused(unit, reason):
    (rejected,) = read("<html>" + unit * 30_000)
    assert reason in rejected.reason


HIDING = [
    "<span style='display: none'>X</span>",
    "<span hidden>X</span>",
    "<span hidden='until-found'>X</span>",
    "<span class='visually-hidden'>X</span>",
    "<span class='sort sr-only'>X</span>",
    "<div style='visibility:hidden'><b>X</b></div>",
    "<div style='display:none'><ul><li>X</li></ul></div>",
    "<template>X</template>",
    "<noscript>X</noscript>",
    "<script>X</script>",
    "<style>X {}</style>",
    "<select><option>X</option></select>",
    "<!-- X -->",
    "<sup>1</sup>",
    "<sup><a href='#n'>[2]</a></sup>",
    "<sup>*</sup>",
    "<sup>\n  1\n</sup>",
    "<sup hidden>about X</sup>",
]


@pytest.mark.parametrize("hidden", HIDING)
def test_what_a_browser_hides_is_in_no_text(hidden):
    html = (
        "<table><tr><th>Title</th><th>Start</th><th>End</th><th>Grantee</th><th>Description</th></tr>"
        f"<tr><td>Safe Gold{hidden}</td><td>{hidden}01/15/2020</td><td>12/31/2021{hidden}</td>"
        f"<td>Ve{hidden}rité</td><td>Mines{hidden}</td></tr>"
        f"</table><ul><li><h3>Safe{hidden} Seas</h3>01/15/2020 - {hidden}12/31/2021<p>Boats.{hidden}</p><p>Verité</p></li></ul>"
    )
    if "<div" in hidden:
        html = html.replace(f"Ve{hidden}rité", "Verité").replace(f"- {hidden}", "- ")
    assert [described(record) for record in read(html)] == [
        ("Safe Gold", date(2020, 1, 15), date(2021, 12, 31), "Mines", "Verité"),
        ("Safe Seas", date(2020, 1, 15), date(2021, 12, 31), "Boats.", "Verité"),
    ]


def test_raised_text_over_several_lines_is_read_as_on_one():
    html = (
        "<table><tr><th>Title</th><th>Description</th></tr>"
        "<tr><td>The 21<sup>\nst\n</sup> Century</td><td>Of 5 m<sup>\n2</sup> and 10<sup>6\n</sup></td></tr></table>"
    )
    assert [(record.title, record.description) for record in read(html)] == [
        ("The 21 st Century", "Of 5 m² and 10⁶")
    ]


def test_a_hidden_row_and_a_hidden_column_are_none():
    html = (
        "<table><tr><th>Title</th><th style='display:none'>Key</th><th>Start</th></tr>"
        "<tr><td>Safe Gold</td><td style='display:none'>20200115</td><td>01/15/2020</td></tr>"
        "<tr style='display:none'><td>Template</td><td>0</td><td>01/01/2000</td></tr></table>"
    )
    assert [(record.title, record.extra) for record in read(html)] == [("Safe Gold", ())]


@pytest.mark.parametrize("classes", ["d-none d-md-block", "hidden md:block"])
def test_what_is_hidden_on_narrow_screens_only_is_read(classes):
    html = f"<li class='{classes}'><h3>Safe Gold</h3>01/15/2020 - 12/31/2021<p>Mines.</p><p>Verité</p></li>"
    assert [record.title for record in read(html)] == ["Safe Gold"]


def test_paragraphs_of_a_page_survive():
    html = (
        "<table><tr><th>Title</th><th>Description</th></tr><tr><td>Safe <p>Gold</p></td><td><p>Trains\nclerks.</p>"
        "<p>Trains judges<br>and others.</p><ul><li>One</li><li>Two</li></ul></td></tr></table>"
    )
    (project,) = read(html)
    assert project.title == "Safe Gold"
    assert project.description == "Trains clerks.\nTrains judges\nand others.\nOne\nTwo"


def test_a_page_says_its_own_encoding():
    raw = "<meta charset='iso-8859-2'><li><h3>Zażółć</h3>01/15/2020 - 12/31/2021<p>Ł</p></li>".encode(
        "iso8859-2"
    )
    warnings = []
    (project,) = page.read(io.BytesIO(raw), Reading("page.html", warn=warnings.append))
    assert (project.title, warnings) == ("Zażółć", [])


def test_the_last_record_of_a_page_that_is_cut_off_is_a_part():
    html = (
        "<html><body><ul><li><h3>Safe Gold</h3>01/15/2020 - 12/31/2021<p>Mines.</p><p>Verité</p></li>"
        "<li><h3>Safe Seas</h3>01/15/2020 - 12/31/2021<p>Boa"
    )
    warnings = []
    whole, part = page.read(io.BytesIO(html.encode()), Reading("page.html", warn=warnings.append))
    assert (whole.title, part.line, part.content[1]) == ("Safe Gold", 1, "Safe Seas")
    assert ["the page ends here before it is closed" in one.message for one in warnings] == [True]


def test_terms_of_a_definition_list_are_columns():
    one, other = read(
        """<div class="project"><h2>Clean water</h2><p>Water for schools.</p>
        <dl><dt>Start date</dt><dd>1 March 2020</dd><dt>End date:</dt><dd>28 February 2022</dd>
        <dt>Award size</dt><dd><p>small</p><p>then large</p></dd><dt>No value</dt><dt>Grantee</dt><dd>Agua</dd></dl></div>
        <div class="project"><h2>Fair cotton</h2><p>Country: Peru</p><p>Note: as the mill says</p>
        <dl><dt>Start date</dt><dd>15 May 2021</dd></dl></div>"""
    )
    assert (one.title, one.start, one.end, one.grantee, one.extra) == (
        "Clean water", date(2020, 3, 1), date(2022, 2, 28), "Agua", (("Award size", "small; then large"),)
    )  # fmt: skip
    assert (other.title, other.start, other.description, other.extra) == (
        "Fair cotton", date(2021, 5, 15), "Note: as the mill says", (("Country", "Peru"),)
    )  # fmt: skip


@pytest.mark.parametrize(
    "labels",
    [
        "<dl><dt>Start</dt><dd>March 1, 2020</dd><dt>End</dt><dd></dd></dl>",
        "<dl><dt>Start</dt><dd>March 1, 2020</dd><dt>End</dt><dd> </dd><dt>Sector</dt><dd>Health</dd></dl>",
        "<p>Start</p><p>March 1, 2020</p><p>End</p><p>Grantee</p><p>MSF</p>",
        "<p>End date:</p><p>Start date:</p><p>March 1, 2020</p>",
    ],
)
def test_a_label_without_a_value_takes_none_from_what_follows(labels):
    (one,) = read(f"<article><h3>Clinics</h3>{labels}<p>Doctors.</p></article>")
    assert (one.title, one.start, one.end, one.description) == (
        "Clinics", date(2020, 3, 1), None, "Doctors."
    )  # fmt: skip


@pytest.mark.parametrize(
    "dates",
    ["2019-04-01 – 2021-03-31", "1 April 2019 to 31 March 2021", "Apr 2019 - Mar 2021", "04/2019 - 03/2021"],
)
def test_two_dates_in_a_line_of_their_own_make_a_row_in_any_form(dates):
    page = "".join(
        f"<li><h3>{title}</h3><span>{dates}</span><p>Builds roads.</p><p>Grantee: Roads Inc</p></li>"
        for title in ("Roads", "Bridges")
    )
    records = read(f"<h1>Our grants</h1><ul>{page}</ul><footer>2019 - 2021</footer>")
    assert [(one.title, one.start, one.end, one.description, one.grantee) for one in records] == [
        (title, date(2019, 4, 1), date(2021, 3, 31), "Builds roads.", "Roads Inc")
        for title in ("Roads", "Bridges")
    ]


def test_a_table_of_names_beside_one_of_projects_is_told():
    read_one = "<table><tr><th>Title</th><th>Start</th></tr><tr><td>Safe Gold</td><td>2020</td></tr></table>"
    names = "<tr><th>Project</th><th>Grantee</th><th>Amount</th></tr><tr><td>Fair Work</td><td>ILO</td><td>$1</td></tr>"
    reading = Reading("page.html")
    records = list(page.read(io.BytesIO(f"{read_one}\n<table>{names}</table>".encode()), reading))
    assert [one.title for one in records] == ["Safe Gold"]
    (told,) = reading.account.warnings
    assert told.kind == "rows"
    assert told.message.startswith("a table of 1 row has columns for neither dates nor descriptions")
    assert (told.line, told.sample) == (2, '"Project", "Grantee", "Amount"')
