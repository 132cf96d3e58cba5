"""Where the occurrences of a posting begin, against adding up all of the counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.embedded.postings.occurrence_starts import BLOCK, SHORT, OccurrenceStarts

SIZES = [0, 1, BLOCK - 1, BLOCK, 2 * BLOCK, SHORT + 3 * BLOCK, 3 * SHORT + 1]


@pytest.mark.parametrize("size", SIZES)
@given(data=st.data())
def test_the_occurrences_before_a_posting_are_added_up(size: int, data: st.DataObject) -> None:
    counts = np.random.default_rng(data.draw(st.integers(0, 99))).integers(1, 255, size).astype(np.uint8)
    wanted = sorted(data.draw(st.sets(st.integers(0, size - 1), max_size=20))) if size else []

    starts = OccurrenceStarts(counts).of(np.array(wanted, np.intp))

    assert starts.tolist() == [int(counts[:posting].sum(dtype=np.int64)) for posting in wanted]


def test_few_postings_far_apart_are_looked_up_by_block() -> None:
    counts = np.full(4 * SHORT, 3, np.uint8)
    wanted = np.array([1, BLOCK, 2 * BLOCK + 5, 3 * SHORT])

    assert OccurrenceStarts(counts).of(wanted).tolist() == (3 * wanted).tolist()


@pytest.mark.parametrize("size", [2 * BLOCK, 40 * BLOCK + 3, SHORT + 3 * BLOCK])
def test_lists_that_are_looked_up_together_give_what_each_gives(size: int) -> None:
    counts = np.random.default_rng(size).integers(1, 255, size).astype(np.uint8)
    starts = OccurrenceStarts(counts)
    lists = [np.array(one, np.intp) for one in ([], [3, BLOCK, BLOCK + 8], [size - 1], range(0, size, 2))]

    for chosen in (lists[:2], lists[:3], lists):
        every = [int(counts[:posting].sum(dtype=np.int64)) for one in chosen for posting in one.tolist()]
        assert starts.of_each(chosen).tolist() == every
