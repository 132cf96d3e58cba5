"""Completions: what a person who types is offered."""

from datetime import date

import pytest

from indexer.document import Project
from search_app.embedded.postings.terms import TermReader
from search_app.embedded.sources import SegmentSources
from search_app.embedded.uses import vocabulary_of
from search_app.results import Completion
from search_app.suggest.completions import Completer
from tests.building import segment_of
from tests.documents import CALLE, LABOUR, SEED, TECLAB, VISION_ZERO


def completer_of(projects):
    segment = segment_of(projects)
    vocabulary = vocabulary_of(segment)
    return Completer(vocabulary, SegmentSources(segment, TermReader(segment, vocabulary.lexicon.term_of)))


@pytest.fixture(scope="module")
def seed():
    return completer_of(SEED)


@pytest.fixture(scope="module")
def labour():
    return completer_of([*SEED, *LABOUR.values()])


def offered(completer, text, kind):
    return [one.text for one in completer.complete(text) if one.kind == kind]


def test_all_kinds_with_what_they_lead_to(seed):
    assert seed.complete("verit") == (
        Completion("verité", "word", 1),
        Completion("Verité", "grantee", 1),
    )
    assert seed.complete("towards eff")[-1] == Completion(TECLAB.title, "title", 1, TECLAB.id)


WORDS = {
    "by use": ("la", ["labor", "labour", "law", "languages"]),
    "after a whole word": ("child la", ["child labor", "child labour"]),
    "that go with the whole word": ("brick k", ["brick kesari", "brick kilns"]),
    "in the form that goes with it": ("united st", ["united states"]),
    "after another spelling": ("organised unio", ["organised unions"]),
    "inside a compound": ("follow-u", ["follow-ups"]),
    "a compound as written": ("covid", ["covid", "covid-19"]),
    "an acronym": ("usm", ["usmca"]),
    "accents need not be typed": ("potos", ["potosi"]),
    "beginning of a compound's second word": ("covid-1", ["covid-19"]),
    "capitals stay": ("Labor Cour", ["Labor courts"]),
    "what is left out goes with no word": (
        'brick -"child labour" NOT law -la k',
        ['brick -"child labour" NOT law -la kesari', 'brick -"child labour" NOT law -la kilns'],
    ),
    "marks stay": ('title:"labor cour', ['title:"labor courts']),
    "the word typed comes first": ("court", ["court", "courts"]),
    "the word typed alone": ("courts", ["courts"]),
    "the word typed after others": ("child labour", ["child labour"]),
    "no stop words": ("th", ["through", "thailand", "theft", "three"]),
    "nothing": ("xyz", []),
    "unknown word before": ("zymurgy la", []),
}


@pytest.mark.parametrize(("text", "words"), WORDS.values(), ids=WORDS)
def test_words(labour, text, words):
    assert offered(labour, text, "word")[: len(words) or None] == words


GRANTEES = {
    "by use": ("intern", ["International Labor Organization (ILO)", "Equal Ground International"]),
    "two words": (
        "labor inter",
        ["International Labor Organization (ILO)", "International Labour Organization"],
    ),
    "other word": ("resea", ["Lotus Labour Research Centre", "American Institutes for Research"]),
    "two words in any order": ("research americ", ["American Institutes for Research"]),
    "acronym": ("ilo", ["International Labor Organization (ILO)"]),
    "accents": ("univ", ["Northfield University", "Université du Sahel"]),
    "other spelling": ("lotus labor", ["Lotus Labour Research Centre"]),
    "stop words do not matter": ("institute of work", ["Meridian Institute for Work"]),
    "a whole word": ("harbour ", ["Harbour & Hill Foundation"]),
    "not inside a word": ("ward", []),
    "not for one letter": ("i", []),
}


@pytest.mark.parametrize(("text", "names"), GRANTEES.values(), ids=GRANTEES)
def test_grantees(labour, text, names):
    assert offered(labour, text, "grantee") == names


@pytest.mark.parametrize(
    "before", ["NOT ", "labor -", "labor NOT ", "labor !", 'labor -"', "labor NOT (", "labor \N{MINUS SIGN}"]
)
def test_nothing_but_words_is_offered_for_what_is_left_out(labour, before):
    assert {one.kind for one in labour.complete(f"{before}inter")} == {"word"}


