"""Ranges of numbers: 5 to 12 round ones, whatever the values are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.facets.ranges import range_numbers, ranges_of

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
