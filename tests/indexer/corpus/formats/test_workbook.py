"""Workbooks: sheets, captions, merged cells; and those that are damaged, locked, or unfold without end."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from indexer.corpus.formats.workbooks import unfolding, workbook
from indexer.corpus.reading import Reading
from indexer.document import Project, Rejection
from tests.documents import CORPORA


def made(*sheets, hidden=()):
    """Return a workbook of sheets, each a name and rows; dates and numbers are typed."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    return saved(book)


def saved(book):
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def read(raw):
    reading = Reading("grants.xlsx")
    records = list(workbook.read(io.BytesIO(raw), reading))
    reading.finish()
    return records, reading.account


HEADINGS = ["Title", "Start Date", "End Date", "Grantee"]


def test_cells_are_taken_as_they_are_shown():
    rows = [HEADINGS, ["Safe Gold", date(2020, 1, 31), 44561, "Verité"], [2020, "2019", "2021.0", 7.5]]
    records, _ = read(made(("Grants", rows)))
    assert [(one.title, one.start, one.end, one.grantee) for one in records] == [
        ("Safe Gold", date(2020, 1, 31), date(2021, 12, 31), "Verité"),
        ("2020", date(2019, 1, 1), date(2021, 12, 31), "7.5"),
    ]
    assert records[1].source_line == "grants.xlsx:3"


def test_all_sheets_of_projects_are_read_and_others_told():
    raw = made(
        ("About", [["Published by us"]]),
        ("2020", [HEADINGS, ["Safe Gold", date(2020, 1, 31), None, None]]),
        ("2021", [["Grants of 2021"], HEADINGS, ["Clean Cocoa", date(2021, 1, 31), None, None]]),
        ("Contacts", [["Name", "Phone"], ["Press office", 555]]),
        ("Old", [HEADINGS, ["Gone", None, None, None]]),
        hidden=("Old",),
    )
    records, account = read(raw)
    assert [one.title for one in records] == ["Safe Gold", "Clean Cocoa"]
    assert [one.message for one in account.warnings] == [
        'sheet "About" names no columns of projects; left out',
        'sheet "Contacts" has neither the dates and descriptions of projects nor the columns of a sheet that is'
        " read; left out",
        'sheet "Old" is hidden; left out',
    ]


def test_sheets_with_the_same_columns_are_read_though_none_has_dates():
    columns = ["Grantee", "Project", "Amount"]
    raw = made(
        ("2020", [[*columns, "Notes"], ["Oxfam", "Safe Gold", 5, "a"]]),
        ("2021", [columns, ["Oxfam", "Clean Cocoa", 7]]),
        ("Rejected", [["Grantee", "Project", "Reason"], ["Acme", "Fair Tea", "late"]]),
    )
    records, account = read(raw)
    assert [one.title for one in records] == ["Safe Gold", "Clean Cocoa"]
    assert [one.message for one in account.warnings if "sheet" in one.message] == [
        'sheet "Rejected" has neither the dates and descriptions of projects nor the columns of a sheet that is'
        " read; left out"
    ]


def test_what_a_sheet_does_not_show_is_read_and_told():
    rows = [["List of grants"], [*HEADINGS, "Score", "Remark"]]
    rows += [[f"Gold {n}", date(2020, 1, n), None, "Verité", n, "internal"] for n in range(1, 9)]
    book = openpyxl.load_workbook(
        io.BytesIO(made(("Grants", [HEADINGS, ["A", None, None, None]]), ("2020", rows)))
    )
    sheet = book["2020"]
    # "E" to "F", and what is right of the table, as people hide what they do not use.
    sheet.column_dimensions.group("E", "F", hidden=True)
    sheet.column_dimensions.group("H", "XFD", hidden=True)
    for row in (4, 5, 20):
        sheet.row_dimensions[row].hidden = True
    records, account = read(saved(book))
    assert dict(records[3].extra) == {"Score": "3", "Remark": "internal"}
    assert [one.message for one in account.warnings] == [
        '2 columns of sheet "2020" are hidden, and read like the others: "Score", "Remark"',
        '2 rows of sheet "2020" are hidden, perhaps by a filter, and read like the others',
    ]
    assert len(records) == 9


def test_a_merged_cell_stands_in_each_of_its_rows_and_a_caption_is_no_project():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEADINGS, ["Africa"], ["Safe Gold", "2020", None, "Verité"], ["Clean Cocoa", "2021"]):
        sheet.append(row)
    sheet.merge_cells("A2:D2")
    sheet.merge_cells("D3:D4")
    records, account = read(saved(book))
    assert [(one.title, one.grantee) for one in records] == [
        ("Safe Gold", "Verité"),
        ("Clean Cocoa", "Verité"),
    ]
    assert account.left_out["headings of groups"].samples == ["Africa"]
    assert {dict(one.extra)["Region"] for one in records} == {"Africa"}


