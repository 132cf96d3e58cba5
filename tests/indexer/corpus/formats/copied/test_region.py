"""The page of a region: copied, cut off, pasted twice; and where its countries end."""

import io
from datetime import date

import pytest

from indexer.corpus.formats import listing
from indexer.corpus.formats.copied.leading_countries import part
from indexer.corpus.reading import Reading
from indexer.document import Project
from tests.documents import SEED_PAGE

HEADING = "Project Title Description Funding Country Grantee Start Date End Date\n"
SAFE_MINES = """Promoting Safe Mines
The project trains inspectors in 2 countries.

It also trains judges.
$5,000,000 Colombia, Peru Desarrollo y Autogestión 12/15/2019 03/30/2024
"""
COCOA = """Cocoa Without Children
The project supports farmers.
$1,250,000.50 Côte d’Ivoire International Cocoa Initiative 01/01/2021 TBD
"""
INTRODUCTION = "Latin America\nWhat we fund in this region.\n"


def read(text):
    """Return the records of a page, and what is told of it."""
    told = []
    reading = Reading("region.txt", warn=lambda one: told.append((one.line, one.message)))
    return list(listing.read(io.BytesIO(text.encode()), reading)), told


def described(record):
    """Return what a page says of a project."""
    return (
        record.title, record.start, record.end, record.description, record.grantee, dict(record.extra),
        record.source_line,
    )  # fmt: skip


MINES = (
    "Promoting Safe Mines", date(2019, 12, 15), date(2024, 3, 30),
    "The project trains inspectors in 2 countries.\nIt also trains judges.", "Desarrollo y Autogestión",
    {"Amount": "$5,000,000", "Country": "Colombia; Peru"},
)  # fmt: skip
BEANS = (
    "Cocoa Without Children", date(2021, 1, 1), None, "The project supports farmers.",
    "International Cocoa Initiative", {"Amount": "$1,250,000.50", "Country": "Côte d’Ivoire"},
)  # fmt: skip


def test_a_copied_page_is_read():
    records, told = read(INTRODUCTION + HEADING + SAFE_MINES + COCOA)
    assert [described(one) for one in records] == [(*MINES, "region.txt:4"), (*BEANS, "region.txt:9")]
    assert told == []


def test_cells_that_were_copied_with_tabs_are_read():
    line = "$5,000,000\tAtlantis, Colombia\tVerité, Inc.\t12/15/2019\t03/30/2024\n"
    (record,), told = read(HEADING.replace(" ", "\t") + "Safe Mines\nIt trains.\n" + line)
    assert (record.grantee, dict(record.extra)["Country"]) == ("Verité, Inc.", "Atlantis; Colombia")
    assert told == []


def test_a_page_pasted_twice_gives_each_project_twice():
    page = INTRODUCTION + HEADING + SAFE_MINES + COCOA
    records, _ = read(page + page)
    assert [described(one)[:6] for one in records] == [MINES, BEANS, MINES, BEANS]


@pytest.mark.parametrize("kept", range(1, 60, 7))
def test_a_page_that_is_cut_off_loses_only_what_is_cut(kept):
    page = INTRODUCTION + HEADING + SAFE_MINES + COCOA
    records, _ = read(page[: -len(COCOA) + kept])
    assert described(records[0])[:6] == MINES
    assert "cut off" in records[1].reason
    assert records[1].text in COCOA


def test_a_page_cut_off_and_pasted_again_gives_what_is_whole():
    page = INTRODUCTION + HEADING + SAFE_MINES + COCOA
    records, _ = read(page[:-30] + "\n" + page)
    assert [one.title for one in records if isinstance(one, Project)] == [
        "Promoting Safe Mines", "Promoting Safe Mines", "Cocoa Without Children",
    ]  # fmt: skip


def test_without_headings_the_first_line_is_the_title_and_that_is_told():
    records, told = read(INTRODUCTION + SAFE_MINES)
    assert records[0].title == "Latin America"
    assert told[0] == (1, "no line above names the columns: the first was read as the title")


def test_a_listing_above_a_region_page_is_read_as_well():
    records, _ = read(SEED_PAGE.read_text() + "\n" + INTRODUCTION + HEADING + SAFE_MINES)
    assert len([one for one in records if isinstance(one, Project)]) == 11
    assert described(records[-1])[:6] == MINES


def test_a_bad_date_is_told_with_its_line():
    (rejected,), _ = read(HEADING + "Safe Mines\nIt trains.\n$1 Peru Verité 13/45/2019 03/30/2024\n")
    assert (rejected.line, "does not exist" in rejected.reason) == (2, True)


@pytest.mark.parametrize(
    ("text", "countries", "rest"),
    [
        ("Mexico Verité", ["Mexico"], "Verité"),
        ("Colombia, Peru Desarrollo", ["Colombia", "Peru"], "Desarrollo"),
        ("Trinidad and Tobago, Guyana and Suriname ILO", ["Trinidad and Tobago", "Guyana", "Suriname"], "ILO"),
        ("Bangladesh, Viet Nam, and Cambodia Better Work", ["Bangladesh", "Viet Nam", "Cambodia"], "Better Work"),
        ("Democratic Republic of the Congo Pact", ["Democratic Republic of the Congo"], "Pact"),
        ("Global International Labor Organization (ILO)", ["Global"], "International Labor Organization (ILO)"),
        ("Burma/Myanmar Solidarity Center", ["Burma", "Myanmar"], "Solidarity Center"),
        ("Jordan University of Jordan", ["Jordan"], "University of Jordan"),
        ("St. Lucia, Côte d'Ivoire Care", ["St. Lucia", "Côte d'Ivoire"], "Care"),
        ("South Africa Care", ["South Africa"], "Care"),
    ],
)  # fmt: skip
def test_countries_end_where_the_grantee_begins(text, countries, rest):
    found = part(text)
    assert (list(found.countries), found.rest, found.doubt) == (countries, rest, "")


@pytest.mark.parametrize(
    ("text", "countries", "rest", "doubt"),
    [
        ("Atlantis Verité", [], "Atlantis Verité", "cannot be told apart"),
        ("Colombia, Atlantis Verité", ["Colombia"], "Atlantis Verité", "no country that is known"),
        ("Georgia Georgia Institute", ["Georgia"], "Georgia Institute", "may be one more country"),
        ("Mexico", ["Mexico"], "", "no grantee"),
        ("Latin America and the Caribbean Fund", ["Latin America and the Caribbean"], "Fund", "though"),
    ],
)
def test_what_cannot_be_told_apart_is_told(text, countries, rest, doubt):
    found = part(text)
    assert (list(found.countries), found.rest) == (countries, rest)
    assert doubt in found.doubt
