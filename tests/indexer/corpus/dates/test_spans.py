"""Dates as sources write them: what each form means at either end, and what is no date."""

from datetime import date

import pytest

from indexer.corpus.dates import UNKNOWN, parse_day, parse_span
from indexer.corpus.fields import layout_of


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2020-02-05", date(2020, 2, 5), date(2020, 2, 5)),
        ("2020/2/5", date(2020, 2, 5), date(2020, 2, 5)),
        ("02/05/2020", date(2020, 2, 5), date(2020, 2, 5)),
        ("2-5-2020", date(2020, 2, 5), date(2020, 2, 5)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("02/2021", date(2021, 2, 1), date(2021, 2, 28)),
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("5 February 2020", date(2020, 2, 5), date(2020, 2, 5)),
        ("Feb. 5th, 2020", date(2020, 2, 5), date(2020, 2, 5)),
        ("SEPT 2020", date(2020, 9, 1), date(2020, 9, 30)),
        ("2020-02-05T23:59:59.000Z", date(2020, 2, 5), date(2020, 2, 5)),
        ("2020-02-05 00:00:00+05:00", date(2020, 2, 5), date(2020, 2, 5)),
        ("  2020-02-05 ", date(2020, 2, 5), date(2020, 2, 5)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_date_means_its_whole_span(text, start, end):
    assert (parse_day(text, "start"), parse_day(text, "end")) == (start, end)


@pytest.mark.parametrize("text", sorted(UNKNOWN), ids=lambda text: text or "empty")
def test_a_date_may_be_unknown(text):
    assert parse_day(text.upper(), "end") is None


@pytest.mark.parametrize(
    "text", ["2021-02-29", "2020-13", "2020-00-01", "0000", "02/30/2020", "31 Foober 2020"]
)
def test_a_date_that_does_not_exist_is_an_error(text):
    with pytest.raises(ValueError, match="does not exist"):
        parse_day(text, "start")


@pytest.mark.parametrize(
    "text", ["soon", "20", "01/15/2", "20-12-31", "441970", "2020-1-2-3", "\u0662\u0660\u0662\u0660"]
)
def test_a_text_that_is_no_date_is_an_error(text):
    with pytest.raises(ValueError, match="is not a date"):
        parse_day(text, "start")


@pytest.mark.parametrize(
    "text", ["2016.03~2018.12", "2016-03 ～ 2018-12", "03/2016 bis 12/2018", "03/2016 t/m 12/2018"]
)
def test_two_dates_are_parted_as_in_other_countries(text):
    assert parse_span(text) == (date(2016, 3, 1), date(2018, 12, 31))


@pytest.mark.parametrize("name", ["Fiscal Year", "FY", "FiscalYear_Exercice", "Fiscal Year / Exercice"])
def test_years_are_fiscal_by_whatever_name_says_so(name):
    assert layout_of(("Title", name)).fiscal


def test_a_span_must_not_run_backwards():
    with pytest.raises(ValueError, match="end date 2019-12-31 is before start date 2020-01-01"):
        parse_span("2020 to 2019")