def test_a_workbook_that_counts_days_from_1904_is_read_so_in_cells_without_a_date_format():
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (
        ["Title", "Start Date", "Duration", "End Date", "Board date", "Amount"],
        ["Safe Gold", date(2020, 1, 31), 42399, 42399.5, 42399, 42399],
        ["Clean Cocoa", "1/2/2020", None, 42400, "none", 42399],
    ):
        book.active.append(row)
    records, account = read(saved(book))
    assert [(one.start, one.end) for one in records] == [
        (date(2020, 1, 31), date(2020, 1, 31)),
        (date(2020, 1, 2), date(2020, 2, 1)),
    ]
    assert records[0].extra == (("Duration", "42399"), ("Board date", "2020-01-31"), ("Amount", "42399"))
    assert [(one.column, one.line, one.message) for one in account.warnings if one.kind == "dates"] == [
        (
            column,
            2,
            f'"{number}", read as 2020-01-31, is taken as a day number from 1904, where this workbook begins',
        )
        for column, number in (("End Date", "42399.5"), ("Board date", "42399"))
    ]


@pytest.mark.parametrize("zero", ["1904-01-01", "1899-12-30"])
def test_a_workbook_of_opendocument_says_from_when_it_counts_days(zero):
    cells = "".join(f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
                    for name in ("Title", "Start"))  # fmt: skip
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
                     for name in ("office", "table", "text"))  # fmt: skip
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet><table:calculation-settings>"
        f'<table:null-date table:value-type="date" table:date-value="{zero}"/></table:calculation-settings>'
        f'<table:table table:name="A"><table:table-row>{cells}</table:table-row><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>Gold</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="42399"><text:p>42399</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
        parts.writestr("content.xml", content)
    (one,), _ = read(book.getvalue())
    assert one.start == (date(2020, 1, 31) if zero == "1904-01-01" else date(2016, 1, 30))


def test_an_old_workbook_that_counts_days_from_1904_is_known_by_its_record():
    raw = (CORPORA / "publishers" / "plain-english.xls").read_bytes()
    record = b"\x22\x00\x02\x00"
    assert raw.count(record + b"\x00\x00\x0e") == 1
    first, *_ = unfolding._lines(raw)
    assert not first["from_1904"]
    first, *_ = unfolding._lines(raw.replace(record + b"\x00\x00\x0e", record + b"\x01\x00\x0e"))
    assert first["from_1904"]


@pytest.mark.parametrize(
    "raw",
    [b"PK\x03\x04 and no more", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b""],
    ids=["zip", "old", "empty"],
)
def test_a_damaged_workbook_is_rejected_as_a_whole(raw):
    (record,), _ = read(raw)
    assert isinstance(record, Rejection)
    assert record.reason.startswith("this workbook cannot be read: ")
    assert record.line == 0


def test_a_workbook_of_two_far_cells_costs_no_more_than_it_may(monkeypatch):
    raw = made(("Grants", [HEADINGS]))
    with zipfile.ZipFile(io.BytesIO(raw)) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", far)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as after:
        for name, part in parts.items():
            after.writestr(name, part)
    (record,), _ = read(bomb.getvalue())
    assert record.reason == (
        "this workbook cannot be read: it needs too much memory or time; save the sheet as .csv"
    )


def test_a_workbook_that_unfolds_beyond_its_limit_is_rejected():
    raw = made(("Grants", [HEADINGS, *(["x" * 1_000, None, None, None] for _ in range(100))]))
    limited = Reading("grants.xlsx", limits=Reading("").limits.__class__(lines=50_000))
    (record,) = workbook.read(io.BytesIO(raw), limited)
    assert "unfolded" in record.reason


def test_what_formulas_failed_to_say_is_empty():
    assert unfolding._text("#N/A") == ""
    assert unfolding._text(True) == "yes"
    assert unfolding._text(1e20) == "1e+20"


def test_a_workbook_without_a_title_says_which_column_may_be_meant():
    (record,), _ = read(made(("Grants", [["Projct Title", "Start"], ["Safe Gold", "2020"]])))
    assert record.reason.endswith('Is it "Projct Title"?')
    assert not isinstance(record, Project)


def test_all_sheets_have_one_order_of_day_and_month():
    raw = made(
        ("2020", [HEADINGS, ["Safe Gold", "01/10/2020", None, None]]),
        ("2021", [HEADINGS, ["Clean Cocoa", "31/03/2021", None, None]]),
    )
    records, account = read(raw)
    assert [one.start for one in records] == [date(2020, 10, 1), date(2021, 3, 31)]
    assert account.dates.sure


def test_a_dictionary_of_the_columns_in_a_sheet_beside_is_left_out_and_told():
    dictionary = [
        ["Name", "Description"],
        *([name, f"The {name}."] for name in ("Title", "Start", "Grantee")),
    ]
    grants = [["Title", "Start"], ["Safe Gold", "2020-01-31"]]
    records, account = read(made(("Grants", grants), ("Fields", dictionary)))
    assert [one.title for one in records] == ["Safe Gold"]
    assert account.left_out["names of columns"].count == 3
