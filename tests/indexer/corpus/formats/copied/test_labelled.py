"""The page of one project: copied and saved, with labels beside or above their values."""

import io
from datetime import date

import pytest

from indexer.corpus.formats import listing
from indexer.corpus.formats.pages import page
from indexer.corpus.reading import Reading

COPIED = [
    """Home › Our work
Improving Working Conditions (CALLE)
Project Duration: December 2019 - March 2024
Funding and Year: $10,000,000 (FY 2019)
Grantee: American Institutes for Research
Countries: Mexico

The project trains inspectors.
It also trains judges.
""",
    """Improving Working Conditions (CALLE)

The project trains inspectors.

It also trains judges.

Project Duration
December 2019 - March 2024
Funding and Year
$10,000,000 (FY 2019)
Grantee

American Institutes for Research
Countries
Mexico
""",
]
SAVED = [
    """<html><body><nav><ul><li>Home</li></ul></nav><main><h1>Improving Working Conditions (CALLE)</h1>
<dl><dt>Project Duration</dt><dd>December 2019 - March 2024</dd><dt>Funding and Year</dt><dd>$10,000,000
 (FY 2019)</dd><dt>Grantee</dt><dd>American Institutes for Research</dd><dt>Countries</dt><dd>Mexico</dd></dl>
<p>The project trains inspectors.</p><p>It also trains judges.</p></main><footer><p>Contact us</p></footer></body></html>""",
    """<body><div><h1>Improving Working Conditions (CALLE)</h1><table>
<tr><th>Project Duration:</th><td>December 2019 - March 2024</td></tr>
<tr><th>Funding and Year:</th><td>$10,000,000 (FY 2019)</td></tr>
<tr><th>Grantee:</th><td>American Institutes for Research</td></tr><tr><td>Countries</td><td>Mexico</td></tr>
</table><p>The project trains inspectors.</p><p>It also trains judges.</p></div></body>""",
    """<body><article><h1>Improving Working Conditions (CALLE)</h1>
<p><strong>Project Duration:</strong> December 2019 - March 2024</p>
<p><strong>Funding and Year:</strong> $10,000,000 (FY 2019)</p>
<p><strong>Grantee:</strong> American Institutes for Research</p><p><b>Countries:</b> Mexico</p>
<p>The project trains inspectors.</p><p>It also trains judges.</p></article></body>""",
]


def read(reader, text, name):
    told = []
    found = list(reader.read(io.BytesIO(text.encode()), Reading(name, warn=told.append)))
    return found, [str(one) for one in told]


def check(record):
    assert (record.title, record.grantee) == (
        "Improving Working Conditions (CALLE)", "American Institutes for Research",
    )  # fmt: skip
    assert (record.start, record.end) == (date(2019, 12, 1), date(2024, 3, 31))
    assert record.description == "The project trains inspectors.\nIt also trains judges."
    extra = dict(record.extra)
    assert (extra["Funding and Year"], extra["Countries"]) == ("$10,000,000 (FY 2019)", "Mexico")


@pytest.mark.parametrize("text", COPIED, ids=["beside", "above"])
def test_a_copied_page_of_a_project_is_read(text):
    (record,), told = read(listing, text, "project.txt")
    check(record)
    assert told == []


@pytest.mark.parametrize("html", SAVED, ids=["definitions", "table", "paragraphs"])
def test_a_saved_page_of_a_project_is_read(html):
    (record,), told = read(page, html, "project.html")
    check(record)
    assert told == []


def test_a_label_without_a_value_takes_no_other_label_for_it():
    text = (
        "Wells\n\nGrantee:\nProject Duration: 2019 - 2020\nFunding & Year\nCountries\nMali\nWells are dug.\n"
    )
    (record,), _ = read(listing, text, "project.txt")
    assert (record.grantee, record.start, record.end) == ("", date(2019, 1, 1), date(2020, 12, 31))
    assert record.description == "Wells are dug."
    assert dict(record.extra) == {"Dates": "2019 - 2020", "Countries": "Mali"}


def test_what_a_page_marks_as_labels_are_labels_though_they_stand_alone():
    listed = (
        "<dt>Project title</dt><dd>Wells</dd><dt>Grantee</dt><dd></dd><dt>Summary</dt><dd>Wells are dug.</dd>"
    )
    dates = (
        "<table><tr><th>Start date</th><td>2019-01-31</td></tr><tr><th>End date</th><td></td></tr></table>"
    )
    html = f"<body><p>Skip</p><nav>Our work</nav><h1>Grants database</h1><dl>{listed}</dl>{dates}</body>"
    (record,), _ = read(page, html, "project.html")
    assert (record.title, record.grantee, record.description) == ("Wells", "", "Wells are dug.")
    assert (record.start, record.end) == (date(2019, 1, 31), None)


def test_a_page_pasted_twice_is_one_project():
    found, _ = read(listing, COPIED[1] * 2, "project.txt")
    assert len({record.stored() for record in found}) == 1
    check(found[0])


def test_another_project_in_the_same_file_is_told():
    other = COPIED[1].replace("CALLE", "OTHER").replace("American Institutes for Research", "Verité")
    _, told = read(listing, COPIED[1] + other, "project.txt")
    assert any('"Grantee" stands here once more' in one for one in told)
