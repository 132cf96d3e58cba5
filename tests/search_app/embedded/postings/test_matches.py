"""What lists of places have in common."""

from functools import reduce

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search_app.embedded.postings.matches import common_to_all


@given(st.lists(st.sets(st.integers(0, 9), max_size=9), min_size=1, max_size=6))
def test_what_all_have_is_what_each_has(sets):
    found = common_to_all(np.array(sorted(one), np.int64) for one in sets)
    assert found.tolist() == sorted(reduce(set.intersection, sets))


def test_nothing_more_is_read_once_nothing_is_left():
    """A phrase of 250 times the same word is a passage of hardly any text: the second says so."""
    read = []

    def places():
        for number in range(250):
            read.append(number)
            yield np.array([2 * number], np.int64)

    assert common_to_all(places()).tolist() == []
    assert read == [0, 1, 2]
