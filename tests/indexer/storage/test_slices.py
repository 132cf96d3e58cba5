"""Slices and sums of one array, against the same made one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.storage.slices import sums_before


@given(st.lists(st.integers(0, 255), max_size=200), st.data())
def test_sums_before_places_are_those_of_the_values(values, data):
    places = data.draw(st.lists(st.integers(0, len(values)), max_size=20))
    found = sums_before(np.array(values, np.uint8), np.array(places, np.int64))
    assert found.tolist() == [sum(values[:place]) for place in places]
