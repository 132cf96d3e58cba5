"""The query language: what is understood, what is repaired and said, and that nothing ever fails."""

import random
import string
from dataclasses import replace

import pytest
from whoosh import query as wq

from indexer.storage.schema import TEXT_FIELDS
from search_app.embedded.matching.evaluation import Matcher
from search_app.embedded.uses import vocabulary_of
from search_app.query.clauses import MAX_TYPO_WORDS
from search_app.query.operators.nesting import MAX_DEPTH
from search_app.query.parsing import MAX_QUERY_WORDS, Reading, parse
from search_app.query.written import Written, WrittenPhrase
from search_app.words.lexicon import MAX_WORDS
from tests.building import segment_of
from tests.documents import LABOUR, SEED

ANY = "text"
AS_WRITTEN = Reading(expand=False)


@pytest.fixture(scope="module")
def segment():
    return segment_of([*LABOUR.values(), *SEED])


@pytest.fixture(scope="module")
def vocabulary(segment):
    return vocabulary_of(segment)


def term(text, field=ANY):
    return Written(field, text)


def phrase(*words, field=ANY):
    return WrittenPhrase(field, list(words))


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        pytest.param("courts", term("courts"), id="word"),
        pytest.param("Verité", term("verite"), id="accent"),
        pytest.param("mexico courts", wq.And([term("mexico"), term("courts")]), id="words"),
        pytest.param("courts in the mines", wq.And([term("courts"), term("mines")]), id="stop words dropped"),
        pytest.param("the", term("the"), id="nothing but a stop word"),
        pytest.param('"out of work"', phrase("out", "of", "work"), id="phrase keeps stop words"),
        pytest.param("“labor courts”", phrase("labor", "courts"), id="typographic quotes"),
        pytest.param('"courts"', term("courts"), id="phrase of one word"),
        pytest.param("courts -mexico", wq.And([term("courts"), wq.Not(term("mexico"))]), id="minus"),
        pytest.param("courts NOT mexico", wq.And([term("courts"), wq.Not(term("mexico"))]), id="NOT"),
        pytest.param("NOT NOT courts", term("courts"), id="twice NOT"),
        pytest.param("-courts", wq.And([wq.Not(term("courts"))]), id="nothing but a negation"),
        pytest.param(
            'mexico -"labor courts"',
            wq.And([term("mexico"), wq.Not(phrase("labor", "courts"))]),
            id="minus phrase",
        ),
        pytest.param(
            "mexico −(courts OR mines)",
            wq.And([term("mexico"), wq.Not(wq.Or([term("courts"), term("mines")]))]),
            id="minus group",
        ),
        pytest.param("courts OR mines", wq.Or([term("courts"), term("mines")]), id="OR"),
        pytest.param(
            "courts OR mines OR mexico", wq.Or([term("courts"), term("mines"), term("mexico")]), id="OR twice"
        ),
        pytest.param("the OR courts", wq.Or([term("the"), term("courts")]), id="OR after a stop word"),
        pytest.param("courts OR the", wq.Or([term("courts"), term("the")]), id="OR before a stop word"),
        pytest.param(
            "mexico the OR courts",
            wq.And([term("mexico"), wq.Or([term("the"), term("courts")])]),
            id="OR binds a stop word, not what stands before it",
        ),
        pytest.param("of the | courts", wq.Or([term("the"), term("courts")]), id="OR binds the last one"),
        pytest.param(
            "mexico courts OR mines",
            wq.And([term("mexico"), wq.Or([term("courts"), term("mines")])]),
            id="OR binds its neighbours",
        ),
        pytest.param("courts OR -mines", wq.Or([term("courts"), wq.Not(term("mines"))]), id="OR not"),
        pytest.param("courts AND mines", wq.And([term("courts"), term("mines")]), id="AND"),
        pytest.param(
            "courts or mines", wq.And([term("courts"), term("mines")]), id="small letters are words"
        ),
        pytest.param("(courts)", term("courts"), id="group of one"),
        pytest.param(
            "mexico OR (courts mines)",
            wq.Or([term("mexico"), wq.And([term("courts"), term("mines")])]),
            id="group",
        ),
        pytest.param("title:courts", term("courts", "title"), id="field"),
        pytest.param("TITLE:courts", term("courts", "title"), id="field in capitals"),
        pytest.param("text:courts", term("courts"), id="every field"),
        pytest.param("title: courts", term("courts", "title"), id="field and space"),
        pytest.param(
            'title:"labor courts"', phrase("labor", "courts", field="title"), id="phrase in a field"
        ),
        pytest.param(
            "title:(courts mines)",
            wq.And([term("courts", "title"), term("mines", "title")]),
            id="group in a field",
        ),
        pytest.param("-title:courts", wq.And([wq.Not(term("courts", "title"))]), id="not in a field"),
        pytest.param(
            'title:-"labor courts" grantee:!(mines)',
            wq.And([wq.Not(phrase("labor", "courts", field="title")), wq.Not(term("mines", "grantee"))]),
            id="minus behind a field, before a phrase and a group",
        ),
        pytest.param("title:-courts", wq.And([wq.Not(term("courts", "title"))]), id="minus behind a field"),
        pytest.param(
            "mexico grantee:!courts",
            wq.And([term("mexico"), wq.Not(term("courts", "grantee"))]),
            id="exclamation mark behind a field",
        ),
        pytest.param("insp*", wq.Prefix(ANY, "insp"), id="prefix"),
        pytest.param("inspectors*", wq.Prefix(ANY, "inspectors"), id="prefix is as written"),
        pytest.param("title:insp*", wq.Prefix("title", "insp"), id="prefix in a field"),
        pytest.param("mexco~", wq.FuzzyTerm(ANY, "mexco", maxdist=1), id="typo in a short word"),
        pytest.param("inspecter~", wq.FuzzyTerm(ANY, "inspecter", maxdist=2), id="typos in a long word"),
        pytest.param("inspecter~1", wq.FuzzyTerm(ANY, "inspecter", maxdist=1), id="one typo"),
        pytest.param("follow-ups", term("follow-ups"), id="compound"),
        pytest.param("童工劳", phrase("童工", "工劳"), id="text without spaces"),
        pytest.param(
            '"the follow-ups of courts"',
            WrittenPhrase(ANY, ["the", "follow-ups", "of", "courts"], [0, 1, 3, 4]),
            id="compound in a phrase",
        ),
        pytest.param("follow-up*", wq.Prefix(ANY, "follow-up"), id="beginning of a compound"),
        pytest.param("and/or", wq.And([term("and"), term("or")]), id="slash"),
        pytest.param("1939~1945", wq.And([term("1939"), term("1945")]), id="years between"),
        pytest.param("10^6", wq.And([term("10"), term("6")]), id="a power"),
        pytest.param("x^2", wq.And([term("x"), term("2")]), id="a square"),
        pytest.param('"who works?"', phrase("who", "works"), id="question in quotes"),
        pytest.param("courts?!", term("courts"), id="question mark at the end"),
        pytest.param("", wq.Every(), id="empty"),
        pytest.param("   ", wq.Every(), id="blank"),
    ],
)
def test_text_becomes_a_tree_without_warning(vocabulary, text, strict):
    parsed = parse(text, vocabulary, AS_WRITTEN)
    assert parsed.strict == strict
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("the AND courts", "courts"), ("courts AND the", "courts"), ("the & courts", "courts"),
        ("what AND the AND courts", "courts"), ("the AND courts AND mines", "courts mines"),
        ("(the AND courts) mines", "courts mines"), ("(the) AND courts", "courts"), ("the AND the", "the the"),
        ("courts AND (the)", "courts"), ("(the (of)) courts", "courts"), ("((the) AND courts)", "courts"),
        ("(the) OR courts", "the OR courts"), ("courts OR (the)", "courts OR the"),
        ("the/of OR courts", "(the of) OR courts"), ("courts OR (the of)", "courts OR the/of"),
        ("mines the OR courts", "mines (the OR courts)"), ("courts NOT (the)", "courts NOT the"),
        ("the AND -courts", "-courts"), ("-courts AND the", "-courts"), ("the AND NOT courts", "-courts"),
        ("(the)", "the"), ("(the of)", "the of"), ("(the) (of)", "the of"),
    ],
)  # fmt: skip
def test_a_stop_word_is_a_word_to_the_operators_beside_it(vocabulary, text, like):
    parsed, other = (parse(one, vocabulary, AS_WRITTEN) for one in (text, like))
    assert (parsed.strict, parsed.warnings) == (other.strict, ())


