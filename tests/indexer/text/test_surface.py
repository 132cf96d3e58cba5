"""Words that stand for more than their letters, as people are shown them."""

import pytest

from indexer.text.surface import inner, shown_together


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["the", "courts"], "the courts", id="plain"),
        pytest.param([inner("sdg", "sdg8"), inner("8", "sdg8"), "goals"], "sdg8 goals", id="inner words"),
        pytest.param(["fy-2021", "2021", "plan"], "fy-2021 plan", id="compound and what is in it"),
        pytest.param(["o'neill", "neill", "neill"], "o'neill neill", id="a word behind its compound"),
        pytest.param(["a-b-c", "b", "c", "c"], "a-b-c c", id="of three"),
        pytest.param(["the", "2021", "fy-2021"], "the 2021 fy-2021", id="before the compound"),
        pytest.param(["c++", "c"], "c++ c", id="marks at the end"),
    ],
)
def test_words_that_follow_each_other_are_shown_as_tokens(words, expected):
    assert shown_together(words) == expected
