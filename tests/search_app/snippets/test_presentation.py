"""What is shown of a hit, and why it matched: the words, the forms, the fields, and what is missing."""

import pytest

from indexer.document import Project
from indexer.storage.schema import TEXT_FIELDS
from search_app.snippets.presentation import Shown
from search_app.snippets.sought import highlighters
from tests.asking import asking
from tests.building import engine_of
from tests.documents import CALLE, CAMINOS, LABOUR, SEED, TECLAB, VISION_ZERO


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return engine_of(tmp_path_factory.mktemp("showing"), [*SEED, *LABOUR.values()])


def hit_of(engine, project, q, **asked):
    results = engine.search(asking(q=q, per_page=100, **asked))
    return next(hit for hit in results.hits if hit.project.id == project.id)


def highlights(snippet):
    return [snippet.text[start:end] for start, end in snippet.highlights]


def why(hit):
    return {term.text: (term.words, term.fields) for term in hit.matched.terms}


def test_words_forms_and_fields_are_told(engine):
    hit = hit_of(engine, TECLAB, "labour courts")
    assert why(hit) == {
        "labour": (("labor",), ("title", "description")),
        "courts": (("courts",), ("title", "description")),
    }
    assert hit.matched.missing == ()
    assert highlights(hit.title) == ["Courts", "Labor"]


def test_stems_are_told_as_the_words_met(engine):
    assert why(hit_of(engine, CALLE, "inspecting"))["inspecting"][0] == ("inspections", "inspection")


def test_what_is_missing_is_told(engine):
    results = engine.search(asking(q="courts automotive cocoa zeppelin", per_page=100))
    assert results.relaxed
    hit = next(hit for hit in results.hits if hit.project.id == CALLE.id)
    assert [term.text for term in hit.matched.terms] == ["courts", "automotive"]
    assert hit.matched.missing == ("cocoa", "zeppelin")
    assert all(set(hit.matched.missing) | {term.text for term in hit.matched.terms} for hit in results.hits)


@pytest.mark.parametrize(
    "q", ["courts mexico", "insp* courts", "title:courts courts", "ILO labour", "follow-ups"]
)
def test_what_stands_in_the_query_again_is_told_again_and_marked_once(engine, q):
    for hit in engine.search(asking(q=f"{q} {q}", per_page=9, op="or")).hits:
        alone = hit_of(engine, hit.project, q, op="or")
        assert (hit.title, hit.description, hit.grantee) == (alone.title, alone.description, alone.grantee)
        assert hit.matched.terms == alone.matched.terms * 2


def test_what_stands_in_the_query_again_is_looked_for_once(engine):
    answer = engine.backend.parsed(asking(q="courts mexico courts title:courts courts"))
    assert answer.firsts() == [0, 1, 0, 3, 0]
    marking = highlighters(engine.backend.vocabulary.lexicon, answer)
    assert (marking["title"].clauses, marking["description"].clauses) == ({0, 1, 3}, {0, 1})


def test_a_phrase_marks_no_lone_word(engine):
    hit = hit_of(engine, CALLE, '"labor courts"')
    assert {
        one.lower() for snippet in (hit.title, *hit.description, hit.grantee) for one in highlights(snippet)
    } == {"labor courts"}


def test_a_field_marks_nothing_elsewhere(engine):
    hit = hit_of(engine, CAMINOS, "title:enforcement")
    assert highlights(hit.title) == ["Enforcement"]
    assert [highlight for snippet in hit.description for highlight in highlights(snippet)] == []
    assert why(hit) == {"title:enforcement": (("enforcement",), ("title",))}


def test_a_negated_word_is_not_looked_for(engine):
    hit = hit_of(engine, CAMINOS, "inspections -courts")
    assert [term.text for term in hit.matched.terms] == ["inspections"]


def test_a_prefix_and_a_typo_mark_the_words_they_stand_for(engine):
    assert set(why(hit_of(engine, CALLE, "inspec*"))["inspec*"][0]) >= {"inspections", "inspectors"}
    assert why(hit_of(engine, CAMINOS, "usmka~"))["usmka~"][0] == ("usmca",)


def test_a_whole_run_is_marked_through_its_variant(engine):
    hit = hit_of(engine, LABOUR["traffick-persons"], "human trafficking")
    assert "Trafficking in Persons" in highlights(hit.title)
    assert hit.matched.missing == ()


