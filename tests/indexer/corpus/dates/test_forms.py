"""All ways to write a day; and that no text becomes another day than the one its column's reading gives."""

import calendar
import re
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.corpus.dates import (
    MONTH_FIRST,
    NO_SPAN,
    DateReading,
    DateSurvey,
    Habit,
    day_of,
    fiscal_span_of,
    span_of,
)
from indexer.corpus.dates.month_names import MONTHS

DAY_FIRST = DateReading("day first", "day first")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31-Jan-2020", date(2020, 1, 31)),
        ("31-JAN-20", date(2020, 1, 31)),
        ("31 jan. 2020", date(2020, 1, 31)),
        ("January 31st 2020", date(2020, 1, 31)),
        ("January 31st, 2020", date(2020, 1, 31)),
        ("31st of January, 2020", date(2020, 1, 31)),
        ("Friday, January 31, 2020", date(2020, 1, 31)),
        ("Fri 31 Jan 2020", date(2020, 1, 31)),
        ("2020 January 31", date(2020, 1, 31)),
        ("2020-Jan-31", date(2020, 1, 31)),
        ("31 de enero de 2020", date(2020, 1, 31)),
        ("31/ene/2020", date(2020, 1, 31)),
        ("1º de março de 2020", date(2020, 3, 1)),
        ("1er février 2020", date(2020, 2, 1)),
        ("2 août 2020", date(2020, 8, 2)),
        ("15 déc. 2020", date(2020, 12, 15)),
        ("31.01.2020", date(2020, 1, 31)),
        ("31. 1. 2020", date(2020, 1, 31)),
        ("01.02.2020", date(2020, 2, 1)),
        ("20200131", date(2020, 1, 31)),
        ("2020.01.31", date(2020, 1, 31)),
        ("9/1/21", date(2021, 9, 1)),
        ("9/1/68", date(2068, 9, 1)),
        ("9/1/69", date(1969, 9, 1)),
        ("43861", date(2020, 1, 31)),
        ("43861.5", date(2020, 1, 31)),
        ("2020-01-31T23:59:59.999+14:00", date(2020, 1, 31)),
        ("2020-01-31Z", date(2020, 1, 31)),
        ("2020-01-31+01:00", date(2020, 1, 31)),
        ("2020-01-31 00:00:00 UTC", date(2020, 1, 31)),
        ("1/31/2020 12:00:00 AM", date(2020, 1, 31)),
        ("1/31/2020 12:00AM", date(2020, 1, 31)),
        ("January 31, 2020, 5:30 p.m. EST", date(2020, 1, 31)),
        ("2020.0", date(2020, 1, 1)),
        ("enero de 2020", date(2020, 1, 1)),
        ("Sept. 2020", date(2020, 9, 1)),
        ("1. März 2020", date(2020, 3, 1)),
        ("Jänner 2020", date(2020, 1, 1)),
        ("lunedì 3 febbraio 2020", date(2020, 2, 3)),
        ("２０２０年１月５日", date(2020, 1, 5)),
        ("2020年5月", date(2020, 5, 1)),
        ("2020년 3월 1일", date(2020, 3, 1)),
        ("01\u201031\u20102020", date(2020, 1, 31)),
        ("1577836800000", date(2020, 1, 1)),
        ("1577836799", date(2019, 12, 31)),
        ("1577836799.999", date(2019, 12, 31)),
        ("/Date(1577836799999)/", date(2019, 12, 31)),
        ("/Date(1577833200000+0100)/", date(2020, 1, 1)),
        ("/Date(1577840400000-0500)/", date(2019, 12, 31)),
        ("/Date(-86400000)/", date(1969, 12, 31)),
        ("FY2020", date(2019, 10, 1)),
        ("FY 20", date(2019, 10, 1)),
        ("Fiscal Year 2020", date(2019, 10, 1)),
    ],
    ids=str,
)
def test_a_day_may_be_written_in_many_ways(text, day):
    assert day_of(text, "start").day == day


