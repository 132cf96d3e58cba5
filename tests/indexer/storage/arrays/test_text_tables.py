"""Tables of texts: one made of another."""

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.storage.arrays import text_tables
from indexer.storage.arrays.text_tables import Texts, spliced

WORDS = st.lists(st.text("abé", max_size=3), unique=True, max_size=12).map(sorted)


@given(WORDS, st.integers(0, 2**12 - 1), WORDS, st.sampled_from([0, 50]))
def test_a_spliced_table_is_the_sorted_union(before, bits, others, few):
    stays = np.array([bool(bits >> place & 1) for place in range(len(before))], np.bool_)
    with patch.object(text_tables, "_FEW", few):
        found = spliced(Texts.of(before), stays, others)

    left = [text for text, stay in zip(before, stays.tolist(), strict=True) if stay]
    expected = sorted({*left, *others})
    assert list(Texts(found.blob, found.sizes.astype(np.uint64))) == expected
    assert [expected[number] for number in found.added] == others
    assert [expected[number] for number in found.kept[stays]] == left
