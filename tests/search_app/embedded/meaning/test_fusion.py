"""The order of hits by words and meaning against brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.embedded.meaning.fusion import fused
from search_app.embedded.postings.matches import Matches
from search_app.query.meaning.lifting import WEIGHT, lifts, reciprocal_ranks

PAIRS = st.lists(st.tuples(st.floats(0.0625, 50, width=32), st.floats(-1, 1)), min_size=1, max_size=30)


def ordered(pairs):
    """Return hits in order of their scores, and how near each is."""
    by_score = sorted(enumerate(pairs), key=lambda one: (-np.float32(one[1][0]), one[0]))
    documents = np.array([number for number, _ in by_score], np.intp)
    scores = np.array([score for _, (score, _) in by_score], np.float32)
    return Matches(documents, scores), np.array([near for _, (_, near) in by_score])


@given(PAIRS)
def test_a_hit_is_lifted_by_its_share_of_the_best_score(pairs):
    hits, near = ordered(pairs)
    found, added = fused(hits, near)
    best = float(hits.scores[0])
    expected = {
        int(document): np.float32(score + np.float32(WEIGHT * best * max(one, 0.0)))
        for document, score, one in zip(hits.documents, hits.scores, near, strict=True)
    }
    assert found.documents.tolist() == sorted(expected, key=lambda one: (-expected[one], one))
    assert found.scores.tolist() == [expected[one] for one in found.documents.tolist()]
    assert (added >= 0).all()


@given(PAIRS, st.integers(0, 30), st.sampled_from([lifts, reciprocal_ranks]))
def test_nothing_is_added_or_removed_and_what_follows_stays_behind(pairs, pool, fusion):
    hits, near = ordered(pairs)
    found, added = fused(hits, near[:pool], fusion)
    assert sorted(found.documents.tolist()) == sorted(hits.documents.tolist())
    assert found.documents[pool:].tolist() == hits.documents[pool:].tolist()
    assert (np.diff(found.scores) <= 0).all()
    assert not added[pool:].any()


def test_reciprocal_ranks_are_those_of_their_source():
    hits, near = Matches(np.arange(3), np.array([9, 8, 1], np.float32)), np.array([0.1, 0.0, 0.9])
    found, _ = fused(hits, near, reciprocal_ranks)
    by_hand = {0: 1 / 61 + 0.5 / 62, 1: 1 / 62 + 0.5 / 63, 2: 1 / 63 + 0.5 / 61}
    assert found.documents.tolist() == sorted(by_hand, key=by_hand.get, reverse=True)
    assert found.scores[0] == pytest.approx(9 * (1 + by_hand[found.documents[0]]))
