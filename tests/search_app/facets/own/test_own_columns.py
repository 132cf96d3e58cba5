"""The columns of own fields, against counting one by one."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import chain

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.storage.arrays.sums import begins
from search_app.facets.own.value_sets import ValueSets
from search_app.facets.specs import Counted

VALUES = 5
AS_OF = date(2026, 1, 1)

documents = st.lists(st.frozensets(st.integers(0, VALUES - 1), max_size=4).map(sorted), max_size=12)


@given(documents, st.data())
def test_documents_are_counted_by_each_of_their_values(values: list[list[int]], data: st.DataObject) -> None:
    starts = begins(np.array(list(map(len, values)), np.int64))
    sets = ValueSets.of(starts, np.array([*chain(*values)], np.uint8), VALUES)
    chosen = data.draw(
        st.none() | st.sets(st.integers(0, len(values) - 1)).map(sorted) if values else st.just([])
    )
    over = values if chosen is None else [values[number] for number in chosen]

    counted = Counted(None if chosen is None else np.array(chosen, np.intp), AS_OF)
    counts, without = sets.count(counted)

    expected = Counter(value for own in over for value in own)
    assert counts.tolist() == [expected[value] for value in range(VALUES)]
    assert without == sum(1 for own in over if not own)


@given(documents, st.sets(st.integers(0, VALUES - 1)))
def test_documents_are_found_by_any_of_some_values(values: list[list[int]], wanted: set[int]) -> None:
    starts = begins(np.array(list(map(len, values)), np.int64))
    sets = ValueSets.of(starts, np.array([*chain(*values)], np.uint8), VALUES)

    assert sets.having(wanted).tolist() == [not wanted.isdisjoint(own) for own in values]


def _sets_of(values: list[list[int]]) -> ValueSets:
    return ValueSets.of(
        begins(np.array(list(map(len, values)), np.int64)), np.array([*chain(*values)], np.uint8), VALUES
    )


@given(documents, st.lists(st.integers(0, VALUES), min_size=VALUES, max_size=VALUES))
def test_sets_that_follow_from_others_are_counted_by_the_numbers_of_these(
    values: list[list[int]], region_of: list[int]
) -> None:
    regions = [sorted({region_of[value] for value in own} - {VALUES}) for own in values]
    countries, own = _sets_of(values), _sets_of(regions)

    shared = own.numbered_as(countries)

    assert shared is not None
    assert shared.numbers is countries.numbers
    everything = Counted(None, AS_OF)
    counts, without = shared.count(everything)
    assert (counts.tolist(), without) == (own.count(everything)[0].tolist(), own.count(everything)[1])
    for wanted in ([0], [1, 3], [shared.none]):
        assert shared.having(wanted).tolist() == own.having(wanted).tolist()


def test_sets_that_do_not_follow_from_others_keep_their_numbers() -> None:
    assert _sets_of([[0], [1]]).numbered_as(_sets_of([[2], [2]])) is None


def test_a_set_has_one_number() -> None:
    sets = ValueSets.of(np.array([0, 0, 1, 3, 4]), np.array([4, 1, 4, 4], np.uint8), VALUES)

    assert sets.numbers.tolist()[0] == 0
    assert sets.numbers[1] == sets.numbers[3] != sets.numbers[2]
    assert sets.size == 3