@pytest.mark.parametrize(
    ("text", "code", "like"),
    [
        pytest.param("foo:bar", "unknown_field", "foo bar", id="unknown field"),
        pytest.param('"labor courts', "unclosed_quote", '"labor courts"', id="open quote"),
        pytest.param("(labor courts", "unclosed_parenthesis", "(labor courts)", id="open parenthesis"),
        pytest.param("labor courts)", "unopened_parenthesis", "labor courts", id="lone parenthesis"),
        pytest.param("() courts", "empty_group", "courts", id="empty parentheses"),
        pytest.param('"" courts', "empty_phrase", "courts", id="empty quotes"),
        pytest.param('"…" courts', "empty_phrase", "courts", id="quotes around marks"),
        pytest.param("OR courts", "lone_operator", "courts", id="OR first"),
        pytest.param("courts OR", "lone_operator", "courts", id="OR last"),
        pytest.param("AND courts", "lone_operator", "courts", id="AND first"),
        pytest.param("courts AND", "lone_operator", "courts", id="AND last"),
        pytest.param("courts NOT", "lone_operator", "courts", id="NOT last"),
        pytest.param("courts OR OR mines", "lone_operator", "courts OR mines", id="OR twice"),
        pytest.param("(courts OR) mines", "lone_operator", "courts mines", id="OR last in a group"),
        pytest.param("courts - mines", "lone_operator", "courts mines", id="minus alone"),
        pytest.param("courts *", "lone_operator", "courts", id="star alone"),
        pytest.param("courts -- mines", "lone_operator", "courts mines", id="dashes"),
        pytest.param("courts OR + mines", "lone_operator", "courts OR mines", id="OR before a mark"),
        pytest.param("courts NOT + mines", "lone_operator", "courts NOT mines", id="NOT before a mark"),
        pytest.param("courts NOT -- mines", "lone_operator", "courts NOT mines", id="NOT before dashes"),
        pytest.param("the + OR mines", "lone_operator", "the OR mines", id="OR behind a mark"),
        pytest.param("title: + courts", "lone_operator", "title:courts", id="field before a mark"),
        pytest.param("the AND", "lone_operator", "the", id="AND behind a stop word"),
        pytest.param("courts the OR", "lone_operator", "courts", id="OR last, behind a stop word"),
        pytest.param("the AND OR courts", "lone_operator", "courts", id="AND and OR"),
        pytest.param("(the AND) courts", "lone_operator", "courts", id="AND behind a stop word in a group"),
        pytest.param("courts title:", "empty_field", "courts", id="field without text"),
        pytest.param(
            "(courts title:) mines", "empty_field", "courts mines", id="field at the end of a group"
        ),
        pytest.param(
            "title: description:courts", "empty_field", "description:courts", id="field after field"
        ),
        pytest.param("l* courts", "prefix_too_short", "l courts", id="short prefix"),
        pytest.param("in*spect courts", "wildcard_dropped", "in spect courts", id="star inside"),
        pytest.param("https://a.example/search?q=labor+courts", "address_read", "labor courts", id="address"),
        pytest.param("labor&nbsp;courts", "escapes_read", "labor courts", id="entity"),
        pytest.param("labor%20courts", "escapes_read", "labor courts", id="percent"),
        pytest.param("co?rts", "wildcard_dropped", "co rts", id="question mark inside"),
        pytest.param('"labor cou*"', "wildcard_dropped", '"labor cou"', id="star in quotes"),
        pytest.param('"labor co?rts"', "wildcard_dropped", '"labor co rts"', id="question mark in quotes"),
        pytest.param('"labor courts"~3 mines', "mark_dropped", '"labor courts" mines', id="nearness"),
        pytest.param('"labor courts"*', "mark_dropped", '"labor courts"', id="star behind quotes"),
        pytest.param('("labor courts"^2.5)', "mark_dropped", '"labor courts"', id="weight of a phrase"),
        pytest.param("(labor courts)^2", "mark_dropped", "(labor courts)", id="weight of a group"),
        pytest.param("mexico near/3 courts", "distance_dropped", "mexico courts", id="near"),
        pytest.param(
            '"labor" W/5 "courts"', "distance_dropped", '"labor" "courts"', id="distance of phrases"
        ),
        pytest.param("mexico NEAR5 courts", "distance_dropped", "mexico courts", id="near in capitals"),
        pytest.param("mexico NEAR courts", "operator_as_word", "mexico near courts", id="bare near"),
        pytest.param("[1900 TO 1950] courts", "range_as_words", "1900 1950 courts", id="range"),
        pytest.param("courts 1990..2000", "range_as_words", "courts 1990 2000", id="range with dots"),
        pytest.param("courts >1990", "range_as_words", "courts 1990", id="comparison"),
        pytest.param("/cour[ts]+/ mines", "pattern_as_words", "(cour ts) mines", id="pattern"),
        pytest.param("courts^2 mines", "weight_dropped", "courts mines", id="weight of a word"),
        pytest.param("title:courts^2", "weight_dropped", "title:courts", id="weight in a field"),
        pytest.param("cour*^0.5", "weight_dropped", "cour*", id="weight of a beginning"),
        pytest.param("courts~3", "typos_repaired", "courts~", id="too many typos"),
        pytest.param("courts~0.8", "typos_repaired", "courts~", id="likeness"),
        pytest.param("id:IL-303~", "mark_dropped", "id:IL-303", id="typos in a code"),
        pytest.param("id:I*", "prefix_too_short", "id:I", id="short beginning of a code"),
        pytest.param("((((((courts))))))", "too_deep", "courts", id="deep"),
        pytest.param(
            " ".join(["mexco~"] * 5), "too_many_typo_words", "mexco~ mexco~ mexco~ mexco~ mexco", id="typos"
        ),
    ],
)
def test_a_repair_is_said_and_searches_what_is_left(vocabulary, text, code, like):
    parsed = parse(text, vocabulary, AS_WRITTEN)
    assert [warning.code for warning in parsed.warnings] == [code]
    assert parsed.strict == parse(like, vocabulary, AS_WRITTEN).strict


