"""Days as numbers, and the one clock."""

import ast
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.storage.days import UNKNOWN_DAY, day_number, now, timestamp, today, years_of
from tests.documents import ROOT


@given(st.dates())
def test_a_day_counts_as_numpy_counts_it(day):
    assert np.datetime64(day_number(day), "D").item() == day


@given(st.lists(st.none() | st.dates(), max_size=20))
def test_the_year_of_a_day_is_that_of_its_number(days):
    numbers = np.array([day_number(day) for day in days], np.int32)
    assert years_of(numbers).tolist() == [day.year if day else 0 for day in days]


def test_an_unknown_day_is_below_all_others():
    assert day_number(None) == UNKNOWN_DAY < day_number(date.min)


def test_the_clock_is_that_of_utc():
    before, moment, after = datetime.now(UTC), now(), datetime.now(UTC)
    assert before <= moment <= after
    assert today() in {before.date(), datetime.now(UTC).date()}
    assert moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("timespec", "text"),
    [("seconds", "2021-09-30T08:00:05Z"), ("milliseconds", "2021-09-30T08:00:05.250Z")],
)
def test_a_timestamp_ends_with_z(timespec, text):
    assert timestamp(datetime(2021, 9, 30, 8, 0, 5, 250_000, UTC), timespec) == text
    elsewhere = datetime(2021, 9, 30, 10, 0, 5, 250_000, timezone(timedelta(hours=2)))
    assert timestamp(elsewhere, timespec) == text


def test_nobody_else_asks_the_clock_or_counts_days():
    """`time.monotonic` and `perf_counter` measure how long something takes; they do not say what time it is."""
    asked = {"now", "utcnow", "today", "toordinal", "fromordinal", "time_ns"}
    found = {
        (path.relative_to(ROOT).as_posix(), node.func.attr)
        for room in ("indexer", "search_app")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in asked
    }
    assert {name for name, _ in found} == {"indexer/storage/days.py"}
