"""The parts of a score: named, by field, and adding up to it."""

import random

import pytest

from indexer.document import Project
from tests.asking import asking
from tests.building import engine_of
from tests.documents import LABOUR, SEED, TECLAB
from tests.search_app.query.test_parsing import random_text

QUERIES = [
    "courts", "labour courts", "human trafficking", "trafficking in persons in ghana", "follow-ups",
    "title:child labour OR courts", '"labor courts" mexico', "insp* mexco~", "-courts mexico", "the", "",
    "mexico (courts OR (unions -inspection))", "occupational safety and health zebra", "(labour)", "ILO",
    "inspectors follow-ups covid", "osh mining",
    "courts mexico courts title:courts courts", "human trafficking human trafficking human", "insp* insp* the the",
]  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return engine_of(tmp_path_factory.mktemp("explain"), [*SEED, *LABOUR.values()])


def check(engine, q, **asked):
    for hit in engine.search(asking(q=q, explain=True, per_page=100, **asked)).hits:
        total = sum(clause.score for clause in hit.explanation)
        assert total == pytest.approx(hit.score, abs=1e-4), (q, hit.project.id, hit.explanation)


@pytest.mark.parametrize("op", ["and", "or"])
@pytest.mark.parametrize("q", QUERIES)
def test_the_parts_add_up_to_the_score(engine, q, op):
    check(engine, q, op=op)


@pytest.mark.parametrize("sort", ["title", "-start_date", "end_date"])
def test_they_do_so_in_every_order(engine, sort):
    check(engine, "labour courts", sort=sort)


def test_they_do_so_for_generated_queries(engine):
    rng = random.Random(5)
    for number in range(150):
        check(engine, random_text(rng), op=rng.choice(["and", "or"]), expand=number % 2 == 0)


def test_a_word_has_its_parts_as_often_as_it_stands_in_the_query(engine):
    [once, *_] = engine.search(asking(q="courts mexico", op="or", explain=True)).hits
    again = engine.search(asking(q="courts mexico courts", op="or", explain=True, per_page=100)).hits
    hit = next(one for one in again if one.project.id == once.project.id)
    courts = [part for part in once.explanation if part.name == "courts"]
    assert courts
    assert [part for part in hit.explanation if part.name == "courts"] == courts * 2


def test_each_part_has_its_name_and_field(engine):
    [hit, *_] = engine.search(asking(q="effective courts", explain=True)).hits
    assert hit.project.id == TECLAB.id
    named = {(clause.name, clause.field) for clause in hit.explanation}
    assert named == {
        ("effective", "title"),
        ("effective", "description"),
        ("courts", "title"),
        ("courts", "description"),
        ("proximity", None),
        ("title phrase", None),
        ("as written", None),
    }


def test_a_variant_of_the_whole_is_named_if_it_counted_more(engine):
    hits = engine.search(asking(q="human trafficking", explain=True)).hits
    hit = next(hit for hit in hits if hit.project.id == "traffick-persons")
    assert hit.explanation[0].name == "trafficking in persons"


def test_a_word_that_counted_more_than_the_variant_of_the_whole_is_named(tmp_path):
    often = Project("often", "Trafficking, trafficking, trafficking", "Trafficking in persons.")
    filler = [Project(f"filler{number}", "Persons in " + "persons in " * number) for number in range(9)]
    engine = engine_of(tmp_path, [often, *filler, Project("human", "Human")])
    hits = engine.search(asking(q="human trafficking", op="or", explain=True)).hits
    hit = next(hit for hit in hits if hit.project.id == "often")
    assert {clause.name for clause in hit.explanation} == {"trafficking"}
    check(engine, "human trafficking", op="or")


def test_nothing_is_explained_unless_asked(engine):
    assert {hit.explanation for hit in engine.search(asking(q="courts")).hits} == {()}