@pytest.mark.parametrize(
    "text",
    [
        '"mexico near/3 courts"', '"[1900 TO 1950]"', "near/3 courts", "courts near/3", "MEXICO NEAR COURTS",
        "near courts", "/courts/", "mines/courts", "1914-1918", "courts ...", "<courts>",
    ],
)  # fmt: skip
def test_what_is_no_mark_of_another_engine_is_not_told(vocabulary, text):
    known = {"distance_dropped", "operator_as_word", "range_as_words", "pattern_as_words"}
    assert known.isdisjoint(warning.code for warning in parse(text, vocabulary).warnings)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1900 TO 1950]", "active_from=1900&active_to=1950 is what"),
        ("{1900 TO 1900}", "active_from=1900&active_to=1900 is what"),
        ("[1950 TO 1900]", "for example"),
        ("100..50000", "for example"),
        ("co?rts", "“?” stands for no letter"),
        ("in*spect", "“*” works at the end"),
        ("courts \N{GRINNING FACE}", "neither letters nor digits"),
        ("courts - mines", "neither letters nor digits"),
        ("courts OR", "operator with nothing to work on"),
    ],
)
def test_a_warning_is_about_what_was_typed(vocabulary, text, said):
    assert [said in f"{one.message} {one.instead}" for one in parse(text, vocabulary).warnings] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Courts: A History",
        "courts \N{EM DASH} history",
        "courts \N{EN DASH} history",
        "courts , history",
        "courts…",
    ],
)
def test_marks_of_prose_between_words_need_no_warning(vocabulary, text):
    parsed = parse(text, vocabulary)
    assert parsed.warnings == ()
    assert parsed.clauses[0].text.casefold() == "courts"


