"""Generations: published whole or not at all, checked, kept, gone back to."""

import json
import os
import subprocess
import sys

import pytest

from indexer.build import BuildOptions, reindex
from indexer.document import Project
from indexer.errors import (
    DamagedIndexError,
    ForeignFolderError,
    IndexerError,
    IndexFormatError,
    LockedError,
    NoIndexError,
)
from indexer.storage import generation
from indexer.storage.folder.manifest import documents_told, read_manifest
from indexer.storage.folder.opening import create
from indexer.storage.folder.ownership import INDEX_TAG, mark_generation, refuse_foreign
from search_app.engine.search import SearchEngine
from tests.building import copied, index_of, writable, write_corpus
from tests.documents import SEED
from tests.reliability.crafting import rewritten

LOCKS = """
import sys
from pathlib import Path
from indexer.storage import generation
from indexer.errors import LockedError
try:
    with generation.lock(Path(sys.argv[1])):
        print("got it")
except LockedError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    return index_of(tmp_path_factory.mktemp("generation"), SEED)


@pytest.fixture
def index(original, tmp_path):
    copied(original, tmp_path / "index")
    return tmp_path / "index"


def files_of(index):
    return sorted(path.name for path in generation.current(index).iterdir())


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGES = {
    "bit flip": flip,
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "empty": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_refused_by_name(index, damage):
    for name in files_of(index):
        path = generation.current(index) / name
        content = path.read_bytes()
        if not content:
            continue
        damage(path)
        with pytest.raises(IndexerError, match=name if name != generation.MANIFEST else "manifest|version"):
            generation.verify(generation.current(index))
        path.write_bytes(content)
    assert generation.verify(generation.current(index)).documents == len(SEED)


def test_a_manifest_names_every_file_with_size_and_checksum(index):
    manifest = read_manifest(generation.current(index))
    assert sorted([*manifest.files, generation.MANIFEST]) == files_of(index)
    assert all(
        size == (generation.current(index) / name).stat().st_size
        for name, (size, _) in manifest.files.items()
    )
    assert {len(digest) for _, digest in manifest.files.values()} == {64}
    assert manifest.built_at.endswith("Z")


def test_no_byte_of_a_manifest_changes_unseen(index):
    path = writable(generation.current(index)) / generation.MANIFEST
    whole = path.read_bytes()
    for place in range(0, len(whole), 13):
        altered = bytearray(whole)
        altered[place] ^= 1 << place % 7
        path.write_bytes(altered)
        with pytest.raises((DamagedIndexError, IndexFormatError)):
            read_manifest(path.parent)


@pytest.mark.parametrize("field", ["format", "schema"])
def test_another_version_is_refused(index, field):
    path = generation.current(index) / generation.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), field: "other"}))
    with pytest.raises(IndexFormatError, match="another version; run: reindex --full"):
        SearchEngine.open(index)


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", '{"files": 3}', '{"files": {}, "extra": 1}', "\0", "[" * 60_000],
    ids=lambda text: text[:20],
)
def test_a_manifest_that_is_none_is_damaged(index, text):
    (generation.current(index) / generation.MANIFEST).write_text(text)
    with pytest.raises(DamagedIndexError, match=r"manifest\.json cannot be read"):
        read_manifest(generation.current(index))


@pytest.mark.parametrize("told", ["many", True, -1, 1.5, None, [9]], ids=str)
def test_a_manifest_that_tells_no_number_tells_of_no_projects(index, told):
    path = generation.current(index) / generation.MANIFEST
    assert documents_told(path.parent) == len(SEED)
    path.write_text(json.dumps({**json.loads(path.read_text()), "documents": told}))
    assert documents_told(path.parent) == 0


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"documents": len(SEED) + 1}, f"holds {len(SEED)} of the {len(SEED) + 1} projects"),
        ({"documents": -1}, "says what no manifest does"),
        ({"documents": True}, "documents is no int"),
        ({"more": 1}, "says what no manifest does"),
        ({"built_at": "2021-01-01T00:00:00"}, "no time zone"),
        ({"built_at": "now"}, "cannot be read"),
    ],
    ids=str,
)
def test_a_manifest_that_says_what_is_not_so_is_refused_though_its_digest_is_right(index, changes, told):
    folder = writable(generation.current(index))
    rewritten(folder, **changes)
    with pytest.raises(DamagedIndexError, match=told):
        generation.verify(folder)


@pytest.mark.parametrize("change", [lambda size: float(size), lambda size: size + 1], ids=["type", "size"])
def test_the_size_of_each_file_is_a_number_and_its_own(index, change):
    folder = writable(generation.current(index))
    files = json.loads((folder / generation.MANIFEST).read_bytes())["files"]
    size, digest = files["words.bin"]
    rewritten(folder, files={**files, "words.bin": [change(size), digest]})
    with pytest.raises(DamagedIndexError, match=r"no sizes|another size"):
        generation.verify(folder)


@pytest.mark.parametrize("more", ["photo.jpg", "stored.bin.new"])
def test_a_file_more_than_a_generation_has_is_refused(index, more):
    folder = writable(generation.current(index))
    (folder / more).write_text("another's")
    with pytest.raises(DamagedIndexError, match=rf"{more} is no part of a generation"):
        generation.verify(folder)


def test_a_generation_elsewhere_is_refused(index, tmp_path):
    folder = generation.current(index)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DamagedIndexError, match="is no part of a generation"):
        generation.verify(folder)


def test_no_index_says_what_to_run(tmp_path):
    with pytest.raises(NoIndexError, match="has no index yet; run: reindex"):
        SearchEngine.open(tmp_path / "index")
    assert generation.generations(tmp_path) == []


def test_a_pointer_never_leads_out_of_the_index(index, tmp_path):
    copied(generation.current(index), tmp_path / "elsewhere")
    (index / generation.CURRENT).write_text("../elsewhere .hidden\n")
    with pytest.raises(NoIndexError):
        generation.current(index)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"\0" * 4096, b"{}"], ids=["empty", "not text", "zeros", "json"]
)
def test_a_pointer_that_names_nothing_is_no_index(index, content):
    (index / generation.CURRENT).write_bytes(content)
    with pytest.raises(NoIndexError):
        generation.current(index)


def test_only_one_process_holds_the_lock(tmp_path):
    with generation.lock(tmp_path):
        ran = subprocess.run(
            [sys.executable, "-c", LOCKS, tmp_path], capture_output=True, text=True, check=True
        )
        assert ran.stdout == f"another reindex is running (pid {os.getpid()}); wait for it to end\n"
        with pytest.raises(LockedError), generation.lock(tmp_path):
            pass
    ran = subprocess.run([sys.executable, "-c", LOCKS, tmp_path], capture_output=True, text=True, check=True)
    assert ran.stdout == "got it\n"


def test_a_build_that_fails_leaves_nothing(tmp_path):
    (tmp_path / "index").mkdir()

    def build():
        with generation.building(tmp_path / "index") as folder:
            (folder / "stored.bin").write_text("half made")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build()
    assert list((tmp_path / "index").iterdir()) == []


def test_what_a_dead_run_left_is_removed_and_the_rest_is_kept(index, tmp_path):
    kept = {path.name for path in index.iterdir()}
    dead = index / "20200101T000000.000000Z"
    dead.mkdir()
    mark_generation(dead, ["words.bin"])
    (dead / "words.bin").write_text("half made")
    (dead / "tmpab_cd012" / "tmpxy_zw012" / "run").mkdir(parents=True)
    (dead / "tmpab_cd012" / "tmpxy_zw012" / "run" / "terms").write_text("half made")
    (index / "20200202T000000.000000Z").mkdir()
    (index / "CURRENT.new").write_text("x")
    (index / "README.md").write_text("what this folder is")
    generation.clean_up(index)
    assert {path.name for path in index.iterdir()} == kept | {"README.md"}


@pytest.mark.parametrize("written", [0, 1, 18, 60, None], ids=str)
def test_a_run_that_died_while_it_marked_its_generation_stops_no_other(written, index, tmp_path):
    dead = index / "20200101T000000.000000Z"
    dead.mkdir()
    mark_generation(dead, ["words.bin"])
    tag = dead / generation.GENERATION_TAG
    tag.write_bytes(tag.read_bytes()[:written])
    found = reindex(write_corpus(tmp_path / "corpus", SEED), index, BuildOptions(full=True))
    assert (found.written, dead.exists()) == (True, False)


@pytest.mark.parametrize("name", ["words.bin", "photo.jpg"])
def test_beside_a_mark_that_says_nothing_nothing_is_ours(name, index, tmp_path):
    other = index / "20200101T000000.000000Z"
    other.mkdir()
    (other / generation.GENERATION_TAG).touch()
    (other / name).write_text("another's")
    with pytest.raises(ForeignFolderError, match=other.name):
        reindex(write_corpus(tmp_path / "corpus", SEED), index, BuildOptions(full=True))
    assert (other / name).read_text() == "another's"


# What `info` says stands in a few small files.
@pytest.mark.parametrize(
    ("command", "code"), [(["verify"], 74), (["info"], 0), ([], 74)], ids=["verify", "info", "reindex"]
)
@pytest.mark.parametrize("spare", [4, 12, 40])
def test_too_few_open_files_are_told_as_that_and_not_as_damage(index, tmp_path, command, code, spare):
    corpus = write_corpus(tmp_path / "corpus", SEED)
    (corpus / "more.csv").write_text("Title,Start date,End date\nWells,2020-01-01,2021-01-01\n")
    before = generation.current_name(index)
    started = (
        "import os, resource, sys\n"
        "from indexer.cli import main\n"
        "highest = max(map(int, os.listdir('/proc/self/fd')))\n"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, (highest + {spare}, highest + {spare}))\n"
        "main()\n"
    )
    arguments = ["--corpus", str(corpus), "--index", str(index), *command]
    told = subprocess.run(
        [sys.executable, "-c", started, *arguments], capture_output=True, text=True, check=False
    )

    assert "damaged" not in told.stderr
    assert "reindex --full" not in told.stderr
    assert told.returncode == code
    if code:
        assert told.stderr.count("\n") == 1
        assert "Too many open files; allow it more open files (ulimit -n)" in told.stderr
    assert generation.current_name(index) == before


@pytest.fixture
def without_modes(monkeypatch):
    """A file system that sets no modes, as FAT, from here on: what was asked for before has its own."""

    def refuse(path, *_arguments, **_options):
        raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr(os, "chmod", refuse)


def test_what_a_dead_run_left_is_removed_where_modes_cannot_be_set(index, without_modes):
    """As on FAT: whoever may write there may remove as well, and old generations would fill the disk."""
    dead = index / "20200101T000000.000000Z"
    dead.mkdir()
    mark_generation(dead, ["words.bin"])
    generation.clean_up(index)
    assert not dead.exists()


def test_what_is_not_of_a_dead_run_is_never_removed(index, tmp_path):
    unmarked, mixed = index / "20200101T000000.000000Z", index / "20200202T000000.000000Z"
    unmarked.mkdir()
    (unmarked / "words.bin").write_text("another's")
    mixed.mkdir()
    mark_generation(mixed, ["words.bin"])
    (mixed / "words.npy").write_text("another's")
    noted = index / "20200404T000000.000000Z" / "spill"
    noted.mkdir(parents=True)
    mark_generation(noted.parent, ["words.bin"])
    (noted / "notes.txt").write_text("another's")
    (index / "20200303T000000.000000Z").symlink_to(tmp_path)
    (index / "photo.jpg").write_text("another's")
    before = sorted(index.rglob("*"))
    generation.clean_up(index)
    assert sorted(index.rglob("*")) == before


def test_rollback_refuses_a_damaged_previous_generation(tmp_path):
    index = index_of(tmp_path, [Project("a", "Courts")])
    with pytest.raises(NoIndexError, match="no previous generation"):
        generation.rollback(index)
    reindex(write_corpus(tmp_path / "corpus", [Project("a", "Labor courts")]), index)
    current, previous = generation.generations(index)
    writable(index)
    (index / previous / "stored.bin").write_bytes(b"x")
    with pytest.raises(DamagedIndexError, match=r"stored\.bin"):
        generation.rollback(index)
    assert generation.current_name(index) == current


@pytest.fixture
def two(tmp_path):
    """An index of two generations."""
    index = index_of(tmp_path, [Project("a", "Courts")])
    reindex(write_corpus(tmp_path / "corpus", [Project("a", "Labor courts")]), index)
    return index


def test_rollback_goes_to_no_generation_that_was_never_finished(two):
    current, previous = generation.generations(two)
    (writable(two) / previous / generation.MANIFEST).unlink()
    with pytest.raises(NoIndexError, match="no previous generation"):
        generation.rollback(two)
    assert generation.current_name(two) == current


def test_rollback_is_not_stopped_by_a_pointer_that_a_dead_run_left(two):
    _, previous = generation.generations(two)
    (two / "CURRENT.new").write_text("half writ")
    assert generation.rollback(two) == previous
    assert generation.current_name(two) == previous
    assert not (two / "CURRENT.new").exists()


def test_a_pointer_names_two_generations_whatever_stands_behind_them(two):
    pointed = generation.generations(two)
    (two / generation.CURRENT).write_text(" ".join([*pointed, "20200101T000000.000000Z"]) + "\n")
    assert generation.generations(two, complete=False) == pointed


def test_a_file_in_the_place_of_the_folder_names_no_generation(tmp_path):
    (tmp_path / "index").write_text("a file")
    assert generation.current_name(tmp_path / "index") is None


def test_what_cannot_be_made_read_only_or_cleaned_up_is_published_all_the_same(
    two, tmp_path, without_modes, monkeypatch
):
    """As on FAT, and where an old generation is on a bad part of the disk."""

    def fail(*_arguments):
        raise OSError(5, "Input/output error")

    publish = generation.publish

    def published(*arguments):
        with monkeypatch.context() as patch:
            patch.setattr(generation, "clean_up", fail)
            publish(*arguments)

    monkeypatch.setattr(generation, "publish", published)
    report = reindex(write_corpus(tmp_path / "corpus", [Project("a", "Mines")]), two)
    assert generation.current_name(two) == report.generation


def test_a_manifest_that_was_written_over_in_its_place_is_not_the_published_one(two):
    assert generation.published_digest(two)
    manifest = writable(generation.current(two)) / generation.MANIFEST
    manifest.write_bytes(manifest.read_bytes())
    assert generation.published_digest(two) == ""


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "stopped"]
)
def test_a_new_file_is_whole_or_not_there(error, tmp_path, monkeypatch):
    def fail(_descriptor):
        raise error

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(type(error)):
        create(tmp_path / "new", b"content")
    assert not (tmp_path / "new").exists()


def test_a_damaged_generation_is_not_built_upon(index, tmp_path):
    flip(generation.current(index) / "stored.bin")
    found = reindex(write_corpus(tmp_path / "corpus", SEED), index, BuildOptions())
    assert (found.added_count, found.written) == (len(SEED), True)
    assert generation.verify(generation.current(index)).documents == len(SEED)


def test_names_ascend_with_time(tmp_path):
    names = []
    for _ in range(3):
        with generation.building(tmp_path) as folder:
            names.append(folder.name)
    assert names == sorted(set(names))


def test_an_index_that_was_copied_by_links_is_refused_by_that_name(tmp_path):
    index = index_of(tmp_path, [Project("a", "Courts")])
    os.link(index / INDEX_TAG, tmp_path / "linked")
    with pytest.raises(ForeignFolderError, match="have a second name"):
        refuse_foreign(index)
    (tmp_path / "linked").unlink()
    refuse_foreign(index)
