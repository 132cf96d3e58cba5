"""No cell is a formula, whichever separator and settings it is read with."""

import csv
import io
import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.visible import FORMULA_STARTS, harmless, unguarded

FORMULA = re.compile(rf"[\s\"']*[{FORMULA_STARTS}]")
TEXTS = [
    "=1+1", " =1+1", "＝1+1", "x;=1+1", "x; =1+1", 'x;"=1+1', "x;;＝1", "x\t=1", "x\n=1", "x\r\n@SUM(1)", ";=1", ";", "=", "a;-2+3",
    'say ""; =cmd', "\t=1", "\r-1", "one;two;＠x", "+", "x;'=1", "−1", "⁺1",
]  # fmt: skip
PLAIN = [
    "",
    "Labour courts",
    "a = b",
    "1 - 2",
    "a, -b",
    "mail@example.org",
    "a;b",
    "x; y",
    "2020-2024",
    "'quoted'",
    "C++",
]


def test_every_form_of_what_begins_a_formula_is_known():
    alike = {
        char
        for char in map(chr, range(sys.maxunicode))
        if unicodedata.normalize("NFKC", char) in tuple("=+-@")
    }

    assert alike - set(FORMULA_STARTS) == set()


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_begins_a_formula(text, separator):
    """Also for who takes another separator than ours, to whom our quotes are none."""
    file = io.StringIO()
    csv.writer(file).writerow(["id", harmless(text), "end"])
    rows = csv.reader(re.split(r"\r\n|\r|\n", file.getvalue()), delimiter=separator)

    assert [cell for row in rows for cell in row if FORMULA.match(cell) and not cell.startswith("'")] == []


@pytest.mark.parametrize("text", PLAIN)
def test_other_texts_stay_as_they_are(text):
    assert harmless(text) == text


@pytest.mark.parametrize("blank", ["\t", "\r"])
def test_a_cell_that_begins_with_what_a_spreadsheet_drops_is_guarded(blank):
    """Whoever pastes it has what follows as the beginning of a cell."""
    assert harmless(f"{blank}Labour courts") == f"'{blank}Labour courts"


@given(st.text(alphabet="=+-@'\";\t\n a1", max_size=12).filter(lambda text: not text[:1].isspace()))
def test_what_guards_a_cell_comes_off_again(text):
    assert unguarded(harmless(text)) == text
