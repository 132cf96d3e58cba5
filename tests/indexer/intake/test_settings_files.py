"""words.txt in a corpus folder: read by `reindex`, in force in the index, part of its fingerprint."""

import os

import pytest

from indexer.build import BuildOptions, reindex
from indexer.document import Project
from indexer.intake.settings_files import read_word_rules
from indexer.storage import generation
from indexer.text.word_rules import WordRules
from search_app.engine.search import SearchEngine
from search_app.request import SearchRequest
from tests.building import write_corpus

PROJECTS = [
    Project("a", "Training union organizers", "They organize drivers."),
    Project("b", "Strengthening organizations", "An organization of drivers."),
    Project("c", "Ports of call", "Drivers wait."),
    Project("d", "Harbors", "Drivers sleep."),
]
RULE = "organizer, organize ≠ organization\n"


def found(folder, text):
    engine = SearchEngine.open(folder / "index")
    return sorted(hit.project.id for hit in engine.every_hit(SearchRequest(q=text)))


def files(folder):
    """Return what a generation holds, but for when it was built and what that took."""
    current = generation.current(folder / "index")
    return {
        path.name: path.read_bytes()
        for path in current.iterdir()
        if path.name not in ("manifest.json", "report.json")
    }


def test_a_corpus_without_the_file_has_no_rules(tmp_path):
    assert read_word_rules(tmp_path) == WordRules()


def test_words_are_told_apart_as_the_file_says_and_again_when_it_is_gone(tmp_path):
    corpus = write_corpus(tmp_path / "corpus", PROJECTS)
    reindex(corpus, tmp_path / "index")
    assert found(tmp_path, "organizer") == ["a", "b"]
    (corpus / "words.txt").write_text(RULE)
    assert reindex(corpus, tmp_path / "index").written
    assert found(tmp_path, "organizer") == ["a"]
    assert found(tmp_path, "organizing") == ["a"]
    assert found(tmp_path, "organizations") == ["b"]
    (corpus / "words.txt").unlink()
    assert reindex(corpus, tmp_path / "index").written
    assert found(tmp_path, "organizer") == ["a", "b"]


def test_the_file_is_no_project_and_an_unchanged_one_no_reason_to_build(tmp_path):
    corpus = write_corpus(tmp_path / "corpus", PROJECTS)
    (corpus / "words.txt").write_text(RULE)
    first = reindex(corpus, tmp_path / "index")
    assert (first.projects, first.rejected, first.warnings) == (4, (), ())
    assert not reindex(corpus, tmp_path / "index").written


def test_what_is_wrong_is_reported_with_file_and_line(tmp_path):
    corpus = write_corpus(tmp_path / "corpus", PROJECTS)
    (corpus / "words.txt").write_text("kids\n" + RULE)
    assert reindex(corpus, tmp_path / "index").warnings == (
        'words.txt:1: not of the form "kids = children" or "universe ≠ university"; the line was left out',
    )
    assert found(tmp_path, "organizer") == ["a"]


def test_a_file_that_cannot_be_read_is_a_warning(tmp_path):
    corpus = write_corpus(tmp_path / "corpus", PROJECTS)
    os.mkfifo(corpus / "words.txt")
    assert reindex(corpus, tmp_path / "index").warnings == ("words.txt: cannot be read: not a regular file",)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_incremental_build_gives_the_bytes_of_a_full_one(tmp_path, jobs):
    new = Project("e", "An organizer of organisations", "Organizing past organs with paste.")
    for name, projects in (("full", [[*PROJECTS, new]]), ("increments", [PROJECTS, [*PROJECTS, new]])):
        for some in projects:
            corpus = write_corpus(tmp_path / name / "corpus", some)
            (corpus / "words.txt").write_text(RULE)
            reindex(corpus, tmp_path / name / "index", BuildOptions(jobs=jobs, chunk_documents=2))
    assert files(tmp_path / "full") == files(tmp_path / "increments")
    assert found(tmp_path / "increments", "organizer") == ["a", "e"]
