"""The stemmer against NLTK's, which is what it has to be equal to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.snowball import EnglishStemmer

from indexer.analysis import fold
from indexer.analysis import stem as term_of
from indexer.pieces import cut
from indexer.stemming import stem
from tests.documents import ROOT

NLTK = EnglishStemmer()
TEXTS = sorted(path for pattern in ("*.md", "docs/*.md", "corpus/*.txt") for path in ROOT.glob(pattern))
# Every ending that a step of the algorithm looks at, and letters that decide what is done about it.
ENDINGS = (
    "s us ss ies ied sses ed edly eed eedly ing ingly y at bl iz ization ational fulness ousness iveness tional "
    "biliti lessli entli ation alism aliti ousli iviti fulli enci anci abli izer ator alli bli ogi li alize icate "
    "iciti ative ical ness ful ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic e l"
).split()
LETTERS = st.text("abcdeghiklmnorstuvwxyz", max_size=7)
WORDS = st.tuples(
    st.sampled_from(["", "", "gener", "commun", "arsen", "y", "ay", "pre"]),
    LETTERS,
    st.lists(st.sampled_from([*ENDINGS, "t", "ll", "ly"]), max_size=3).map("".join),
).map("".join)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_the_words_of_a_text(path):
    pieces = cut([path.read_text(encoding="utf-8")])
    words = {piece.decode() for piece in pieces.texts(range(len(pieces.starts))) if piece.isalnum()}
    assert {word: stem(word) for word in words} == {word: NLTK.stem(word) for word in words}


@given(st.lists(WORDS, min_size=50, max_size=200))
@settings(max_examples=60, deadline=None)
def test_words_made_of_endings(words):
    assert [stem(word) for word in words] == [NLTK.stem(word) for word in words]


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ending_after_short_and_long_beginnings(ending):
    beginnings = [
        "",
        "b",
        "a",
        "ab",
        "hop",
        "fall",
        "relat",
        "abil",
        "commun",
        "gener",
        "controll",
        "say",
        "dy",
    ]
    words = [beginning + ending for beginning in beginnings]
    assert [stem(word) for word in words] == [NLTK.stem(word) for word in words]


def test_words_that_are_exceptions():
    words = NLTK._EnglishStemmer__special_words
    assert {word: stem(word) for word in words} == words


@pytest.mark.parametrize("word", ["éducation", "права", "naïvely", "workers’", "2019", "ß", "ꭰ"])
def test_any_folded_word_has_the_stem_that_nltk_gives(word):
    assert term_of(fold(word)) == NLTK.stem(fold(word))
