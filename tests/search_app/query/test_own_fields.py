"""Words of own fields against brute force: in any field, in one, in a phrase; and what a query is told."""

import random

import pytest

from indexer.document import Project
from indexer.text.analysis import tokens
from search_app.engine.search import SearchEngine
from tests.asking import asking
from tests.building import index_of

WORDS = ["water", "health", "viet", "nam", "south", "africa", "côte", "ivoire", "clean"]
NOTES = " ".join(["and so on with many more words of prose that say nothing at all"] * 3)


def a_project(rng, number):
    def names(most):
        return [
            " ".join(rng.choices(WORDS, k=rng.randint(1, 3))).title() for _ in range(rng.randint(1, most))
        ]

    extra = {
        "Country": "; ".join(names(3)),
        "Theme": "; ".join(names(2)),
        "Notes": f"{' '.join(rng.choices(WORDS, k=4))} {NOTES}",
        "Amount": f"${rng.randint(1, 900)},000",
        "Signed": f"20{rng.randint(10, 19)}-01-05",
    }
    kept = {name: text for name, text in extra.items() if rng.random() < 0.8}
    return Project(f"p{number}", f"Title {rng.choice(WORDS)}", "", "Verité", extra=tuple(kept.items()))


def texts_of(project):
    """Return each text of a project with its field."""
    extra = dict(project.extra)
    found = [("title", project.title), ("grantee", project.grantee)]
    found += [("country", text) for text in extra.get("Country", "").split("; ")]
    found += [("theme", text) for text in extra.get("Theme", "").split("; ")]
    return [*found, ("notes", extra.get("Notes", ""))]


def has(project, field, phrase):
    """Tell whether words stand one after the other in one text of a field, "" for any."""
    for name, text in texts_of(project):
        words = [token.text for token in tokens(text) if token.kind == "word"]
        starts = range(len(words) - len(phrase) + 1)
        if field in ("", name) and any(words[at : at + len(phrase)] == phrase for at in starts):
            return True
    return False


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    rng = random.Random(7)
    projects = [a_project(rng, number) for number in range(120)]
    return rng, SearchEngine.open(index_of(tmp_path_factory.mktemp("own"), projects)), projects


def found(engine, q, **others):
    answer = engine.search(asking(q=q, per_page=200, **others))
    assert not answer.relaxed
    return {hit.project.id for hit in answer.hits}


@pytest.mark.parametrize("field", ["", "country", "theme", "notes", "title"])
def test_words_and_phrases_are_found_where_they_stand(world, field):
    rng, engine, projects = world
    plain = [word if word != "côte" else "cote" for word in WORDS]
    tried = 0
    for length in (1, 1, 1, 2, 2, 2, 3):
        phrase = rng.choices(plain, k=length)
        right = {project.id for project in projects if has(project, field, phrase)}
        if right:
            name = f"{field}:" if field else ""
            assert found(engine, f'{name}"{" ".join(phrase)}"') == right
            every = {project.id for project in projects}
            assert found(engine, f'NOT {name}"{" ".join(phrase)}"', expand=False) == every - right
            tried += 1
    assert tried > 2


def test_a_field_and_words_around_it_are_all_required(world):
    _, engine, projects = world
    for theme in ("water", "health"):
        right = {p.id for p in projects if has(p, "theme", [theme]) and has(p, "country", ["africa"])}
        assert right
        assert found(engine, f"theme:{theme} country:africa") == right
        assert found(engine, f"theme:({theme} OR zebra) Country: afric*") == right
    everywhere = {p.id for p in projects if has(p, "theme", ["nam"]) or has(p, "country", ["nam"])}
    in_notes = {p.id for p in projects if has(p, "notes", ["nam"])}
    assert found(engine, "fields:nam") == everywhere | in_notes


def test_a_hit_tells_in_which_field_it_was_found_and_marks_it(world):
    _, engine, _ = world
    for hit in engine.search(asking(q="theme:health", per_page=50)).hits:
        (term,) = hit.matched.terms
        assert (term.text, term.words, term.fields) == ("theme:health", ("health",), ("theme",))
        assert hit.own.keys() == {"theme"}
        for snippet in hit.own["theme"]:
            assert snippet.text in hit.fields["theme"]
            assert {snippet.text[first:last].lower() for first, last in snippet.highlights} == {"health"}
    for hit in engine.search(asking(q="ivoire", per_page=50)).hits:
        (term,) = hit.matched.terms
        own = {name for name, text in texts_of(hit.project) if "ivoire" in text.lower()}
        assert {*term.fields} == own
        assert {*hit.own} == own - {"title", "grantee"}


@pytest.mark.parametrize(
    ("q", "told", "instead"),
    [
        ("amount:1000", "“amount” has numbers and no words", "amount_from=1000 and amount_to=5000"),
        ("Signed:2015", "“Signed” has dates and no words", "signed=2021 or signed_from=2021-06"),
        ("world_region:europe", "“world_region” is not searched by words", "world_region= and a whole value"),
        ("start_date:2015", "“start_date” is not searched by words", "start_from=2020 and start_to=2021-06"),
        ("Year:2015", "“Year” is not searched by words", "active_from=2020 and active_to=2021-06"),
        ("status:active", "“status” is not searched by words", "status=active"),
        ("fund:water", "“fund” is no field (title, description, grantee, id, country, theme, notes)", ""),
    ],
)
def test_what_has_no_words_is_told_how_it_is_asked_for(world, q, told, instead):
    _, engine, _ = world
    (warning,) = engine.search(asking(q=q)).warnings
    assert warning.code == "unknown_field"
    # People are told what was done; programs, by which parameters to ask, which are on no page.
    assert warning.message == f"{told}; it was taken as a word."
    assert instead in warning.instead
    assert bool(instead) == bool(warning.instead)
