"""A folder of every format: what is broken is named with file, line and reason, and what is good is in."""

import gzip
from pathlib import Path

import pytest

from indexer.corpus import contents, guard
from indexer.corpus.fields.guesses import why_no_title
from indexer.corpus.reading import Limits
from indexer.document import Project, Rejection
from tests.documents import CORPORA

BROKEN = CORPORA / "broken"
DAMAGED_WORKBOOK = (
    "this workbook cannot be read: it is damaged or no workbook (Cannot detect file format); save it anew, or the "
    "sheet as .csv"
)
NO_TITLE = why_no_title([])
NOT_A_DATE = "is not a date; write 2020-01-31, 2020-01, 2020 or 01/31/2020"
BAD_QUOTE = "a quote that is never closed, or one inside a quoted cell that is not doubled"
NO_DATES = 'no "start - end" dates: a record that is cut off, or text that is no project'

REJECTED = [
    ("cut.jsonl.gz", 0, "damaged gzip file; what stood before the damage was read"),
    ("empty.txt", 0, "an empty file"),
    ("export.jsonl", 2, "not valid JSON at column 40: Expecting property name enclosed in double quotes"),
    ("export.jsonl", 3, "not valid JSON at column 34: Unterminated string starting"),
    ("export.jsonl", 4, "not a JSON object"),
    ("export.jsonl", 5, "not a JSON object"),
    ("export.jsonl", 6, "no title"),
    ("export.jsonl", 7, "no title"),
    ("export.jsonl", 8, "the title is an object, not a text"),
    ("export.jsonl", 9, 'no usable title: "***"'),
    ("export.jsonl", 10, "the start date is true or false, not a text"),
    ("export.jsonl", 11, "not UTF-8 text: byte 30 of the line is 0xe9"),
    ("export.jsonl", 13, "end date 2015-12-31 is before start date 2018-01-01"),
    ("export.jsonl", 14, "nested too deeply"),
    ("export.jsonl", 16, "the grantee is an object, not a text"),
    ("grants.csv", 3, "4 cells; the header has 7"),
    ("grants.csv", 4, "8 cells; the header has 7"),
    ("grants.csv", 5, BAD_QUOTE),
    ("grants.csv", 8, BAD_QUOTE),
    ("grants.csv", 9, "no title"),
    ("grants.csv", 10, f'start date "soon" {NOT_A_DATE}'),
    ("grants.csv", 11, 'start date "2021-02-29" does not exist'),
    ("grants.csv", 12, "end date 2020-05-01 is before start date 2021-05-01"),
    ("grants.csv", 13, 'no usable title: "Untitled"; start date "2021-13-01" does not exist'),
    ("grants.csv", 14, 'start date "25/12/2020" does not exist; the month comes first'),
    ("grants.csv", 15, "an id of 201 characters; at most 200"),
    ("grants.csv", 16, "3 cells; the header has 7"),
    ("grants.csv", 17, "5 cells; the header has 7"),
    ("headless.csv", 1, NO_TITLE),
    ("listing.txt", 6, 'start date "02/30/2020" does not exist; the month comes first'),
    ("listing.txt", 9, 'start date "13/01/2020" does not exist; the month comes first'),
    ("listing.txt", 12, "end date 2021-05-31 is before start date 2022-06-01"),
    ("listing.txt", 15, NO_DATES),
    ("listing.txt", 18, NO_DATES),
    ("listing.txt", 21, "no title"),
    ("listing.txt", 24, 'no usable title: "Title not available"'),
    ("listing.txt", 31, NO_DATES),
    ("more/page.html", 7, "4 cells; the header has 5"),
    ("more/page.html", 8, 'start date "01/32/2020" does not exist; the month comes first'),
    ("more/page.html", 9, "no title"),
    ("more/page.html", 13, "end date 2024-07-23 is before start date 2025-01-23"),
    ("more/unparseable.html", 0, "no HTML that can be parsed; save the page from a browser again"),
    ("projects.xlsx", 0, DAMAGED_WORKBOOK),
    ("tabs.tsv", 3, f'end date "Marchember 2024" {NOT_A_DATE}'),
]  # fmt: skip

