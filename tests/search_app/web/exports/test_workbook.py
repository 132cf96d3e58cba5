"""The workbook: typed cells, texts that stay texts, all rows, and nothing left behind."""

import gc
import io
import tempfile
import time
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest

from indexer.storage.own_fields import OwnField
from search_app.results import Hit, Matched, Money, Snippet
from search_app.web.exports import table, workbook
from search_app.web.exports.columns import columns
from search_app.web.exports.workbook import CELL_LENGTH, WORKBOOK_TYPE, writable
from tests.building import index_of
from tests.documents import SEED, TECLAB
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

# Twentieths of a second that the end of a broken-off workbook may take.
WAITS = 100
AMOUNTS = ("$1,500,000", "-250.50 EUR", "US$ 90,000", "400 EUR", "")


@pytest.fixture(scope="module")
def funded(backend, tmp_path_factory):
    """A client over projects with an amount, places and a day of their own."""
    projects = [
        replace(
            project,
            extra=(("Amount", amount), ("Country", "Peru; Chile"), ("Decided", f"2020-0{place}-15")),
        )
        for place, (project, amount) in enumerate(zip(SEED, AMOUNTS, strict=True), 1)
    ]
    return backend.application(index_of(tmp_path_factory.mktemp("funded"), projects)).test_client()


def opened(answer):
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def cells_of(client, address="/search.xlsx"):
    """Return the rows of the first sheet: heading and cells."""
    heading, *rows = opened(client.get(address)).active.iter_rows()
    return [dict(zip([one.value for one in heading], row, strict=True)) for row in rows]


def test_it_is_saved_under_a_name_with_its_type(client):
    answer = client.get("/search.xlsx?q=labor")

    assert answer.content_type == WORKBOOK_TYPE
    assert answer.headers["Content-Disposition"] == 'attachment; filename="projects.xlsx"'
    assert "Content-Encoding" not in client.get("/search.xlsx", headers={"Accept-Encoding": "gzip"}).headers


def test_days_and_numbers_are_what_they_are(client):
    (row,) = cells_of(client, "/search.xlsx?q=teclab")

    assert row["start_date"].value == datetime(2023, 1, 23)
    assert (row["start_date"].is_date, row["start_date"].number_format) == (True, "yyyy-mm-dd")
    assert isinstance(row["score"].value, float)
    assert row["title"].value == TECLAB.title


def test_money_is_a_number_with_its_currency_beside_it(funded):
    rows = {row["id"].value: row for row in cells_of(funded)}
    told = [(rows[one.id]["amount"].value, rows[one.id]["amount_currency"].value) for one in SEED]

    assert told == [(1_500_000, "USD"), (-250.5, "EUR"), (90_000, "USD"), (400, "EUR"), (None, None)]
    first = rows[SEED[0].id]
    assert {one.strip() for one in first["country"].value.split(";")} == {"Peru", "Chile"}
    assert first["decided"].value == datetime(2020, 1, 15)


def test_a_negative_amount_is_no_formula_in_the_file(funded):
    text = funded.get("/search.csv").data.decode("utf-8-sig")

    assert ",-250.5,EUR" in text


def test_the_heading_stays_in_sight(client):
    assert opened(client.get("/search.xlsx")).active.freeze_panes == "A2"


