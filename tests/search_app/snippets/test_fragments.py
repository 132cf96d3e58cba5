"""Marks and fragments: whole sentences around the densest matches, and only what matched is marked."""

import random

import pytest

from indexer.text.analysis import normalise
from indexer.text.surface import inner
from search_app.snippets.fragments import (
    LONGEST_SENTENCE,
    SNIPPET_LENGTH,
    fragments,
    highlighted,
)
from search_app.snippets.highlights import Highlighter, PhraseNeedle


def highlighter(*words, phrases=()):
    """Return a marker whose part n looks for the n-th set of words."""
    needles = [
        PhraseNeedle(len(words) + number, tuple(map(frozenset, one))) for number, one in enumerate(phrases)
    ]
    return Highlighter(enumerate(words), needles)


def shown(snippet):
    """Return a snippet with its marks in brackets."""
    text, place = "", 0
    for start, end in snippet.highlights:
        text += f"{snippet.text[place:start]}[{snippet.text[start:end]}]"
        place = end
    return text + snippet.text[place:]


def marks_of(found, text):
    """Return the marks of one text, between others that also have some."""
    return found.highlights(["Labor courts", text, "labor courts of work"])[1]


def cut(text, *words, phrases=()):
    found = marks_of(highlighter(*words, phrases=phrases), text)
    return [shown(snippet) for snippet in fragments(text, found)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Labor courts.", "[Labor] courts.", id="case"),
        pytest.param("laboratory labor", "laboratory [labor]", id="whole words only"),
        pytest.param("elabor labor", "elabor [labor]", id="not inside a word"),
        pytest.param("labor-related", "[labor]-related", id="part of a compound"),
        pytest.param("labor’s work", "[labor]’s work", id="possessive"),
        pytest.param("(labor), labor!", "([labor]), [labor]!", id="punctuation"),
        pytest.param("laborlabor", "laborlabor", id="doubled is another word"),
        pytest.param("no match", "no match", id="none"),
        pytest.param("", "", id="empty"),
        pytest.param("İstanbul labor", "İstanbul [labor]", id="a letter whose small form is longer"),
        pytest.param("Lábor ＬＡＢＯＲ", "[Lábor] [ＬＡＢＯＲ]", id="accents and wide letters"),
    ],
)
def test_words_are_marked_as_they_stand(text, expected):
    assert shown(highlighted(text, marks_of(highlighter({"labor"}), text))) == expected


def test_all_forms_are_marked_for_their_part():
    text = "Inspectors inspect; inspections follow."
    found = marks_of(highlighter({"inspector", "inspectors", "inspect", "inspections"}, {"follow"}), text)
    assert [highlight[2:] for highlight in found] == [
        (0, "inspectors"),
        (0, "inspect"),
        (0, "inspections"),
        (1, "follow"),
    ]


def test_a_phrase_marks_only_the_phrase():
    text = "Labor law and labor courts; courts of labor."
    found = marks_of(highlighter(phrases=[[{"labor"}, {"courts", "court"}]]), text)
    assert shown(highlighted(text, found)) == "Labor law and [labor courts]; courts of labor."


def test_a_phrase_runs_over_punctuation_and_may_overlap_itself():
    text = "labor – labor, labor"
    found = marks_of(highlighter(phrases=[[{"labor"}, {"labor"}]]), text)
    assert shown(highlighted(text, found)) == "[labor – labor, labor]"


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        pytest.param(
            "The C.O.M.E.C.O.N. years", {"comecon"}, "The [C.O.M.E.C.O.N]. years", id="long acronym with dots"
        ),
    ],
)
def test_every_mark_finds_what_plain_search_cannot(text, words, expected):
    assert marks_of(highlighter(words), text) == []
    assert shown(highlighted(text, highlighter(words).every_highlight(text))) == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        pytest.param("All follow-ups.", {"follow-ups"}, "All [follow-ups].", id="compound"),
        pytest.param("In COVID19 days", {inner("covid", "covid19")}, "In [COVID19] days", id="inner word"),
        pytest.param(
            "COVID190, xCOVID19", {inner("covid", "covid19")}, "COVID190, xCOVID19", id="not inside"
        ),
        pytest.param("Die Straße.", {"strasse"}, "Die [Straße].", id="sharp s"),
        pytest.param("An œuvre, follow‑ups", {"oeuvre"}, "An [œuvre], follow‑ups", id="one letter for two"),
        pytest.param("Code in C++, not C.", {"c++"}, "Code in [C++], not C.", id="letter with marks"),
        pytest.param("消除童工现象", {"童工"}, "消除[童工]现象", id="text without spaces"),
        pytest.param("US law, the U.S. law", {"us"}, "[US] law, the [U.S]. law", id="acronym with dots"),
        pytest.param("U.S.S.R. and R.U.S.", {"us"}, "U.S.S.R. and R.U.S.", id="not inside another one"),
    ],
)
def test_words_with_marks_and_folded_letters_are_marked_where_they_stand(text, words, expected):
    assert shown(highlighted(text, marks_of(highlighter(words), text))) == expected
    assert shown(highlighted(text, highlighter(words).every_highlight(text))) == expected