GOOD = [
    ("export.jsonl:1", "Good Line"),
    ("export.jsonl:15", "No Description"),
    ("export.jsonl:17", "Stray Half, Zero"),
    ("grants.csv:2", "Good Row"),
    ("grants.csv:6", "Good Row After It"),
    ("grants.csv:18", "Two-Digit Year"),
    ("grants.csv:19", "Good Last Row"),
    ("listing.txt:3", "Ending Child Labor in Cocoa, Phase 2"),
    ("listing.txt:27", "Safe Gold (SAFE)"),
    ("more/page.html:6", "Good Row"),
    ("more/page.html:12", "Good Point"),
    ("old.csv:3", "Vérité du Sahel"),
    ("old.csv:4", "École au Sahel"),
    ("packed.csv.gz:2", "Good Packed Row"),
    ("tabs.tsv:2", "Good Span"),
]


@pytest.fixture(scope="module")
def records():
    return list(contents.read(BROKEN))


def test_every_broken_record_is_named_with_file_line_and_reason(records):
    found = [(one.path, one.line, one.reason) for one in records if isinstance(one, Rejection)]
    assert found == REJECTED


def test_every_good_record_is_taken(records):
    found = [(one.source_line, one.title) for one in records if isinstance(one, Project)]
    assert [one for one in found if not one[0].startswith("cut.jsonl.gz")] == GOOD


def test_a_rejection_keeps_the_text_of_its_record(records):
    texts = {(one.path, one.line): one.text for one in records if isinstance(one, Rejection)}
    assert (
        texts["grants.csv", 5] == 'G4,"Never Closed,Text,2019-01-01,2020-12-31,Kesari Development Trust,India'
    )
    assert texts["listing.txt", 12] == (
        "Backwards06/01/2022 - 05/31/2021 It ends before it begins. |\nVerité"
    )
    assert texts["export.jsonl", 11] == '{"id": "J11", "title": "Verit\ufffd in Latin 1"}'


def test_what_stands_before_a_damage_is_read(records):
    cut = [one.title for one in records if isinstance(one, Project) and one.source_line.startswith("cut.")]
    assert len(cut) > 1000
    assert cut == [f"Packed Project {number}" for number in range(len(cut))]


def test_reading_is_lazy(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"title": "First"}\n{"title": "Second"}\n')
    records = contents.read(tmp_path)
    assert next(records).title == "First"


def test_a_file_of_bad_records_only_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(guard, "MOST_REJECTED", 3)
    (tmp_path / "a.jsonl").write_text("x\n" * 10)
    (tmp_path / "b.jsonl").write_text('{"title": "Next File"}\n')
    records = list(contents.read(tmp_path))
    assert [(one.line, one.reason) for one in records[2:4]] == [
        (3, "not valid JSON at column 1: Expecting value"),
        (0, "3 records of this file are rejected; the rest was not read"),
    ]
    assert records[4].title == "Next File"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", b'{"title": "' + b"x" * 2000 + b'"}\n'),
        ("a.csv", b"title,grantee\n" + b"x" * 2000 + b",G\n"),
        ("a.txt", b"T" + b"01/01/2020 - 01/01/2021 " + b"x" * 2000 + b" |\nG |\n|\n"),
    ],
    ids=["jsonl", "csv", "txt"],
)
def test_a_record_beyond_its_limit_is_rejected(tmp_path: Path, name, content):
    (tmp_path / name).write_bytes(content)
    (record,) = contents.read(tmp_path, Limits(record=1000))
    assert "record of" in record.reason
    assert len(record.text) <= 2000


