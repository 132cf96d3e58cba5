"""Names under which one thing goes: the shipped ones, and those that a corpus adds in its `words.txt`."""

import pytest

from indexer.build import reindex
from indexer.document import Project
from search_app.engine.search import SearchEngine
from search_app.request import SearchRequest
from tests.building import write_corpus

SHIPPED = (
    ("World War II", "Second World War", "World War Two", "World War 2", "WWII", "WW2", "WW II"),
    ("World War I", "First World War", "World War One", "WWI"),
    ("19th century", "nineteenth century"),
    ("21st century", "twenty-first century"),
    ("Saint Louis", "St. Louis"),
    ("Mount Vernon", "Mt. Vernon"),
    ("Fort Worth", "Ft. Worth"),
)
ADDED = (("Saint Olaf", "St. Olaf"), ("Fort Ligonier", "Ft. Ligonier"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("names")
    forms = [form for names in (*SHIPPED, *ADDED, ("Saint Norbert", "St. Norbert")) for form in names]
    corpus = write_corpus(folder / "corpus", [Project(form, f"Letters from {form}") for form in forms])
    (corpus / "words.txt").write_text("".join(f"{' = '.join(names)}\n" for names in ADDED))
    reindex(corpus, folder / "index")
    return SearchEngine.open(folder / "index")


def found(engine, q):
    return [hit.project.id for hit in engine.search(SearchRequest(q=q)).hits]


@pytest.mark.parametrize("names", SHIPPED + ADDED, ids=[names[0] for names in SHIPPED + ADDED])
def test_a_name_is_found_in_all_its_forms_and_first_as_it_is_typed(engine, names):
    for form in names:
        ids = found(engine, form)
        assert ids[0] == form
        assert {*ids} == {*names}


def test_a_number_of_a_war_is_no_word_of_a_question(engine):
    assert {*found(engine, "what do I do: letters from the First World War")} == {*SHIPPED[1]}
    assert {*found(engine, "letters from World War")} == {
        name for name in (*SHIPPED[0], *SHIPPED[1]) if "World War" in name
    }


def test_a_word_cut_short_stands_for_the_whole_one_and_not_the_other_way_round(engine):
    assert found(engine, "St. Norbert") == ["St. Norbert", "Saint Norbert"]
    assert found(engine, "Saint Norbert") == ["Saint Norbert"]