@pytest.mark.parametrize("text", ["((", "&&", "-", "*", '"', "()", "…", "?!"])
def test_text_without_a_word_finds_everything_and_says_so(vocabulary, text):
    parsed = parse(text, vocabulary)
    assert parsed.strict == wq.Every()
    assert parsed.warnings[-1].code == "no_words"


def test_a_warning_is_given_once(vocabulary):
    assert [one.code for one in parse("foo:a foo:b bar:c", vocabulary).warnings] == ["unknown_field"]


def test_only_so_many_words_are_searched(vocabulary):
    words = [f"word{number}" for number in range(MAX_QUERY_WORDS + 5)]
    texts = [" ".join(words), "/".join(words), f'"{" ".join(words)}"']
    found = [parse(text, vocabulary, AS_WRITTEN) for text in texts]
    assert [[one.code for one in parsed.warnings] for parsed in found] == [["too_many_words"]] * 3
    assert [len(parsed.clauses) for parsed in found] == [MAX_QUERY_WORDS, MAX_QUERY_WORDS, 1]
    assert len(found[2].strict.words) == MAX_QUERY_WORDS


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1, 5000], ids=str)
def test_nesting_is_bounded(vocabulary, depth):
    parsed = parse("(" * depth + "courts" + ")" * depth, vocabulary, AS_WRITTEN)
    assert parsed.strict == term("courts")
    assert [one.code for one in parsed.warnings] == ([] if depth <= MAX_DEPTH else ["too_deep"])


