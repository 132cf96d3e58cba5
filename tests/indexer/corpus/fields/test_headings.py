"""Rows of headings, alone and in pairs; rows that are no projects; names of columns that are nearly known."""

import pytest

from indexer.corpus.fields import field_of, kind_of, layout_of
from indexer.corpus.fields.guesses import missing, nearest, why_no_title
from indexer.corpus.fields.headings import best_heading
from indexer.corpus.fields.row_kinds import row_kind


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([["Title", "Start", "End"]], ("Title", "Start", "End")),
        ([["Our grants"], [], ["Title", "Start", "End"], ["A", "2020", "2021"]], ("Title", "Start", "End")),
        ([["Project Title", "Period", ""], ["", "Start", "End"]], ("Project Title", "Start", "End")),
        ([["Project", "", "Grantee", ""], ["Title", "Number", "Name", "City"]], ("Title", "Project Number", "Grantee Name", "City")),
        ([["Project", "", "Implementing agency"], ["Title", "Start", "Name"]], ("Title", "Start", "Implementing agency Name")),
        ([["Dates", "Dates", "Title"], ["Start", "End", "Title"]], ("Start", "End", "Title")),
        ([["Title", "Start"], ["Title", "Start"]], ("Title", "Start")),
        ([["Title", "Notes"], ["Start of Work", "End"]], ("Title", "Notes")),
    ],
    ids=["alone", "below-notes", "pair", "groups", "agency", "merged", "twice", "a-row-of-data"],
)  # fmt: skip
def test_the_best_row_or_pair_names_the_columns(rows, names):
    assert best_heading(rows).names == names


def test_tags_for_machines_are_no_headings_where_people_are_told_the_names():
    """Lists of humanitarian projects have tags of HXL below their names; some have nothing else."""
    names, tags = ["Description", "Grantee", "Start"], ["#activity+project+name", "#date+start", "#id"]
    assert best_heading([names, tags, ["Wells", "Oxfam", "2020"]]).names == tuple(names)
    assert best_heading([tags, ["Wells", "2020", "7"]]).names == tuple(tags)
    assert best_heading([names, tags]).repeated(tags)
    assert not best_heading([names, tags]).repeated(["#1", "#MeToo at work", ""])


def test_names_of_a_machine_below_those_of_people_are_headings_too():
    heading = best_heading([["Project ID", "Project Name", "Start Date"], ["id", "project_name", "start"]])
    assert heading.repeated(["id", "project_name", "start"])
    assert not heading.repeated(["P1", "Project Name", "2020-01-01"])
    assert not heading.repeated(["P1", "Title", ""])


def test_the_name_of_a_partner_beside_that_of_the_project_is_no_title():
    above, below = ["Partner", "", "Project", ""], ["Name", "Country", "Name", "Start"]
    heading = best_heading([above, below, ["Oxfam", "UK", "Safe Water", "2020"]])
    assert heading.names == ("Partner Name", "Country", "Name", "Start")
    assert (heading.layout.title, heading.layout.start) == (2, 3)
    heading = best_heading([["Project", "", "Period", ""], ["Name", "ID", "Start", "End"]])
    assert (heading.layout.title, heading.layout.id) == (0, 1)


