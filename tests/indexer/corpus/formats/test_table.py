"""Tables as text: any delimiter, encoding, order of columns; and rows that break the table."""

import io
from datetime import date

import pytest

from indexer.corpus.fields.guesses import why_no_title
from indexer.corpus.formats import table
from indexer.corpus.reading import Reading
from indexer.document import Project, Rejection, identity

BAD_QUOTE = "a quote that is never closed, or one inside a quoted cell that is not doubled"


def read(text):
    """Return the records of a table, given as text or bytes."""
    raw = text if isinstance(text, bytes) else text.encode()
    return list(table.read(io.BytesIO(raw), Reading("grants.csv")))


COURTS = Project(
    "G1",
    "Verité in Court",
    "Trains clerks, judges.",
    "Ergo Group, Inc.",
    date(2020, 1, 15),
    date(2021, 12, 31),
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "id,title,description,start_date,end_date,grantee\n"
            'G1,Verité in Court,"Trains clerks, judges.",2020-01-15,2021-12-31,"Ergo Group, Inc."\n',
            id="comma",
        ),
        pytest.param(
            "Grantee;End Date;START DATE;Abstract;Project Title;Grant ID\n"
            "Ergo Group, Inc.;12/31/2021;01/15/2020;Trains clerks, judges.;Verité in Court;G1\n",
            id="semicolon-other-order-and-names",
        ),
        pytest.param(
            "id\ttitle\tsummary\tstart\tend\trecipient\n"
            "G1\tVerité in Court\tTrains clerks, judges.\t2020-01-15\t2021\tErgo Group, Inc.\n",
            id="tab-year-as-end",
        ),
        pytest.param(
            "id|title|summary|start|end|recipient\n"
            "G1|Verité in Court|Trains clerks, judges.|2020-01-15|2021-12|Ergo Group, Inc.\n",
            id="mark-month-as-end",
        ),
        pytest.param(
            "Grants awarded\n\nAs of,today\nid,name,purpose,begin date,finish date,organisation\n"
            'G1,Verité in Court,"Trains clerks,\njudges.",15 January 2020,"Dec 31, 2021",'
            '"Ergo Group, Inc."\n',
            id="notes-above-and-line-break-in-a-cell",
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"], ids=str)
def test_a_table_is_read_whatever_its_shape(text, encoding):
    assert read(text.encode(encoding)) == [COURTS]


def test_a_project_without_an_id_gets_one_from_title_and_start():
    (project,) = read("title,start\nSafe Gold,2020\n")
    assert project.id == identity("Safe Gold", date(2020, 1, 1))
    assert project.source_line == "grants.csv:2"


def test_other_columns_are_kept():
    (project,) = read("title,Amount,Country,Country,Notes,\nSafe Gold,$4,Ghana,Mali,,x\n")
    assert project.extra == (("Amount", "$4"), ("Country", "Ghana"), ("Country (4)", "Mali"))


def test_of_several_columns_for_a_field_the_surest_counts():
    (project,) = read("project,title,organization,grantee\nP-7,Safe Gold,ILAB,Verité\n")
    assert (project.title, project.grantee) == ("Safe Gold", "Verité")
    assert project.extra == (("project", "P-7"), ("organization", "ILAB"))


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("01/15/2020 - 12/31/2021", date(2020, 1, 15), date(2021, 12, 31)),
        ("Dec 2019 \u2013 March 2024", date(2019, 12, 1), date(2024, 3, 31)),
        ("2019 to 2024", date(2019, 1, 1), date(2024, 12, 31)),
        ("36 months", None, None),
    ],
    ids=["days", "months", "years", "no-span"],
)
def test_one_column_may_hold_both_dates(cell, start, end):
    (project,) = read(f"title;period of performance\nSafe Gold;{cell}\n")
    assert (project.start, project.end) == (start, end)
    assert project.extra == (("period of performance", cell),)


@pytest.mark.parametrize("unknown", ["", "-", "N/A", "TBD", "unknown", "None", "0000-00-00"], ids=str)
def test_a_date_may_be_unknown(unknown):
    (project,) = read(f"title,start,end\nSafe Gold,{unknown},2021-12-31\n")
    assert (project.start, project.end) == (None, date(2021, 12, 31))


def test_texts_are_clean():
    (project,) = read(
        'title,description\n  Safe\u00a0Gold\x00 ,"two\tspaces  and\u200b a\ncombining e\u0301"\n'
    )
    assert (project.title, project.description) == ("Safe Gold", "two spaces and a combining \u00e9")


