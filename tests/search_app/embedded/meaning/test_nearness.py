"""Nearness against brute force, exactly and by a first look at signs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.meaning.models import unit
from indexer.text.meaning.vectors import as_bytes
from search_app.query.meaning import nearness
from search_app.query.meaning.nearness import Nearness


def some(count, size, seed=0):
    return unit(np.random.default_rng(seed).normal(size=(count, size)).astype(np.float32))


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 70))
def test_nearness_is_the_cosine_of_the_bytes(seed, count, size):
    vectors, sought = some(count, size, seed), some(1, size, seed + 1)[0]
    found = Nearness(as_bytes(vectors)).of(sought, np.arange(count))
    assert np.allclose(found, vectors @ sought, atol=0.03)
    rows, one = as_bytes(vectors).astype(float), as_bytes(sought[None])[0].astype(float)
    assert np.allclose(found, rows @ one / np.linalg.norm(rows, axis=1) / np.linalg.norm(one))


def test_nearness_of_one_does_not_hang_on_what_else_is_compared():
    vectors, sought = some(500, 96), some(1, 96, 5)[0]
    near = Nearness(as_bytes(vectors))
    whole = near.of(sought, np.arange(500))
    assert [near.of(sought, np.array([row]))[0] for row in range(500)] == whole.tolist()


def test_what_says_nothing_is_near_to_nothing():
    vectors = np.zeros((3, 8), np.int8)
    vectors[1, 2] = 127
    assert Nearness(vectors).of(some(1, 8)[0], np.arange(3))[[0, 2]].tolist() == [0, 0]
    assert Nearness(vectors).of(np.zeros(8, np.float32), np.arange(3)).tolist() == [0, 0, 0]


def test_the_nearest_are_those_of_brute_force_among_what_is_allowed():
    vectors, sought = some(300, 32), some(1, 32, 7)[0]
    near, among = Nearness(as_bytes(vectors)), np.random.default_rng(3).random(300) < 0.5
    documents, found = near.nearest(sought, among, 10)
    allowed = np.flatnonzero(among)
    expected = allowed[np.argsort(-near.of(sought, allowed), kind="stable")[:10]]
    assert documents.tolist() == expected.tolist()
    assert (np.diff(found) <= 0).all()
    assert near.nearest(sought, np.zeros(300, np.bool_), 10)[0].tolist() == []


@pytest.mark.parametrize("size", [5, 64, 100])
def test_a_first_look_at_signs_keeps_what_is_near(monkeypatch, size):
    monkeypatch.setattr(nearness, "EXACTLY", 200)
    vectors = some(2_000, size)
    near = Nearness(as_bytes(vectors))
    for row in range(0, 2_000, 97):
        documents, _ = near.nearest(vectors[row], np.ones(2_000, np.bool_), 1)
        assert near.of(vectors[row], documents)[0] == near.of(vectors[row], np.array([row]))[0]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.data())
def test_the_least_are_those_of_a_stable_sort(values, data):
    limit = data.draw(st.integers(1, len(values)))
    found = nearness._least(np.array(values, np.uint16), limit)
    assert found.tolist() == sorted(np.argsort(values, kind="stable")[:limit].tolist())


def test_many_projects_that_are_alike_are_not_all_compared(monkeypatch):
    monkeypatch.setattr(nearness, "EXACTLY", 20)
    near, compared = Nearness(as_bytes(np.ones((500, 16), np.float32))), []
    exactly = near.of
    monkeypatch.setattr(near, "of", lambda vector, rows: compared.append(len(rows)) or exactly(vector, rows))
    documents, _ = near.nearest(some(1, 16)[0], np.ones(500, np.bool_), 5)
    assert documents.tolist() == [0, 1, 2, 3, 4]
    assert compared == [20]
