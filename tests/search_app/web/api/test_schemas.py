"""Parameters in, snippets out: what is read, what is refused, and what is escaped."""

import re
from datetime import date, timedelta

import marshmallow as ma
import pytest
from werkzeug.datastructures import MultiDict

from indexer.document import MAX_NAME_LENGTH
from search_app.facets.table import FACETS
from search_app.request import Period, SearchRequest, Years
from search_app.results import Snippet
from search_app.web.api.schemas.arguments import MAX_VALUES, InvalidParametersError, NoParametersSchema
from search_app.web.api.schemas.kinds import DAY, PERIOD, UnreadableError
from search_app.web.api.schemas.parameters import search_parameters
from search_app.web.highlighting import as_html, excerpt
from tests.asking import asking

PARAMETERS = search_parameters(FACETS)


def read(*pairs, **options):
    return PARAMETERS.read(MultiDict(pairs), **options)


def refused(*pairs):
    with pytest.raises(InvalidParametersError) as raised:
        read(*pairs)
    return [(error.parameter, error.code) for error in raised.value.errors]


def test_nothing_asked_is_everything():
    assert read() == SearchRequest()


def test_every_parameter_is_read():
    asked = read(
        ("q", "labour courts"),
        ("op", "or"),
        ("expand", "0"),
        ("active_from", "2020"),
        ("active_to", "2021-06"),
        ("active_on", "2021-01-31"),
        ("start_from", "2019"),
        ("start_to", "2022"),
        ("end_from", "2023"),
        ("end_to", "2027"),
        ("status", "active"),
        ("status", "planned"),
        ("status", "active"),
        ("grantee", "Verité"),
        ("active_year", "2020-2024"),
        ("start_year", "2021"),
        ("end_year", "2024"),
        ("as_of", "2025-01-01"),
        ("sort", "-end_date"),
        ("page", "2"),
        ("per_page", "50"),
        ("facets", "grantee,status"),
        ("explain", "1"),
    )

    assert asked == asking(
        q="labour courts",
        op="or",
        expand=False,
        active_from=Period("2020", date(2020, 1, 1), date(2020, 12, 31)),
        active_to=Period("2021-06", date(2021, 6, 1), date(2021, 6, 30)),
        active_on=Period("2021-01-31", date(2021, 1, 31), date(2021, 1, 31)),
        start_from=Period("2019", date(2019, 1, 1), date(2019, 12, 31)),
        start_to=Period("2022", date(2022, 1, 1), date(2022, 12, 31)),
        end_from=Period("2023", date(2023, 1, 1), date(2023, 12, 31)),
        end_to=Period("2027", date(2027, 1, 1), date(2027, 12, 31)),
        status=("active", "planned"),
        grantee=("Verité",),
        active_year=(Years(2020, 2024),),
        start_year=(Years(2021, 2021),),
        end_year=(Years(2024, 2024),),
        as_of=date(2025, 1, 1),
        sort="-end_date",
        page=2,
        per_page=50,
        facets=("status", "grantee"),
        explain=True,
    )


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        pytest.param(("q", "x" * 513), "too_long", id="query-too-long"),
        pytest.param(("op", "xor"), "not_a_choice", id="operator"),
        pytest.param(("expand", "yes"), "not_a_choice", id="flag"),
        pytest.param(("active_on", "2021-13"), "not_a_date", id="no-such-month"),
        pytest.param(("active_on", "2021-02-29"), "not_a_date", id="no-such-day"),
        pytest.param(("start_from", "12/15/2023"), "not_a_date", id="other-order"),
        pytest.param(("end_to", "٢٠٢١"), "not_a_date", id="other-digits"),
        pytest.param(("end_to", ""), "not_a_date", id="empty-date"),
        pytest.param(("as_of", "2021"), "not_a_day", id="year-for-a-day"),
        pytest.param(("status", "running"), "not_a_choice", id="status"),
        pytest.param(("grantee", ""), "empty", id="empty-name"),
        pytest.param(("active_year", "2024-2020"), "not_years", id="years-backwards"),
        pytest.param(("sort", "score"), "not_a_choice", id="sort"),
        pytest.param(("page", "one"), "not_a_number", id="page-in-words"),
        pytest.param(("page", "0"), "out_of_range", id="page-zero"),
        pytest.param(("page", "9" * 30), "out_of_range", id="page-of-thirty-digits"),
        pytest.param(("per_page", "101"), "out_of_range", id="per-page-too-large"),
        pytest.param(("per_page", ""), "not_a_number", id="empty-number"),
        pytest.param(("facets", "colour"), "not_a_choice", id="facet"),
        pytest.param(("pge", "2"), "unknown_parameter", id="unknown"),
    ],
)
def test_a_wrong_value_has_a_code(pair, code):
    assert refused(pair) == [(pair[0], code)]