def rejected(text):
    """Return line, reason and text of each rejection, and the titles of the others."""
    records = read(text)
    bad = [(one.line, one.reason, one.text) for one in records if isinstance(one, Rejection)]
    return bad, [one.title for one in records if isinstance(one, Project)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A,x", "2 cells; the header has 3"),
        ("A,x,2020,y", "4 cells; the header has 3"),
        ('"A,x,2020', BAD_QUOTE),
        ('A,x,"2020', BAD_QUOTE),
        ('"A" or B,x,2020', BAD_QUOTE),
        (",x,2020", "no title"),
        ("A,x,soon", 'start date "soon" is not a date; write 2020-01-31, 2020-01, 2020 or 01/31/2020'),
    ],
    ids=["short", "long", "open-quote", "open-quote-at-the-end", "quote-inside", "no-title", "no-date"],
)
@pytest.mark.parametrize(
    "after", ["B,y,2021\n", 'B,"y, z",2021\n', 'B,y,"2021"\n'], ids=["plain", "quoted", "last"]
)
def test_a_bad_row_does_not_touch_the_next(row, reason, after):
    assert rejected(f"title,grantee,start\n{row}\n{after}") == ([(2, reason, row)], ["B"])


def test_quotes_in_the_middle_of_a_plain_cell_are_text():
    assert rejected('title,start\nA 5" pipe,2020\nThe "best" one,2021\n') == (
        [],
        ['A 5" pipe', 'The "best" one'],
    )


def test_surplus_empty_cells_and_blank_rows_do_no_harm():
    assert rejected("title,start\n\nA,2020,,\n,\n  \nB,2021\n") == ([], ["A", "B"])


def test_line_numbers_count_the_lines_inside_cells():
    assert rejected('title,start\n"A\nand\nmore",2020\n\nB\n') == (
        [(6, "1 cell; the header has 2", "B")],
        ["A and more"],
    )


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", "nothing\n", "\n\n\n"], ids=["other-columns", "a-word", "blank-lines"]
)
def test_without_a_title_column_nothing_can_be_read(text):
    ((line, reason, _),), titles = rejected(text)
    assert (line, reason) == (1, why_no_title([]))
    assert titles == []


def test_an_open_quote_at_every_row_costs_no_more_than_each_row():
    assert len(read("title,start\n" + '"A,2020\n' * 20_000)) == 20_000


def account_of(text):
    """Return the records of a table, and the account of it."""
    reading = Reading("grants.csv")
    records = list(table.read(io.BytesIO(text.encode()), reading))
    reading.finish()
    return records, reading.account


def test_a_file_has_one_order_of_day_and_month_however_late_it_shows():
    rows = "".join(f"Project {n},01/10/2020,02/11/2021\n" for n in range(300))
    records, account = account_of(f"title,start,end\n{rows}Last,31/03/2022,01/04/2023\n")
    assert {(one.start, one.end) for one in records[:-1]} == {(date(2020, 10, 1), date(2021, 11, 2))}
    assert (records[-1].start, records[-1].end) == (date(2022, 3, 31), date(2023, 4, 1))
    assert account.warnings == []


def test_dates_in_other_columns_decide_nothing():
    records, account = account_of('title,notes,start\nA,"31/12/2021, or 30/11/2021",01/02/2020\n')
    assert records[0].start == date(2020, 1, 2)
    (warning,) = account.warnings
    assert (warning.kind, warning.sample) == ("date order", "01/02/2020")


def test_a_row_that_breaks_the_order_is_rejected_and_the_file_doubtful():
    records, account = account_of("title,start\nA,31/03/2022\nB,30/04/2022\nC,12/31/2022\n")
    assert [type(one) for one in records] == [Project, Project, Rejection]
    assert records[2].reason == 'start date "12/31/2022" does not exist; the day comes first'
    assert [one.kind for one in account.warnings] == ["date order"]


def test_each_kind_of_no_date_is_told_once_with_its_column_and_line():
    records, account = account_of(
        "title,start,end\nA,2020-01-01,TBC\nB,2020-01-01,tbc\nC,0001-01-01,9999-12-31\nD,2020-01-01,\n"
    )
    assert [(one.start, one.end) for one in records][2] == (None, None)
    assert [(one.line, one.column, one.sample) for one in account.warnings] == [
        (2, "end", "TBC"),
        (4, "start", "0001-01-01"),
        (4, "end", "9999-12-31"),
    ]
    assert "2 times" in account.warnings[0].message


def test_a_year_that_is_hardly_meant_is_kept_and_told():
    (record,), account = account_of("title,start,end\nA,1066-10-14,2999-12-31\n")
    assert (record.start, record.end) == (date(1066, 10, 14), date(2999, 12, 31))
    assert [one.kind for one in account.warnings] == ["dates", "dates"]


def test_rows_that_are_no_projects_are_counted_and_told():
    records, account = account_of(
        "title,start,end,amount\nA,2020,2021,5\ntitle,start,end,amount\nTotal,,,5\nSource: our books\n"
    )
    assert [one.title for one in records] == ["A"]
    assert [(one.kind, one.line) for one in account.warnings] == [("rows", 3), ("rows", 4), ("rows", 5)]


