"""R10: folders that are missing, locked up or read-only, met by an ordinary user."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.build import reindex
from indexer.storage import generation
from search_app import create_app
from tests.building import index_of, writable, write_corpus
from tests.documents import LABOUR, SEED
from tests.reliability.runs import NOBODY, Faults, as_user, run
from tests.reliability.serving import search, serving
from tests.reliability.states import documents

# Root may do anything: these tests then run as nobody.
USER = NOBODY if os.geteuid() == 0 else None


def missing_corpus(corpus: Path, index: Path) -> None:
    shutil.rmtree(corpus)


def corpus_that_is_a_file(corpus: Path, index: Path) -> None:
    shutil.rmtree(corpus)
    corpus.write_text("")


def locked_up_corpus(corpus: Path, index: Path) -> None:
    corpus.chmod(0)


def corpus_without_the_right_to_open(corpus: Path, index: Path) -> None:
    corpus.chmod(0o644)


def corpus_in_a_locked_up_folder(corpus: Path, index: Path) -> None:
    locked = corpus.with_name("locked")
    locked.mkdir()
    corpus.rename(locked / "corpus")
    corpus.symlink_to(locked / "corpus")
    locked.chmod(0o600)


def folder_without_the_right_to_open(corpus: Path, index: Path) -> None:
    write_corpus(corpus, SEED)
    write_corpus(corpus / "more", SEED)
    (corpus / "more").chmod(0o644)


def locked_up_file(corpus: Path, index: Path) -> None:
    write_corpus(corpus, SEED)
    (corpus / "secret.txt").write_text("")
    (corpus / "secret.txt").chmod(0)


def read_only_index(corpus: Path, index: Path) -> None:
    write_corpus(corpus, SEED)
    index.chmod(0o555)


def locked_up_index(corpus: Path, index: Path) -> None:
    index.chmod(0)


def index_that_is_a_file(corpus: Path, index: Path) -> None:
    shutil.rmtree(writable(index))
    index.write_text("")


def locked_up_manifest(corpus: Path, index: Path) -> None:
    write_corpus(corpus, SEED)
    (generation.current(index) / generation.MANIFEST).chmod(0)


def locked_up_array(corpus: Path, index: Path) -> None:
    write_corpus(corpus, SEED)
    (generation.current(index) / "stored.bin").chmod(0)


def lock_that_is_a_folder(corpus: Path, index: Path) -> None:
    (index / generation.LOCK).unlink()
    (index / generation.LOCK).mkdir()


def locked_up_pointer(corpus: Path, index: Path) -> None:
    (index / generation.CURRENT).chmod(0)


READ = "let the user that runs this read it"
WRITE = "let the user that runs this read and write there"
PLACES = {
    missing_corpus: (66, "no corpus folder at {corpus}; create it or pass --corpus"),
    corpus_that_is_a_file: (66, "{corpus} is a file; --corpus must name a folder"),
    locked_up_corpus: (66, f"the corpus folder {{corpus}} cannot be read: Permission denied; {READ}"),
    corpus_without_the_right_to_open: (
        66,
        f"the corpus folder {{corpus}} cannot be read: Permission denied; {READ}",
    ),
    corpus_in_a_locked_up_folder: (
        66,
        f"the corpus folder {{corpus}} cannot be read: Permission denied; {READ}",
    ),
    locked_up_file: (0, ""),
    folder_without_the_right_to_open: (0, ""),
    read_only_index: (
        74,
        f"{{generation}}: Permission denied; the index is as it was; {WRITE}",
    ),
    locked_up_index: (74, f"{{index}}: Permission denied; the index is as it was; {WRITE}"),
    locked_up_manifest: (74, f"{{generation}}/manifest.json cannot be read: Permission denied; {READ}"),
    locked_up_array: (74, f"{{generation}}/stored.bin cannot be read: Permission denied; {READ}"),
    index_that_is_a_file: (78, "{index} is not a folder; --index must name one"),
    lock_that_is_a_folder: (
        78,
        "{index} holds what reindex did not make (LOCK); move that elsewhere",
    ),
    locked_up_pointer: (74, f"{{index}}/CURRENT cannot be read: Permission denied; {READ}"),
}


@pytest.fixture
def place(open_folder) -> tuple[Path, Path]:
    """Give a corpus and its index that belong to the user whom the test runs as."""
    corpus = write_corpus(open_folder / "corpus", list(LABOUR.values())[:8])
    reindex(corpus, open_folder / "index")
    if USER is not None:
        for path in (open_folder, *open_folder.rglob("*")):
            os.chown(path, USER, USER)
    return corpus, open_folder / "index"


@pytest.mark.parametrize("prepare", list(PLACES), ids=lambda prepare: prepare.__name__.replace("_", "-"))
def test_every_place_has_its_line_and_its_exit_code(prepare, place):
    corpus, index = place
    prepare(corpus, index)
    code, told = run(corpus, index, "--allow-shrink", faults=Faults(user=USER))
    expected, line = PLACES[prepare]
    # The names of generations are times, and cannot be known.
    told = re.sub(rf"{re.escape(str(index))}/\d{{8}}T[\d.]+Z", "{generation}", told)
    wanted = line.replace("{corpus}", str(corpus)).replace("{index}", str(index))
    assert (code, told) == (expected, f"reindex: {wanted}\n" if line else "")


def test_a_file_that_cannot_be_read_is_reported(place):
    corpus, index = place
    locked_up_file(corpus, index)
    assert run(corpus, index, "--allow-shrink", faults=Faults(user=USER))[0] == 0
    assert documents(index) == len(SEED)
    rejected = (generation.current(index) / "rejected.jsonl").read_text()
    assert "secret.txt" in rejected
    assert f"cannot be read: Permission denied; {READ}" in rejected


def test_a_folder_in_which_nothing_can_be_opened_is_one_rejection(place):
    corpus, index = place
    folder_without_the_right_to_open(corpus, index)
    assert run(corpus, index, "--allow-shrink", faults=Faults(user=USER))[0] == 0
    (rejected,) = (generation.current(index) / "rejected.jsonl").read_text().splitlines()
    told = json.loads(rejected)
    assert (told["path"], told["reason"]) == (
        "more",
        f"this folder cannot be read: Permission denied; {READ}",
    )


@pytest.mark.parametrize("name", ["aliases.txt", "words.txt"])
def test_settings_that_cannot_be_read_are_told(name, place):
    corpus, index = place
    (corpus / name).write_text("")
    (corpus / name).chmod(0)
    assert run(corpus, index, faults=Faults(user=USER))[0] == 0
    warnings = json.loads((generation.current(index) / "report.json").read_text())["warnings"]
    assert f"{name}: cannot be read: Permission denied; {READ}" in warnings


@pytest.mark.parametrize("command", ["verify", "info", "rollback"])
def test_a_command_without_an_index_says_what_to_do(command, tmp_path):
    reindex_command = [sys.executable, "-c", "from indexer.cli import main; main()"]
    ended = subprocess.run(
        [*reindex_command, "--index", str(tmp_path), command], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (65, "", 1)
    assert ended.stderr.startswith("reindex: ")


def test_a_server_answers_from_a_read_only_folder(open_folder, figure):
    index = index_of(open_folder, list(LABOUR.values()))
    with read_only(index), serving(index, open_folder / "log.txt") as server:
        answer = server.get(search("labour"))
    assert (answer.status, answer.json()["index"]["documents"]) == (200, len(LABOUR))
    figure(f"{len(PLACES)} places: each its exit code and one line; a server answers from a read-only folder")


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Make a folder one that cannot be written: for root by a mount, else by its rights."""
    if USER is None:
        for path in (*folder.rglob("*"), folder):
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield
        return
    mounting = ["mount", "--bind", "-o", "ro", str(folder), str(folder)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("a read-only mount needs the rights of an administrator")
    try:
        with pytest.raises(OSError, match="Read-only"):
            (folder / "written").write_text("")
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_server_says_that_the_index_is_locked_up(open_folder):
    index = index_of(open_folder, list(LABOUR.values()))
    readable = index_of(open_folder / "other", SEED)
    index.chmod(0)
    line = f"503 {index} cannot be read: Permission denied; may the server read what reindex writes?"
    assert as_user(USER, _ask, readable, index) == line


def _ask(become: Callable[[], None], readable: Path, index: Path) -> str:
    """Return what a server tells of an index; `readable` warms it up before it gives up its rights."""
    _answer_of(readable)
    become()
    return _answer_of(index)


def _answer_of(index: Path) -> str:
    application = create_app({"SEARCH_INDEX_DIR": index, "SEARCH_LOG_FORMAT": "none"})
    answer = application.test_client().get(search("labour"))
    return f"{answer.status_code} {answer.json.get('detail', '')}"