@pytest.mark.parametrize(
    ("text", "end"),
    [("FY2020", date(2020, 9, 30)), ("février 2020", date(2020, 2, 29)), ("2020.0", date(2020, 12, 31))],
    ids=str,
)
def test_a_longer_time_ends_with_its_last_day(text, end):
    assert day_of(text, "end").day == end


@pytest.mark.parametrize(
    "text",
    [
        "TBC", "N/A", "ongoing", "On-going", "no end date", "9999-12-31", "12/31/9999", "0001-01-01",
        "1/1/0001 12:00:00 AM", "00/00/0000", "En curso", "à définir", "em andamento", "s/d",
    ],
    ids=str,
)  # fmt: skip
def test_a_text_may_say_that_there_is_no_date(text):
    assert day_of(text, "end") == (None, "no date")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("FY2020", "fiscal"),
        ("43861", "serial"),
        ("1577836800000", "stamp"),
        ("/Date(1577836800000)/", "stamp"),
        ("9/1/21", "short"),
        ("31-Jan-20", "short"),
        ("1899-12-30", "far"),
        ("2999-12-31", "far"),
        ("2020-01-31", ""),
        ("31/12/1999", ""),
    ],
    ids=str,
)
def test_what_is_to_be_told_of_a_date_is_told(text, note):
    assert day_of(text, "end", DAY_FIRST).note == note


@pytest.mark.parametrize(
    "text",
    [
        "31012020", "202001", "157783680000", "2577836800000", "/Date(x)/", "/Date(1577836800000", "20-01-31", "Jan-20", "Jan 31 20", "10000", "99999", "2020-Q5",
        "FY2019-20", "31/01", "2020-01-31 to 2021-01-31", "1.2.3.2020", "12:30", "spring 2020 or later",
        "2020-01-31 12:00 and more", "May", "the 31st", "31 2020", "$43,861", "2020/21", "3/2/1",
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_date_is_not_guessed_at(text):
    with pytest.raises(ValueError, match=r"is not a date|does not exist"):
        day_of(text, "start")


def test_wide_digits_decide_the_order_as_others_do():
    survey = DateSurvey()
    for text in ("０１/０２/２０２０", "３１/０３/２０２２"):
        survey.add(text)
    reading = survey.reading()
    assert reading.order == "day first"
    assert day_of("０１/０２/２０２０", "start", reading).day == date(2020, 2, 1)


def test_eight_digits_may_begin_with_the_month_where_a_publisher_writes_so():
    assert day_of("01312020", "start", DateReading(compact="MMDDYYYY")).day == date(2020, 1, 31)


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("2019-2024", date(2019, 1, 1), date(2024, 12, 31)),
        ("2019 – 2024", date(2019, 1, 1), date(2024, 12, 31)),
        ("2019/2024", date(2019, 1, 1), date(2024, 12, 31)),
        ("from 2019 to 2024", date(2019, 1, 1), date(2024, 12, 31)),
        ("2019 a 2024", date(2019, 1, 1), date(2024, 12, 31)),
        ("01/2019-12/2024", date(2019, 1, 1), date(2024, 12, 31)),
        ("Jan 2019-Dec 2024", date(2019, 1, 1), date(2024, 12, 31)),
        ("01/15/2019-12/31/2024", date(2019, 1, 15), date(2024, 12, 31)),
        ("2019-01-15/2024-12-31", date(2019, 1, 15), date(2024, 12, 31)),
        ("2019-01-15 to 2024-12-31", date(2019, 1, 15), date(2024, 12, 31)),
        ("du 15 janvier 2019 au 31 décembre 2024", date(2019, 1, 15), date(2024, 12, 31)),
        ("del 15 de enero de 2019 al 31 de diciembre de 2024", date(2019, 1, 15), date(2024, 12, 31)),
        ("FY2019-FY2024", date(2018, 10, 1), date(2024, 9, 30)),
        ("FY 2019-2024", date(2018, 10, 1), date(2024, 9, 30)),
        ("FY2020", date(2019, 10, 1), date(2020, 9, 30)),
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("May 2020", date(2020, 5, 1), date(2020, 5, 31)),
        ("2019 - ongoing", date(2019, 1, 1), None),
        ("01/15/2019", date(2019, 1, 15), None),
    ],
    ids=str,
)
def test_a_cell_may_hold_both_dates(cell, start, end):
    span = span_of(cell)
    assert (span.start, span.end) == (start, end)