LAYOUT = layout_of(("id", "title", "description", "start", "end", "grantee", "amount"))


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["Total", "", "", "", "", "", "$3,000"], "totals"),
        (["", "Grand Total:", "", "", "", "", "3000"], "totals"),
        (["", "Total (12 projects)", "", "", "", "", ""], "totals"),
        (["Total", "", "", "", "", "12", "3000"], "totals"),
        (["", "Totaux", "", "", "", "", "3 000 €"], "totals"),
        (["", "Summe", "", "", "", "", "3.000,00 €"], "totals"),
        (["", "Gesamtsumme:", "", "", "", "", "3.000,00"], "totals"),
        (["", "Yhteensä", "", "", "", "", "3 000"], "totals"),
        (["Source: our books", "", "", "", "", "", ""], "sources and notes"),
        (["Source: our books"] * 7, "sources and notes"),
        (["", "* provisional", "", "", "", "", ""], "sources and notes"),
        (["Fuente: Ministerio", "", "", "", "", "", ""], "sources and notes"),
        (["Page 2 of 7", "", "", "", "", "", ""], "page numbers"),
        (["« Previous 1 2 3 … Next »", "", "", "", "", "", ""], "page numbers"),
        (["Showing 1 to 20 of 400 entries", "", "", "", "", "", ""], "page numbers"),
        (["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"], "numbers of columns"),
        (["A", "B", "C", "D", "E", "F", "G"], "numbers of columns"),
        (["1", "2", "3", "", "", "", ""], ""),
        (["(2 rows)", "", "", "", "", "", ""], "page numbers"),
        (["1 row in set (0.00 sec)", "", "", "", "", "", ""], "page numbers"),
        (["----+-------+-----", "", "", "", "", "", ""], "rules"),
        (["+----+------------+", "", "", "", "", "", ""], "rules"),
        (["Last updated: 1 May 2024", "", "", "", "", "", ""], "footers"),
        (["© 2024 The Fund", "", "", "", "", "", ""], "footers"),
        (["Applied filters:\nCountry is Mali", "", "", "", "", "", ""], "footers"),
        (["Applied filters help", "", "", "", "", "", ""], ""),
        (["G1", "Total Access to Health", "", "", "", "", "$1"], ""),
        (["G1", "Total", "Counts all", "", "", "", ""], ""),
        (["", "Total", "", "2020-01-01", "", "", ""], ""),
        (["", "Source: Water for All", "", "2020", "2021-01-01", "", ""], ""),
        (["", "Source: Water for All", "", "", "", "WaterAid", ""], ""),
        (["", "Next Generation", "", "", "", "", ""], ""),
        (["", "Notes from the field", "", "", "", "", ""], ""),
        (["", "", "", "", "", "", ""], ""),
    ],
    ids=lambda value: " ".join(value).strip() if isinstance(value, list) else value or "project",
)  # fmt: skip
def test_a_row_is_left_out_only_for_what_it_says_of_itself(cells, kind):
    assert row_kind(LAYOUT, cells) == kind


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Start Date (DD/MM/YYYY)", "start"), ("FECHA DE INICIO", "start"), ("Début", "start"), ("Título", "title"),
        ("Intitulé du projet", "title"), ("Bénéficiaire", "grantee"), ("Entidade executora", "grantee"),
        ("Recipient Organisation", "grantee"), ("projectTitle", "title"), ("Colour", ""),
    ],
    ids=str,
)  # fmt: skip
def test_usual_names_are_known(name, field):
    assert field_of(name)[1] == field


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Amount (USD)", "amount"), ("Montant (€)", "amount"), ("País", "country"), ("CFDA Title", "programme"),
     ("Donor", "funder"), ("Sector", "theme"), ("Website", "link"), ("Colour", ""),
     ("amount-currency-code", "currency"), ("Currency of Commitment", "currency")],
    ids=str,
)  # fmt: skip
def test_what_other_columns_are_about_is_known(name, kind):
    assert kind_of(name) == kind
    layout = layout_of(("title", name))
    assert layout.kinds == (kind,)


@pytest.mark.parametrize(
    ("name", "found", "guess"),
    [("Projct Titel", set(), "title"), ("Grantees name", set(), "grantee"), ("Projct Titel", {"title"}, ""), ("Colour", set(), ""), ("Award", set(), "")],
    ids=["nearly", "plural", "found", "unknown", "amount"],
)  # fmt: skip
def test_a_name_that_is_nearly_known_is_guessed(name, found, guess):
    assert nearest(name, found) == guess


def test_a_table_without_a_title_is_told_which_column_may_be_it():
    assert why_no_title([["No", "Projct Title"]]).endswith('Is it "Projct Title"?')
    assert why_no_title([["No", "Colour"]]).endswith("or fields.toml the title")