def test_a_number_in_a_message_has_separators():
    with pytest.raises(InvalidParametersError) as caught:
        read(("page", "0"))
    assert caught.value.errors[0].message == "must be between 1 and 1,000,000,000"


def test_everything_wrong_is_told_at_once_in_the_order_of_the_contract():
    found = refused(
        ("zoom", "1"), ("per_page", "0"), ("active_to", "2012"), ("active_from", "2015"), ("op", "x")
    )

    assert found == [
        ("op", "not_a_choice"),
        ("active_to", "range_inverted"),
        ("per_page", "out_of_range"),
        ("zoom", "unknown_parameter"),
    ]


def test_every_inverted_range_is_told():
    pairs = [
        (f"{name}_{end}", year)
        for name in ("active", "start", "end")
        for end, year in (("from", "2"), ("to", "1"))
    ]

    assert refused(*[(name, f"200{year}") for name, year in pairs]) == [
        ("active_to", "range_inverted"),
        ("start_to", "range_inverted"),
        ("end_to", "range_inverted"),
    ]


def test_a_parameter_given_twice_is_told():
    assert refused(("page", "1"), ("page", "2")) == [("page", "repeated")]


def test_a_list_that_is_too_long_is_told():
    assert refused(*[("grantee", str(number)) for number in range(MAX_VALUES + 1)]) == [
        ("grantee", "too_many")
    ]


def test_one_wrong_value_of_several_is_told_with_the_value():
    with pytest.raises(InvalidParametersError) as raised:
        read(("status", "active"), ("status", "done"))

    (error,) = raised.value.errors
    assert (error.value, error.message) == ("done", "must be one of planned, active, completed, unknown")


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        pytest.param("pge", "page", id="letter-missing"),
        pytest.param("grantees", "grantee", id="plural"),
        pytest.param("active-from", "active_from", id="hyphen"),
        pytest.param("PAGE", "page", id="capitals"),
        pytest.param("Q", "q", id="one letter"),
        pytest.param("limit", "per_page", id="another name of it"),
    ],
)
def test_an_unknown_parameter_is_told_with_the_nearest(typed, nearest):
    with pytest.raises(InvalidParametersError, match=f"did you mean {nearest}"):
        read((typed, "1"))


def test_of_many_unknown_parameters_all_are_told_and_few_compared():
    typed = [(f"pag{number}", "1") for number in range(3000)]
    with pytest.raises(InvalidParametersError) as raised:
        read(*typed)
    hinted = ["did you mean page?" in error.message for error in raised.value.errors]
    assert (len(hinted), sum(hinted), hinted[0]) == (3000, 20, True)


def test_pages_ignore_what_they_do_not_know():
    assert read(("utm_source", "mail"), ("q", "x"), ignore_unknown=True) == SearchRequest(q="x")


def test_an_address_without_parameters_takes_none():
    with pytest.raises(InvalidParametersError):
        NoParametersSchema().read(MultiDict({"q": "x"}))


def test_limits_can_be_set():
    schema = search_parameters(FACETS, max_query_length=5, max_per_page=10)

    with pytest.raises(InvalidParametersError) as raised:
        schema.read(MultiDict({"q": "longer", "per_page": "11"}))
    assert [error.code for error in raised.value.errors] == ["too_long", "out_of_range"]
    assert read(("q", "longer"), ("per_page", "11")) == SearchRequest(q="longer", per_page=11)


