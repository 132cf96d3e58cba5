"""`fields.toml`: what it may say, and that every mistake is one line with its place."""

import pytest

from indexer.errors import FieldsError
from indexer.own_fields.configuration import configured, parsed
from indexer.storage.own_fields import OwnField

RESERVED = {"status", "q", "start_from", "start_to"}
COLUMNS = {"Country", "Land", "Amount", "Contact"}
RECOGNISED = (
    OwnField("country", "Country", "keyword", ("Country",), ";"),
    OwnField("amount", "Amount", "money", ("Amount",), searched=False),
    OwnField("contact", "Contact", "keyword", ("Contact",)),
)


def fields(text):
    return configured(RECOGNISED, parsed(text, RESERVED), COLUMNS)


def test_without_a_word_all_is_as_recognised():
    assert fields("") == RECOGNISED


def test_a_field_is_said_otherwise():
    found = fields(
        """
        [fields.amount]
        label = "Award"
        unit = "€"
        decimals = "comma"
        position = 1
        [fields.contact]
        type = "none"
        [fields.place]
        label = "Place"
        columns = ["Land", "Country"]
        """
    )
    assert found == (
        OwnField("amount", "Award", "money", ("Amount",), unit="EUR", style="comma", searched=False),
        OwnField("place", "Place", "keyword", ("Land", "Country")),
    )


MISTAKES = {
    "not TOML": ("[fields.x\n", 1),
    "unknown type": ('[fields.country]\nlabel = "C"\ntype = "color"', 3),
    "unknown key": ('[fields.country]\ncolour = "red"', 2),
    "a parameter": ('[fields.status]\ntype = "keyword"', 1),
    "a parameter's range": ('[fields.start]\ncolumns = ["Land"]', 1),
    "no column": ('\n[fields.country]\ncolumns = ["Nowhere"]', 3),
    "no column of that name": ('[fields.nowhere]\ntype = "text"', 1),
    "claimed twice": ('[fields.a]\ncolumns = ["Land"]\n[fields.b]\ncolumns = ["Land"]', 4),
    "a name with capitals": ('[fields.Country]\nlabel = "x"', 1),
    "a text for a flag": ('[fields.country]\nfacet = "yes"', 2),
    "a flag for a number": ("[fields.country]\nposition = true", 2),
    "numbers for columns": ("[fields.country]\ncolumns = [1]", 2),
    "no columns": ("[fields.country]\ncolumns = []", 2),
    "no currency": ('[fields.amount]\ntype = "money"\nunit = "bananas"', 3),
    "a text as a facet": ('[fields.country]\ntype = "text"\nfacet = true', 3),
    "no table": ("fields = 3", 0),
    "a field that is none": ("[fields]\ncountry = 3", 0),
}


@pytest.mark.parametrize(("text", "line"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_is_one_line_with_its_place(text, line):
    with pytest.raises(FieldsError) as error:
        fields(text)
    assert str(error.value).startswith(f"fields.toml:{line}: ")
    assert "\n" not in str(error.value)
    assert error.value.exit_code == 78