def test_names_and_titles_are_offered_beside_what_is_left_out(labour):
    assert offered(labour, "-zymurgy inter", "grantee") == offered(labour, "inter", "grantee") != []


def test_grantees_count_their_projects(labour):
    counts = {one.text: one.count for one in labour.complete("international labo") if one.kind == "grantee"}
    assert counts == {"International Labor Organization (ILO)": 6, "International Labour Organization": 4}


def test_a_grantee_is_offered_once_in_whatever_spellings_it_has_the_words():
    # *program* begins "programme", which is looked for as well.
    projects = [
        Project("food", "Meals", grantee="World Food Programme"),
        Project("arts", "Plays", grantee="Centre Center for Theatre"),
    ]
    completer = completer_of(projects)
    assert offered(completer, "world food program", "grantee") == ["World Food Programme"]
    assert offered(completer, "program", "grantee") == ["World Food Programme"]
    assert offered(completer, "centre ", "grantee") == ["Centre Center for Theatre"]


def test_how_a_word_is_written_is_looked_up_once():
    segment = segment_of([Project("a", "Follow-ups of Verité")])
    vocabulary = vocabulary_of(segment)
    asked = []

    class Counting(SegmentSources):
        def first_with(self, term, form):
            asked.append((term, form))
            return super().first_with(term, form)

    completer = Completer(vocabulary, Counting(segment, TermReader(segment, vocabulary.lexicon.term_of)))
    for text in ("veri", "verit", "verite", "follow-up"):
        assert offered(completer, text, "word")
    assert len(asked) == len(set(asked)) > 1


TITLES = {
    "beginning": ("improving w", [VISION_ZERO.title, CALLE.title]),
    "typographic marks": ("improving workers' occ", [VISION_ZERO.title]),
    "words in any order": ("brick free", ["Freedom from Debt Bondage in Brick Kilns"]),
    "beginning first": (
        "cotton",
        ["Cotton Cooperatives of the Sahel", "Fair Recruitment for the Cotton Harvest"],
    ),
    "newest first": ("apprent", ["Apprenticeships for Decent Work", "Better Apprenticeships in Kenya"]),
    "other spelling": ("child labor conf", ["World Day against Child Labour Conference"]),
    "whole words": ("debt bondage ", ["Freedom from Debt Bondage in Brick Kilns"]),
    "not from the description": ("chiapas", []),
    "not for one letter": ("b", []),
}


@pytest.mark.parametrize(("text", "titles"), TITLES.values(), ids=TITLES)
def test_titles(labour, text, titles):
    assert offered(labour, text, "title") == titles


def test_a_title_of_several_projects_is_offered_once():
    phases = [Project(f"phase-{year}", "Cobalt Watch", start=date(year, 1, 1)) for year in (2010, 2020)]
    assert completer_of(phases).complete("cobalt w")[-1] == Completion(
        "Cobalt Watch", "title", 2, "phase-2020"
    )


def test_a_word_is_ranked_by_its_own_use():
    # "these" and "theses" have one stem.
    projects = [Project(f"these-{number}", "these") for number in range(9)]
    projects += [Project("theses", "theses"), Project("theory", "theory"), Project("theory-2", "theory")]
    assert offered(completer_of(projects), "the", "word") == ["theory", "theses"]


def test_words_run_together_by_a_slip_are_not_offered():
    words = {"history": 60, "historyof": 1, "historian": 1, "wonderfor": 1, "wonder": 9}
    projects = [Project(f"{word}-{number}", word) for word in words for number in range(words[word])]
    completer = completer_of(projects)
    assert offered(completer, "history", "word") == ["history"]
    assert offered(completer, "wonder", "word") == ["wonder", "wonderfor"]


def test_the_limit_holds(labour):
    assert [len(labour.complete("la", limit)) for limit in (0, 1, 3, 8)] == [0, 1, 3, 8]


@pytest.mark.parametrize("text", ["", " ", '"', "-", "the ", "…", "(((", "%", "\x00"], ids=repr)
def test_nothing_typed_is_nothing_offered(labour, text):
    assert labour.complete(text) == ()


def test_an_empty_corpus():
    assert completer_of([]).complete("labor cou") == ()
