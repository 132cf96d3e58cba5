"""What is added to scores there is what is added here."""

from datetime import date

import pytest

from indexer.document import Project
from search_app.cluster.asking.extras import extras
from search_app.cluster.found import Read, Row
from search_app.embedded.matching.bonuses import Bonuses
from search_app.embedded.matching.evaluation import Matcher
from search_app.embedded.uses import vocabulary_of
from search_app.query.parsing import parse
from search_app.query.relaxing import asked
from search_app.results import ScorePart
from search_app.scoring.weights import Weights
from tests.building import segment_of

PROJECTS = [
    Project("one", "Follow-ups of courts", "A court, a child-care centre and the courts' follow-ups."),
    Project("two", "Follow ups", "International Labour Organization (ILO) programmes for child care."),
    Project("three", "ILO court", "The ILO has a program."),
]
WRITTEN_ALONE = Weights(proximity=0.0, title_phrase=0.0)


@pytest.fixture(scope="module")
def segment():
    return segment_of(PROJECTS)


@pytest.mark.parametrize("q", ["courts", "follow-ups", "child-care court", "child", "nothing"])
def test_words_as_written_are_worth_the_same(segment, q):
    vocabulary = vocabulary_of(segment)
    parsed = parse(q, vocabulary)
    here = Bonuses(Matcher(segment, vocabulary.lexicon), parsed, WRITTEN_ALONE)
    there = extras(parsed, vocabulary.lexicon, WRITTEN_ALONE)
    worth = [one["constant_score"]["boost"] for one in there if "term" in one["constant_score"]["filter"]]
    assert sum(worth) == pytest.approx(here.written_bound)
    assert bool(worth) == (q not in ("child", "nothing"))


@pytest.mark.parametrize(
    ("op", "parts"),
    [("and", [(True, 1.0)]), ("or", [(False, 3.0)])],
    ids=["what lacks a word has the other name", "any word counts"],
)
def test_the_parts_of_a_score_are_what_counted(segment, op, parts):
    vocabulary = vocabulary_of(segment)
    parsed = parse("international labour organization", vocabulary)
    (run,) = parsed.runs
    tree = asked(parsed, op)
    read = Read(parsed.loosened() if op == "or" else parsed, tree, None)
    hit = {"matched_queries": {"clause 1": 3.0, "run 0": 1.0}}
    found = Row(hit).ranked(read, date(2026, 1, 1), PROJECTS[2], dict).explanation
    names = {True: " / ".join(run.texts), False: parsed.clauses[1].text}
    assert found == tuple(ScorePart(names[is_run], None, score) for is_run, score in parts)
