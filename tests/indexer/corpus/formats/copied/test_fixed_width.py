"""Tables whose columns are told by blanks: printed by programs, or taken out of a PDF."""

import pytest

from indexer.corpus import contents
from indexer.document import Rejection

PRINTED = """\
ID  Title               Grantee     Start       Amount
--  ------------------  ----------  ----------  ---------
1   Clean Water, safe   WaterAid    2020-01-01  1,000,000
2   Courts              Verité      2020-02-01         50
"""
OF_A_PDF = """\
                 List of grants

  Project title           Grantee                  Start        End
  Clean water for the     WaterAid Mali            01/15/2020   12/31/2021
  people of Ségou
  Courts                  Centro de Derechos       02/01/2020   01/31/2022
                          Laborales, A.C.
  Page 1 of 2
\f  Project title           Grantee                  Start        End
  Mali
  Mines                   Solidaridad              04/13/2020   03/31/2022
  A title that is too long for its column          05/01/2020   03/31/2022
"""


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a file of a name: what was taken, what was rejected, and what is told."""

    def _read(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        warned = []
        found = [*contents.read(tmp_path, warn=warned.append)]
        rejected = [(one.line, one.reason) for one in found if isinstance(one, Rejection)]
        return (
            [one for one in found if not isinstance(one, Rejection)],
            rejected,
            [(one.line, one.message.partition(":")[0]) for one in warned if one.kind == "rows"],
        )

    return _read


@pytest.mark.parametrize("name", ["grants.txt", "grants.csv"])
def test_a_printed_table_is_read_by_its_columns(read, name):
    taken, rejected, _ = read(name, PRINTED)
    assert rejected == []
    assert [(one.id, one.title, one.grantee, str(one.start), dict(one.extra)) for one in taken] == [
        ("1", "Clean Water, safe", "WaterAid", "2020-01-01", {"Amount": "1,000,000"}),
        ("2", "Courts", "Verité", "2020-02-01", {"Amount": "50"}),
    ]
    assert [one.source_line for one in taken] == [f"{name}:3", f"{name}:4"]


def test_lines_that_go_on_pages_and_groups_of_a_pdf_are_known(read):
    taken, rejected, told = read("grants.txt", OF_A_PDF)
    assert [(one.title, one.grantee, str(one.end), one.source_line) for one in taken] == [
        ("Clean water for the people of Ségou", "WaterAid Mali", "2021-12-31", "grants.txt:4"),
        ("Courts", "Centro de Derechos Laborales, A.C.", "2022-01-31", "grants.txt:6"),
        ("Mines", "Solidaridad", "2022-03-31", "grants.txt:11"),
    ]
    assert dict(taken[2].extra) == {"Country": "Mali"}
    assert rejected == [
        (12, "a text that runs over from one column into the next; save the table as .csv or .xlsx")
    ]
    assert told == [
        (8, "1 row left out as page numbers"),
        (9, "1 row left out as repeated headings"),
        (10, "1 row left out as headings of groups"),
    ]


def test_headings_over_lines_without_columns_are_no_table(read):
    text = "Title   Start   Grantee\nA sentence that goes on through all of it, from first to last.\n"
    assert read("grants.csv", text)[1] == [
        (1, "no column is named title; the first row must name the columns, or fields.toml the title")
    ]
