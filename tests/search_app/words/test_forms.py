"""Spelling and number: which other forms a word may have, and what is the same for all of them."""

import pytest

from search_app.words.forms import key, other_numbers, respellings

SPELLINGS = {
    "our": ("labour", "labor"),
    "our, inflected": ("neighbourhoods", "neighborhoods"),
    "ise": ("organise", "organize"),
    "isation": ("organisations", "organizations"),
    "yse": ("analysing", "analyzing"),
    "ogue": ("catalogues", "catalogs"),
    "ll": ("counselling", "counseling"),
    "one l": ("enrolment", "enrollment"),
    "mme": ("programmes", "programs"),
    "re": ("centre", "center"),
    "re in a compound": ("kilometres", "kilometers"),
    "ence": ("defence", "defense"),
    "c and s": ("practise", "practice"),
    "ae": ("paediatric", "pediatric"),
    "oe": ("foetus", "fetus"),
    "silent e": ("ageing", "aging"),
}


@pytest.mark.parametrize(("british", "american"), SPELLINGS.values(), ids=SPELLINGS)
def test_respelled_both_ways(british, american):
    assert american in [one.word for one in respellings(british)]
    assert british in [one.word for one in respellings(american)]
    assert key(british) == key(american)


@pytest.mark.parametrize(
    "word", ["four", "hour", "your", "tour", "filling", "rise", "rogue", "israel", "does"]
)
def test_words_that_only_look_british(word):
    assert [one.word for one in respellings(word)] == []


def test_the_root_ends_where_the_spellings_differ():
    assert [(one.word, one.root) for one in respellings("labouring")] == [("laboring", "labor")]


NUMBERS = {
    "child": ("child", "children"),
    "woman": ("woman", "women"),
    "person": ("person", "people"),
    "man": ("man", "men"),
    "foot": ("foot", "feet"),
    "latin": ("criterion", "criteria"),
    "greek": ("analysis", "analyses"),
    "compound of man": ("fisherman", "fishermen"),
    "compound of child": ("grandchild", "grandchildren"),
    "compound of person": ("salesperson", "salespeople"),
}


@pytest.mark.parametrize(("singular", "plural"), NUMBERS.values(), ids=NUMBERS)
def test_irregular_plurals_both_ways(singular, plural):
    assert plural in other_numbers(singular)
    assert singular in other_numbers(plural)


@pytest.mark.parametrize("word", ["omen", "yemen", "worker", "inspections"])
def test_words_without_an_irregular_plural(word):
    assert [*other_numbers(word)] == []


def test_a_regular_plural_beside_the_irregular_one():
    assert [*other_numbers("persons")] == ["people"]
    assert [*other_numbers("peoples")] == ["person"]


@pytest.mark.parametrize(
    ("words", "same"),
    [
        pytest.param(
            ("organisations", "organization", "organisation"), "organization", id="spelling and number"
        ),
        pytest.param(("people", "persons", "peoples", "person"), "person", id="irregular plural"),
        pytest.param(("children", "child"), "child", id="child"),
        pytest.param(("countries", "country"), "country", id="ies"),
        pytest.param(("ages", "age"), "age", id="es"),
        pytest.param(("us",), "us", id="no plural: us"),
        pytest.param(("crisis", "crises"), "crisis", id="no plural: is"),
        pytest.param(("stress",), "stress", id="no plural: ss"),
    ],
)
def test_the_key_is_the_same_for_all_forms(words, same):
    assert [key(word) for word in words] == [same] * len(words)
