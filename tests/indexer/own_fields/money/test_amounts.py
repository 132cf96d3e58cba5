"""Amounts: what is one, in every way of writing that people use, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.own_fields.money.amount_words import currency_of, is_nothing
from indexer.own_fields.money.amounts import Amount, amount_of
from indexer.own_fields.money.numerals import style_of

AMOUNTS = {
    "$1,500,000": Amount(1_500_000, "USD"),
    "US$ 1.5 million": Amount(1_500_000, "USD"),
    "1.5 million USD": Amount(1_500_000, "USD"),
    "1 500 000 €": Amount(1_500_000, "EUR"),
    "1\u00a0500\u00a0000,25 €": Amount(1_500_000.25, "EUR"),
    "1\u202f500": Amount(1_500),
    "1.500.000,50": Amount(1_500_000.5),
    "1,500,000.50": Amount(1_500_000.5),
    "12,34,567.50": Amount(1_234_567.5),
    "1'500.-": Amount(1_500),
    "CHF 1'500.50": Amount(1_500.5, "CHF"),
    "(1,200)": Amount(-1_200),
    "$ (500)": Amount(-500, "USD"),
    "-$500": Amount(-500, "USD"),
    "\N{MINUS SIGN}500": Amount(-500),
    "500-": Amount(-500),
    "up to £2m": Amount(2_000_000, "GBP", bound=True),
    "jusqu'à 1 000 €": Amount(1_000, "EUR", bound=True),
    "hasta 3 millones de dólares": Amount(3_000_000, "USD", bound=True),
    "2.5 millions d'euros": Amount(2_500_000, "EUR"),
    "5 mil millones de dólares": Amount(5_000_000_000, "USD"),
    "R$ 1.234.567,89": Amount(1_234_567.89, "BRL"),
    "Rs. 2 crore": Amount(20_000_000),
    "CAD $5,000": Amount(5_000, "CAD"),
    "1,234,567.00 (USD)": Amount(1_234_567, "USD"),
    "approx. 7,000 pesos": Amount(7_000),
    "1.2E+06": Amount(1_200_000),
    "１２,０００": Amount(12_000),
    "no more than $5": Amount(5, "USD", bound=True),
    "0": Amount(0),
    "$0.00": Amount(0, "USD"),
}
NONE = [
    "", "n/a", "TBC", "Phase 2", "no 27", "not 5", "12 months", "2020-2024", "1,000 - 2,000", "1,000 to 2,000", "100 (2020)",
    "1.234.56", "12,3456,7", "10%", "5 (five)", "$", "one million", "USD 5 EUR 6", "5 USD EUR", "1,500 per year",
    "99999999999999999999", "x" * 200, "1" * 81, "1_000",
]  # fmt: skip


@pytest.mark.parametrize(("text", "amount"), AMOUNTS.items(), ids=AMOUNTS)
def test_an_amount_is_read_as_people_write_it(text, amount):
    assert amount_of(text) == amount


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_amount_is_none_and_never_zero(text):
    assert amount_of(text) is None


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("1,500.25", "point"), ("1.500,25", "comma"), ("1.500", None), ("1,500", None), ("1.5", "point"),
        ("1,5", "comma"), ("1,500,000", "point"), ("1.500.000", "comma"), ("1500", None), ("none", None),
    ],
)  # fmt: skip
def test_a_text_tells_its_decimals_or_does_not(text, style):
    assert style_of(text) == style


def test_the_column_decides_what_a_lone_separator_is():
    assert amount_of("1.500", "point") == Amount(1.5)
    assert amount_of("1.500", "comma") == Amount(1_500)
    assert amount_of("1,500", "point") == Amount(1_500)
    assert amount_of("1,500", "comma") == Amount(1.5)
    assert amount_of("1,5", "point") == Amount(1.5)


@pytest.mark.parametrize("style", ["point", "comma", None])
def test_what_has_one_reading_is_read_whatever_the_column_says(style):
    assert amount_of("1.500.000,50 EUR", style) == Amount(1_500_000.5, "EUR")
    assert amount_of("$1,500,000.50", style) == Amount(1_500_000.5, "USD")
    assert amount_of("1.500.000", style) == Amount(1_500_000)
    assert amount_of("1,500,000", style) == Amount(1_500_000)
    assert amount_of("1,50,0.00", style) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("USD", "USD"), ("US$", "USD"), ("€", "EUR"), ("euros", "EUR"), ("Amount", ""), ("", "")],
)
def test_a_currency_is_known_by_code_symbol_and_name(text, code):
    assert currency_of(text) == code


@pytest.mark.parametrize("text", ["", " - ", "N/A", "To be confirmed", "not disclosed"])
def test_some_texts_say_that_there_is_no_value(text):
    assert is_nothing(text)
    assert amount_of(text) is None


@given(st.integers(0, 10**12), st.sampled_from(["point", "comma"]), st.sampled_from(["", "$", "€ ", "GBP "]))
def test_what_is_written_with_a_style_is_read_back(cents, style, currency):
    written = f"{currency}{cents / 100:,.2f}"
    if style == "comma":
        written = written.translate(str.maketrans(".,", ",."))
    found = amount_of(written, style)
    assert found is not None
    assert round(found.value * 100) == cents
    assert style_of(written) == style


@given(st.text(max_size=100))
def test_no_text_fails(text):
    found = amount_of(text)
    assert found is None or found.value == found.value
