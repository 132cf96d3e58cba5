"""Words to terms: NLTK's stems, and the reviewed corrections to them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.snowball import EnglishStemmer

from indexer.text.analysis import fold
from indexer.text.corrections import MARK, Corrections, inflections, reviewed
from indexer.text.stemming import Stemming, stemming, uncorrected

stem = stemming().stem


ENDINGS = (
    "s us ss ies ied sses ed edly eed eedly ing ingly y at bl iz ization ational fulness ousness iveness tional "
    "biliti lessli entli ation alism aliti ousli iviti fulli enci anci abli izer ator alli bli ogi li alize icate "
    "iciti ative ical ness ful ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic e l"
).split()
WORDS = st.tuples(
    st.sampled_from(["", "gener", "commun", "arsen", "y", "pre"]),
    st.text("abcdefghijklmnopqrstuvwxyz", max_size=6),
    st.sampled_from(["", *ENDINGS, *"abcdefghijklmnopqrstuvwxyz"]),
).map("".join)


@given(st.lists(WORDS, min_size=50, max_size=200))
@settings(max_examples=60, deadline=None)
def test_every_word_has_the_stem_that_nltk_gives(words):
    snowball = EnglishStemmer()
    assert [uncorrected(word) for word in words] == [snowball.stem(word) for word in words]
    assert list(stemming().stems(words)) == [stem(word) for word in words]


@pytest.mark.parametrize("word", ["éducation", "права", "naïvely", "2019", "ß", "ꭰ", "İ"])
def test_any_folded_word_has_the_stem_that_nltk_gives(word):
    assert uncorrected(fold(word)) == EnglishStemmer().stem(fold(word))


def test_no_word_is_in_two_lines():
    words = [word for line in reviewed() for one in line for word in one]
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_every_set_shares_a_stem_with_another_or_brings_stems_together():
    """A line that changes nothing is a mistake in the list."""
    idle = []
    for line in reviewed():
        stems = [{uncorrected(word) for word in one} for one in line]
        for number, own in enumerate(stems):
            others = set().union(*stems[:number], *stems[number + 1 :])
            if not own & others and len(own) < 2:
                idle.append(line[number])
    assert idle == []


@pytest.mark.parametrize("line", reviewed(), ids=lambda line: line[0][0])
def test_a_word_and_its_regular_inflections_are_in_its_set_and_in_no_other(line):
    claimed = set()
    for words in line:
        stems = {uncorrected(word) for one in line for word in one}
        terms = {stem(word) for word in words}
        for word in words:
            own = [form for form in inflections(word) if uncorrected(form) in stems]
            listed = {other for one in line if one != words for other in one}
            terms |= {stem(form) for form in own if form not in listed | claimed}
        assert len(terms) == 1
        claimed |= {form for word in words for form in inflections(word)}
    assert len({stem(words[0]) for words in line}) == len(line)


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("plan", ["plans", "planed", "planing", "planned", "planning"]),
        ("city", ["citys", "cities", "citied", "citying"]),
        ("play", ["plays", "played", "playing"]),
        ("paste", ["pastes", "pasted", "pasting"]),
        ("tie", ["ties", "tied", "tiing", "tying"]),
        ("box", ["boxs", "boxes", "boxed", "boxing"]),
        ("work", ["works", "worked", "working"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_regular_inflections(word, forms):
    assert list(inflections(word)) == forms


def test_the_set_further_left_has_the_first_claim():
    corrections = Corrections([(("paste",), ("past",))], uncorrected)
    words = ("paste", "pasted", "pasting", "pastes", "past", "pasts")
    assert [corrections.term(word, "past") for word in words] == ["paste'"] * 4 + ["past"] * 2


def test_a_listed_word_is_nobodys_inflection():
    corrections = Corrections([(("aid", "aiding"), ("aids",))], uncorrected)
    assert [corrections.term(word, "aid") for word in ("aids", "aiding", "aided")] == ["aids'", "aid", "aid"]


@pytest.mark.parametrize(
    ("word", "term"),
    [("universally", "universal'"), ("universitys", "university'"), ("univers", "universe'")],
    ids=["derived", "misspelled", "cut"],
)
def test_a_word_that_is_not_listed_goes_with_the_one_that_begins_most_like_it(word, term):
    lines = [(("university",), ("universe",), ("universal",))]
    assert Corrections(lines, uncorrected).term(word, "univers") == term


def test_what_no_line_is_about_has_its_stem():
    assert Corrections([(("past",), ("paste",))], uncorrected).term("courts", "court") == "court"


def test_lines_of_a_corpus_hold_against_reviewed_ones():
    own = Stemming([(("organizer",), ("organization",))])
    assert own.stem("organizers") != own.stem("organizations")
    assert stem("organizers") == stem("organizations")
    assert own.stem("organ") == stem("organ")


def test_no_stem_can_be_taken_for_the_term_of_a_set():
    assert MARK not in fold("anything that a word may be")
    assert not [word for line in reviewed() for one in line for word in one if MARK in uncorrected(word)]


def test_no_two_lines_are_about_one_stem():
    """Else a word that neither lists would go with the later one, whatever it begins like."""
    stems = [stem for line in reviewed() for stem in {uncorrected(word) for one in line for word in one}]
    assert sorted({stem for stem in stems if stems.count(stem) > 1}) == []


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("30345ing", "30345ing"),
        ("il3034517ed", "il3034517ed"),
        ("1990s", "1990"),
        ("follow-ups", "followup"),
        ("\x1fcourts\x1fcourts2", "court"),
    ],
)
def test_codes_keep_their_letters_and_words_with_marks_are_stemmed_without(word, stem):
    assert stemming().stem(word) == stem