@pytest.mark.parametrize("cell", ["2009-10", "2011-12", "2009/12", "2000 - 01"])
def test_a_cell_that_may_be_a_month_or_two_years_is_neither(cell):
    assert span_of(cell) == (None, None, ("month or year",), True)


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [("2016-03", (2016, 3, 1), (2016, 3, 31)), ("2012-12", (2012, 12, 1), (2012, 12, 31))],
)
def test_two_digits_that_are_no_later_year_are_a_month(cell, start, end):
    span = span_of(cell)
    assert (span.start, span.end) == (date(*start), date(*end))


@pytest.mark.parametrize(
    ("cell", "start", "end", "note"),
    [
        ("2020", date(2019, 10, 1), date(2020, 9, 30), "fiscal"),
        ("2015-2018", date(2014, 10, 1), date(2018, 9, 30), "fiscal"),
        ("2015-2016", None, None, "one year or two"),
        ("2015/2016", None, None, "one year or two"),
        ("2009-10", None, None, "month or year"),
    ],
)
def test_a_fiscal_year_that_spans_two_is_not_taken_for_two(cell, start, end, note):
    span = fiscal_span_of(cell)
    assert (span.start, span.end, {*span.notes}) == (start, end, {note})


def test_a_number_in_a_column_of_durations_is_no_year():
    assert span_of("2019", alone=False) == NO_SPAN
    assert span_of("36 months") == NO_SPAN


def survey(*texts):
    found = DateSurvey()
    for text in texts:
        found.add(text)
    return found


@pytest.mark.parametrize(
    ("texts", "order", "sure"),
    [
        (["01/10/2020", "31/03/2022"], "day first", True),
        (["01/10/2020", "03/31/2022"], "month first", True),
        (["01.10.20", "31.03.22"], "day first", True),
        (["1-10-2020", "31-3-2022"], "day first", True),
        (["from 01/10/2020 to 31/03/2022"], "day first", True),
        (["01/10/2020"], "month first", False),
        (["05/05/2020", "2020-01-31", "May 2020"], "month first", True),
        (["31/03/2022", "30/04/2022", "12/31/2022"], "day first", False),
        (["31/03/2022", "12/31/2022"], "month first", False),
        (["32/13/2022", "99/99/2022"], "month first", True),
    ],
    ids=str,
)
def test_dates_with_one_reading_decide_for_the_file(texts, order, sure):
    reading = survey(*texts).reading()
    assert (reading.order, reading.sure) == (order, sure)


def test_a_reading_says_why():
    assert survey("01/10/2020", "31/03/2022").reading().reason == '"31/03/2022" can be read in no other way'
    assert survey("01/10/2020", "02/10/2020").reading().reason == (
        '2 dates such as "01/10/2020" could be read both ways; none decides; taken as U.S. sources write them'
    )


def test_a_publishers_habit_counts_where_nothing_decides():
    habit = Habit("day first", "UKRI writes the day first", sure=True)
    assert survey("01/10/2020").reading(habit).order == "day first"
    assert survey("01/10/2020").reading(habit).sure
    assert survey("12/31/2020").reading(habit).order == "month first"


def test_between_dots_the_day_comes_first_unless_the_file_shows_otherwise():
    assert day_of("01.02.2020", "start", survey("01.02.2020").reading()).day == date(2020, 2, 1)
    assert day_of("01.02.2020", "start", survey("01.31.2020").reading()).day == date(2020, 1, 2)


