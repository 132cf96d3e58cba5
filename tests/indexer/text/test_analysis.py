"""Text to tokens to terms: what a searcher may expect of hyphens, dots, accents and apostrophes."""

import unicodedata

import pytest
from nltk.tokenize import RegexpTokenizer
from whoosh.analysis import Token

from indexer.text.analysis import (
    MAX_WORD_LENGTH,
    STOP_WORDS,
    TOKEN,
    ProjectAnalyzer,
    as_written,
    fold,
    normalise,
    positions_of,
    separate,
    tokens,
)
from indexer.text.stemming import stemming

stem = stemming().stem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Labor courts", [("labor", 0), ("courts", 1)], id="words"),
        pytest.param("COVID-19", [("covid", 0), ("covid-19", 0), ("19", 1)], id="letters and number"),
        pytest.param("follow-ups", [("follow", 0), ("follow-ups", 0), ("ups", 1)], id="hyphen"),
        pytest.param(
            "follow‑ups", [("follow", 0), ("follow-ups", 0), ("ups", 1)], id="hyphen that never breaks"
        ),
        pytest.param("2\u1037 kyat", [("2", 0), ("kyat", 1)], id="mark of Myanmar behind a digit"),
        pytest.param("U.S. law", [("us", 0), ("law", 1)], id="acronym with dots"),
        pytest.param("the U.S.", [("the", 0), ("us", 1)], id="acronym at the end"),
        pytest.param("workers’ rights", [("workers", 0), ("rights", 1)], id="plural possessive"),
        pytest.param("Mexico’s Law", [("mexico", 0), ("law", 1)], id="typographic possessive"),
        pytest.param("Mexico's Law", [("mexico", 0), ("law", 1)], id="typewriter possessive"),
        pytest.param("Hawaiʻi", [("hawai", 0), ("hawai'i", 0), ("i", 1)], id="okina"),
        pytest.param("Hawai‘i", [("hawai", 0), ("hawai'i", 0), ("i", 1)], id="okina as a quotation mark"),
        pytest.param("T`ang", [("t", 0), ("t'ang", 0), ("ang", 1)], id="grave accent"),
        pytest.param("O´Neill’s", [("o", 0), ("o'neill", 0), ("neill", 1)], id="acute accent"),
        pytest.param(
            "O′Neill O＇Neill",
            [("o", 0), ("o'neill", 0), ("neill", 1), ("o", 2), ("o'neill", 2), ("neill", 3)],
            id="prime",
        ),
        pytest.param("`quoted´ ′", [("quoted", 0)], id="accents as quotation marks"),
        pytest.param("ʿAbd al-Raḥmān", [("abd", 0), ("al", 1), ("al-rahman", 1), ("rahman", 2)], id="ayn"),
        pytest.param("the Qurʾān’s", [("the", 0), ("qur", 1), ("qur'an", 1), ("an", 2)], id="hamza"),
        pytest.param("‘quoted’ ʾ", [("quoted", 0)], id="quotation marks"),
        pytest.param("Côte d’Ivoire", [("cote", 0), ("d", 1), ("d'ivoire", 1), ("ivoire", 2)], id="elision"),
        pytest.param("Verité", [("verite", 0)], id="accent"),
        pytest.param("1,500 people", [("1", 0), ("1,500", 0), ("500", 1), ("people", 2)], id="thousands"),
        pytest.param("snake_case", [("snake", 0), ("case", 1)], id="underscore joins nothing"),
        pytest.param("and/or", [("and", 0), ("or", 1)], id="slash separates"),
        pytest.param("Straße", [("strasse", 0)], id="sharp s"),
        pytest.param("Łódź, Đà Nẵng", [("lodz", 0), ("da", 1), ("nang", 2)], id="letters with strokes"),
        pytest.param("œuvre Æsop þing", [("oeuvre", 0), ("aesop", 1), ("thing", 2)], id="letters of two"),
        pytest.param(
            "Müller", [("muller", 0), ("\x1fmueller\x1fmüller", 0)], id="umlaut, and how it is spelled out"
        ),
        pytest.param("Ørsted", [("orsted", 0), ("\x1foersted\x1førsted", 0)], id="Nordic letter"),
        pytest.param(
            "SDG8 goals",
            [("sdg8", 0), ("\x1fsdg\x1fsdg8", 0), ("\x1f8\x1fsdg8", 1), ("goals", 2)],
            id="letters and number as one",
        ),
        pytest.param("4th H2O", [("4th", 0), ("h2o", 1)], id="ordinals and formulas are not cut"),
        pytest.param("AT&T", [("at", 0), ("at&t", 0), ("t", 1)], id="ampersand"),
        pytest.param("C++", [("c++", 0), ("\x1fc\x1fc++", 0)], id="letter with marks"),
        pytest.param("FX#", [("fx#", 0), ("\x1ffx\x1ffx#", 0)], id="two letters with a mark"),
        pytest.param(
            "Visual-C++",
            [("visual", 0), ("visual-c++", 0), ("c++", 1), ("\x1fc\x1fc++", 1)],
            id="letter with marks behind a mark",
        ),
        pytest.param("C++11's", [("c++", 0), ("\x1fc\x1fc++", 0), ("11", 1)], id="number behind marks"),
        pytest.param("a++b", [("a", 0), ("b", 1)], id="word behind marks"),
        pytest.param("set-up#", [("set", 0), ("set-up", 0), ("up", 1)], id="mark of a footnote"),
        pytest.param("5+ A+B", [("5", 0), ("a", 1), ("b", 2)], id="other plus signs"),
        pytest.param("Ph.D.", [("ph", 0), ("ph.d", 0), ("d", 1)], id="abbreviation"),
        pytest.param("www.ilo.org", [("www", 0), ("ilo", 1), ("org", 2)], id="address"),
        pytest.param("童工", [("童工", 0), ("童", 0), ("工", 1)], id="Han"),
        pytest.param("ガーナ", [("ガー", 0), ("ガ", 0), ("ーナ", 1), ("ー", 1), ("ナ", 2)], id="kana"),
        pytest.param(
            "ｶﾞｰﾅ", [("ガー", 0), ("ガ", 0), ("ーナ", 1), ("ー", 1), ("ナ", 2)], id="kana of half width"
        ),
        pytest.param("아동", [("아동", 0), ("아", 0), ("동", 1)], id="Hangul"),
        pytest.param("เด็ก", [("เด็", 0), ("เ", 0), ("ด็ก", 1), ("ด็", 1), ("ก", 2)], id="Thai"),
        pytest.param("ILO童工", [("ilo", 0), ("童工", 1), ("童", 1), ("工", 2)], id="two scripts"),
        pytest.param("الأطـفال ١٢", [("الاطفال", 0), ("12", 1)], id="Arabic letters, tatweel, digits"),
        pytest.param("२०२१ ２０２１", [("2021", 0), ("2021", 1)], id="digits of other scripts"),
        pytest.param("ﬁnance", [("finance", 0)], id="ligature"),
        pytest.param("कर्म", [("करम", 0)], id="marks of other scripts stay inside a word"),
        pytest.param("தமிழ் நாடு", [("தமிழ", 0), ("நாடு", 1)], id="Tamil"),
        pytest.param("తెలుగు కై కె", [("తెలుగు", 0), ("కై", 1), ("కె", 2)], id="Telugu"),
        pytest.param("ગુજરાતી ਪੰਜਾਬੀ", [("ગુજરાતી", 0), ("ਪੰਜਾਬੀ", 1)], id="Gujarati, Punjabi"),
        pytest.param("മലയാളം ಕನ್ನಡ ଓଡ଼ିଆ", [("മലയാളം", 0), ("ಕನನಡ", 1), ("ଓଡିଆ", 2)], id="of southern India"),
        pytest.param("ශ්\u200dරී ශ්රී", [("ශරී", 0), ("ශරී", 1)], id="a joiner is not seen"),
        pytest.param("བོད་ཡིག", [("བོད", 0), ("ཡིག", 1)], id="Tibetan"),
        pytest.param("رَحْمٰن", [("رحمن", 0)], id="Arabic points"),
        pytest.param("בית־ספר", [("בית", 0), ("ספר", 1)], id="the Hebrew hyphen is no mark on a letter"),
        pytest.param("…—“”", [], id="marks alone"),
        pytest.param("", [], id="empty"),
    ],
)
def test_words_and_positions(text, expected):
    assert [(word.text, word.position) for word in tokens(normalise(text))] == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("inspections", "inspectors' inspection", id="plural"),
        pytest.param("planning", "planned", id="doubled letter"),
        pytest.param("Labor", "LABORS", id="case"),
    ],
)
def test_inflections_share_a_stem(one, other):
    assert stem(fold(one)) in {stem(word.text) for word in tokens(other)}


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19 and follow-ups in the courts",
        "Workers’ rights – d’Ivoire",
        "naïve Verité 1,500",
        "a  b\tc\nd",
    ],
)
def test_offsets_are_those_of_the_text(text):
    for word in tokens(text):
        assert fold(as_written(text[word.start : word.end])) == word.text