@pytest.mark.parametrize(
    ("text", "q", "words", "degree"),
    [
        pytest.param("A life of MacArthur.", "mac arthur", "macarthur", 2, id="as one word"),
        pytest.param("Sweatshops on the hill.", "garment factory", "sweatshops", 3, id="for the same thing"),
    ],
)
def test_what_was_met_for_a_phrase_was_met_for_each_of_its_words(tmp_path, text, q, words, degree):
    projects = [Project("a", "Courts", text), Project("b", "Others", "a garment factory")]
    [hit] = [one for one in engine_of(tmp_path, projects).search(asking(q=q)).hits if one.project.id == "a"]
    assert [(one.words, one.degree) for one in hit.matched.terms] == [((words,), degree)] * 2


def test_a_word_of_a_phrase_is_told_where_what_was_met_for_it_stands(tmp_path):
    # *Garments* is met in the title as well, but for the first word alone.
    projects = [
        Project("a", "Garments", "Sweatshops on the hill."),
        Project("b", "Others", "a garment factory"),
    ]
    hit = hit_of(engine_of(tmp_path, projects), projects[0], "garment factory")
    assert why(hit) == {
        "garment": (("garments", "sweatshops"), ("title", "description")),
        "factory": (("sweatshops",), ("description",)),
    }


@pytest.mark.parametrize(
    ("q", "marked", "degree"),
    [
        ("C", ["C++", "C", "C#", "C++"], 1), ('"C" OR zeppelin', ["C"], 1), ("C++", ["C++", "C++"], 1),
        ("Visual-C", ["Visual-C++"], 2), ("up", ["up"], 1), ('"set-up"', ["set-up"], 1),
    ],
)  # fmt: skip
def test_a_letter_with_marks_is_another_word(tmp_path, q, marked, degree):
    text = "In C++11, C and C#: a set-up# of Visual-C++."
    project = Project("a", "Courts", text)
    hit = hit_of(engine_of(tmp_path, [project]), project, q)
    assert highlights(hit.description[0]) == marked
    assert hit.matched.terms[0].degree == degree


@pytest.mark.parametrize(
    ("text", "q", "highlight"),
    [
        pytest.param("All follow-ups count.", "followups", "follow-ups", id="joined form"),
        pytest.param("All follow-ups count.", "follow-ups", "follow-ups", id="compound"),
        pytest.param("Law of the U.S. today.", "us", "U.S", id="acronym with dots"),
        pytest.param("Die Straße.", "strasse", "Straße", id="sharp s"),
        pytest.param("About COVID-19.", "covid19", "COVID-19", id="letters and number"),
    ],
)
def test_what_matched_is_marked_however_it_is_written(tmp_path, text, q, highlight):
    engine = engine_of(tmp_path, [Project("a", "Courts", text)])
    [hit] = engine.search(asking(q=q)).hits
    assert highlight in highlights(hit.description[0])


def test_every_part_that_a_hit_has_is_marked_somewhere(engine):
    for q in ("child labor", "human trafficking", "osh covid", "insp* cort~", '"supply chain" mexico', "ILO"):
        for hit in engine.search(asking(q=q, per_page=100)).hits:
            shown = {name for term in hit.matched.terms for name in term.fields}
            assert shown <= set(TEXT_FIELDS)
            assert all(term.words and term.fields for term in hit.matched.terms), (q, hit.project.id)


def test_browsing_shows_the_beginning_without_marks(engine):
    for hit in engine.search(asking(per_page=100)).hits:
        assert (hit.title.highlights, hit.matched.terms, hit.matched.missing) == ((), (), ())
        assert [bool(snippet.text) for snippet in hit.description] == (
            [True] if hit.project.description else []
        )
        if hit.description:
            assert hit.project.description.startswith(hit.description[0].text.removesuffix(" …"))


def test_a_project_may_be_shown_whole(engine):
    shown = engine.highlighted(asking(q="courts"), TECLAB.id)
    assert highlights(shown.title) == ["Courts"]
    assert [snippet.text for snippet in shown.description] == [TECLAB.description]
    assert engine.highlighted(asking(q="courts"), "nobody") is None


def test_unhighlighted_is_the_text_as_it_is():
    shown = Shown.unhighlighted(VISION_ZERO)
    assert (shown.title.text, shown.grantee.text) == (VISION_ZERO.title, VISION_ZERO.grantee)
    assert shown.title.highlights == ()