HOSTILE = [
    pytest.param("=1+1", id="formula"),
    pytest.param("{=1+1}", id="array formula"),
    pytest.param("http://evil.example/?a=b", id="address"),
    pytest.param("internal:Sheet2!A1", id="internal link"),
    pytest.param("mailto:a@b.example", id="mail"),
    pytest.param("0123", id="leading zero"),
    pytest.param("1e5", id="number"),
    pytest.param("a < b & c > d </t>", id="markup"),
    pytest.param("literal _x0041_", id="escape"),
    pytest.param("日本 \U0001f600 e\u0301", id="beyond ASCII"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_a_text_and_stays_as_it_is(backend, text, tmp_path):
    hostile = replace(TECLAB, id="x", title=text, description=text, grantee=text)
    client = backend.application(index_of(tmp_path, [hostile])).test_client()
    expected = client.get("/api/v1/projects/x").json
    answer = client.get("/search.xlsx")

    (row,) = [
        {name: cell for name, cell in one.items() if name in ("title", "description", "grantee")}
        for one in cells_of(client)
    ]
    assert {name: openpyxl.utils.escape.unescape(cell.value) for name, cell in row.items()} == {
        name: expected[name] for name in row
    }
    assert all((cell.data_type, cell.hyperlink) == ("s", None) for cell in row.values())
    sheet = zipfile.ZipFile(io.BytesIO(answer.data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_the_library_s_own_markup_is_a_text_as_well():
    assert writable("<r><t>x</t></r>") == "<r><t>x</t></r> "


@pytest.mark.parametrize("text", ["a" * 40_000, "\U0001f600" * 20_000, "a" + "\U0001f600" * 20_000])
def test_a_text_that_is_too_long_for_a_cell_is_cut_and_says_so(text):
    cut = writable(text)

    assert cut.endswith("…")
    assert text.startswith(cut[:-1])
    assert CELL_LENGTH - 1 <= len(cut.encode("utf-16-le")) // 2 <= CELL_LENGTH


def test_what_xml_cannot_carry_is_a_blank():
    assert writable("a\x08b\ufffec\ud800") == "a b c "


def test_more_hits_than_a_sheet_has_rows_go_on_on_the_next(labour, monkeypatch):
    monkeypatch.setattr(workbook, "SHEET_ROWS", 26)
    book = opened(labour.get("/search.xlsx"))
    ids = [row[0].value for sheet in book for row in sheet.iter_rows(min_row=2)]

    assert book.sheetnames == ["Projects", "Projects 2", "Projects 3"]
    assert {sheet["A1"].value for sheet in book} == {"id"}
    assert ids == [hit["id"] for hit in labour.get("/api/v1/search?per_page=100").json["results"]]


def test_nothing_is_left_of_it_whether_it_was_read_or_not(backend, labour_index, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    client = backend.application(labour_index).test_client()
    assert client.get("/search.xlsx", buffered=True).status_code == 200
    begun = client.get("/search.xlsx")
    next(iter(begun.response))
    begun.close()
    del begun
    # What was under way in another thread when the reader left may still be ending.
    for _ in range(WAITS):
        gc.collect()
        if not list(tmp_path.iterdir()):
            break
        time.sleep(0.05)

    assert list(tmp_path.iterdir()) == []


def test_few_are_made_at_once(backend, labour_index):
    app = backend.application(labour_index)
    going = [app.test_client().get("/search.xlsx") for _ in range(table.WORKBOOKS_AT_ONCE)]

    refused = app.test_client().get("/search.xlsx")
    assert ({one.status_code for one in going}, refused.status_code) == ({200}, 429)
    assert app.test_client().get("/search.csv", buffered=True).status_code == 200
    while going:
        going.pop().close()
    gc.collect()
    assert app.test_client().get("/search.xlsx", buffered=True).status_code == 200


@pytest.mark.parametrize("address", ["/search.xlsx", "/search.jsonl"])
def test_it_is_not_made_for_who_has_it_or_asks_for_the_head(address, labour, monkeypatch):
    known = labour.get(address, buffered=True).headers
    monkeypatch.setattr(
        "search_app.engine.search.Shown.unhighlighted", lambda *_: pytest.fail("a hit was made")
    )

    answer = labour.get(address, headers={"If-None-Match": known["ETag"]}, buffered=True)
    assert (answer.status_code, answer.data) == (304, b"")
    head = labour.head(address, buffered=True)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", known["ETag"])


def test_a_day_before_those_of_spreadsheets_is_a_text(backend, tmp_path):
    old = replace(TECLAB, id="x", start=date(1899, 1, 1), end=date(1900, 3, 1))
    (row,) = cells_of(backend.application(index_of(tmp_path, [old])).test_client())

    assert row["start_date"].value == "1899-01-01"
    assert row["end_date"].value == datetime(1900, 3, 1)


def test_columns_of_one_name_are_told_apart():
    fields = [OwnField("cost", "Cost", "money"), OwnField("cost_currency", "Currency", "keyword")]
    names = columns(fields, "").names
    plain = Snippet("")
    hit = Hit(TECLAB, "active", 1.0, plain, (), plain, Matched())

    assert names[-3:] == ("cost", "cost_currency", "cost_currency_")
    values = {"cost": Money(5.0, "EUR"), "cost_currency": ("Euro", "Franc")}
    assert columns(fields, "").cells(hit._replace(fields=values))[-3:] == [5.0, "EUR", "Euro; Franc"]