def test_a_publisher_counts_only_with_all_that_it_is_known_by():
    names = (
        "Identifier", "Title", "Recipient Org:0:Name", "Planned Dates:0:Start Date", "Amount Awarded",
        "Funding Org:0:Name",
    )  # fmt: skip
    layout = layout_of(names)
    assert layout.publisher.name == "360Giving, spreadsheet"
    assert (layout.grantee, layout.start) == (2, 3)
    assert layout_of(names[:2]).publisher is None


@pytest.mark.parametrize(
    "name",
    ["Duration (months)", "DURATION (IN MONTHS)", "Durée (mois)", "Laufzeit (Monate)", "Period (years)"],
)
def test_a_column_that_counts_months_holds_no_dates(name):
    assert field_of(name) == (0, "")


@pytest.mark.parametrize("name", ["Dates (day/month/year)", "Duration", "Period (start and end)"])
def test_a_column_of_both_dates_is_one(name):
    assert field_of(name)[1] == "span"


@pytest.mark.parametrize(
    ("names", "found", "told"),
    [
        (
            ["Title", "Call deadline date", "Work begins in", "Host"],
            {"title"},
            [("when a project starts or ends", ["Work begins in"])],
        ),
        (
            ["Title", "Fecha de firma", "Universidad", "Sector"],
            {"title"},
            [("when a project starts or ends", ["Fecha de firma"]), ("who the grantee is", ["Universidad"])],
        ),
        (["Title", "Date approved", "Partner organisation"], {"title", "start", "grantee"}, []),
        (
            ["Title", "Approval date", "Contact"],
            {"title", "end", "grantee"},
            [("when a project starts", ["Approval date"])],
        ),
        (["Title", "Date approved"], {"title"}, []),
        (["Title", "Colour", "Size"], {"title"}, []),
    ],
    ids=["words", "spanish", "found", "end alone", "few", "none"],
)
def test_what_no_column_says_is_told_with_those_that_may(names, found, told):
    left = [name for name in names if name != "Title"]
    assert [*missing(names, found, left)] == told


@pytest.mark.parametrize(
    "name", ["organizationURL", "organisationID", "contactForm", "Grantee city", "OBJECT_ID", "Award date"]
)
def test_a_name_of_another_thing_is_no_slip(name):
    assert nearest(name, set()) in ("", "id")


@pytest.mark.parametrize(
    ("names", "id_of"),
    [
        (("Award ID", "Award Title", "Project Number", "Project Title"), "Project Number"),
        (("Award ID", "Project Number", "Project Title"), "Project Number"),
        (("Award ID", "ID", "Project Title"), "ID"),
        (("Award ID", "Project Title"), "Award ID"),
        (("Project ID", "Grant Number", "Grant Title"), "Grant Number"),
        (("Award ID", "Project Number", "Title"), "Award ID"),
        (("Programme ID", "Loan name", "Project number"), "Project number"),
        (("Programme ID", "Investment name", "Investment number", "Objective"), "Investment number"),
        (("Programme ID", "Proposal ID", "Proposal Title"), "Proposal ID"),
        (("Operation Type", "Operation Number", "Operation Name"), "Operation Number"),
        (("grantAgreementId", "grantAgreementNumber", "grantAgreementTitle"), "grantAgreementNumber"),
    ],
)
def test_the_id_is_that_of_what_has_the_title(names, id_of):
    """By the number of an award that has several projects each of these would replace the one before."""
    assert names[layout_of((*names, "Start")).id] == id_of


@pytest.mark.parametrize(
    ("names", "first", "last"),
    [
        (("Title", "From", "To"), "From", "To"),
        (("Titel", "Bis", "Von"), "Von", "Bis"),
        (("Title", "to", "Grantee", "FROM:"), "FROM:", "to"),
        (("Title", "From", "To", "Start date"), "Start date", ""),
        (("Title", "From", "Via"), "", ""),
        (("Title", "From", "To", "From"), "", ""),
    ],
)
def test_from_and_to_are_the_first_and_the_last_day_where_no_other_column_is(names, first, last):
    layout = layout_of(names)
    found = [names[place] if place >= 0 else "" for place in (layout.start, layout.end)]
    assert found == [first, last]
