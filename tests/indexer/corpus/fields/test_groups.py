"""Rows that head groups: no projects, and what they say counts for the rows below them."""

import pytest

from indexer.corpus import contents
from indexer.document import Rejection


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a table: titles with what is kept of each, rejections, what is told."""

    def _read(text):
        (tmp_path / "grants.csv").write_text(text, encoding="utf-8")
        warned = []
        found = [*contents.read(tmp_path, warn=warned.append)]
        rejected = [one.reason for one in found if isinstance(one, Rejection)]
        taken = [(one.title, dict(one.extra)) for one in found if not isinstance(one, Rejection)]
        told = [one.message.partition(":")[0] for one in warned if one.kind == "rows"]
        return taken, rejected, told

    return _read


def test_a_country_above_its_projects_is_the_country_of_these(read):
    assert read(
        "Project,Grantee,Start,Amount\nMali,,,\nWater,WaterAid,2020,10\nSub-total Mali,,,10\n"
        "Peru (1 project):,,,\nGold,Solidaridad,2019,5\nTotal,,,15\nSchools,Oxfam,2021,7\n"
    ) == (
        [
            ("Water", {"Amount": "10", "Country": "Mali"}),
            ("Gold", {"Amount": "5", "Country": "Peru"}),
            ("Schools", {"Amount": "7"}),
        ],
        [],
        ["2 rows left out as headings of groups", "2 rows left out as totals"],
    )


def test_a_heading_in_a_column_of_its_own_fills_that_column_where_it_is_empty(read):
    assert read(
        "Pays;Titre;Date de début;Montant\nMaroc;;;\n;Eau;2020-01-01;1\nTchad;Or;2020-01-01;2\nMaroc Total;;;3\n"
        "Deutschland:;;;\n;Arbeit;2021-01-01;4\n"
    ) == (
        [
            ("Eau", {"Pays": "Maroc", "Montant": "1"}),
            ("Or", {"Pays": "Tchad", "Montant": "2"}),
            ("Arbeit", {"Pays": "Deutschland", "Montant": "4"}),
        ],
        [],
        ["2 rows left out as headings of groups", "1 row left out as totals"],
    )


def test_a_country_alone_on_its_line_heads_a_group(read):
    taken, rejected, told = read("Project,Grantee,Start\nMali\nWater,WaterAid,2020\nHealth\n")
    assert taken == [("Water", {"Country": "Mali"})]
    assert rejected == ["1 cell; the header has 3"]
    assert told == ["1 row left out as headings of groups"]


@pytest.mark.parametrize(
    ("table", "titles"),
    [
        ("Project\nMali\nPeru\n", ["Mali", "Peru"]),
        ("Project,Amount\nMali,\nPeru,\n", ["Mali", "Peru"]),
        ("Project,Grantee\nMali,Oxfam\nWater for Mali,\n", ["Mali", "Water for Mali"]),
        (
            "Project,Grantee,Amount\nTotal Sanitation,,5\nHealth Total,,6\n",
            ["Total Sanitation", "Health Total"],
        ),
        ("Project,Grantee\nSub-total exposure,Oxfam\n", ["Sub-total exposure"]),
    ],
)
def test_what_may_be_a_project_is_one(read, table, titles):
    taken, rejected, told = read(table)
    assert ([title for title, _ in taken], rejected, told) == (titles, [], [])


def test_the_rest_of_a_row_in_a_row_of_its_own_is_told_as_none(read):
    taken, rejected, _ = read("Project,Description,Start\nWater,It flows,2020\n,and is clean,\n,,2021\n")
    assert ([title for title, _ in taken], rejected) == (["Water"], ["no title", "no title"])


def test_a_caption_over_the_columns_of_a_page_heads_a_group(tmp_path):
    rows = "<tr><td colspan=3>Mali</td></tr><tr><td>Water</td><td>WaterAid</td><td>2020-01-31</td></tr>"
    table = f"<table><tr><th>Project</th><th>Grantee</th><th>Start</th></tr>{rows}</table>"
    (tmp_path / "grants.html").write_text(f"<html><body>{table}</body></html>", encoding="utf-8")
    (one,) = contents.read(tmp_path)
    assert (one.title, one.extra) == ("Water", (("Country", "Mali"),))
