"""Which words are English, by the list of a library."""

import pytest

from search_app.words.english import is_english


@pytest.mark.parametrize("word", ["the", "labor", "labour", "cell", "smartphone", "children", "zoo"])
def test_english(word):
    assert is_english(word)


@pytest.mark.parametrize(
    "word", ["", " ", "goverment", "labo", "23135851162", "the 23135851162", "niños", "childern"]
)
def test_not_english(word):
    assert not is_english(word)
