"""SearchRequest and the periods and buckets in it."""

from datetime import date

import pytest

from indexer.own_fields.money.amounts import LARGEST, amount_of
from search_app.request import LARGEST_NUMBER, Filters, Number, Period, Range, SearchRequest, Years


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param("2020", date(2020, 1, 1), date(2020, 12, 31), id="year"),
        pytest.param("2020-02", date(2020, 2, 1), date(2020, 2, 29), id="leap month"),
        pytest.param("2021-02", date(2021, 2, 1), date(2021, 2, 28), id="month"),
        pytest.param("2020-06-05", date(2020, 6, 5), date(2020, 6, 5), id="day"),
        pytest.param("0001", date(1, 1, 1), date(1, 12, 31), id="first year"),
        pytest.param("9999-12", date(9999, 12, 1), date(9999, 12, 31), id="last month"),
    ],
)
def test_a_period_means_its_whole_span(text, first, last):
    period = Period.parse(text)
    assert (period.text, period.first, period.last) == (text, first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20",
        "0000",
        "2021-02-30",
        "2021-13",
        "2021-1-1",
        "01/02/2020",
        "2021-02-",
        " 2021",
        "２０２１",
        "2021\n",
    ],
)
def test_anything_else_is_no_period(text):
    with pytest.raises(ValueError, match=r".*"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        pytest.param("2021", Years(2021, 2021), id="year"),
        pytest.param("2020-2024", Years(2020, 2024), id="run"),
        pytest.param("0001-0999", Years(1, 999), id="early"),
    ],
)
def test_years_read_what_they_write(text, years):
    assert Years.parse(text) == years
    assert str(years) == text


def test_a_run_of_one_year_is_written_short():
    assert str(Years.parse("2021-2021")) == "2021"


@pytest.mark.parametrize(
    "text", ["", "0", "0000", "2021-2020", "2021-", "20212", "2020 - 2024", "2020-2024-2026"]
)
def test_anything_else_is_no_bucket(text):
    with pytest.raises(ValueError, match=r".*"):
        Years.parse(text)


@pytest.mark.parametrize(
    ("request_", "order"),
    [
        pytest.param(SearchRequest(), "-start_date", id="browsing"),
        pytest.param(SearchRequest(q="  "), "-start_date", id="blank text"),
        pytest.param(SearchRequest(q="courts"), "relevance", id="words"),
        pytest.param(SearchRequest(q="courts", sort="title"), "title", id="chosen"),
        pytest.param(SearchRequest(sort="relevance"), "relevance", id="relevance chosen"),
    ],
)
def test_the_order_that_applies(request_, order):
    assert request_.order == order


def test_filters_have_the_values_of_each_parameter_once():
    filters = Filters.of(
        {"status": ["active", "planned", "active"], "active_on": [Period.parse("2020-06")], "grantee": []}
    )

    assert list(filters) == ["active_on", "status"]
    assert filters["status"] == ("active", "planned")
    assert list(map(str, filters["active_on"])) == ["2020-06"]
    assert filters["grantee"] == ()


def test_filters_are_equal_in_whatever_order_they_are_set():
    values = {"status": ["active"], "grantee": ["Verité"]}

    assert Filters.of(values) == Filters.of(dict(reversed(values.items())))


def test_another_filter_starts_at_the_first_page():
    asked = SearchRequest(q="courts", filters=Filters.of({"status": ["active"], "grantee": ["ILO"]}), page=3)

    assert asked.filtered("status", ()) == SearchRequest(q="courts", filters=Filters.of({"grantee": ["ILO"]}))


def test_requests_are_keys():
    assert len({SearchRequest(q="a"), SearchRequest(q="a"), SearchRequest(q="a", page=2)}) == 2


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1,500,000", "1500000"),
        ("-2.50", "-2.5"),
        ("0.0000000001", "0.0000000001"),
        ("123456789012345.1", "123456789012345.1"),
        ("-9,899,999,999,999,998.0", "-9899999999999998"),
    ],
)
def test_a_number_is_read_as_it_is_written(text, written):
    number = Number.parse(text)
    assert str(number) == written
    assert Number.parse(written) == number


@pytest.mark.parametrize(
    "text", ["", "1e5", "1.", ".5", "1,00", "10000000000000000", "9999999999999999", "1.00000000000", "٣"]
)
def test_what_has_too_many_digits_or_none_is_no_number(text):
    with pytest.raises(ValueError, match=r".*"):
        Number.parse(text)


@pytest.mark.parametrize(
    "text", ["9999999999999998", "9999999999999999", "9999999999999999.9", "10000000000000000"]
)
def test_every_amount_of_an_index_can_be_asked_for(text):
    assert LARGEST_NUMBER == LARGEST
    amount = amount_of(text)
    if amount:
        assert Number.parse(str(Number(amount.value))).value == amount.value
    else:
        with pytest.raises(ValueError, match=text):
            Number.parse(text)


@pytest.mark.parametrize("text", ["1000-5000", "-1000.5", "--5", "-5--2.5", "-5-", "0-9000000000000000"])
def test_a_range_is_written_as_it_is_read(text):
    assert str(Range.parse(text)) == text


@pytest.mark.parametrize("text", ["", "-", "5", "5-5", "5-4", "1-99999999999999999", "1--2", "1-2-3"])
def test_anything_else_is_no_range(text):
    with pytest.raises(ValueError, match=r".*"):
        Range.parse(text)
