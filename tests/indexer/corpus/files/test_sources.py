"""The corpus folder in other people's hands: what is read, in which order, and what is left alone."""

import gzip
import os
import socket
from contextlib import contextmanager
from dataclasses import fields, replace

import pytest

from indexer.corpus import contents
from indexer.corpus.files.fingerprint import corpus_fingerprint
from indexer.corpus.files.sources import Source, walk
from indexer.corpus.reading import LIMITS, Limits
from indexer.document import Project, Rejection
from indexer.errors import LET_READ, CorpusError
from tests.reliability.runs import NOBODY

LINE = b'{"title": "Safe Gold"}\n'


@pytest.fixture
def folder(tmp_path):
    """A corpus folder with one good file."""
    corpus_dir = tmp_path / "corpus"
    corpus_dir.mkdir()
    (corpus_dir / "good.jsonl").write_bytes(LINE)
    return corpus_dir


def skipped(folder, limits=LIMITS):
    """Return path and reason of everything that is not read, the good file being read."""
    found = list(contents.read(folder, limits))
    assert [one.title for one in found if isinstance(one, Project)] == ["Safe Gold"]
    return [(one.path, one.reason) for one in found if isinstance(one, Rejection)]


def test_files_are_read_in_the_order_of_their_paths(folder):
    for name in ("z.csv", "a.txt", "b/c.html", "b/a.TSV", "b.ndjson", "b/packed.JSONL.GZ"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"")
    assert [(one.path, one.kind, one.packed) for one in walk(folder) if isinstance(one, Source)] == [
        ("a.txt", "listing", False),
        ("b.ndjson", "jsonl", False),
        ("b/a.TSV", "table", False),
        ("b/c.html", "page", False),
        ("b/packed.JSONL.GZ", "jsonl", True),
        ("good.jsonl", "jsonl", False),
        ("z.csv", "table", False),
    ]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("README.md", id="about"),
        pytest.param("README.txt", id="about-as-text"),
        pytest.param("readme", id="about-in-small-letters"),
        pytest.param(".hidden.jsonl", id="hidden-file"),
        pytest.param(".git/x.jsonl", id="hidden-folder"),
        pytest.param("notes.md", id="notes"),
        pytest.param("x.csv~", id="backup"),
        pytest.param("x.csv.part", id="half-copied"),
        pytest.param("aliases.txt", id="aliases"),
    ],
)
def test_what_is_beside_the_corpus_is_passed_over(folder, name):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(LINE)
    assert skipped(folder) == []


def test_an_aliases_file_in_a_sub_folder_is_corpus(folder):
    (folder / "sub").mkdir()
    (folder / "sub" / "aliases.txt").write_text("x")
    assert [path for path, _ in skipped(folder)] == ["sub/aliases.txt"]


def _fifo(folder):
    os.mkfifo(folder / "x.jsonl")


def _socket(folder):
    os.chdir(folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("x.jsonl")


def _device(folder):
    (folder / "x.jsonl").symlink_to("/dev/zero")


def _outside(folder):
    (folder.parent / "secret.jsonl").write_bytes(b'{"title": "Secret"}\n')
    (folder / "x.jsonl").symlink_to("../secret.jsonl")


def _outside_folder(folder):
    (folder / "x.jsonl").symlink_to("/etc")


def _loop(folder):
    (folder / "x.jsonl").symlink_to("x.jsonl")


def _broken(folder):
    (folder / "x.jsonl").symlink_to("gone.jsonl")


def _own_folder(folder):
    (folder / "x.jsonl").symlink_to(".")


def _unknown(folder):
    (folder / "x.jsonl").with_suffix(".pdf").write_bytes(b"%PDF")


NOT_A_FILE = "a pipe, socket or device, not a file"
LEAVES = "a link that leaves the corpus folder; put a copy here instead"
BROKEN = "a broken link, a loop of links, or a file that vanished"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(_fifo, NOT_A_FILE, id="pipe"),
        pytest.param(_socket, NOT_A_FILE, id="socket"),
        pytest.param(_device, LEAVES, id="link-to-a-device"),
        pytest.param(_outside, LEAVES, id="link-that-leaves"),
        pytest.param(_outside_folder, LEAVES, id="link-to-a-folder-outside"),
        pytest.param(_loop, BROKEN, id="loop"),
        pytest.param(_broken, BROKEN, id="broken-link"),
        pytest.param(
            _own_folder, "a link to a folder; folders are read under their own name", id="link-to-itself"
        ),
    ],
)
def test_what_is_no_file_is_never_opened(folder, make, reason, monkeypatch):
    monkeypatch.chdir(folder)
    make(folder)
    assert skipped(folder) == [("x.jsonl", reason)]


def test_a_link_to_a_file_inside_is_read(folder):
    (folder / ".data").mkdir()
    (folder / ".data" / "x").write_bytes(b'{"title": "Linked"}\n')
    (folder / "x.jsonl").symlink_to(".data/x")
    assert [one.title for one in contents.read(folder)] == ["Safe Gold", "Linked"]


def test_the_corpus_folder_itself_may_be_a_link(folder):
    link = folder.parent / "link"
    link.symlink_to(folder)
    assert [one.title for one in contents.read(link)] == ["Safe Gold"]


