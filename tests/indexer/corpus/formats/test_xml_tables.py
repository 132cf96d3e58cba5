"""Sheets as Excel 2003 saves them in XML, and what FileMaker exports."""

from datetime import date

import pytest

from indexer.corpus import contents

SHEETS = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel">{}</Workbook>"""
NAMES = ["Grant ID", "Title", "Start Date", "Grantee"]


def cell(text, said=""):
    return f'<Cell {said}><Data ss:Type="String">{text}</Data></Cell>'


def row(*cells, said=""):
    return f"<Row {said}>{''.join(one if '<' in one else cell(one) for one in cells)}</Row>"


def sheet(name, *rows, options=""):
    return f'<Worksheet ss:Name="{name}"><Table>{"".join(rows)}</Table>{options}</Worksheet>'


def read(folder, name, text, encoding="utf-8"):
    (folder / name).write_bytes(text.encode(encoding))
    warned = []
    return list(contents.read(folder, warn=warned.append)), [one.message for one in warned]


@pytest.mark.parametrize("name", ["grants.xml", "grants.xls", "grants.csv"])
def test_sheets_of_excel_2003_are_read_whatever_the_file_is_called(tmp_path, name):
    hidden = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    text = SHEETS.format(
        sheet("About", row("Published by us"))
        + sheet(
            "2020",
            row("Grants of 2020"),
            row(*NAMES),
            row("007", "Safe Gold", "2020-01-31T00:00:00.000", cell("Verite", 'ss:MergeDown="1"')),
            row("8", "Clean Cocoa", said='ss:Index="9"'),
            row(cell("9"), cell("Fair Work"), cell("ILO", 'ss:Index="4"')),
        )
        + sheet("Old", row(*NAMES), row("1", "Gone", "2020", "X"), options=hidden)
    )
    records, warned = read(tmp_path, name, text)
    assert [(one.id, one.title, one.start, one.grantee, one.source_line) for one in records] == [
        ("007", "Safe Gold", date(2020, 1, 31), "Verite", f"{name}:3"),
        ("8", "Clean Cocoa", None, "Verite", f"{name}:9"),
        ("9", "Fair Work", None, "ILO", f"{name}:10"),
    ]
    assert warned == [
        'sheet "About" names no columns of projects; left out',
        'sheet "Old" is hidden; left out',
    ]


def test_a_workbook_without_headings_says_what_to_do(tmp_path):
    (record,), _ = read(tmp_path, "grants.xml", SHEETS.format(sheet("2020", row("A", "B"), row("C", "D"))))
    assert record.reason.startswith("no column is named title; ")


def test_a_page_that_says_that_it_is_xml_stays_a_page(tmp_path):
    page = """<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><table>
    <tr><th>Title</th><th>Start</th></tr><tr><td>Safe Gold</td><td>2020</td></tr></table></body></html>"""
    (one,), _ = read(tmp_path, "grants.xls", page)
    assert (one.title, one.start) == ("Safe Gold", date(2020, 1, 1))


def test_rows_of_filemaker_are_named_by_its_fields(tmp_path):
    fields = "".join(f'<FIELD EMPTYOK="YES" MAXREPEAT="1" NAME="{name}" TYPE="TEXT"/>' for name in NAMES)
    cells = "".join(f"<COL><DATA>{text}</DATA></COL>" for text in ("007", "Safe Gold", "2020-01-31"))
    text = (
        '<FMPXMLRESULT xmlns="http://www.filemaker.com/fmpxmlresult"><ERRORCODE>0</ERRORCODE>'
        f'<PRODUCT NAME="FileMaker"/><METADATA>{fields}</METADATA><RESULTSET FOUND="1">'
        f'<ROW MODID="1" RECORDID="1">{cells}<COL><DATA>Verite</DATA><DATA>ILO</DATA></COL></ROW>'
        "</RESULTSET></FMPXMLRESULT>"
    )
    (one,), _ = read(tmp_path, "grants.xml", text)
    assert (one.id, one.title, one.start, one.grantee) == (
        "007",
        "Safe Gold",
        date(2020, 1, 31),
        "Verite; ILO",
    )
