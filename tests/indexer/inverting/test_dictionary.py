"""Simple raw tokens have the words that the analysis gives, found in less time."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.inverting.dictionary import simple_words
from indexer.text.analysis import MAX_WORD_LENGTH, words_of

PARTS = st.one_of(st.text("abs019", min_size=1, max_size=5), st.sampled_from(["fy2021", "4th", "covid19"]))
TOKENS = st.builds(
    lambda parts, mark, end: mark.join(parts) + end,
    st.lists(PARTS, min_size=1, max_size=4),
    st.sampled_from("--'.,&_"),
    st.sampled_from(["", "'s", "\N{RIGHT SINGLE QUOTATION MARK}s", "s", "+"]),
)


@given(TOKENS)
def test_a_simple_token_has_the_words_of_its_analysis(raw):
    assert simple_words(raw) in ([], [(word.text, word.position) for word in words_of(raw)])


def test_the_commonest_tokens_are_simple():
    assert simple_words("world's") == [("world", 0)]
    assert simple_words("well-known") == [("well", 0), ("well-known", 0), ("known", 1)]
    assert simple_words("1914-18") == [("1914", 0), ("1914-18", 0), ("18", 1)]
    assert simple_words("covid19") == simple_words("a" * (MAX_WORD_LENGTH + 1)) == []
