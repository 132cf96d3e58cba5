"""The last good generation: whatever is wrong with the current one, what was before is not forgotten."""

import json
import shutil

import pytest

from indexer.build import BuildOptions, reindex
from indexer.errors import ShrunkError
from indexer.intake.prior.last_good import last_good, most_told
from indexer.storage import generation
from indexer.storage.arrays import consistency
from indexer.storage.folder.manifest import Manifest, read_manifest
from tests.building import copied, index_of, spoilt, writable, write_corpus
from tests.documents import LABOUR

PROJECTS = list(LABOUR.values())[:10]


@pytest.fixture
def index(tmp_path):
    """Give an index of two generations, of nine projects and of ten."""
    index_of(tmp_path, PROJECTS[:9])
    return index_of(tmp_path, PROJECTS)


def test_the_current_generation_is_the_last_good_one(index):
    assert last_good(index).folder.name == generation.current_name(index)
    assert last_good(index).is_current()


def test_a_damaged_current_one_falls_back_to_the_previous(index):
    current, previous = generation.generations(index)
    spoilt(index / current / "terms.bin")
    found = last_good(index)
    assert (found.folder.name, found.is_current(), len(found.segment)) == (previous, False, 9)


def test_one_that_the_disk_cannot_read_falls_back_to_the_previous(index, monkeypatch):
    current, previous = generation.generations(index)

    def verified(folder, *arguments, original=generation.verified):
        if folder.name == current:
            raise OSError(5, "Input/output error")
        return original(folder, *arguments)

    monkeypatch.setattr(generation, "verified", verified)
    assert last_good(index).folder.name == previous


@pytest.mark.parametrize("content", ["", "{", "[]", '{"sources": 7}', '{"sources": [7]}'])
def test_of_a_report_that_says_nothing_of_use_nothing_is_taken(index, content, monkeypatch):
    found = last_good(index)
    monkeypatch.setattr("indexer.intake.prior.last_good.read_report", lambda _folder: content)
    assert found.sources() == {}
    assert found.unchanged() is None


@pytest.mark.parametrize(
    "pointer", ["", "20300101T000000.000000Z\n", "nonsense"], ids=["empty", "late", "nonsense"]
)
def test_a_damaged_pointer_falls_back_to_what_lies_there(index, pointer):
    current = generation.current_name(index)
    (index / generation.CURRENT).write_text(pointer)
    assert last_good(index).folder.name == current


def test_projects_are_read_again_unless_the_pointer_tells_that_this_one_was_published(index, monkeypatch):
    read = []
    monkeypatch.setattr(consistency, "_READ", ((lambda segment: read.append(len(segment)) or True, ""),))
    assert (len(last_good(index).segment), read) == (10, [])
    # A generation whose checksums are right, but which is another one than was published.
    manifest = writable(generation.current(index)) / generation.MANIFEST
    found = json.loads(manifest.read_text())
    del found["sha256"]
    files = {name: tuple(one) for name, one in found.pop("files").items()}
    manifest.unlink()
    manifest.write_text(Manifest(**{**found, "built_at": "2021-01-01T00:00:00+00:00"}, files=files).to_json())
    assert (len(last_good(index).segment), read) == (10, [10])
    # One that was gone back to is not the one that was published last.
    generation.rollback(index)
    read.clear()
    assert (len(last_good(index).segment), read) == (9, [9])


@pytest.mark.parametrize("is_signed", [False, True], ids=["copied", "copied and its pointer written anew"])
def test_projects_of_an_index_that_came_from_elsewhere_are_read(index, tmp_path, monkeypatch, is_signed):
    elsewhere = copied(index, tmp_path / "elsewhere")
    if is_signed:
        # As whoever made it can, but for when its file will have changed last where it is put.
        pointer = index / generation.CURRENT
        names, told = pointer.read_text().splitlines()
        _, *file = told.split()
        digest = read_manifest(generation.current(elsewhere)).digest()
        (elsewhere / generation.CURRENT).write_text(f"{names}\n{' '.join([digest, *file])}\n")
    read = []
    monkeypatch.setattr(consistency, "_READ", ((lambda segment: read.append(len(segment)) or True, ""),))

    assert (len(last_good(elsewhere).segment), read) == (10, [10])


def test_nothing_is_good_where_nothing_is(tmp_path, index):
    assert last_good(tmp_path / "nowhere") is None
    for name in generation.generations(index):
        spoilt(index / name / "terms.bin")
    assert last_good(index) is None
    assert most_told(index) == 10


def test_what_changed_is_told_against_the_previous_one(index, tmp_path):
    current, previous = generation.generations(index)
    spoilt(index / current / "terms.bin")
    found = reindex(tmp_path / "corpus", index)
    assert (found.added_count, found.unchanged, found.written) == (1, 9, True)
    assert generation.generations(index)[1] == previous
    assert not (index / current).exists()


@pytest.mark.parametrize("damaged", [1, 2], ids=["the-current-one", "both"])
def test_the_guard_against_a_lost_corpus_holds_all_the_same(index, tmp_path, damaged):
    for name in generation.generations(index)[:damaged]:
        spoilt(index / name / "terms.bin")
    few = write_corpus(tmp_path / "corpus", PROJECTS[:2])
    with pytest.raises(ShrunkError):
        reindex(few, index)
    assert reindex(few, index, BuildOptions(allow_shrink=True)).projects == 2


def test_the_last_good_one_is_never_removed_while_a_build_fails(index, tmp_path):
    current, previous = generation.generations(index)
    spoilt(index / current / "terms.bin")
    shutil.rmtree(tmp_path / "corpus")
    write_corpus(tmp_path / "corpus", PROJECTS[:1])
    for _ in range(3):
        with pytest.raises(ShrunkError):
            reindex(tmp_path / "corpus", index)
    assert generation.verify(index / previous).documents == 9


@pytest.mark.parametrize("is_good", [True, False], ids=["good", "damaged as well"])
def test_one_that_the_pointer_does_not_name_stays_while_no_better_is_there(index, tmp_path, is_good):
    current, previous = generation.generations(index)
    other = copied(index / previous, index / "20200101T000000.000000Z")
    for name in [current, previous, *([] if is_good else [other.name])]:
        spoilt(index / name / "terms.bin")
    write_corpus(tmp_path / "corpus", PROJECTS[:1])
    for _ in range(2):
        with pytest.raises(ShrunkError):
            reindex(tmp_path / "corpus", index)
    assert (other / "terms.bin").exists()