def test_the_order_that_is_told_is_that_in_which_the_dates_of_the_file_are_read():
    reading = survey("01.02.2020", "03.04.2021").reading()
    assert (reading.order, reading.sure) == ("day first", False)
    assert "between dots" in reading.reason
    assert survey("01.02.2020", "03/04/2021").reading().order == "month first"
    assert survey("01.31.2020").reading().order == "month first"


# What follows knows the forms by itself: it writes each day in every way that is allowed for a reading.

EXCEL, UNIX = datetime(1899, 12, 30), datetime(1970, 1, 1)
NAMES = [[name for name, month in MONTHS.items() if month == number] for number in range(1, 13)]


def numbers(value, width=2):
    return {str(value), f"{value:0{width}}"}


def writings(day, reading):
    """Return every form of one day, in small letters, that a reading allows; without times and weekdays."""
    found = set()
    # Four digits, whatever they are: a year before 1900 stands as it is written.
    years = {f"{day.year:04}"}
    short = {f"{day.year % 100:02}"} if 1969 <= day.year <= 2068 else set()
    for month, number in product(numbers(day.month), numbers(day.day)):
        found |= {f"{year}{mark}{month}{mark}{number}" for year in years for mark in "-/."}
        for mark in ("/", ".", ". ", "-"):
            order = reading.dotted if "." in mark else reading.order
            first, second = (number, month) if order == "day first" else (month, number)
            found |= {
                f"{first}{mark}{second}{mark}{year}" for year in years | (short if mark != "-" else set())
            }
    found |= {f"{year}{day.month:02}{day.day:02}" for year in years}
    found.add(str((day - EXCEL.date()).days))
    for name, number in product(NAMES[day.month - 1], numbers(day.day)):
        for suffix in ("", "st", "nd", "rd", "th", "er", "o", "a"):
            found |= {f"{number}{suffix} {name} {year}" for year in years | short}
            found |= {f"{name} {number}{suffix} {year}" for year in years}
            found |= {f"{year} {name} {number}{suffix}" for year in years}
    return found


def longer_writings(day, edge):
    """Return the forms of a month, a year and a fiscal year that begin or end with a day."""
    found, written = set(), f"{day.year:04}"
    if day.day == (1 if edge == "start" else calendar.monthrange(day.year, day.month)[1]):
        found |= {f"{written}{mark}{month}" for mark in "-/." for month in numbers(day.month)}
        found |= {f"{month}{mark}{written}" for mark in "-/." for month in numbers(day.month)}
        found |= {f"{name} {written}" for name in NAMES[day.month - 1]}
        found |= {f"{written} {name}" for name in NAMES[day.month - 1]}
    if (day.month, day.day) == ((1, 1) if edge == "start" else (12, 31)):
        found |= {written, f"{written}.0"}
    if (day.month, day.day) == ((10, 1) if edge == "start" else (9, 30)):
        year = day.year + (edge == "start")
        found |= {f"fy{year:04}", f"fiscal year {year:04}"}
        if 1969 <= year <= 2068:
            found.add(f"fy{year % 100:02}")
    return found


DAYS = st.dates(date(1950, 1, 1), date(2068, 12, 31))
READINGS = st.sampled_from([MONTH_FIRST, DAY_FIRST, DateReading("month first", "month first")])
EDGES = st.sampled_from(["start", "end"])


@given(DAYS, READINGS, st.data())
def test_a_day_in_any_form_is_read_as_that_day(day, reading, data):
    text = data.draw(st.sampled_from(sorted(writings(day, reading))))
    assert day_of(text, "start", reading).day == day
    assert day_of(f" {text.upper()}T00:00:00Z", "end", reading).day == day


