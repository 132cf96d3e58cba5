"""Slices and sums of one array, against the same made one by one."""

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.storage import field_positions
from indexer.storage.arrays import slices
from indexer.storage.arrays.slices import AllBut, sums_before
from indexer.storage.arrays.sums import flags, flags_at


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
        every = np.arange(len(postings))
        assert flags_at(found, every[::-3]).tolist() == flags(found, 0, len(postings))[::-3].tolist()


@given(st.lists(st.integers(0, 255), max_size=60), st.data())
def test_all_but_some_slots_are_the_others_in_order(values, data):
    size = len(values)
    places = sorted(data.draw(st.sets(st.integers(0, max(size - 1, 0)), max_size=size)))
    left = [value for place, value in enumerate(values) if place not in places]
    for stretch in (0, 1 << 40):
        with patch.object(slices, "_STRETCH", stretch):
            slots = AllBut(np.array(places, np.int64), size)
            assert len(slots) == len(left)
            assert slots.of(np.array(values, np.uint8)).tolist() == left
            target = np.full(size, 999, np.uint16)
            slots.put(np.array(left, np.uint16), target)
            expected = iter(left)
            assert target.tolist() == [999 if place in places else next(expected) for place in range(size)]
