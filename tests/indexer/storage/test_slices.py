"""Slices and sums of one array, against the same made one by one."""

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.storage import field_positions, slices
from indexer.storage.arrays.sums import flags
from indexer.storage.slices import sums_before


@given(st.lists(st.integers(0, 255), max_size=200), st.data())
def test_sums_before_places_are_those_of_the_values(values, data):
    places = data.draw(st.lists(st.integers(0, len(values)), max_size=20))
    found = sums_before(np.array(values, np.uint8), np.array(places, np.int64))
    assert found.tolist() == [sum(values[:place]) for place in places]
    with patch.object(slices, "_AT_ONCE", 64):
        again = sums_before(np.array(values, np.uint8), np.array(places, np.int64))
    assert again.tolist() == found.tolist()


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=4).map(sorted), max_size=40))
def test_titled_are_those_whose_first_occurrence_is_in_the_title(postings):
    counts = np.array([*map(len, postings)], np.uint8)
    packed = np.array([field << 14 | 5 for fields in postings for field in fields], np.uint16)
    for at_once in (8, 16, 1 << 20):
        with patch.object(field_positions, "_AT_ONCE", at_once):
            found = field_positions.titled(counts, packed)
        assert flags(found, 0, len(postings)).tolist() == [fields[0] == 0 for fields in postings]
        assert len(found) == -(-len(postings) // 8)
