"""What is added to BM25F: words that stand together, and the query as a phrase of the title."""

import random
from datetime import date

import numpy as np
import pytest

from indexer.document import Project
from search_app.embedded.matching import proximity
from search_app.embedded.matching.bonuses import Bonuses
from search_app.embedded.matching.evaluation import Matcher
from search_app.embedded.matching.ranking import smallest_keys
from search_app.embedded.uses import vocabulary_of
from search_app.query.parsing import parse
from search_app.request import SearchRequest
from search_app.scoring.weights import DEFAULT_WEIGHTS, Weights
from search_app.words.lexicon import Lexicon
from tests.building import engine_of, segment_of
from tests.search_app.embedded.matching.test_evaluation import random_projects


def bonuses_of(segment, q, weights=DEFAULT_WEIGHTS):
    return Bonuses(Matcher(segment, Lexicon.of(segment)), parse(q, vocabulary_of(segment)), weights)


def ids(results):
    return [hit.project.id for hit in results.hits]


def ranked(tmp_path, q, *projects):
    """Return the ids found among projects with one filler each, so that no word is in all of them."""
    filler = [Project(f"filler{number}", "Nothing here", "about it") for number in range(8)]
    return ids(engine_of(tmp_path, [*projects, *filler]).search(SearchRequest(q=q)))


def test_a_title_counts_more_than_a_description(tmp_path):
    assert ranked(
        tmp_path,
        "courts",
        Project("described", "Labor justice", "About courts"),
        Project("titled", "About courts", "Labor justice"),
    ) == ["titled", "described"]


def test_words_that_stand_together_count_more(tmp_path):
    apart = Project("apart", "One", "courts of the land where in the end there is some labor")
    together = Project("together", "Two", "where in the end of the land there is some labor courts")
    assert ranked(tmp_path, "labor courts", apart, together) == ["together", "apart"]


def test_a_title_typed_word_for_word_comes_first(tmp_path):
    exact = Project("exact", "Safety in the mines")
    other = Project("other", "Mines safety", "safety mines safety mines safety mines safety in the mines")
    assert ranked(tmp_path, "safety in the mines", other, exact)[0] == "exact"


def test_the_word_as_typed_is_not_outranked_by_a_variant(tmp_path):
    typed = Project("typed", "labour justice")
    variant = Project("variant", "labor justice")
    more = [Project(f"more{number}", "labour") for number in range(4)]
    assert ranked(tmp_path, "labour justice", variant, typed, *more)[:2] == ["typed", "variant"]


def test_equal_scores_are_newest_first_then_by_id(tmp_path):
    days = {"b": date(2020, 1, 1), "a": date(2020, 1, 1), "c": date(2021, 1, 1), "unknown": None}
    projects = [Project(one, "Courts", start=day) for one, day in days.items()]
    assert ranked(tmp_path, "courts", *projects) == ["c", "a", "b", "unknown"]


@pytest.mark.parametrize("seed", range(5), ids=lambda seed: f"seed-{seed}")
def test_no_bonus_exceeds_its_bound_nor_the_limit_of_its_document(seed):
    rng = random.Random(seed)
    segment = segment_of(random_projects(rng, most=100))
    documents = np.arange(len(segment), dtype=np.intp)
    for q in (
        "labor courts",
        "inspect children covid",
        "the of and",
        "follow-ups work",
        "zebra labor",
        "labor OR courts",
    ):
        bonuses = bonuses_of(segment, q)
        extra = bonuses.of(documents)
        assert extra.min(initial=0) >= 0
        assert extra.max(initial=0) <= bonuses.bound + 1e-5
        limits = bonuses.untitled_limits(documents) + bonuses.title(documents)
        assert np.all(extra <= limits + 1e-5)


