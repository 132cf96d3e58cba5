"""Own fields as columns of a file."""

import csv
import io

import pytest

from indexer.document import Project
from indexer.storage.own_fields import OwnField
from search_app.web.exports.columns import STANDARD_COLUMNS, columns
from search_app.web.exports.tabular import plain
from tests.building import index_of
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

FIELDS = (
    OwnField("theme", "Theme", "keyword"),
    OwnField("amount", "Amount", "money"),
    OwnField("pupils", "Pupils", "number"),
    OwnField("signed", "Signed", "date"),
    OwnField("link", "Link", "url"),
)


def rows(client, address):
    return list(csv.DictReader(io.StringIO(client.get(address).data.decode("utf-8-sig"))))


@pytest.fixture(scope="module")
def client(backend, tmp_path_factory):
    """A client over projects of which the last says nothing in its own fields."""
    stated = [
        {
            "Theme": "Water; =1+1; Roads" if number == 1 else "Water; Roads",
            "Amount": f"EUR {number},500.25",
            "Pupils": f"{-number * 1250}.5",
            "Signed": f"2020-03-0{number}",
        }
        for number in range(1, 7)
    ]
    projects = [
        Project(f"p{number}", f"Title {number}", extra=tuple(one.items()))
        for number, one in enumerate([*stated, {}], 1)
    ]
    return backend.application(index_of(tmp_path_factory.mktemp("columns"), projects)).test_client()


def test_every_own_field_is_a_column(client):
    found = {row["id"]: row for row in rows(client, "/search.csv?sort=title")}

    assert list(found["p1"])[9:] == [
        "theme", "amount", "amount_currency", "pupils", "signed", "countries_mentioned", "world_region",
    ]  # fmt: skip
    assert list(found["p2"].values())[9:] == [
        "Roads; Water",
        "2500.25",
        "EUR",
        "-2500.5",
        "2020-03-02",
        "",
        "",
    ]
    assert list(found["p7"].values())[9:] == [""] * 7


def test_a_value_is_no_formula_wherever_it_stands(client):
    (row,) = rows(client, "/search.csv?q=title:1")

    assert row["theme"].startswith("'=1+1")


def test_a_file_is_filtered_and_sorted_by_own_fields(client):
    found = rows(client, "/search.csv?sort=-amount&amount_to=4000")

    assert [row["id"] for row in found] == ["p3", "p2", "p1"]


def test_no_two_columns_are_called_alike():
    clash = (*FIELDS, OwnField("amount_currency", "Currency", "keyword"))

    assert columns(clash, "").names == (
        *STANDARD_COLUMNS,
        "theme", "amount", "amount_currency", "pupils", "signed", "link", "amount_currency_",
    )  # fmt: skip


def test_a_negative_number_is_no_formula(client):
    (row,) = rows(client, "/search.csv?q=title:2")

    assert row["pupils"] == "-2500.5"


@pytest.mark.parametrize(
    ("number", "told"), [(1_500_000.0, "1500000"), (1e-7, "0.0000001"), (1e22, str(10**22)), (0.1, "0.1")]
)
def test_a_number_is_digits(number, told):
    assert plain(number) == told
