"""Which columns become which fields, without configuration."""

from dataclasses import replace
from datetime import date

import pytest

from indexer.own_fields import values
from indexer.own_fields.extras import ExtraRows
from indexer.own_fields.money import currencies
from indexer.own_fields.naming import RESERVED, name_of
from indexer.own_fields.recognition import recognised
from indexer.own_fields.values import Texts, keywords
from indexer.storage.own_fields import as_bytes, from_bytes
from search_app.web.api.schemas.parameters import SearchParametersSchema

WORDS = "water schools roads courts mines farms cocoa cotton fish garments".split()


def fields_of(rows, reserved=RESERVED):
    """Return the fields of rows of columns, by name."""
    extras = ExtraRows()
    extras.extend([tuple(row.items()) for row in rows])
    found = extras.all().sorted_by_name()
    return {one.name: one for one in recognised(found.described(), found.together, reserved)}


def rows(number=40, **columns):
    """Return rows of columns, each a function of the row's number."""
    return [{name.replace("_", " "): make(row) for name, make in columns.items()} for row in range(number)]


def types(found):
    return {name: field.type for name, field in found.items()}


def test_usual_columns_are_known_by_name():
    found = fields_of(
        rows(
            3, Country=lambda n: ["Peru", "Ghana", "Mali"][n], Award_Amount=lambda n: f"${n + 1},000",
            Theme=lambda n: "Water", Website=lambda n: f"https://x.org/{n}", Reference=lambda n: f"AB-{n}",
        )
    )  # fmt: skip
    assert types(found) == {
        "country": "keyword", "theme": "keyword", "amount": "money", "reference": "code", "link": "url",
    }  # fmt: skip


def test_names_of_publishers_are_known_and_identifiers_are_no_choices():
    found = fields_of(
        rows(
            **{
                "Beneficiary Location:Country Code": lambda n: ["GB", "IE"][n % 2],
                "Funding Org:Name": lambda n: WORDS[n % 3],
                "Funding Org:Identifier": lambda n: f"GB-CHC-{n % 3}",
                "AwardedAmountToDate": lambda n: f"${n},000.00",
                "NSFDirectorate": lambda n: "GEO",
            }
        )
    )
    assert types(found) == {
        "country": "keyword", "funder": "keyword", "amount": "money", "funding_org_identifier": "code",
        "nsfdirectorate": "keyword",
    }  # fmt: skip
    gives = keywords(found["country"], Texts({"Beneficiary Location:Country Code": "GB"}))
    assert gives == ("United Kingdom",)


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Haiti: 60.00%, Dominican Republic: 40.00%", ("Haiti", "Dominican Republic")),
        (
            "60,5% Peru; Congo, Democratic Republic of the (39,5%)",
            ("Peru", "Congo, Democratic Republic of the"),
        ),
        ("Africa: 50%; Mali / Chad - 50%", ("Africa", "Mali", "Chad")),
        ("a rise of 50%", ("a rise of 50%",)),
    ],
)
def test_shares_of_countries_are_no_part_of_their_names(text, countries):
    found = fields_of(rows(Country=lambda n: WORDS[n % 3]))
    assert keywords(replace(found["country"], separator=";"), Texts({"Country": text})) == countries


def test_a_usual_name_over_other_texts_is_not_believed():
    found = fields_of(
        rows(40, Amount=lambda n: f"see page {n} of the long report", Link=lambda n: WORDS[n % 9])
    )
    assert "amount" not in types(found)
    assert types(found)["link"] == "keyword"
    priced = fields_of(rows(40, Code=lambda n: f"${n},000"))
    assert types(priced) == {"code": "money"}


@pytest.mark.parametrize(
    ("columns", "usual"),
    [
        ({"Total": "12", "Pupils": "3"}, {}),
        ({"Award": "Gold medal"}, {}),
        ({"Award": "$1,000"}, {}),
        ({"Publisher": "Brill"}, {}),
        ({"Award": "Gold medal", "Publisher": "Brill", "Total": "1", "Grand Total": "2"}, {}),
        ({"Publisher": "Brill", "Sponsor": "Oxfam"}, {"funder": "Sponsor"}),
        ({"Grand Total": "7", "Grant Amount": "$1,000"}, {"amount": "Grant Amount"}),
        ({"Cost": "7", "Funding amount": "$1,000"}, {"amount": "Funding amount"}),
        ({"Grant Type": "Core", "Programme": "Water"}, {"programme": "Programme"}),
        ({"Grant Type": "Core"}, {"programme": "Grant Type"}),
        (
            {"Award": "X-1", "publisher": "Wellcome", "project.funding.scheme": "A", "project.award-amount.currency": "GBP",
             "project.funding.funder.name": "W"},
            {"funder": "project.funding.funder.name", "programme": "project.funding.scheme", "reference": "Award"},
        ),
        (
            {"ecMaxContribution": "7", "totalCost": "9", "grantDoi": "10.3030/1"},
            {"amount": "ecMaxContribution"},
        ),
        ({"State": "Completed", "MainDiscipline": "Law"}, {"region": "State", "theme": "MainDiscipline"}),
    ],
    ids=lambda one: ", ".join(one) or "none",
)  # fmt: skip
def test_a_name_of_one_publisher_counts_elsewhere_after_usual_ones_and_if_it_is_of_nothing_else(
    columns, usual
):
    found = fields_of([columns] * 9)
    known = ("country", "region", "theme", "programme", "funder", "amount", "reference")
    assert {name: found[name].columns[0] for name in known if name in found} == usual


