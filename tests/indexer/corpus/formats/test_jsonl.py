"""JSON lines: records of other systems, one a line."""

import io
from datetime import date

import pytest

from indexer.corpus.formats import jsonl
from indexer.corpus.reading import Reading
from indexer.document import Project


def read(text):
    """Return the records of a file, given as text or bytes."""
    raw = text if isinstance(text, bytes) else text.encode()
    return list(jsonl.read(io.BytesIO(raw), Reading("export.jsonl")))


def only(text):
    """Return the one project of a file."""
    (project,) = read(text)
    assert isinstance(project, Project)
    return project


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"], ids=str)
def test_a_line_is_a_project(encoding):
    line = (
        '{"id": 7, "Title": "Verité in Court", "description": "A text.", "start_date": "2020-01-15T00:00Z", '
        '"end_date": 2021, "grantee": "Ergo Group, Inc.", "amount": 4.5, "active": true, "none": null, '
        '"tags": ["courts", "labor"], "where": {"country": "Mali"}}\n'
    )
    project = only(line.encode(encoding))
    assert project == Project(
        "7", "Verité in Court", "A text.", "Ergo Group, Inc.", date(2020, 1, 15), date(2021, 12, 31),
        (("amount", "4.5"), ("active", "true"), ("tags", "courts; labor"), ("where", '{"country": "Mali"}')),
    )  # fmt: skip
    assert project.source_line == "export.jsonl:1"


def test_blank_lines_count_but_are_no_records():
    records = read('\n{"title": "A"}\n  \r\n{"title": "B"}')
    assert [(record.title, record.source_line) for record in records] == [
        ("A", "export.jsonl:2"),
        ("B", "export.jsonl:4"),
    ]


@pytest.mark.parametrize(
    ("escaped", "clean"),
    [
        (r"Safe\u0000 Gold", "Safe Gold"),
        (r"Safe \ud83d Gold", "Safe Gold"),
        (r"Safe\r\n\tGold", "Safe Gold"),
        (r"Safe\u00a0\u2003Gold", "Safe Gold"),
        (r"\u202eSafe Gold\u202c", "Safe Gold"),
        (r"Vérité", "V\u00e9rit\u00e9"),
        (r"Ve\u0301rite\u0301", "V\u00e9rit\u00e9"),
        (r"Safe \ud83d\ude00 Gold", "Safe \U0001f600 Gold"),
    ],
    ids=["nul", "lone-surrogate", "controls", "odd-spaces", "reordering", "accents", "combining", "pair"],
)
def test_texts_are_clean(escaped, clean):
    assert only(f'{{"title": "{escaped}"}}').title == clean


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"title": "A", "start_date": ["2020"], "end_date": {}}', "the end date is an object, not a text"),
        ('{"title": false}', "the title is true or false, not a text"),
        (
            '{"title": "A", "start": "2021", "end": "2020"}',
            "end date 2020-12-31 is before start date 2021-01-01",
        ),
        (
            '{"title": "N/A", "start": "x"}',
            'no usable title: "N/A"; start date "x" is not a date; '
            "write 2020-01-31, 2020-01, 2020 or 01/31/2020",
        ),
        ("{" + ",".join(f'"k{n}": 1' for n in range(501)) + "}", "501 columns; at most 500"),
        ('{"title": "A"} {"title": "B"}', "not valid JSON at column 16: Extra data"),
    ],
    ids=["list-and-object", "boolean", "reversed", "two-reasons", "columns", "two-objects"],
)
def test_a_line_that_is_no_project_says_why(line, reason):
    (record,) = read(line)
    assert (record.line, record.reason, record.text) == (1, reason, line)


def test_a_file_has_one_order_of_day_and_month_however_late_it_shows():
    lines = [f'{{"title": "Project {n}", "start": "01/10/2020"}}' for n in range(300)]
    records = read("\n".join([*lines, '{"title": "Last", "start": "31/03/2022"}']))
    assert {one.start for one in records} == {date(2020, 10, 1), date(2022, 3, 31)}


def test_lines_that_nest_as_a_publisher_does_are_read_so():
    (record,) = read(
        '{"id": "360G-1", "title": "Safe Gold", "recipientOrganization": [{"name": "Verit\u00e9"}], '
        '"plannedDates": [{"startDate": "2020-01-31"}]}'
    )
    assert (record.grantee, record.start) == ("Verit\u00e9", date(2020, 1, 31))


@pytest.mark.parametrize("end", [",", " , ", ",\r"], ids=repr)
def test_a_comma_after_an_object_is_left_of_a_list(end):
    assert [one.title for one in read(f'{{"title": "A"}}{end}\n{{"title": "B"}}')] == ["A", "B"]


@pytest.mark.parametrize(
    ("wrapped", "day"),
    [
        ('{"$date": "2020-01-31T00:00:00Z"}', date(2020, 1, 31)),
        ('{"$date": 1580428800000}', date(2020, 1, 31)),
        ('{"$date": {"$numberLong": "946684800000"}}', date(2000, 1, 1)),
        ('{"$date": {"$numberLong": "-1000"}}', date(1969, 12, 31)),
    ],
    ids=["text", "number", "wrapped-twice", "before-1970"],
)
def test_what_tells_the_type_of_a_value_is_unwrapped(wrapped, day):
    project = only(
        f'{{"_id": {{"$oid": "5f1e"}}, "title": "A", "start_date": {wrapped}, "n": {{"$numberInt": "4"}}}}'
    )
    assert (project.id, project.start, project.extra) == ("5f1e", day, (("n", "4"),))


def test_an_object_with_a_dollar_sign_among_other_names_is_none_of_a_type():
    project = only('{"title": "A", "cost": {"$": 1, "x": 2}}')
    assert project.extra == (("cost", '{"$": 1, "x": 2}'),)
