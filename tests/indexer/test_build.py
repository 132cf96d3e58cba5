"""`reindex` as a function: the same bytes by every way, what it reports, and what it refuses."""

import gzip
import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from indexer.build import BuildOptions, reindex
from indexer.corpus.reading import LIMITS, Limits
from indexer.document import Project
from indexer.errors import ShrunkError
from indexer.inverting.chunks import RUNS_IN_MEMORY
from indexer.reporting.report import RejectedError
from indexer.storage import generation
from indexer.storage.folder.hashing import Digests
from indexer.storage.segment import Segment
from tests.building import index_of, write_corpus
from tests.search_app.embedded.matching.test_evaluation import random_projects

# What differs between two builds of the same corpus: when, and what had been there before.
TOLD = {"manifest.json", "report.json", "rejected.jsonl", generation.GENERATION_TAG}


def arrays(index: Path) -> dict[str, bytes]:
    """Return the contents of the current generation's files, those of reports left out."""
    folder = generation.current(index)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name not in TOLD}


def mutated(rng, projects):
    """Change, drop and add a few projects."""
    kept = [project for project in projects if rng.random() > 0.1]
    changed = [
        replace(project, description=project.description + " inspected (Vision Zero Fund, VZF)")
        if rng.random() < 0.1
        else project
        for project in kept
    ]
    new = [
        Project(f"new{n}", f"New courts {n}", "follow-ups", start=date(1990 + n, 1, 1))
        for n in range(rng.randrange(3))
    ]
    result = changed + new
    rng.shuffle(result)
    return result


@pytest.mark.seeds(8, 20)
def test_an_incremental_build_gives_the_bytes_of_a_full_one(tmp_path, seed):
    rng = random.Random(seed)
    projects = random_projects(rng, most=60)
    index = index_of(tmp_path / "a", projects)
    for step in range(4):
        projects = mutated(rng, projects)
        corpus = write_corpus(tmp_path / "a" / "corpus", projects)
        reindex(corpus, index, BuildOptions(allow_shrink=True))
        assert arrays(index) == arrays(index_of(tmp_path / f"full{step}", projects))


def test_an_incremental_build_widens_and_narrows_places_as_a_full_one(tmp_path):
    projects = random_projects(random.Random(8), most=20)
    long = Project("long", "A long text", "labour courts " * 9_000, start=date(2021, 1, 1))
    index = index_of(tmp_path / "a", projects)
    for step, some in enumerate([[*projects, long], [*projects[1:], long], projects]):
        reindex(write_corpus(tmp_path / "a" / "corpus", some), index)
        assert arrays(index) == arrays(index_of(tmp_path / f"full{step}", some))


def test_chunks_of_narrow_and_wide_places_give_the_same_bytes(tmp_path):
    projects = random_projects(random.Random(9), most=30)
    projects.append(Project("long", "A long text", "labour courts " * 9_000))
    whole = index_of(tmp_path / "whole", projects)
    assert arrays(index_of(tmp_path / "parts", projects, BuildOptions(chunk_documents=4))) == arrays(whole)


@pytest.mark.parametrize(
    "options", [{"chunk_documents": 7}, {"chunk_documents": 20, "jobs": 2}], ids=["chunks", "jobs"]
)
def test_chunks_and_processes_give_the_same_bytes(tmp_path, options):
    projects = random_projects(random.Random(3), most=90)
    whole = index_of(tmp_path / "whole", projects)
    assert arrays(index_of(tmp_path / "parts", projects, BuildOptions(**options))) == arrays(whole)


def test_each_file_is_sealed_once_and_not_changed_afterwards(tmp_path, monkeypatch):
    sealed: dict[Path, bytes] = {}
    seal = Digests.seal

    def watched(digests, path):
        assert path not in sealed
        sealed[path] = path.read_bytes()
        seal(digests, path)

    monkeypatch.setattr(Digests, "seal", watched)
    projects = random_projects(random.Random(5), most=60)
    index = index_of(tmp_path, projects)
    for left in (len(projects), len(projects) - 2):
        reindex(write_corpus(tmp_path / "corpus", projects[:left]), index)
        folder = generation.current(index)
        assert {path.name: content for path, content in sealed.items()} == arrays(index)
        assert {path.parent for path in sealed} == {folder}
        sealed.clear()


def test_nothing_changed_writes_nothing(tmp_path):
    index = index_of(tmp_path, [Project("a", "Courts"), Project("b", "Labor")])
    before = {path: path.stat().st_mtime_ns for path in index.rglob("*")}
    found = reindex(tmp_path / "corpus", index)
    assert (found.unchanged, found.written) == (2, False)
    assert {path: path.stat().st_mtime_ns for path in index.rglob("*")} == {
        **before,
        index / "LOCK": (index / "LOCK").stat().st_mtime_ns,
    }


@pytest.mark.parametrize("title", ["Courts 2\u1037", "x\u17d2", "\u0e3a", "Ä-e", "C++"])
def test_runs_that_go_through_the_disk_have_the_words_of_those_that_do_not(tmp_path, title):
    projects = [Project(f"p{number:02}", f"{title} {number}") for number in range(RUNS_IN_MEMORY + 2)]
    index, corpus, chunked = index_of(tmp_path, projects), tmp_path / "corpus", tmp_path / "chunked"
    reindex(corpus, chunked, BuildOptions(chunk_documents=1))
    assert arrays(index) == arrays(chunked)
    segment = generation.open_segment(generation.current(index))
    assert "" not in {*segment.words, *segment.terms}