def test_other_columns_go_by_their_texts():
    found = fields_of(
        rows(
            Division=lambda n: WORDS[n % 5], Cost=lambda n: f"{n}.50", Pupils=lambda n: str(n % 30),
            Signed=lambda n: f"2020-01-{n % 28 + 1:02}", Story=lambda n: "A long story. " * 9,
            Contract=lambda n: f"C-{n:04}", Page=lambda n: f"https://x.org/{n}", Person=lambda n: f"Ann {'x' * n}",
            Year=lambda n: str(2000 + n % 7), Serial=lambda n: str(n),
        )
    )  # fmt: skip
    assert types(found) == {
        "division": "keyword", "amount": "money", "pupils": "number", "signed": "date", "story": "text",
        "contract": "code", "column_page": "url", "year": "keyword", "serial": "code",
    }  # fmt: skip
    assert "person" not in found


def test_no_facet_has_as_many_values_as_rows():
    found = fields_of(rows(Country=lambda n: f"Country {n}", Division=lambda n: WORDS[n % 3]))
    assert not found["country"].facet
    assert found["division"].facet


def test_columns_of_one_name_are_one_field_unless_a_project_has_both():
    apart = fields_of([*rows(9, Country=lambda n: "Peru"), *rows(9, Pais=lambda n: "Mali")])
    assert apart["country"].columns == ("Country", "Pais")
    both = fields_of(rows(40, Country=lambda n: WORDS[n % 2], Pais=lambda n: WORDS[n % 3]))
    assert {name: one.columns for name, one in both.items()} == {"country": ("Country",), "pais": ("Pais",)}


def test_names_for_programs_are_read_as_words():
    named = ("award_type", "org.unit.kind", "year", "Team of", "NSFKind", "état_civil")
    found = fields_of([dict.fromkeys(named, WORDS[n % 3]) for n in range(40)])
    assert sorted(one.label for one in found.values()) == [
        "Award type", "NSFKind", "Org unit kind", "Team of", "Year", "État civil",
    ]  # fmt: skip
    alike = fields_of([{"award_type": WORDS[n % 2], "award.type": WORDS[n % 3]} for n in range(40)])
    assert {one.label for one in alike.values()} == {"award_type", "award.type"}


def test_a_heading_or_a_column_tells_the_currency():
    found = fields_of(rows(5, **{"Amount_(EUR)": lambda n: str(n)}))
    other = fields_of(rows(5, Amount=lambda n: str(n), Currency=lambda n: "GBP"))
    assert next(iter(found.values())).unit == "EUR"
    assert other["amount"].currency_columns == ("Currency",)


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Budget_USD", "USD"), ("amount_usd", "USD"), ("budgetEur", "EUR"), ("Total Award USD", "USD"),
        ("award.amount (GBP)", "GBP"), ("amount_in_eur", "EUR"), ("Total", ""), ("Amount_all", ""), ("amount_old", ""),
    ],
)  # fmt: skip
def test_headings_name_currencies_in_many_ways(heading, unit):
    assert currencies.in_headings([heading]) == unit


@pytest.mark.parametrize(
    ("heading", "amount"),
    [
        ("Amount ($ million)", (12_500_000, "USD")), ("Bevilget beløb (mio. kr.)", (12_500_000, "")),
        ("Gesamtbudget (T€)", (12_500, "EUR")), ("Amount (NOK 1000)", (12_500, "NOK")),
        ("Award Amount (£'000s)", (12_500, "GBP")), ("Montant (en milliers d'euros)", (12_500, "EUR")),
        ("amount_usd_million", (12_500_000, "USD")), ("Amount in Mio. EUR", (12_500_000, "EUR")),
        ("Amount (Rs. crore)", (125_000_000, "")), ("Amount (at most 1000)", (12.5, "")),
    ],
)  # fmt: skip
def test_a_heading_tells_the_unit_of_amounts(heading, amount):
    (found,) = fields_of([{heading: "12.5"}] * 3).values()
    assert found.type == "money"
    assert values.number(found, Texts({heading: "12.5"})) == amount
    assert values.number_column(found, [Texts({heading: "12.5"})]) == [amount]
    assert values.number(found, Texts({heading: "2 million"}))[0] == 2_000_000


