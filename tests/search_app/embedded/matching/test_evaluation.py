"""The matcher against brute force, and stock Whoosh's Searcher over the same segment against both."""

import random
from datetime import date

import numpy as np
import pytest
from whoosh import query as wq
from whoosh.searching import Searcher

from indexer.document import Project
from indexer.storage.schema import TEXT_FIELDS
from indexer.storage.whoosh import codec
from indexer.storage.whoosh.weighting import ImpactWeighting
from indexer.text.analysis import fold
from search_app.embedded.matching.bonuses import Bonuses
from search_app.embedded.matching.evaluation import Matcher
from search_app.embedded.matching.ranking import best
from search_app.embedded.postings.matches import Matches
from search_app.query.parsing import Parsed
from search_app.query.written import AnyPhrase, Written, WrittenPhrase
from search_app.scoring.weights import Weights
from search_app.words.lexicon import Lexicon
from tests.building import segment_of
from tests.reference import ANY, Reference

# Words that share stems, joined forms and prefixes, so that random texts collide in every way.
WORDS = (
    "labor labors laboring court courts inspect inspection inspections inspect-ed follow-ups followups follow "
    "ups child children COVID-19 covid 19 U.S. us Verité verite d’Ivoire ivoire the of and 1,500 work worked"
).split()
STEMS = ["labor", "court", "inspect", "follow", "up", "followup", "child", "children", "covid", "covid19", "us",
         "verit", "the", "of", "work", "1500", "zebra"]  # fmt: skip
PREFIXES = ["la", "co", "insp", "inspecti", "followu", "wor", "worked", "zz", "c", "ver"]


def random_projects(rng, most=25):
    def text(longest):
        return " ".join(rng.choice(WORDS) for _ in range(rng.randrange(longest)))

    return [
        Project(
            id=f"p{number}",
            title=text(6) or "untitled",
            description=text(30),
            grantee=text(3),
            start=date(2000 + rng.randrange(20), 1, 1) if rng.random() < 0.9 else None,
        )
        for number in range(rng.randrange(1, most))
    ]


def random_tree(rng, depth=3):
    field = rng.choice([ANY, ANY, ANY, *TEXT_FIELDS])
    kind = rng.random()
    if depth == 0 or kind < 0.4:
        leaf = rng.random()
        if leaf < 0.6:
            return wq.Term(field, rng.choice(STEMS), boost=rng.choice([1.0, 1.0, 0.5]))
        if leaf < 0.8:
            return random_phrase(rng, field)
        if leaf < 0.9:
            return Written(field, fold(rng.choice(WORDS)))
        if leaf < 0.95:
            return wq.Prefix(field, rng.choice(PREFIXES))
        return wq.Every()
    children = [random_tree(rng, depth - 1) for _ in range(rng.randrange(1, 4))]
    if kind < 0.65:
        if rng.random() < 0.4:
            children.append(wq.Not(random_tree(rng, depth - 1)))
        return wq.And(children)
    if kind < 0.85:
        return wq.Or(children)
    if kind < 0.95:
        return wq.DisjunctionMax(children)
    return wq.Not(children[0])


def random_phrase(rng, field):
    size = rng.randrange(2, 4)
    kind = rng.random()
    if kind < 0.4:
        return wq.Phrase(field, [rng.choice(STEMS) for _ in range(size)])
    if kind < 0.7:
        return AnyPhrase(field, [tuple(rng.sample(STEMS, rng.randrange(1, 3))) for _ in range(size)])
    return WrittenPhrase(field, [fold(rng.choice(WORDS)) for _ in range(size)])


def in_order(segment, projects):
    by_id = {project.id: project for project in projects}
    return [by_id[segment.project(number).id] for number in range(len(segment))]


@pytest.mark.seeds(15, 40)
def test_matches_and_scores_are_those_of_brute_force(seed):
    rng = random.Random(seed)
    for _ in range(5):
        segment = segment_of(projects := random_projects(rng))
        reference = Reference(in_order(segment, projects))
        matcher = Matcher(segment, Lexicon.of(segment))
        for _ in range(40):
            tree = random_tree(rng)
            expected = reference.search(tree)
            found = matcher.match(tree)
            assert found.documents.tolist() == sorted(expected), tree
            scores = [expected[number] for number in found.documents.tolist()]
            assert found.scores == pytest.approx(scores, abs=1e-4), tree


@pytest.mark.parametrize("seed", range(20), ids=lambda seed: f"seed-{seed}")
def test_stock_whoosh_agrees_where_it_is_right(seed):
    """Terms, And, Or and phrases. Left out: Not inside And (stock Whoosh loses documents), DisjunctionMax
    over more than terms (it adds where it should take the best), prefixes (stock runs them on stems), and
    phrase scores (stock scores a phrase by its last word)."""
    rng = random.Random(1000 + seed)
    segment = segment_of(random_projects(rng))
    matcher = Matcher(segment, Lexicon.of(segment))
    with Searcher(codec.reader(segment), weighting=ImpactWeighting()) as searcher:
        for _ in range(40):
            words = [wq.Term(ANY, rng.choice(STEMS)) for _ in range(rng.randrange(1, 4))]
            tree = rng.choice([wq.And, wq.Or])(words)
            hits = {hit.docnum: hit.score for hit in searcher.search(tree, limit=None)}
            found = matcher.match(tree)
            assert dict(zip(found.documents.tolist(), found.scores.tolist(), strict=True)) == pytest.approx(
                hits, abs=1e-4
            )
            phrase = wq.Phrase(rng.choice([*TEXT_FIELDS, ANY]), [rng.choice(STEMS) for _ in range(2)])
            hits = sorted(hit.docnum for hit in searcher.search(phrase, limit=None))
            assert matcher.match(phrase).documents.tolist() == hits, phrase


def test_stock_whoosh_expands_prefixes_and_typos_over_the_segment():
    segment = segment_of(
        [Project("a", "Labour inspectors"), Project("b", "Inspired courts"), Project("c", "Labor")]
    )
    with Searcher(codec.reader(segment)) as searcher:
        assert {h["id"] for h in searcher.search(wq.Prefix("title", "insp"))} == {"a", "b"}
        assert {h["id"] for h in searcher.search(wq.FuzzyTerm("title", "labor", maxdist=1))} == {"a", "c"}


@pytest.mark.parametrize("seed", range(10), ids=lambda seed: f"seed-{seed}")
def test_the_best_page_is_the_head_of_the_whole_order(seed):
    """Pruning by the bound of the bonuses gives what scoring every document gives."""
    rng = random.Random(seed)
    segment = segment_of(random_projects(rng, most=200))
    matcher = Matcher(segment, Lexicon.of(segment))
    for _ in range(20):
        stems = [rng.choice(STEMS) for _ in range(rng.randrange(1, 5))]
        tree = rng.choice([wq.And, wq.Or])([wq.Term(ANY, stem) for stem in stems])
        from search_app.query.clause import Clause

        clauses = tuple(Clause(stem, wq.Term(ANY, stem), (stem,)) for stem in stems)
        parsed = Parsed(tree, tree, clauses, sequence=tuple((stem,) for stem in stems))
        bonuses = Bonuses(matcher, parsed, Weights(proximity=rng.choice([0.0, 0.5, 2.0])))
        found = matcher.match(tree)
        scores = found.scores + bonuses.of(found.documents)
        order = np.lexsort((found.documents, -scores))
        size = rng.randrange(1, 12)
        page = best(Matches(found.documents, found.scores), bonuses, size)
        assert page.documents.tolist() == found.documents[order][:size].tolist()
        assert page.scores.tolist() == scores[order][:size].tolist()
