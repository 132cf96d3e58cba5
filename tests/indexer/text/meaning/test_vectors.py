"""The vectors of a generation: the same bytes by every way, of one model, and what is said where there is none."""

import random

import numpy as np
import pytest
from click.testing import CliRunner

from indexer.build import BuildOptions, reindex
from indexer.cli import main
from indexer.storage import generation
from indexer.storage.segment import Segment
from indexer.text.meaning import models
from indexer.text.meaning.vectors import as_bytes
from tests.building import index_of, write_corpus
from tests.indexer.test_build import arrays, mutated
from tests.indexer.text.meaning.letters import LETTERS, counting, named
from tests.search_app.embedded.matching.test_evaluation import random_projects

WITH = BuildOptions(meaning=LETTERS, allow_shrink=True)


@pytest.fixture
def model(monkeypatch):
    return named(monkeypatch, LETTERS)


def segment_in(index):
    return Segment.open(generation.current(index))


@pytest.mark.parametrize("seed", range(6), ids=lambda seed: f"seed-{seed}")
def test_an_incremental_build_gives_the_vectors_of_a_full_one(tmp_path, model, seed):
    rng = random.Random(seed)
    projects = random_projects(rng, most=60)
    index = index_of(tmp_path / "a", projects, WITH)
    for step in range(3):
        projects = mutated(rng, projects)
        reindex(write_corpus(tmp_path / "a" / "corpus", projects), index, WITH)
        assert arrays(index) == arrays(index_of(tmp_path / f"full{step}", projects, WITH))


def test_a_generation_says_which_model_made_its_vectors(tmp_path, model):
    index = index_of(tmp_path, random_projects(random.Random(9), most=20), WITH)
    told = CliRunner().invoke(main, ["--index", str(index), "info"]).stdout
    assert f"ago  vectors of {LETTERS}\n" in told
    reindex(tmp_path / "corpus", index)
    told = CliRunner().invoke(main, ["--index", str(index), "info"]).stdout.splitlines()
    assert [f"vectors of {LETTERS}" in line for line in told[:2]] == [False, True]


def test_only_what_is_new_or_changed_is_encoded(tmp_path, model):
    projects = random_projects(random.Random(1), most=40)
    index = index_of(tmp_path, projects, WITH)
    model.encoded = 0
    projects[3] = projects[3].__class__(projects[3].id, "Another title", "Another description")
    reindex(write_corpus(tmp_path / "corpus", projects), index, WITH)
    assert model.encoded == 1
    reindex(tmp_path / "corpus", index, WITH)
    assert model.encoded == 1


def test_a_vector_is_the_nearest_row_of_bytes(model, tmp_path):
    projects = random_projects(random.Random(2), most=40)
    segment = segment_in(index_of(tmp_path, projects, WITH))
    assert list(segment.vector_model) == [model.name, model.fingerprint]
    for document in range(len(segment)):
        project = segment.project(document)
        (expected,) = model.encode([f"{project.title}. {project.description}"])
        row = segment.vectors[document].astype(float)
        assert np.allclose(row / np.abs(row).max(), expected / np.abs(expected).max(), atol=0.5 / 127 + 1e-6)


def test_no_model_no_vectors(tmp_path):
    segment = segment_in(index_of(tmp_path, random_projects(random.Random(3), most=20)))
    assert segment.vectors.shape == (len(segment), 0)
    assert list(segment.vector_model) == []


def test_another_model_encodes_everything_anew_and_none_leaves_the_vectors_out(tmp_path, monkeypatch, model):
    projects = random_projects(random.Random(4), most=20)
    index = index_of(tmp_path, projects, WITH)
    other = named(monkeypatch, LETTERS, fingerprint="other")
    assert reindex(tmp_path / "corpus", index, WITH).written
    assert other.encoded == len(segment_in(index))
    assert list(segment_in(index).vector_model) == [other.name, "other"]
    assert reindex(tmp_path / "corpus", index, BuildOptions()).written
    assert segment_in(index).vectors.size == 0


@pytest.mark.parametrize("name", ["no/such/folder", "wordllama2"])
def test_a_model_that_is_not_there_is_a_warning_of_one_line(tmp_path, name):
    projects = random_projects(random.Random(5), most=20)
    found = reindex(
        write_corpus(tmp_path / "corpus", projects), tmp_path / "index", BuildOptions(meaning=name)
    )
    (said,) = [str(one) for one in found.warnings if name in str(one)]
    assert "\n" not in said
    assert "by words alone" in said
    assert segment_in(tmp_path / "index").vectors.size == 0


def test_vectors_of_nothing_stay_zeros():
    rows = as_bytes(np.array([[0, 0, 0], [0.5, -1, 0.25]], np.float32))
    assert rows.tolist() == [[0, 0, 0], [64, -127, 32]]
    assert models.unit(np.zeros((1, 3), np.float32)).tolist() == [[0, 0, 0]]


def test_damaged_vectors_are_refused(tmp_path, model):
    from indexer.errors import DamagedIndexError
    from tests.building import spoilt

    index = index_of(tmp_path, random_projects(random.Random(6), most=20), WITH)
    spoilt(generation.current(index) / "vectors.npy")
    with pytest.raises(DamagedIndexError):
        generation.verify(generation.current(index))


def test_counting_is_what_the_model_of_the_tests_does():
    """The model that stands in for a real one is one: the same text, the same vector, whatever is beside it."""
    letters = counting()
    assert np.array_equal(letters.encode(["mines", "courts"])[1:], letters.encode(["courts"]))