def test_below_its_own_heading_an_amount_stands_as_in_the_source():
    (found,) = fields_of([{"Spent (NOK 1000)": f"NOK {n},345"} for n in range(1, 9)]).values()
    assert (found.label, values.number(found, Texts({"Spent (NOK 1000)": "12,345"}))) == (
        "Spent (NOK 1000)", (12_345, "NOK"),
    )  # fmt: skip


def test_amounts_of_the_oecd_are_in_millions():
    found = fields_of([{"USD_Commitment": f"{n}.5", "DonorName": "Norway"} for n in range(9)])
    column = next(one for one in found.values() if one.type == "money")
    assert values.number(column, Texts({column.columns[0]: "1.5"})) == (1_500_000, "USD")


def test_a_unit_adds_no_fraction_of_a_cent():
    (found,) = fields_of([{"Amount (Rs. crore)": "0.07"}] * 3).values()
    assert values.number(found, Texts({"Amount (Rs. crore)": "0.07"}))[0] == 700_000


def test_a_column_beside_an_amount_has_its_currency_alone():
    found = fields_of(
        rows(
            9, Amount=lambda n: str(n), Spent=lambda n: str(n * 10),
            **{"Spent currency": lambda n: "EUR", "amount_currency": lambda n: "USD", "Currency": lambda n: "GBP"},
        )
    )  # fmt: skip
    assert types(found) == {"amount": "money", "spent": "money"}
    assert found["amount"].currency_columns == ("amount currency", "Currency")
    assert found["spent"].currency_columns == ("Spent currency",)


def test_the_texts_that_tell_decide_the_decimals():
    found = fields_of(rows(Amount=lambda n: "1.500" if n % 2 else "1.234,50"))
    assert found["amount"].style == "comma"


def test_lists_are_parted():
    assert fields_of(rows(Theme=lambda n: "Water; Health" if n % 2 else "Water"))["theme"].separator == ";"


def test_no_field_has_the_name_of_a_parameter():
    found = fields_of(rows(Status=lambda n: WORDS[n % 3], Page=lambda n: WORDS[n % 3]))
    assert {*found} == {"column_status", "column_page"}


def test_every_parameter_of_a_search_is_reserved():
    assert {*SearchParametersSchema().fields} <= RESERVED


def test_names_are_plain():
    assert [name_of(label) for label in ("Año fiscal", "Award $", "2020 plan", "—")] == [
        "ano_fiscal",
        "award",
        "column_2020_plan",
        "column",
    ]


@pytest.mark.parametrize(
    ("headings", "currencies_of"),
    [
        (("Award amount", "Montant (EUR)"), ("", "EUR")),
        (("Budget (USD)", "Montant (EUR)"), ("USD", "EUR")),
        (("Budget (EUR)", "Montant (EUR)"), ("EUR", "EUR")),
        (("Award amount", "Budget"), ("", "")),
    ],
    ids=["one", "two", "same", "none"],
)
def test_the_heading_of_one_file_says_nothing_of_the_amounts_of_another(headings, currencies_of):
    """Columns of several files become one field; each keeps the currency that its own heading names."""
    one, other = headings
    field = fields_of(
        [*rows(9, **{one: lambda n: f"{n + 1}000"}), *rows(9, **{other: lambda n: f"{n + 1}50"})]
    )
    (amount,) = field.values()
    assert set(amount.columns) == {one, other}
    texts = [values.Texts({one: "1000"}), values.Texts({other: "250"}), values.Texts({other: "£9"})]
    assert values.number_column(amount, texts) == [
        (1000.0, currencies_of[0]), (250.0, currencies_of[1]), (9.0, "GBP"),
    ]  # fmt: skip


def test_the_decimals_and_days_of_one_file_say_nothing_of_those_of_another():
    """Columns of several files become one field; texts that can be read both ways go by their own column."""
    found = fields_of(
        [
            *rows(20, Valor=lambda n: f"{n + 1}.234,50", **{"Signed on": lambda n: f"{n + 13:02}/01/2020"}),
            *rows(9, Amount=lambda n: f"{n + 1},500", **{"signed_on": lambda n: f"01/{n + 13:02}/2020"}),
            *rows(9, **{"Award amount": lambda n: f"{n + 1},234.5"}),
        ]
    )
    amount, signed = found["amount"], found["signed_on"]
    assert set(amount.columns) == {"Valor", "Amount", "Award amount"}
    asked = [("Valor", "1.500"), ("Amount", "1,500"), ("Award amount", "1,500"), ("Award amount", "2.500")]
    texts = [values.Texts({column: text}) for column, text in asked]
    assert [value for value, _ in values.number_column(amount, texts)] == [1500.0, 1500.0, 1500.0, 2.5]
    days = [values.day(signed, values.Texts({column: "02/03/2020"})) for column in signed.columns]
    expected = {"Signed on": date(2020, 3, 2), "signed on": date(2020, 2, 3)}
    assert dict(zip(signed.columns, days, strict=True)) == expected
    assert from_bytes(as_bytes([amount, signed])) == (amount, signed)