@pytest.mark.parametrize(
    "pairs",
    [
        pytest.param([], id="nothing"),
        pytest.param([("q", "labour\x0bcourts"), ("op", "or"), ("page", "3")], id="words"),
        pytest.param([("status", "active"), ("status", "planned"), ("status", "active")], id="repeated"),
        pytest.param([("active_from", "2020"), ("active_to", "2020-01"), ("as_of", "2024-02-29")], id="days"),
        pytest.param([("facets", "status,grantee"), ("explain", "1"), ("expand", "0")], id="flags"),
        pytest.param(
            [("start_year", "2019"), ("start_year", "2020-2024"), ("grantee", "Verité")], id="years"
        ),
    ],
)
def test_reading_fast_gives_what_marshmallow_gives(pairs):
    arguments = MultiDict(pairs)

    assert PARAMETERS.read_right(arguments) == PARAMETERS.read_any(arguments, ignore_unknown=False)


@pytest.mark.parametrize(
    "pairs",
    [
        pytest.param([("page", "0")], id="wrong"),
        pytest.param([("page", "1"), ("page", "2")], id="repeated"),
        pytest.param([("utm_source", "x")], id="unknown"),
        pytest.param([("start_from", "2021"), ("start_to", "2020")], id="inverted"),
        pytest.param([("grantee", "x")] * (MAX_VALUES + 1), id="too-many"),
    ],
)
def test_what_is_not_right_is_left_to_marshmallow(pairs):
    with pytest.raises((UnreadableError, ma.ValidationError)):
        PARAMETERS.read_right(MultiDict(pairs))


@pytest.mark.parametrize(
    "typed",
    ["Verite\u0301 Org", "\u200fVerité Org", "Ver\u00adité Org", " Verité\u00a0  Org ", "\ufeffVerité\nOrg"],
    ids=["accents apart", "direction", "soft hyphen", "blanks", "byte order mark"],
)
@pytest.mark.parametrize("parameter", ["grantee", "grantee_not"])
def test_what_nobody_sees_makes_no_other_name(parameter, typed):
    assert read((parameter, typed)) == asking(**{parameter: ("Verité Org",)})


@pytest.mark.parametrize("typed", [" ", "\u200f", "\u00ad\ufeff", "\u0958" * MAX_NAME_LENGTH], ids=len)
def test_what_the_contract_takes_for_a_name_is_no_error(typed):
    (taken,) = read(("grantee", typed)).filters["grantee"]

    assert taken


def test_what_cannot_be_printed_becomes_a_space():
    assert read(("q", "labour\x0bcourts\x7f")).q == "labour courts "


def every_day(first, last):
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def test_patterns_in_the_contract_take_exactly_the_days_that_exist():
    days = {
        day.isoformat()
        for years in ((1, 4), (1896, 1904), (1999, 2001))
        for day in every_day(date(years[0], 1, 1), date(years[1], 12, 31))
    }
    years = sorted({day[:4] for day in days} | {"0000"})
    written = [f"{year}-{month:02}-{day:02}" for year in years for month in range(14) for day in range(33)]

    for kind in (DAY, PERIOD):
        pattern = re.compile(kind.described["pattern"])
        assert {text for text in written if pattern.match(text)} == days


@pytest.mark.parametrize(
    ("snippet", "html"),
    [
        pytest.param(Snippet("labor courts", ((0, 5),)), "<mark>labor</mark> courts", id="marked"),
        pytest.param(
            Snippet("a < b & c", ((4, 5),)), "a &lt; <mark>b</mark> &amp; c", id="escaped-and-marked"
        ),
        pytest.param(Snippet("<b>", ((0, 3),)), "<mark>&lt;b&gt;</mark>", id="mark-around-escapes"),
        pytest.param(Snippet("<mark>"), "&lt;mark&gt;", id="no-mark"),
        pytest.param(Snippet("ab", ((0, 1), (1, 2))), "<mark>a</mark><mark>b</mark>", id="side-by-side"),
        pytest.param(Snippet(""), "", id="empty"),
    ],
)
def test_a_snippet_is_escaped_text_and_marks(snippet, html):
    assert as_html(snippet) == html


@pytest.mark.parametrize(
    ("before", "after"),
    [("Courts.", "mines"), ("Courts …", "mines"), ("Courts.", "… mines"), ("Courts …", "… mines")],
)
def test_between_two_fragments_there_is_one_ellipsis(before, after):
    text = excerpt([Snippet(before, ((0, 6),)), Snippet(after, ())])
    assert text == f"<mark>Courts</mark>{before[6:].removesuffix(' …')} … mines"
    assert excerpt([]) == ""