def plain(text):
    """Return a text as `writings` has it: small, with one mark between the words that name a month."""
    text = " ".join(text.split()).lower()
    text = re.sub(r"\b(of|the|de|del|do|le|el|o|den|il)\b", " ", text)
    if re.search(r"[a-z]{3}", text) and not text.startswith("fiscal"):
        text = re.sub(r"[\s,./-]+", " ", text)
    return re.sub(
        r"^(fy|fiscal year)[\s'-]*", lambda match: match[1] + " " * (match[1] != "fy"), text
    ).strip()


@st.composite
def nearly_dates(draw):
    """Return a date with a few characters changed, or characters of dates in any order."""
    alphabet = "0123456789/-. ,"
    if draw(st.booleans()):
        return draw(st.text(alphabet + "janfebmysuoct", min_size=4, max_size=14))
    text = draw(st.sampled_from(sorted(writings(draw(DAYS), draw(READINGS)))))
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from([*alphabet, ""])) + text[place + draw(st.integers(0, 1)) :]
    return text


@given(nearly_dates(), READINGS, EDGES)
@example("43861", MONTH_FIRST, "start")
@example("1/2/2020", DAY_FIRST, "end")
@example("FY2020", MONTH_FIRST, "end")
@example("0968 feb 10", MONTH_FIRST, "start")
@example("0968", MONTH_FIRST, "end")
@example("fy0968", DAY_FIRST, "start")
@example("43861.5", MONTH_FIRST, "start")
@example("1020200131", MONTH_FIRST, "start")
@example("apr/il 01 2000", MONTH_FIRST, "start")
def test_no_text_becomes_another_day_than_its_reading_gives(text, reading, edge):
    try:
        day = day_of(text, edge, reading).day
    except ValueError:
        return
    if day is None:
        return
    if serial := re.fullmatch(r"\s*(\d{5})(\.\d+)?\s*", text):
        assert day == (EXCEL + timedelta(int(serial[1]))).date()
    elif stamp := re.fullmatch(r"\s*(\d{10})(\d{3})?(\.\d+)?\s*", text):
        assert day == (UNIX + timedelta(seconds=int(stamp[1]))).date()
    else:
        allowed = writings(day, reading) | longer_writings(day, edge)
        assert plain(text) in {plain(one) for one in allowed}


@given(st.lists(DAYS, min_size=1, max_size=30), st.booleans())
def test_a_file_written_in_one_order_is_never_read_in_the_other(days, day_first):
    form = "{0.day}/{0.month}/{0.year}" if day_first else "{0.month}/{0.day}/{0.year}"
    texts = [form.format(day) for day in days]
    reading = survey(*texts).reading()
    if any(day.day > 12 for day in days) or reading.sure:
        assert [day_of(text, "start", reading).day for text in texts] == days


def test_every_day_of_a_century_survives_every_order():
    day = date(1970, 1, 1)
    while day < date(2069, 1, 1):
        assert day_of(f"{day.month}/{day.day}/{day.year}", "start", MONTH_FIRST).day == day
        assert day_of(f"{day.day}/{day.month}/{day.year}", "start", DAY_FIRST).day == day
        day += timedelta(days=17)


@pytest.mark.parametrize("text", ["Q3 2021", "q3/2021", "3Q 2021", "2021-Q3", "2021 Q3", "2021Q3", "2021 3Q"])
def test_a_quarter_is_that_of_the_calendars_year(text):
    assert day_of(text, "start").day == date(2021, 7, 1)
    assert day_of(text, "end") == (date(2021, 9, 30), "quarter")


@pytest.mark.parametrize("text", ["Q5 2021", "Q0 2021", "Q3", "Q3 21", "FY2021 Q3"])
def test_what_is_no_quarter_of_a_year_is_no_date(text):
    with pytest.raises(ValueError, match="is not a date"):
        day_of(text, "start")


def test_a_cell_may_hold_two_quarters():
    assert span_of("Q4 2020 - Q1 2021")[:2] == (date(2020, 10, 1), date(2021, 3, 31))
