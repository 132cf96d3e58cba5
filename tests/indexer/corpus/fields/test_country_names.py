"""Names of countries: one list, from which a column, a heading, a line and a text take what they may believe."""

import pytest

from indexer.corpus.fields.country_names import country_codes, key_of_country
from indexer.corpus.fields.groups import place_of
from indexer.corpus.formats.copied.leading_countries import part
from indexer.own_fields.places.countries import code_of, first_words, mentioned


def read_everywhere(name):
    """Return a name as a column, a heading, the beginning of a line and a text have it."""
    named = mentioned(f"Water in {name} for all.", {*first_words().values()})
    return code_of(name), place_of(name), part(f"{name} Verité").countries == (name,), named


@pytest.mark.parametrize(
    ("name", "code", "country"),
    [
        ("Peru", "PE", "Peru"),
        ("Gaza", "PS", "Palestinian Territories"),
        ("DR Congo", "CD", "Congo - Kinshasa"),
        ("Cabo Verde", "CV", "Cape Verde"),
        ("U.K.", "GB", "United Kingdom"),
        ("Saint Vincent and the Grenadines", "VC", "St. Vincent & Grenadines"),
        ("Kosovo", "XK", "Kosovo"),
    ],
)
def test_an_english_name_is_known_to_all(name, code, country):
    assert read_everywhere(name) == (code, "country", True, [country])


@pytest.mark.parametrize(("name", "code"), [("Polska", "PL"), ("Deutschland", "DE"), ("Norge", "NO")])
def test_a_name_in_another_language_counts_where_it_stands_alone(name, code):
    assert read_everywhere(name) == (code, "country", False, [])


@pytest.mark.parametrize(
    ("name", "code"), [("U.S.", "US"), ("Congo", "CG"), ("West Bank", "PS"), ("Mali", "ML")]
)
def test_a_name_that_is_as_often_another_counts_in_no_text(name, code):
    assert read_everywhere(name) == (code, "country", True, [])


@pytest.mark.parametrize("name", ["European Union", "Sub-Saharan Africa", "Multiple Countries"])
def test_what_is_no_single_country_is_a_region(name):
    assert read_everywhere(name) == ("", "region", True, [])


@pytest.mark.parametrize("name", ["United Nations", "Pseudo-Accents", "Unknown Region", "Atlantis", "", "-"])
def test_what_is_no_place_is_none_to_anybody(name):
    assert read_everywhere(name) == ("", "", False, [])


@pytest.mark.parametrize(
    ("text", "countries", "rest"),
    [
        ("Mexico Island Conservation", ["Mexico"], "Island Conservation"),
        ("Peru The Nature Conservancy", ["Peru"], "The Nature Conservancy"),
        ("Peru - Oxfam", ["Peru"], "- Oxfam"),
        ("Peru United Nations Development Programme", ["Peru"], "United Nations Development Programme"),
        ("Global World Vision", ["Global"], "World Vision"),
    ],
)
def test_the_beginning_of_a_grantee_is_no_country(text, countries, rest):
    found = part(text)
    assert (list(found.countries), found.rest, found.doubt) == (countries, rest, "")


def test_names_that_are_written_otherwise_are_the_same():
    same = [
        ("The Gambia", "gambia"),
        ("U.S.A.", "USA"),
        ("St.Lucia", "St. Lucia"),
        ("Viet-Nam", "viet nam"),
        ("Côte d´Ivoire", "Cote d'Ivoire"),
        ("Bosnia&Herzegovina", "Bosnia and Herzegovina"),
    ]
    for one, other in same:
        assert key_of_country(one) == key_of_country(other)
        assert country_codes()[key_of_country(one)]
