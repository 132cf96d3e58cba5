"""What a corpus as a whole gives rise to doubt, and what does not."""

import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from indexer.document import Project, Rejection
from indexer.intake import quality
from indexer.intake.accepting import Intake
from indexer.intake.aliases import parse
from indexer.intake.columns import Columns
from indexer.intake.quality import alike
from indexer.intake.rows import spills


def notes(*records, aliases=None):
    """Return the notes on some projects and rejections."""
    with tempfile.TemporaryDirectory() as folder, spills(Path(folder)) as spilled:
        intake = Intake(spilled.rows, aliases)
        intake.take(record for record in records if isinstance(record, Project))
        intake.rejected.extend(record for record in records if isinstance(record, Rejection))
        return quality.notes(Columns(intake))


def project(number, **fields):
    """Return a project with everything, but for what is told."""
    whole = {
        "title": f"Project {number}",
        "description": "A text.",
        "grantee": "Verité",
        "start": date(2020, 1, 1),
        "end": date(2021, 1, 1),
        "source_line": f"a.csv:{number}",
    }
    return Project(f"P{number}", **whole | fields)


def test_a_corpus_without_fault_has_no_notes():
    assert notes(project(1), project(2), project(3)) == ()


@pytest.mark.parametrize(
    ("missing", "note"),
    [
        ({"start": None}, "without a start date"),
        ({"end": None}, "without an end date"),
        ({"description": ""}, "without a description"),
        ({"grantee": ""}, "without a grantee"),
    ],
    ids=["start", "end", "description", "grantee"],
)
def test_what_is_missing_is_counted_with_examples(missing, note):
    records = [project(number, **missing) for number in range(1, 6)]
    assert notes(*records, project(6)) == (f"5 {note}: a.csv:1, a.csv:2, a.csv:3 and 2 more",)


def test_reversed_dates_are_counted():
    reversed_dates = Rejection("a.csv", 4, "end date 2019-12-31 is before start date 2020-01-01", "x")
    other = Rejection("a.csv", 5, "no title", "x")
    assert notes(reversed_dates, other) == ("1 rejected because their end is before their start: a.csv:4",)


def test_a_project_met_again_counts_once():
    assert notes(project(1, description=""), project(1, description="")) == (
        "1 without a description: a.csv:1",
    )


def test_of_two_projects_with_one_id_the_one_taken_counts():
    records = [project(1, description=""), project(1, source_line="a.csv:9", end=None)]
    assert notes(*records) == ("1 without an end date: a.csv:9",)


def test_one_title_with_different_dates_is_noted():
    later = {"start": date(2022, 1, 1), "end": date(2023, 1, 1)}
    same = [
        project(number, title="Annual Survey", **dates) for number, dates in enumerate([{}, {}, later, later])
    ]
    assert notes(*same, project(9)) == (
        '1 titles that stand for projects with different dates: "Annual Survey"',
    )


def test_titles_with_different_dates_are_named_in_the_order_of_their_places():
    early, late = date(2019, 1, 1), date(2020, 6, 1)
    titles = {2: ("Audit", late), 3: ("Survey", early), 5: ("survey", early), 7: ("Survey", late)}
    records = [project(number, title=title, start=day) for number, (title, day) in titles.items()]
    assert notes(*records, project(1, title="Audit", start=early, source_line="a.csv:9")) == (
        '2 titles that stand for projects with different dates: "Survey", "Audit"',
    )


ILO = "International Labor Organization (ILO)"


@pytest.mark.parametrize(
    "names",
    [
        ("International Labor Organization (ILO)", "International Labour Organization"),
        ("International Labor Organization (ILO)", "ILO"),
        ("International Labor Organisation", "International Labor Organization"),
        ("Ergo Group", "Ergo Group, Inc."),
        ("Verite", "Verité"),
        ("Edison Institute, The", "The Edison Institute"),
        ("University of Nebraska, Board of Regents", "Board of Regents of the University of Nebraska"),
        ("PARTNERS FOR DECENT WORK", "Partners for Decent Work"),
        ("Centre for Work-Life", "Centre for Work Life"),
    ],
    ids=["spelling", "acronym", "iz", "legal-form", "accent", "article", "inversion", "case", "hyphen"],
)
def test_names_that_may_mean_one_grantee_are_noted(names):
    assert list(alike(Counter(names))) == [tuple(sorted(names))]


@pytest.mark.parametrize(
    "names",
    [
        ("University of York", "York University"),
        ("Verité", "Vérité International"),
        ("Labour Trust", "Labour Fund"),
        ("(ILO)", "(WHO)"),
        ("Advise India", "Advize"),
    ],
    ids=["order", "more", "other-word", "parentheses-only", "prefix"],
)
def test_names_of_two_grantees_are_not(names):
    assert list(alike(Counter(names))) == []


def test_the_note_on_grantees_counts_their_projects():
    records = [project(1, grantee=ILO), project(2, grantee="ILO"), project(3, grantee=ILO)]
    assert notes(*records) == (
        'perhaps one grantee: "ILO" (1), "International Labor Organization (ILO)" (2); '
        "aliases.txt can make them one",
    )


def test_what_the_aliases_make_one_is_not_noted():
    aliases = parse(f"{ILO} = ILO; International Labour Organization")
    records = [project(1, grantee=ILO), project(2, grantee="ilo")]
    assert notes(*records, aliases=aliases) == ()