def test_a_formula_that_keeps_a_text_is_that_text():
    (record,) = read('id,title,start\n"=""007""","=""Safe """"Gold""""""","=""2020-01-31"""\n')
    assert (record.id, record.title, record.start) == ("007", 'Safe "Gold"', date(2020, 1, 31))
    (record,) = read('id,title,start\n"=""A""&""B""",Safe Gold,2020\n')
    assert record.id == '="A"&"B"'


def test_headings_may_be_kept_as_text_by_formulas_as_well():
    (record,) = read('="FKZ";="Thema";="Ort"\n="007";="Safe Gold";="Bonn"\n')
    assert (record.id, record.title, record.extra) == ("007", "Safe Gold", (("Ort", "Bonn"),))


def test_what_separates_columns_may_stand_in_a_text_that_a_formula_keeps():
    (record,) = read('="FKZ";="Thema";="Ort"\n="007";="Joint work: ""Safe"" Gold; part; one";="Bonn"\n')
    assert (record.id, record.title) == ("007", 'Joint work: "Safe" Gold; part; one')
    assert dict(record.extra) == {"Ort": "Bonn"}
    (record,) = read('="FKZ";="Thema"\n="007";="Safe Gold";="Bonn"\n')
    assert record.reason == "3 cells; the header has 2"


def test_a_rule_below_the_headings_is_no_project():
    records = read("| Title | Start | Grantee |\n|:---|---|---:|\n| Safe Gold | 2020 | Verité |\n")
    assert [one.title for one in records] == ["Safe Gold"]


@pytest.mark.parametrize(
    "text",
    [
        "Title,Alpha,Beta\nStart,2020-01-01,2020-02-01\nEnd,2021-01-01,2021-01-01\nGrantee,A,B\n",
        "Name,Description\nproject_id,The number.\nAbout,Filler.\ntitle,What it is called.\nrecipient_name,Who has it.\n",
    ],
    ids=["on-its-side", "dictionary"],
)  # fmt: skip
def test_a_list_of_columns_is_none_of_projects(text):
    records, account = account_of(text)
    assert records == []
    assert account.left_out["names of columns"].count == text.count("\n") - 1


@pytest.mark.parametrize(
    "text",
    [
        "Title,Description\nStart,A youth centre.\nPeriod,A health project.\nSafe Gold,Mines.\n",
        "Title,Grantee\nStart,A\nEnd,B\nGrantee,C\nPeriod,D\n",
    ],
)
def test_a_project_may_be_called_as_a_column_is(text):
    assert len(read(text)) == text.count("\n") - 1


def test_names_that_several_columns_have_are_told():
    records, account = account_of("Name,Start,Amount,Start,Name,Amount\nSafe Gold,2020,1,2019,Verité,2\n")
    assert [(one.title, one.start.year) for one in records] == [("Safe Gold", 2020)]
    assert [(one.column, one.message) for one in account.warnings] == [
        (name, "2 columns are called so; the first is taken, the others are kept as extras")
        for name in ("Name", "Start")
    ]


def test_the_columns_of_a_table_without_titles_are_named_though_amounts_have_commas():
    (told,), _ = account_of("Studie;Empfänger;Von;Summe\n1;Uni Köln;01.04.2020;250.000,00\n")
    assert told.reason.endswith('below [columns], title = one of "Studie", "Empfänger", "Von", "Summe"')


def test_columns_from_and_to_are_the_first_and_the_last_day():
    (record,), account = account_of("Project,Grantee,From,Till\nSafe Gold,A,2020-01-01,2021-01-01\n")
    assert (record.start, record.end, account.warnings) == (date(2020, 1, 1), date(2021, 1, 1), [])


def test_a_column_from_alone_is_asked_about():
    _, account = account_of("Project,Grantee,From\nSafe Gold,A,2020-01-01\n")
    assert [one.message for one in account.warnings] == [
        'no column says when a project starts or ends. Is it "From"? [columns] of fields.toml can say so'
    ]


@pytest.mark.parametrize("end", ["Duration", "Duration (months)", "Duración"])
def test_a_length_beside_a_start_is_told_for_no_end(end):
    (record,), account = account_of(f"Project,Grantee,Start,{end}\nSafe Gold,A,2020-01-01,36\n")
    assert (record.start, record.end) == (date(2020, 1, 1), None)
    assert [one.message for one in account.warnings] == [
        f'no column says when a project ends; "{end}" is kept, and no end is reckoned from it'
    ]


def test_lines_that_were_quoted_as_a_whole_are_read_as_they_were_before():
    raw = (
        '"id,title,description,start_date"\n'
        '"1,Water,""clean, and """"safe"""""",2020-01-01"\n'
        "2,Courts,plain,2020-02-01\n"
        '"3,Mines,""over\n'
        'two lines"",2020-03-01"\n'
        '"4,Gold,,2020-04-01"'
    )
    found = read(raw)
    assert [(one.id, one.title, one.description) for one in found if isinstance(one, Project)] == [
        ("1", "Water", 'clean, and "safe"'),
        ("2", "Courts", "plain"),
        ("3", "Mines", "over two lines"),
        ("4", "Gold", ""),
    ]
