"""What the tests of promises share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.corpus import generate
from indexer.build import reindex
from tests.building import write_corpus
from tests.documents import LABOUR

# The size that the promises about queries and load name.
LARGE = 20_000


@pytest.fixture(scope="session")
def two_corpora(tmp_path_factory) -> tuple[Path, Path]:
    """Give two corpus folders of 300 and 340 projects that share 300."""
    folder, projects = tmp_path_factory.mktemp("corpora"), list(generate(340))
    return write_corpus(folder / "a", projects[:300]), write_corpus(folder / "b", projects)


@pytest.fixture(scope="session")
def labour_index(tmp_path_factory) -> Path:
    """Give an index of the hand-made corpus; whoever changes it takes a copy."""
    folder = tmp_path_factory.mktemp("labour")
    reindex(write_corpus(folder / "corpus", list(LABOUR.values())), folder / "index")
    return folder / "index"


@pytest.fixture(scope="session")
def large_index(tmp_path_factory) -> Path:
    """Give an index of 20,000 generated projects."""
    folder = tmp_path_factory.mktemp("large")
    reindex(write_corpus(folder / "corpus", list(generate(LARGE))), folder / "index")
    return folder / "index"
