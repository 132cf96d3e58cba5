"""Which query is proposed: what is no word first, then what hardly a project has, and never what finds less."""

import pytest

from indexer.document import Project
from tests.asking import asking
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

TEXTS = [
    *["History of art"] * 500,
    *["History of science"] * 30,
    "Histroy of science",
    "Mines of zinc",
    *["Walt Whitman and their poems"] * 20,
    "Arthur Witman",
    *["Art of Zürich"] * 20,
    "Zürech",
]
PROPOSED = {
    "what is no word, then what hardly a project has": ("histroy of sciance", "history of science", 30),
    "a word alone": ("histroy", "history", 530),
    "with words that no project has beside it": ("histroy art", "history art", 500),
    "as a project has it, and others have it right": ("histroy of science", "history of science", 30),
    "with any of the words in either case": ("histroy mines", "history mines", 531),
    "a name that some project has, and not beside this one": ("walt witman", "walt whitman", 20),
    "a name beside what it stands with": ("arthur witman", None, 0),
    "far more often beside it, and yet seldom": ("art zürech", None, 0),
    "a word that a search does without, its letters swapped": ("thier history", "their history", 530),
    "right": ("history of science", None, 0),
    "any of the words": ("histroy OR science", None, 0),
    "excluded": ("science -histroy", None, 0),
}


@pytest.fixture(scope="module")
def engine(backend, tmp_path_factory):
    projects = [Project(f"p{number}", text) for number, text in enumerate(TEXTS)]
    return backend.engine_of(tmp_path_factory.mktemp("slips"), projects)


@pytest.mark.parametrize(("typed", "meant", "total"), PROPOSED.values(), ids=PROPOSED)
def test_proposed(engine, typed, meant, total):
    found = engine.search(asking(q=typed)).suggestion
    assert (found and (found.q, found.total)) == (meant and (meant, total))