@pytest.mark.parametrize("seed", range(5), ids=lambda seed: f"seed-{seed}")
def test_plain_search_marks_what_analysis_does(seed):
    rng = random.Random(seed)
    pieces = [
        "Labor",
        "labors",
        "courts",
        "Verité",
        "and",
        "(labor)",
        "labor,courts",
        "xlabor",
        "labor’s",
        "—",
        "_labor",
        "U.S.",
        "U.S.S.R.",
        "W.E.B's",
        "us",
    ]
    for _ in range(300):
        text = normalise(" ".join(rng.choice(pieces) for _ in range(rng.randrange(12))))
        found = highlighter(
            {"labor", "labors"},
            {"courts"},
            {"verite"},
            {"us", "web", "ussr"},
            phrases=[[{"labor"}, {"courts"}]],
        )
        assert marks_of(found, text) == found.every_highlight(text), text


SENTENCES = (
    "The first sentence tells of nothing in particular, as first sentences do. "
    "The second is about mines, and about the safety of the people who work in them. "
    "The third says that Dr. Smith of Ergo Group, Inc. has seen e.g. Mexico and the U.S. in the same year. "
    "The fourth is about courts, and takes its time to say so. "
    "The fifth closes the text."
)


def test_a_short_text_is_shown_whole():
    assert cut("Labor courts. In mines.", {"mines"}) == ["Labor courts. In [mines]."]


def test_nothing_is_shown_of_an_empty_text():
    assert fragments("", ()) == ()


def test_without_matches_the_beginning_is_shown():
    [text] = cut(SENTENCES, {"zebra"})
    assert text == SENTENCES[: SENTENCES.index(" The third")]


def test_whole_sentences_are_shown_around_the_match():
    [text] = cut(SENTENCES, {"courts"})
    expected = SENTENCES[SENTENCES.index("The third") :]
    assert text == expected.replace("courts", "[courts]")


def test_abbreviations_end_no_sentence():
    [text] = cut(SENTENCES, {"smith"})
    assert "Dr. [Smith] of Ergo Group, Inc. has seen e.g. Mexico and the U.S. in the same year." in text


def test_a_second_fragment_is_for_a_part_that_the_first_lacks():
    text = "Courts come first. " + "Nothing is said here about anything at all. " * 12 + "Mines come last."
    first, second = cut(text, {"courts"}, {"mines"})
    assert ("[Courts] come first." in first, "[Mines] come last." in second) == (True, True)
    assert len(cut(text, {"courts", "mines"})) == 1


FAR = "and much besides, " * 20


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        pytest.param(f"The courts of the land {FAR}the mines.", "[courts] of", "the [mines].", id="forwards"),
        pytest.param(
            f"{FAR}the mines {FAR}courts, courts and wells.", "the [mines]", "[wells].", id="backwards"
        ),
        pytest.param(
            f"The courts are {'so ' * 60}many. What stands between. It is {'ten ' * 30}mines.",
            "[courts]",
            "ten [mines].",
            id="in the sentence after the next, with which the first would be too long",
        ),
    ],
)
def test_a_word_that_the_first_fragment_has_no_room_for_is_in_the_second(text, first, second):
    found = cut(text, {"courts"}, {"mines"}, {"wells"})
    assert len(found) == 2
    assert (first in found[0], second in found[1]) == (True, True)
    bare = [one.strip("… ").replace("[", "").replace("]", "") for one in found]
    # Nothing is shown twice.
    assert text.index(bare[0]) + len(bare[0]) <= text.index(bare[1])