@pytest.mark.parametrize(
    "small", [replace(LIMITS, run=20_000), Limits.for_files_of(1)], ids=["run", "file-that-unfolds"]
)
def test_what_was_rejected_for_a_limit_is_taken_once_that_is_raised(tmp_path, small):
    corpus, index, fully = tmp_path / "corpus", tmp_path / "index", tmp_path / "full"
    corpus.mkdir()
    lines = (json.dumps({"title": f"Courts {number}", "description": "x" * 5_000}) for number in range(1_000))
    (corpus / "a.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    few = reindex(corpus, index, BuildOptions(limits=small))
    assert (0 < few.projects < 1_000, few.rejected_count) == (True, 1)
    assert not reindex(corpus, index, BuildOptions(limits=small)).written

    found = reindex(corpus, index)

    assert (found.projects, found.rejected_count) == (1_000, 0)
    reindex(corpus, fully, BuildOptions(full=True))
    assert arrays(index) == arrays(fully)


def test_the_report_names_every_change(tmp_path):
    old = Project("a", "Courts", start=date(2020, 1, 1), end=date(2024, 3, 30))
    index = index_of(tmp_path, [old, Project("b", "Labor"), Project("c", "Gone"), Project("d", "Stays")])
    new = [
        replace(old, end=date(2025, 3, 30)),
        Project("b", "Labor"),
        Project("d", "Stays"),
        Project("e", "New"),
    ]
    found = reindex(write_corpus(tmp_path / "corpus", new), index)
    [change] = found.changed
    assert [(one.field, one.before, one.after) for one in change.fields] == [
        ("end date", "2024-03-30", "2025-03-30")
    ]
    assert [one.id for one in found.added] == ["e"]
    assert [one.id for one in found.removed] == ["c"]
    assert (found.unchanged, found.projects, found.written) == (2, 4, True)


def test_a_corpus_that_lost_most_of_its_projects_is_refused(tmp_path):
    index = index_of(tmp_path, [Project(str(number), f"Project {number}") for number in range(10)])
    name = generation.current_name(index)
    few = write_corpus(tmp_path / "corpus", [Project("1", "Project 1")])
    with pytest.raises(ShrunkError, match="9 of 10 projects would be removed"):
        reindex(few, index)
    (warned,) = reindex(few, index, BuildOptions(check=True)).warnings
    assert warned.startswith("a run would write nothing: 9 of 10 projects would be removed")
    assert reindex(few, index, BuildOptions(check=True, allow_shrink=True)).warnings == ()
    assert generation.current_name(index) == name
    assert sorted(path.name for path in index.iterdir()) == sorted(
        ["CURRENT", "HISTORY", "INDEX.TAG", "LOCK", name]
    )
    assert reindex(few, index, BuildOptions(allow_shrink=True)).removed_count == 9


def test_strict_refuses_any_rejection_and_keeps_the_index(tmp_path):
    corpus = write_corpus(tmp_path / "corpus", [Project("a", "Courts")])
    (corpus / "broken.jsonl").write_text('{"title": "No such day", "start_date": "2021-02-30"}\n')
    with pytest.raises(RejectedError):
        reindex(corpus, tmp_path / "index", BuildOptions(strict=True))
    assert generation.current_name(tmp_path / "index") is None
    found = reindex(corpus, tmp_path / "index")
    assert [(one.path, one.line) for one in found.rejected] == [("broken.jsonl", 1)]


def test_check_writes_nothing(tmp_path):
    corpus = write_corpus(tmp_path / "corpus", [Project("a", "Courts")])
    found = reindex(corpus, tmp_path / "index", BuildOptions(check=True))
    assert (found.added_count, found.written) == (1, False)
    assert not (tmp_path / "index").exists()


def test_an_empty_corpus_is_an_empty_index(tmp_path):
    (tmp_path / "corpus").mkdir()
    found = reindex(tmp_path / "corpus", tmp_path / "index")
    assert (found.projects, found.written) == (0, True)
    assert len(Segment.open(generation.current(tmp_path / "index"))) == 0


def test_the_current_and_the_previous_generation_are_kept(tmp_path):
    index = index_of(tmp_path, [Project("a", "Courts")])
    names = [generation.current_name(index)]
    for title in ("Labor courts", "Labour courts"):
        reindex(write_corpus(tmp_path / "corpus", [Project("a", title)]), index)
        names.insert(0, generation.current_name(index))
    assert generation.generations(index) == names[:2]
    assert {path.name for path in index.iterdir()} == {"CURRENT", "HISTORY", "INDEX.TAG", "LOCK", *names[:2]}
    assert generation.rollback(index) == names[1]
    assert generation.generations(index) == [names[1], names[0]]


def test_the_later_of_two_projects_with_one_id_is_taken_and_both_places_are_named(tmp_path):
    corpus = write_corpus(
        tmp_path / "corpus",
        [Project("a", "Courts"), Project("a", "Labor courts"), Project("a", "Labor courts")],
    )
    found = reindex(corpus, tmp_path / "index")
    assert (found.projects, found.duplicates) == (1, 1)
    assert found.warnings == (
        "projects.jsonl:2: another project 'a' stands at projects.jsonl:1; the later one was taken",
    )
    assert Segment.open(generation.current(tmp_path / "index")).project(0).title == "Labor courts"