@contextmanager
def ordinary():
    """Give up the rights of root, who may read everything, for a while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.parametrize(
    ("name", "mode"), [("x.jsonl", 0), ("sub", 0), ("sub", 0o444)], ids=["file", "folder", "folder-to-list"]
)
def test_what_may_not_be_read_is_named(open_folder, name, mode):
    (open_folder / "good.jsonl").write_bytes(LINE)
    path = open_folder / name
    path.mkdir() if name == "sub" else path.write_bytes(LINE)
    if name == "sub":
        (path / "x.jsonl").write_bytes(LINE)
    path.chmod(mode)
    # What reading needs is loaded before the rights are given up.
    list(contents.read(open_folder))
    with ordinary():
        ((named, reason),) = skipped(open_folder)
    assert named == name
    assert reason.endswith(f"cannot be read: Permission denied; {LET_READ}")


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("x.csv", Limits(lines=99)),
        ("x.txt", Limits(whole=99)),
        ("x.html", Limits(page=99)),
        ("x.jsonl", Limits(lines=99)),
        ("x.jsonl.gz", Limits(lines=99)),
    ],
    ids=["csv", "txt", "html", "jsonl", "packed"],
)
def test_a_file_beyond_its_limit_is_not_read(folder, name, limits):
    (folder / name).write_bytes(os.urandom(100))
    assert skipped(folder, limits) == [(name, "more than 9.44e-05 MB; split it into several files")]


def test_an_archive_that_unfolds_without_end_is_read_up_to_the_limit(folder):
    (folder / "bomb.jsonl.gz").write_bytes(gzip.compress(LINE * 10 + b"0" * 50_000_000))
    ((path, reason),) = [
        (one.path, one.reason)
        for one in contents.read(folder, Limits(lines=1_048_576))
        if isinstance(one, Rejection)
    ]
    assert (path, reason) == (
        "bomb.jsonl.gz",
        "cannot be read: more than 1 MB unfolded; split it into several files",
    )


def test_a_file_that_vanishes_is_named(folder, monkeypatch):
    (folder / "x.jsonl").write_bytes(LINE)
    found = walk(folder)
    (folder / "x.jsonl").unlink()
    monkeypatch.setattr(contents, "walk", lambda *_: found)
    assert skipped(folder) == [("x.jsonl", "vanished while the corpus was read; run reindex again")]


def test_a_name_that_is_not_text_can_be_shown(folder):
    (folder / os.fsdecode(b"caf\xe9\n\x1b[31m.jsonl")).write_bytes(b"x\n")
    ((path, _),) = skipped(folder)
    assert path == "caf\ufffd\ufffd\ufffd[31m.jsonl"


def test_folders_may_be_deep(folder):
    deep = folder
    for _ in range(300):
        deep /= "d"
        deep.mkdir()
    (deep / "x.jsonl").write_bytes(b'{"title": "Deep"}\n')
    assert [one.title for one in contents.read(folder)] == ["Deep", "Safe Gold"]


def test_a_missing_folder_is_an_error_at_once(tmp_path):
    with pytest.raises(CorpusError, match="create it or pass --corpus"):
        contents.read(tmp_path / "gone")


def test_a_file_in_the_place_of_the_folder_is_an_error(folder):
    with pytest.raises(CorpusError, match="must name a folder"):
        contents.read(folder / "good.jsonl")


def _edit(folder):
    (folder / "good.jsonl").write_bytes(LINE.replace(b"Gold", b"Sold"))


def _rename(folder):
    (folder / "good.jsonl").rename(folder / "other.jsonl")


def _add_empty(folder):
    (folder / "new.jsonl").touch()


def _add_aliases(folder):
    (folder / "aliases.txt").write_text("ILO = BIT\n")


@pytest.mark.parametrize(
    "change",
    [_edit, _rename, _add_empty, _add_aliases, _fifo, _unknown],
    ids=["edited", "renamed", "empty-file-added", "aliases-added", "pipe-added", "unknown-format-added"],
)
def test_the_fingerprint_changes_with_what_is_read_and_what_is_skipped(folder, change):
    before = corpus_fingerprint(folder)
    change(folder)
    assert corpus_fingerprint(folder) != before


@pytest.mark.parametrize("turned", [False, True])
def test_files_whose_names_are_shown_alike_are_read_in_one_order_on_every_disk(folder, monkeypatch, turned):
    for name in ("a\x01.jsonl", "a\x02.jsonl"):
        (folder / name).write_bytes(LINE)
    there = sorted(os.scandir(folder), key=lambda child: child.name, reverse=turned)
    monkeypatch.setattr(os, "scandir", lambda _: there)
    files = [one.file.name for one in walk(folder) if one.path.startswith("a")]
    assert files == ["a\x01.jsonl", "a\x02.jsonl"]


@pytest.mark.parametrize("limit", [one.name for one in fields(Limits)])
def test_the_fingerprint_changes_with_each_limit(folder, limit):
    raised = replace(LIMITS, **{limit: getattr(LIMITS, limit) * 2})
    assert corpus_fingerprint(folder, raised).whole != corpus_fingerprint(folder).whole


def test_the_fingerprint_does_not_change_with_times_and_notes(folder):
    before = corpus_fingerprint(folder)
    os.utime(folder / "good.jsonl", (0, 0))
    (folder / "README.md").write_text("About this folder.")
    assert corpus_fingerprint(folder) == before
