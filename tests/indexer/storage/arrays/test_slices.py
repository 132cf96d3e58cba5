"""Slices and sums of one array, against the same made one by one."""

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.storage import field_positions
from indexer.storage.arrays import slices
from indexer.storage.arrays.slices import Splice, sums_before
from indexer.storage.arrays.sums import distinct, flags, flags_at


@given(
    st.lists(st.integers(0, 255) | st.just(255), max_size=200),
    st.sampled_from([np.uint8, np.uint16, np.uint32]),
    st.data(),
)
def test_sums_before_places_are_those_of_the_values(values, dtype, data):
    values = [*values, *data.draw(st.sampled_from([[], [255] * 200]))]
    places = data.draw(st.lists(st.integers(0, len(values)), max_size=20))
    found = sums_before(np.array(values, dtype), np.array(places, np.int64))
    assert found.tolist() == [sum(values[:place]) for place in places]
    with patch.object(slices, "_AT_ONCE", 64):
        again = sums_before(np.array(values, dtype), np.array(places, np.int64))
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
def test_a_splice_leaves_elements_out_and_puts_others_between(values, data):
    size = len(values)
    gone = sorted(data.draw(st.sets(st.integers(0, max(size - 1, 0)), max_size=size)))
    before = sorted(data.draw(st.lists(st.integers(0, size), max_size=20)))
    expected = list[int]()
    for place in range(size + 1):
        expected += [1_000 + number for number, one in enumerate(before) if one == place]
        expected += [value for value in values[place : place + 1] if place not in gone]
    found = Splice(size, np.array(gone, np.int64), np.array(before, np.int64))
    added = np.arange(1_000, 1_000 + len(before), dtype=np.uint32)
    for piece in (1, 7, 1 << 16):
        with patch.object(slices, "_PIECE", piece):
            pieces = [*found.pieces(np.array(values, np.uint8), added, lambda part: part.astype(np.uint16))]
        assert np.concatenate(pieces).tolist() == expected
        assert len(found) == len(expected)


@given(st.lists(st.integers(0, 60), max_size=40))
def test_distinct_numbers_are_those_of_numpy(numbers):
    found = distinct(np.array(numbers, np.uint16))
    expected = np.unique(np.array(numbers, np.int64), return_inverse=True)
    assert [one.tolist() for one in found] == [one.tolist() for one in expected]