class TestVariants:
    def test_a_word_stands_for_its_spellings(self, vocabulary):
        [clause] = parse("labour", vocabulary).clauses
        assert clause.variants == ("labor",)
        assert clause.stems == ("labour", "labor")
        typed, other = clause.query.subqueries
        # "labour" is the rarer spelling here, which makes it no rarer a word.
        assert (0 < typed.boost < 1, 0 < other.boost < 1) == (True, True)

    def test_expand_off_searches_the_words_as_typed(self, vocabulary):
        parsed = parse("labour human trafficking", vocabulary, AS_WRITTEN)
        assert [clause.variants for clause in parsed.clauses] == [(), (), ()]
        assert parsed.runs == ()
        assert parsed.strict == wq.And([term("labour"), term("human"), term("trafficking")])

    def test_a_run_of_words_has_a_variant_together(self, vocabulary):
        parsed = parse("human trafficking", vocabulary)
        [run] = parsed.runs
        assert (run.first, run.last, run.texts[0]) == (0, 2, "trafficking in persons")

    def test_a_quoted_phrase_has_no_variants(self, vocabulary):
        assert parse('"labour courts"', vocabulary).clauses[0].variants == ()

    def test_a_group_tells_the_forms_of_its_words(self, vocabulary):
        [clause] = parse("(labour OR children)", vocabulary).clauses
        assert {"labor", "child"} <= set(clause.variants)


def test_the_relaxed_query_asks_for_any_word_and_keeps_negations(vocabulary):
    parsed = parse("mexico courts -mines", vocabulary, AS_WRITTEN)
    assert parsed.relaxed == wq.And([wq.Or([term("mexico"), term("courts")]), wq.Not(term("mines"))])


@pytest.mark.parametrize(
    ("text", "sequence"),
    [
        pytest.param("safety in mines", (("safeti",), ("in",), ("mine",)), id="words"),
        pytest.param('safety "mines"', (), id="phrase"),
        pytest.param("title:safety mines", (), id="field"),
        pytest.param("safety -mines", (), id="negation"),
        pytest.param("safety OR mines", (), id="operator"),
        pytest.param(
            "the follow-ups", (("the",), ("follow",), ("ups",)), id="a compound takes the places of its words"
        ),
    ],
)
def test_the_sequence_is_for_queries_of_nothing_but_words(vocabulary, text, sequence):
    assert parse(text, vocabulary, AS_WRITTEN).sequence == sequence


