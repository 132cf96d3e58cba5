"""Which words a search does without."""

import pytest

from indexer.text.analysis import fold
from indexer.text.stop_words import FOREIGN_STOP_WORDS, QUESTION_WORDS, STOP_WORDS, is_silent


@pytest.mark.parametrize("word", ["the", "of", "what", "how", "many", "do", "para", "des", "pelas", "since"])
def test_a_word_that_tells_nothing_is_silent(word):
    assert is_silent(word)


@pytest.mark.parametrize(
    "word",
    ["mine", "show", "us", "will", "may", "no", "son", "pour", "sin", "par", "sale", "plus", "or", "labor"],
)
def test_a_word_that_means_something_in_english_is_not(word):
    assert is_silent(word) == (word in STOP_WORDS)


def test_the_lists_are_folded_and_do_not_overlap():
    lists = (STOP_WORDS, QUESTION_WORDS, FOREIGN_STOP_WORDS)
    assert all(fold(word) == word for words in lists for word in words)
    assert sum(map(len, lists)) == len(frozenset().union(*lists))
