"""Countries that a text mentions, and where each is."""

import pytest

from indexer.own_fields.places.countries import code_of, first_words, mentioned, region_of

MENTIONS = {
    "Courts in Mexico and Viet Nam.": ["Mexico", "Vietnam"],
    "Bosnia and Herzegovina, Trinidad & Tobago, Papua New Guinea": [
        "Bosnia & Herzegovina",
        "Trinidad & Tobago",
        "Papua New Guinea",
    ],
    "South Sudan; Guinea-Bissau; Equatorial Guinea; Guinea": [
        "South Sudan",
        "Guinea-Bissau",
        "Equatorial Guinea",
        "Guinea",
    ],
    "Republic of Congo, Democratic Republic of the Congo": ["Congo - Brazzaville", "Congo - Kinshasa"],
    "The U.K. and the United States. Peru, Peru's mines, Kenyan tea": [
        "United Kingdom",
        "United States",
        "Peru",
    ],
    "Cote d'Ivoire grows cocoa": ["Côte d’Ivoire"],
    "under the United States-Mexico-Canada Agreement": [],
    "schools in New Mexico and New Jersey; turkey farms, fine china": [],
    "the Bank of China; University of Peru": [],
    "MEXICAN mexico": [],
    "": [],
}


@pytest.mark.parametrize(("text", "countries"), MENTIONS.items(), ids=list(MENTIONS))
def test_a_country_counts_where_its_name_stands_by_itself(text, countries):
    assert mentioned(text, {*first_words().values()}) == countries


@pytest.mark.parametrize(
    ("name", "code"),
    [("Perú", "PE"), ("brasil", "BR"), ("Brésil", "BR"), ("USA", "US"), ("mx", "MX"), ("Viet Nam", "VN"),
     ("Korea, Republic of", "KR"), ("Deutschland", "DE"), ("Österreich", "AT"), ("Svizzera", "CH"),
     ("Maroc", "MA"), ("Polska", "PL"), ("ΕΛΛΑΔΑ", "GR"), ("Україна", "UA"), ("sverige", "SE"), ("The Gambia", "GM"), ("Nowhere", ""), ("", "")],
)  # fmt: skip
def test_a_column_may_write_a_country_in_several_ways(name, code):
    assert code_of(name) == code


def test_a_country_is_in_a_region():
    assert [region_of(code) for code in ("PE", "VN", "GH", "XX")] == [
        "South America",
        "Southeast Asia",
        "Western Africa",
        "",
    ]


def test_names_in_other_languages_are_no_names_in_english_texts():
    words = {*first_words().values()}
    assert mentioned("Polska, Deutschland, Alemania and Norge", words) == []