@pytest.mark.parametrize("text", ["MINES OR COURTS", "MINES AND NOT COURTS", "MINES OR ILO", "OR"])
def test_in_a_text_in_capitals_operators_are_words(vocabulary, text):
    parsed = parse(text, vocabulary)
    assert parsed.warnings == ()
    assert not any(isinstance(leaf, wq.Not) for leaf in parsed.strict.leaves())
    words = [clause.word for clause in parsed.clauses]
    assert words == ([word for word in text.lower().split() if word not in ("or", "and")] or ["or"])


@pytest.mark.parametrize(
    ("first", "second"),
    [("NAFTA", "USMCA"), ("IL-30345", "IL-31000"), ("U.S.", "U.K."), ("1980", "1990"), ("童工", "学校")],
)
def test_beside_what_can_only_be_written_in_capitals_operators_are_such(vocabulary, first, second):
    one, other = (parse(text, vocabulary, AS_WRITTEN).strict for text in (first, second))
    assert parse(f"{first} NOT {second}", vocabulary, AS_WRITTEN).strict == wq.And([one, wq.Not(other)])
    either = parse(f"{first} OR {second}", vocabulary, AS_WRITTEN).strict
    assert either == wq.Or([one, other])


@pytest.mark.parametrize("one", ["courts/mines", "courts.mines", "courts/the/mines", "title:courts/mines"])
@pytest.mark.parametrize("around", ["mexico -{}", "mexico NOT {}", "mexico OR {}", "{} OR mexico", "-{}"])
def test_what_is_typed_as_one_is_one_to_an_operator(vocabulary, one, around):
    alone, grouped = (parse(around.format(text), vocabulary) for text in (one, f"({one})"))
    assert (alone.strict, alone.relaxed) == (grouped.strict, grouped.relaxed)


def test_stop_words_typed_as_one_count_behind_an_operator(vocabulary):
    parsed = parse("mexico -and/or", vocabulary, AS_WRITTEN)
    assert parsed.strict == wq.And([term("mexico"), wq.Not(wq.And([term("and"), term("or")]))])


@pytest.mark.parametrize("text", ["what courts do", "how many courts", "los courts de la", "quais courts da"])
def test_question_words_and_foreign_stop_words_count_for_nothing(vocabulary, text):
    assert "courts" in [clause.word for clause in parse(text, vocabulary).clauses]
    assert {clause.word for clause in parse(text, vocabulary).clauses} <= {"courts", "many"}


def test_nothing_but_question_words_is_searched(vocabulary):
    assert [clause.word for clause in parse("what how", vocabulary).clauses] == ["what", "how"]


def test_silent_words_do_not_use_up_the_limit(vocabulary):
    words = [f"the of what word{number}" for number in range(MAX_QUERY_WORDS)]
    parsed = parse(" ".join(words), vocabulary, AS_WRITTEN)
    assert parsed.warnings == ()
    assert len(parsed.clauses) == MAX_QUERY_WORDS == 64


@pytest.mark.parametrize(
    "text", ["(mexico courts) mines", "mexico (courts mines)", "((mexico) (courts mines))"]
)
def test_a_group_is_the_words_in_it(vocabulary, text):
    parsed, plain = parse(text, vocabulary), parse("mexico courts mines", vocabulary)
    assert (parsed.strict, parsed.relaxed) == (plain.strict, plain.relaxed)


def test_a_negated_group_stays_one(vocabulary):
    parsed = parse("mexico -(courts mines)", vocabulary, AS_WRITTEN)
    assert parsed.strict == wq.And([term("mexico"), wq.Not(wq.And([term("courts"), term("mines")]))])


