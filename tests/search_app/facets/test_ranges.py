"""Ranges of numbers: 5 to 12 round ones, whatever the values are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.facets.ranges import range_buckets, range_numbers, ranges_of
from search_app.request import Range

RNG = np.random.default_rng(5)
VALUES = {
    "dollars": 10 ** RNG.uniform(4, 7, 5_000),
    "nine decades": 10 ** RNG.uniform(1, 9, 5_000),
    "pupils": RNG.integers(3, 48, 500).astype(float),
    "shares": RNG.uniform(0, 1, 500),
    "some below zero": RNG.normal(0, 1e6, 1_000),
}


@pytest.mark.parametrize("values", VALUES.values(), ids=list(VALUES))
def test_five_to_twelve_ranges_come_out(values):
    ranges = ranges_of(values)
    counts = np.bincount(range_numbers(values, ranges), minlength=len(ranges) + 1)
    assert 5 <= np.count_nonzero(counts[:-1]) <= 12
    assert counts[-1] == 0


def test_whole_numbers_are_not_cut_between_two():
    assert [str(one) for one in ranges_of(np.array([1.0, 2, 3, 4, 4]))] == ["0-2", "2-3", "3-4", "4-"]


@pytest.mark.parametrize("values", [[], [5.0], [5.0, 5.0], [np.nan, 3.0]])
def test_one_value_is_no_range(values):
    assert ranges_of(np.array(values, np.float64)) == ()


@given(st.lists(st.floats(-1e15, 1e15) | st.just(float("nan")), max_size=50))
def test_every_number_is_in_just_the_range_that_has_it(numbers):
    values = np.array(numbers, np.float64)
    ranges = ranges_of(values)
    for value, number in zip(values.tolist(), range_numbers(values, ranges).tolist(), strict=True):
        inside = [
            place
            for place, one in enumerate(ranges)
            if (place == 0 or value >= one.low) and (one.high is None or value < one.high)
        ]
        assert ([number] if number < len(ranges) else []) == inside or not ranges or value != value


NUMBERS = st.integers(0, 9) | st.floats(-1e16, 1e16) | st.floats(0, 1e-6)


@given(st.lists(NUMBERS, max_size=50))
def test_every_range_is_read_from_the_address_that_is_written_for_it(numbers):
    for one in ranges_of(np.array(numbers, np.float64)):
        assert Range.parse(str(one)) == one


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        pytest.param([0.0] * 99 + [250.0], ["0 to 20", "240 and more"], id="nearly all none"),
        pytest.param([5.0] * 49 + [6.0], ["0 to 6", "6 and more"], id="between two whole numbers"),
        pytest.param([2e-7, 3e-7], ["0 to 0.00000021", "0.00000029 and more"], id="tiny"),
        pytest.param([1e15, 9e15], ["0 to 2,000,000,000,000,000"], id="huge"),
    ],
)
def test_ranges_have_bounds_that_people_read(values, labels):
    values = np.array(values)
    ranges = ranges_of(values)
    counts = np.bincount(range_numbers(values, ranges), minlength=len(ranges)).tolist()
    shown = [one.label for one in range_buckets(dict(zip(ranges, counts, strict=True)), ())]
    assert shown[: len(labels)] == labels


@pytest.mark.parametrize("values", [[1e-13, 2e-13], [5e-324, 0.0], [1.0, 1.0 + 2**-52]])
def test_what_no_address_can_divide_is_no_range(values):
    assert ranges_of(np.array(values)) == ()
