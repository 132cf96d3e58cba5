"""Words that mean the same: the curated list as a maintainer writes it, and the acronyms of a corpus."""

from importlib.resources import files

import pytest

from indexer.document import Project
from indexer.text.analysis import STOP_WORDS
from indexer.text.word_rules import WordRules, folded
from search_app.words.lexicon import Lexicon
from search_app.words.meanings import Meanings
from search_app.words.synonyms import LABOUR_FILE, SurfaceForm, keys_of, parse_groups
from tests.building import segment_of
from tests.documents import SEED


def of_titles(*titles):
    projects = (Project(str(number), title) for number, title in enumerate(titles))
    return Meanings(Lexicon.of(segment_of(projects)), WordRules())


def test_a_line_is_a_group():
    text = "# a comment\n\nOSH, occupational safety and health\nViet Nam , Vietnam,\nalone\n"
    assert parse_groups(text) == [("OSH", "occupational safety and health"), ("Viet Nam", "Vietnam")]


def test_a_form_in_capitals_is_an_acronym():
    assert SurfaceForm.of("OSH") == SurfaceForm(("osh",), "acronym")
    assert SurfaceForm.of("Viet Nam") == SurfaceForm(("viet", "nam"), "synonym")


def test_the_list_is_well_kept():
    text = (files("search_app.words") / LABOUR_FILE).read_text(encoding="utf-8")
    groups = parse_groups(text)
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    forms = [form for group in groups for form in {keys_of(folded(form)) for form in group}]
    assert len(groups) == len(lines)
    assert all(forms)
    # A form in two groups would join what the list keeps apart.
    assert sorted({form for form in forms if forms.count(form) > 1}) == []
    assert not any(folded(form)[0] in STOP_WORDS for group in groups for form in group)


def test_an_acronym_of_the_corpus():
    meanings = Meanings(Lexicon.of(segment_of(SEED)), WordRules())
    assert meanings.of_word("teclab") == [
        SurfaceForm(("towards", "effective", "courts", "and", "coordinated", "labor", "justice"), "acronym")
    ]
    typed = "towards effective courts and coordinated labour justice in mexico"
    assert meanings.longest(keys_of(typed.split())) == (6, [SurfaceForm(("teclab",), "acronym")])


def test_an_acronym_with_several_meanings():
    meanings = of_titles(
        *["Old State House (OSH)"] * 3,
        "Old State Houses (OSH)",
        "Open Sea Harbour (OSH)",
        "Oak Seed Hut (OSH)",
    )
    mined = [form for form in meanings.of_word("osh") if form.share < 1]
    assert mined == [
        SurfaceForm(("old", "state", "house"), "acronym", 4 / 6),
        SurfaceForm(("old", "state", "houses"), "acronym", 4 / 6),
    ]


def test_a_phrase_that_ends_in_a_word_that_is_not_looked_for_has_no_acronym():
    """*Grand Tour II* would be searched as GTI: it has the same words, but for those that say nothing."""
    meanings = of_titles(*["Grand Tour I (GTI)"] * 3)
    assert meanings.longest(keys_of(["grand", "tour", "ii"])) == (0, [])
    assert [form.words for form in meanings.of_word("gti")] == [("grand", "tour", "i")]


def test_a_listed_acronym_that_the_corpus_uses_otherwise():
    elsewhere = of_titles("Ohio Health School (OHS)")
    here = of_titles("Occupational health and safety (OHS)")
    assert ("ohs",) not in [form.words for form in elsewhere.of_word("osh")]
    assert ("ohs",) in [form.words for form in here.of_word("osh")]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        pytest.param("human trafficking", 2, id="as listed"),
        pytest.param("trafficking in persons", 2, id="stop words do not count"),
        pytest.param("trafficking of person in mexico", 2, id="nor number, nor what follows"),
        pytest.param("international labour organisations", 3, id="nor spelling"),
        pytest.param("worst forms of child labor", 4, id="the longest"),
        pytest.param("trafficking routes", 0, id="not the beginning alone"),
        pytest.param("garment", 0, id="not a single word"),
    ],
)
def test_the_longest_phrase(text, length):
    assert Meanings(Lexicon.of(segment_of(SEED)), WordRules()).longest(keys_of(text.split()))[0] == length
