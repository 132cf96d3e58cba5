"""`fields.toml`: what it may say, and that every mistake is one line with its place."""

import pytest

from indexer.errors import FieldsError
from indexer.own_fields import declaring, naming
from indexer.own_fields.configuration import configured, parsed
from indexer.own_fields.extras import ExtraRows
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
    "no table": ("fields = 3", 1),
    "a field that is none": ("[fields]\ncountry = 3", 2),
    "another table": ('[field.country]\nlabel = "C"', 1),
    "an empty label": ('[fields.country]\nlabel = " "', 2),
    "a currency of no type": ('[fields.amount]\nunit = "bananas"', 2),
    "a unit of a keyword": ('[fields.country]\nunit = "EUR"', 2),
    "words of an amount": ("[fields.amount]\nsearched = true", 2),
    "a separator of an amount": ('[fields.amount]\nseparator = ";"', 2),
    "another field's parameter": ('[fields.country_not]\ncolumns = ["Land"]', 1),
}


@pytest.mark.parametrize(("text", "line"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_is_one_line_with_its_place(text, line):
    with pytest.raises(FieldsError) as error:
        fields(text)
    assert str(error.value).startswith(f"fields.toml:{line}: ")
    assert "\n" not in str(error.value)
    assert error.value.exit_code == 78


def test_a_column_that_no_file_has_is_told_with_the_one_that_it_may_be():
    with pytest.raises(
        FieldsError, match=r'fields\.toml:2: country: no file has a column "Cuontry"; is it "Country"\?$'
    ):
        fields('[fields.country]\ncolumns = ["Cuontry"]')
    with pytest.raises(FieldsError, match=r'"Zzz"; `reindex describe FILE` tells which there are$'):
        fields('[fields.country]\ncolumns = ["Zzz"]')


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[columns]\ntitle = \u201cName\u201d", 'straight quotes, "so"'),
        ("[columns]\ntitle = Project Name", 'straight quotes, "so"'),
        ('[fields."Award Amount"]\ntype = "money"', "write award_amount"),
        ('[fields.grantee]\ncolumns = ["Land"]', "its column is said in [columns]"),
        ('[fields.x]\ncolumns = ["Grantee"]', '"Grantee" that is not the grantee of its projects already'),
    ],
)
def test_a_mistake_is_told_with_what_to_write(text, hint):
    with pytest.raises(FieldsError) as error:
        configured(RECOGNISED, parsed(text, naming.RESERVED), COLUMNS)
    assert hint in str(error.value)


def test_a_derived_field_can_be_named_placed_or_left_out():
    def declared(text):
        extras = ExtraRows()
        extras.extend([(("Country", "Peru"),)] * 3)
        found = extras.all()
        return declaring.declared(found.described(), found.together, parsed(text, RESERVED))

    assert [one.name for one in declared("")] == ["country", "world_region"]
    assert [one.name for one in declared('[fields.world_region]\ntype = "none"')] == ["country"]
    first, second = declared('[fields.world_region]\nlabel = "Continent"\nposition = 1\nfacet = false')
    assert (first.name, first.label, first.facet, second.name) == (
        "world_region",
        "Continent",
        False,
        "country",
    )
    with pytest.raises(FieldsError, match=r"fields.toml:2: world_region: is derived"):
        declared('[fields.world_region]\ntype = "number"')