WORDS = [
    "labor",
    "labour",
    "courts",
    "the",
    "children",
    "ILO",
    "COVID-19",
    "U.S.",
    "d’Ivoire",
    "Verité",
    "1,500",
    "x",
]
MARKS = [
    "(", ")", '"', "“", "-", "−", "!", "*", "~", "~2", "?", ":", "AND", "OR", "NOT", "|", "&&", "title:",
    "foo:", "grantee:", "http://", "\0", "\n", "İ", "ß", "कर्म", "劳工", "🎉", "\u0301", "[", "{", "^",
    "\\", "..", "--", "near/3", "NEAR", "2..5", "/a*b/", "&nbsp;", "%20", "^2", "~3", '"~2',
]  # fmt: skip
CODES = {
    "unknown_field", "unclosed_quote", "unclosed_parenthesis", "unopened_parenthesis", "empty_group",
    "empty_phrase", "lone_operator", "empty_field", "prefix_too_short", "wildcard_dropped", "too_deep",
    "too_many_words", "too_many_typo_words", "no_words", "address_read", "escapes_read", "mark_dropped",
    "weight_dropped", "typos_repaired", "distance_dropped", "operator_as_word", "range_as_words",
    "pattern_as_words",
}  # fmt: skip


@pytest.mark.parametrize(("words", "warnings"), [(MAX_WORDS, ()), (MAX_WORDS + 1, ("prefix_too_wide",))])
def test_a_beginning_of_more_words_than_are_searched_is_told(words, warnings):
    many = segment_of([replace(SEED[0], title=" ".join(f"wide{number:04}" for number in range(words)))])
    parsed = parse("wide*", vocabulary_of(many))
    assert tuple(one.code for one in parsed.warnings) == warnings
    assert all(f"Of the {words:,} words" in one.message for one in parsed.warnings)


@pytest.mark.parametrize(("words", "warnings"), [(MAX_WORDS, ()), (MAX_WORDS + 1, ("typos_too_wide",))])
@pytest.mark.parametrize(("typed", "typos"), [("wide~1", "one typo"), ("widen~2", "two typos")])
def test_more_near_words_than_are_searched_are_told(words, warnings, typed, typos):
    endings = string.ascii_lowercase + string.digits
    many = [f"{begin}{one}" for begin in ("wide", "wid") for one in endings][:words]
    parsed = parse(typed, vocabulary_of(segment_of([replace(SEED[0], title=" ".join(many))])))
    assert tuple(one.code for one in parsed.warnings) == warnings
    assert all(f"Of the {words:,} words" in one.message for one in parsed.warnings)
    assert all(f"at most {typos}" in one.message for one in parsed.warnings)


def random_text(rng):
    pieces = [
        rng.choice(WORDS if rng.random() < 0.5 else MARKS)
        for _ in range(rng.randrange(1, rng.choice([45, 45, 150])))
    ]
    favourite = rng.choice(["", "", "~ ", "("])
    return "".join(piece + rng.choice([" ", " ", "", favourite]) for piece in pieces)


@pytest.mark.parametrize("text", ["&nbsp;", "%20", "%00"])
def test_escapes_of_blanks_alone_are_no_words_and_told_once(vocabulary, text):
    parsed = parse(text, vocabulary)
    assert [warning.code for warning in parsed.warnings] == ["no_words"]


def test_what_is_invisible_cuts_no_word(vocabulary):
    for invisible in ("\xad", "\u200b", "\u2060", "\ufeff", "\u202a"):
        assert parse(f"la{invisible}bor", vocabulary) == parse("labor", vocabulary)


def test_generated_texts_are_understood_or_repaired(segment, vocabulary):
    rng = random.Random(20_000)
    matcher = Matcher(segment, vocabulary.lexicon)
    told = set()
    for number in range(3_000):
        text = random_text(rng)
        parsed = parse(text, vocabulary, Reading(expand=number % 2 == 0))
        codes = [warning.code for warning in parsed.warnings]
        assert len(codes) == len(set(codes)), text
        assert len(list(parsed.strict.leaves())) <= 20 * MAX_QUERY_WORDS, text
        assert ("no_words" in codes) == (parsed.strict == wq.Every() and bool(text.strip())), text
        told.update(codes)
        if not number % 20:
            strict, relaxed = matcher.match(parsed.strict), matcher.match(parsed.relaxed)
            assert set(strict.documents.tolist()) <= set(relaxed.documents.tolist()), text
    assert told == CODES


def test_typo_words_and_fields_are_those_of_the_manual():
    assert (MAX_TYPO_WORDS, TEXT_FIELDS) == (4, ("title", "description", "grantee", "fields"))
