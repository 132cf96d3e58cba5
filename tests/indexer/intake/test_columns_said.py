"""`[columns]` of fields.toml: columns that the product does not know are what the corpus says they are."""

import json
from datetime import date

import pytest
import xlsxwriter

from indexer.build import reindex
from indexer.corpus.fields import layout_of
from indexer.errors import FieldsError
from indexer.intake.settings_files import read_fields
from indexer.storage import generation
from indexer.storage.segment import Segment

SAID = """
[columns]
id = "NR_CONVENIO"
title = ["OBJ_PROPOSTA", "APELIDO"]
start_date = "dia inic."
end_date = ["DIA_FIM_CONV"]
grantee = "Convênio.Quem"
"""
NAMES = ("NR_CONVENIO", "OBJ_PROPOSTA", "APELIDO", "DIA_INIC", "DIA_FIM_CONV", "CONVENIO_QUEM", "UF")
ROWS = [
    ("912", "Safe Gold", "Gold", "2020-01-31", "2021-12-01", "Verité", "SP"),
    ("913", "", "Fair Work", "2021-01-31", "2022-12-01", "ILO", "BA"),
]
RECORDS = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
EXPECTED = {
    ("912", "Safe Gold", date(2020, 1, 31), date(2021, 12, 1), "Verité", (("APELIDO", "Gold"), ("UF", "SP"))),
    (
        "913",
        "Fair Work",
        date(2021, 1, 31),
        date(2022, 12, 1),
        "ILO",
        (("APELIDO", "Fair Work"), ("UF", "BA")),
    ),
}


def workbook(path):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([NAMES, *ROWS]):
            sheet.write_row(number, 0, row)


def table(mark):
    return "".join(mark.join(row) + "\n" for row in [NAMES, *ROWS])


def elements():
    return "".join(
        "<row>" + "".join(f"<{name}>{text}</{name}>" for name, text in record.items()) + "</row>"
        for record in RECORDS
    )


def cells():
    return "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in [NAMES, *ROWS])


WRITERS = {
    "a.csv": lambda path: path.write_text("Our grants\n" + table(";")),
    "a.txt": lambda path: path.write_text(table("\t")),
    "a.xlsx": workbook,
    "a.html": lambda path: path.write_text(f"<table>{cells()}</table>"),
    "a.jsonl": lambda path: path.write_text("\n".join(map(json.dumps, RECORDS))),
    "a.json": lambda path: path.write_text(json.dumps({"rows": RECORDS})),
    "b.json": lambda path: path.write_text(json.dumps({"columns": NAMES, "data": ROWS})),
    "a.xml": lambda path: path.write_text(f"<rows>{elements()}</rows>"),
}


def projects(index):
    segment = Segment.open(generation.current(index))
    found = map(segment.project, range(len(segment)))
    return {(one.id, one.title, one.start, one.end, one.grantee, one.extra) for one in found}


@pytest.mark.parametrize("name", WRITERS)
def test_columns_are_what_the_corpus_says_in_each_format(tmp_path, name):
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    WRITERS[name](corpus / name)
    assert reindex(corpus, index).projects == 0
    (corpus / "fields.toml").write_text(SAID)
    found = reindex(corpus, index)
    assert (found.projects, found.rejected_count, projects(index)) == (2, 0, EXPECTED)
    assert not [one for one in found.warnings if "waits for it" in one]


def test_what_was_read_before_is_read_anew_when_the_corpus_says_otherwise(tmp_path):
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "a.jsonl").write_text('{"id": 1, "title": "Long name", "Kurz": "Short"}\n')
    reindex(corpus, index)
    (corpus / "fields.toml").write_text('[columns]\ntitle = "Kurz"\n')
    reindex(corpus, index)
    assert [one[1] for one in projects(index)] == ["Short"]
    (corpus / "fields.toml").unlink()
    reindex(corpus, index)
    assert [one[1] for one in projects(index)] == ["Long name"]


def test_a_column_that_no_file_has_is_told(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.csv").write_text("Title,Start\nSafe Gold,2020\n")
    (corpus / "fields.toml").write_text('[columns]\ngrantee = "Quem"\ntitle = "title"\nend_date = "Stert"\n')
    found = reindex(corpus, tmp_path / "index")
    assert found.warnings == (
        'fields.toml: no file has a column "Quem" so far; the grantee waits for it',
        'fields.toml: no file has a column "Stert" so far; the end date waits for it. Is it "Start"?',
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[columns]\nname = "X"', r"fields\.toml:2: columns: unknown key name; known are id, title, desc"),
        ("[columns]\ntitle = 3", r"fields\.toml:2: columns: title must be the name of a column"),
        ("[columns]\ntitle = []", r"fields\.toml:2: columns: title must be the name of a column"),
        ('[columns]\n\ntitle = ["A", "-"]', r"fields\.toml:3: columns: title must be the name of a column"),
        ('[columns]\ntitle = "A b"\nid = "a_B"', r'fields\.toml:3: columns: column "a_B" is said to be two'),
        ('columns = "Title"', r"fields\.toml:1: columns is not known here; write \[fields\.name\]"),
    ],
    ids=["unknown", "number", "none", "nameless", "two-fields", "no-table"],
)
def test_a_mistake_is_a_line_with_its_place(tmp_path, text, reason):
    (tmp_path / "fields.toml").write_text(text)
    with pytest.raises(FieldsError, match=reason):
        read_fields(tmp_path)


def test_what_is_said_counts_before_names_and_publishers():
    layout = layout_of(("Title", "Start date", "End date", "Zeit"), (("zeit", "span"),))
    assert (layout.span, layout.start, layout.end) == (3, -1, -1)
    names = ("Award ID", "Recipient Name", "Award Amount", "Awarding Agency", "Description", "Nickname")
    layout = layout_of(names, (("NICKNAME", "title"), ("Awarding Agency", "grantee")))
    assert (layout.title, layout.grantee, layout.publisher.name) == (5, 3, "USAspending, search results")
