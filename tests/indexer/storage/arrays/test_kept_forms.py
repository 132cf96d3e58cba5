"""The forms of occurrences that are kept, against all of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.storage.arrays.kept_forms import Forms, stretches
from indexer.storage.arrays.sums import begins

# Of each term how many words it has, and which of them each of its occurrences is.
TERMS = st.lists(
    st.integers(1, 3).flatmap(
        lambda words: st.tuples(st.just(words), st.lists(st.integers(0, words - 1), min_size=1, max_size=4))
    ),
    max_size=12,
)


@given(TERMS)
def test_the_forms_of_terms_of_several_words_are_enough_to_know_all(terms):
    words = np.array([size for size, _ in terms], np.int64)
    bounds = begins(np.array([len(forms) for _, forms in terms], np.int64))
    every = [form for _, forms in terms for form in forms]
    kept = [form for begin, end in stretches(words > 1, bounds) for form in every[begin:end]]
    assert kept == [form for size, forms in terms for form in forms if size > 1]
    found = Forms(np.array(kept, np.uint8), bounds.astype(np.uint32), begins(words).astype(np.uint32))
    assert found.every().tolist() == every
    assert [found.of(term).tolist() for term in range(len(terms))] == [forms for _, forms in terms]