def test_the_bound_is_reached_by_a_title_that_is_the_query():
    segment = segment_of([Project("a", "labor courts"), Project("b", "courts of labor"), Project("c", "x")])
    bonuses = bonuses_of(segment, "labor courts")
    exact, other, none = bonuses.of(np.arange(3, dtype=np.intp)).tolist()
    assert exact == pytest.approx(bonuses.bound)
    assert exact > other > none == 0


def test_nearness_falls_with_the_square_of_the_distance():
    texts = [
        "labor courts",
        "courts labor",
        "labor x courts",
        "labor x x courts",
        "labor " + "x " * 8 + "courts",
        "labor",
    ]
    segment = segment_of([Project(f"p{number}", "y", text) for number, text in enumerate(texts)])
    near = bonuses_of(segment, "labor courts", Weights(proximity=1.0)).proximity(np.arange(6, dtype=np.intp))
    assert (near / near[0]).tolist() == pytest.approx([1, 1, 1 / 4, 1 / 9, 0, 0])


def nearest_of(text, left, right, window=8):
    """Return 1 / distance² of the nearest two of the words of a text, one of each, 0 beyond the window."""
    words = text.split()
    apart = [
        abs(one - other)
        for one, first in enumerate(words)
        for other, second in enumerate(words)
        if one != other and first in left and second in right
    ]
    return max((1 / distance**2 for distance in apart if distance <= window), default=0)


@pytest.mark.parametrize(
    ("q", "left", "right"),
    [
        ("labor labour", {"labor", "labour"}, {"labor", "labour"}),
        ("labor OR courts courts", {"labor", "labour", "courts"}, {"courts"}),
        ("courts labor OR courts", {"courts"}, {"labor", "labour", "courts"}),
        ("labor OR mines labour OR courts", {"labor", "labour", "mines"}, {"labor", "labour", "courts"}),
        ("labor courts", {"labor", "labour"}, {"courts"}),
    ],
)
# How many occurrences of each document are looked at first; as they are few, mostly all are at once.
@pytest.mark.parametrize("first", [None, 1, 2, 4])
def test_near_are_two_occurrences_never_one_to_itself(q, left, right, first, monkeypatch):
    if first is not None:
        monkeypatch.setattr(proximity, "MANY", 0)
        monkeypatch.setattr(proximity, "FIRST", first)
    rng = random.Random(19)
    words = ["labor", "labour", "courts", "mines", *["x"] * 8]
    texts = [" ".join(rng.choices(words, k=rng.randrange(1, 14))) for _ in range(300)]
    segment = segment_of([Project(f"p{number:03}", "y", text) for number, text in enumerate(texts)])
    bonuses = bonuses_of(segment, q, Weights(proximity=1.0))
    near = bonuses.proximity(np.arange(len(segment), dtype=np.intp)) / bonuses.proximity_bound
    expected = [
        nearest_of(segment.project(number).description, left, right) for number in range(len(segment))
    ]
    assert near.tolist() == pytest.approx(expected)
    assert len({round(one, 4) for one in expected}) > 5


def test_neighbours_are_not_sought_across_fields():
    segment = segment_of([Project("a", "labor", "courts"), Project("b", "x", "y")])
    assert bonuses_of(segment, "labor courts").proximity(np.array([0])).tolist() == [0]


def test_weights_of_nothing_are_no_bonus():
    segment = segment_of([Project("a", "labor courts"), Project("b", "x", "y")])
    bonuses = bonuses_of(segment, "labor courts", Weights(proximity=0, title_phrase=0))
    assert (bonuses.bound, bonuses.of(np.array([0])).tolist()) == (0, [0])


@pytest.mark.parametrize("seed", range(5), ids=lambda seed: f"seed-{seed}")
def test_the_smallest_keys_are_the_head_of_a_stable_sort(seed):
    rng = random.Random(seed)
    for _ in range(200):
        keys = np.array([rng.randrange(5) for _ in range(rng.randrange(20))], np.int64)
        size = rng.randrange(25)
        assert smallest_keys(keys, size).tolist() == np.argsort(keys, kind="stable")[:size].tolist()