def test_what_a_file_holds_counts_more_than_its_name(tmp_path):
    """A list in .jsonl, a PDF called .csv, packed tables without .gz; a workbook's lock is no file at all."""
    (tmp_path / "a.jsonl").write_text('[\n{"title": "First"},\n{"title": "Second"}\n]\n')
    (tmp_path / "b.csv").write_bytes(b"%PDF-1.4\n%\xe2\xe3\n")
    (tmp_path / "c.csv").write_bytes(gzip.compress(b"title\nThird\n"))
    (tmp_path / "d.jsonl").write_bytes(gzip.compress(b'{"title": "Third"}\n'))
    (tmp_path / "~$open.xlsx").write_bytes(b"\x05lock")
    first, second, *refused = contents.read(tmp_path)
    assert (first.title, first.source_line, second.title) == ("First", "a.jsonl:1", "Second")
    assert [(one.path, one.line, one.reason.partition(";")[0]) for one in refused] == [
        ("b.csv", 0, "a PDF, whatever its name says"),
        ("c.csv", 0, "packed with gzip"),
        ("d.jsonl", 0, "packed with gzip"),
    ]


def test_a_file_without_projects_says_what_it_is(tmp_path):
    """An error page in the place of a table, a page without a title, nothing, nothing packed, and zeros."""
    (tmp_path / "a.csv").write_text("<html><title>503 Service\n Unavailable</title><p>Try later.</html>")
    (tmp_path / "b.html").write_text("<body><h2>Sign <b>in</b></h2><form></form></body>")
    (tmp_path / "c.html").write_text("<body><p>Nothing</p></body>")
    (tmp_path / "d.csv").write_text("")
    (tmp_path / "e.csv.gz").write_bytes(gzip.compress(b""))
    (tmp_path / "f.csv").write_bytes(bytes(5_000))
    (tmp_path / "g.xlsx").write_bytes(bytes(5_000))
    assert [one.reason for one in contents.read(tmp_path)] == [
        'no project in this file, a web page called "503 Service Unavailable"',
        'no project in this file, a web page called "Sign in"',
        "no project in this file",
        "an empty file",
        "no project in this file",
        *["begins with nothing but zero bytes, as a file does whose copying did not end; copy it again"] * 2,
    ]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Aliases.txt", "aliases.txt"),
        ("alias.txt", "aliases.txt"),
        ("sub/words.txt", "words.txt"),
        ("WORDS.TXT", "words.txt"),
        ("fields.tml", "fields.toml"),
        ("fields.toml.txt", "fields.toml"),
        ("aliases.txt.txt", "aliases.txt"),
    ],
)
def test_a_slip_in_the_name_of_a_file_of_settings_is_told(tmp_path, name, meant):
    (tmp_path / "sub").mkdir()
    (tmp_path / name).write_text("a = b\n")
    (told,) = contents.read(tmp_path)
    assert told.path == name
    assert told.reason.startswith(f"left out: is it meant to be {meant}? ")
    assert told.reason.endswith("folder itself") == ("/" in name)


@pytest.mark.parametrize("name", ["awards.txt", "wards.txt", "words.csv", "fields.txt", "keywords.txt"])
def test_other_names_are_no_slips(tmp_path, name):
    (tmp_path / name).write_text("Title;Start;End\nSafe Gold;2020;2021\n")
    (project,) = contents.read(tmp_path)
    assert project.title == "Safe Gold"


def test_numbers_of_rows_are_no_ids(tmp_path):
    """Two lists of an open-data portal, each with rows from 1 on, beside real ids of the same name."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"_id,Title,Start\n1,Gold {name},2020\n2,Work {name},2021\n")
    (tmp_path / "c.json").write_text(
        '{"records": [{"_id": 1, "title": "Seas"}, {"_id": 2, "title": "Skies"}]}'
    )
    (tmp_path / "d.jsonl").write_text('{"_id": 1, "title": "Roads"}\n{"_id": "5f1e", "title": "Rails"}\n')
    (tmp_path / "e.csv").write_text("id,Title,Start\n1,Ports,2020\n")
    told = []
    found = {one.title: one.id for one in contents.read(tmp_path, warn=told.append)}
    assert len({*found.values()}) == len(found) == 9
    assert (found["Rails"], found["Ports"]) == ("5f1e", "1")
    assert found["Gold a"].startswith("gold-a-")
    assert [one.path for one in told if "counts rows" in one.message] == [
        "a.csv",
        "b.csv",
        "c.json",
        "d.jsonl",
    ]