def test_decomposed_text_is_normalised_before_it_is_folded():
    assert [word.text for word in tokens(normalise(unicodedata.normalize("NFD", "Verité")))] == ["verite"]


def test_separate_leaves_out_joined_forms_only():
    text = "follow-ups on COVID-19"
    assert [word.text for word in separate(text)] == ["follow", "ups", "on", "covid", "19"]


def test_positions_of_a_raw_token_do_not_count_the_joined_form():
    raws = ("courts", "follow-ups", "d’Ivoire", "_", "COVID19", "童工", "Müller")
    assert [positions_of(raw) for raw in raws] == [1, 2, 2, 0, 2, 2, 1]


def test_a_long_token_is_cut():
    [word] = tokens("x" * 5000)
    assert (len(word.text), word.start, word.end) == (MAX_WORD_LENGTH, 0, 5000)


def test_stop_words_are_folded_and_stay_in_the_index():
    assert {word for word in STOP_WORDS if fold(word) != word} == set()
    assert [word.text for word in tokens("the work of the court")] == ["the", "work", "of", "the", "court"]


@pytest.mark.parametrize(
    "text", ["", "follow-ups, U.S.", "l'État d\u2019un _x_ 1,500.00", "co-\u0301op ... e.g."]
)
def test_nltk_cuts_by_our_expression_as_we_do(text):
    assert RegexpTokenizer(TOKEN.pattern).tokenize(text) == TOKEN.findall(text)


class TestWhooshAnalyzer:
    def test_gives_stems_with_positions_and_characters(self):
        found = [
            (token.text, token.pos, token.startchar, token.endchar)
            for token in ProjectAnalyzer()("Labor courts", positions=True, chars=True)
        ]
        assert found == [("labor", 0, 0, 5), ("court", 1, 6, 12)]

    def test_starts_where_it_is_told_to(self):
        [token] = ProjectAnalyzer()("courts", positions=True, chars=True, start_pos=7, start_char=100)
        assert (token.pos, token.startchar, token.endchar) == (7, 100, 106)

    def test_is_a_whoosh_analyzer(self):
        assert all(isinstance(token, Token) for token in ProjectAnalyzer()("labor courts"))
        assert ProjectAnalyzer() == ProjectAnalyzer()