def test_the_densest_run_of_sentences_is_taken():
    filler = "Nothing is said here about anything at all, and at some length too. " * 6
    text = f"Courts. {filler}Courts of the mines. {filler}Courts."
    [fragment] = cut(text, {"courts"}, {"mines"})
    assert "[Courts] of the [mines]." in fragment


@pytest.mark.parametrize("length", [SNIPPET_LENGTH + 1, 280, LONGEST_SENTENCE], ids=str)
def test_a_sentence_a_little_too_long_is_shown_whole(length):
    sentence = ("words " * 100)[: length - 8].rstrip().ljust(length - 8, "s") + " courts."
    text = f"{sentence} Another sentence follows it."
    assert cut(text, {"courts"}) == [sentence.replace("courts", "[courts]")]


def test_a_longer_sentence_is_cut_between_words_around_its_matches():
    words = [f"word{number}" for number in range(100)]
    words[60] = "courts"
    [text] = cut(" ".join(words), {"courts"})
    assert (text[:2], text[-2:]) == ("… ", " …")
    assert "[courts]" in text
    assert set(text.strip("… ").split()) <= {*words, "[courts]"}
    assert len(text) <= SNIPPET_LENGTH + len("… [] …")


def test_a_text_without_spaces_is_cut_all_the_same():
    text = "x" * 5000 + "-courts-" + "y" * 5000
    [fragment] = cut(text, {"courts"})
    assert "[courts]" in fragment
    assert len(fragment) <= SNIPPET_LENGTH + len("… [] …")


@pytest.mark.parametrize("seed", range(20), ids=lambda seed: f"seed-{seed}")
def test_fragments_are_pieces_of_the_text_with_whole_words_and_marks(seed):
    rng = random.Random(seed)
    vocabulary = [
        "courts",
        "mines",
        "labor.",
        "The",
        "of",
        "Mexico.",
        "inspection,",
        "(and)",
        "U.S.",
        "“Quote.”",
        "a\n",
    ]
    for _ in range(30):
        text = " ".join(rng.choice(vocabulary) for _ in range(rng.randrange(1, 200))).strip()
        found = marks_of(highlighter({"courts"}, {"mines"}, phrases=[[{"labor"}, {"the"}]]), text)
        pieces = fragments(text, found)
        assert 1 <= len(pieces) <= 2
        for piece in pieces:
            body = piece.text.removeprefix("… ").removesuffix(" …")
            at = text.index(body)
            assert at == 0 or text[at - 1].isspace()
            assert at + len(body) == len(text) or text[at + len(body)].isspace()
            assert len(piece.text) <= LONGEST_SENTENCE + len("…  …")
            assert all(0 <= start < end <= len(piece.text) for start, end in piece.highlights)
            assert list(piece.highlights) == sorted(set(piece.highlights))
            highlights = {piece.text[start:end].lower() for start, end in piece.highlights}
            assert {one for one in highlights if not one.startswith("labor")} <= {"courts", "mines"}
        assert any(piece.highlights for piece in pieces) == bool(found)
        two = "".join(cut(text, {"courts"}, {"mines"}))
        assert [f"[{word}]" in two for word in ("courts", "mines")] == [
            word in text for word in ("courts", "mines")
        ]


def test_an_enormous_text_full_of_matches_is_cut():
    """A quarter of a million characters, in one sentence and in many: nothing is gone through in pairs."""
    for text in ("courts mines " * 20_000, "Courts. Mines. " * 17_000):
        found = marks_of(highlighter({"courts"}, {"mines"}), text)
        assert len(found) > 30_000
        [fragment] = fragments(text, found)
        assert len(fragment.highlights) > 10


def test_marks_outside_a_fragment_are_left_out():
    snippet = highlighted("labor courts", [(0, 5, 0, "labor"), (6, 99, 1, "courts")])
    assert snippet.highlights == ((0, 5),)


@pytest.mark.parametrize("between", [".", "?", "!", ".\n", "\n"], ids=repr)
@pytest.mark.parametrize("long", [1, 4, 40], ids=["short", "some", "cut"])
def test_a_phrase_that_ends_one_sentence_and_begins_the_next_is_shown_whole(between, long):
    one = "Some words that say nothing of it at all" + ", and more of them" * long
    text = f"{one}. {one} child{between} Labor {one.lower()}. {one}."
    found = highlighter(phrases=[(["child"], ["labor"])]).every_highlight(text)
    (snippet,) = fragments(text, found)

    assert f"[child{between} Labor]" in shown(snippet)
