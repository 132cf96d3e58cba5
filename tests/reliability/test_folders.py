"""D1: whatever folder is given for the index, nothing that `reindex` did not make is touched."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.build import reindex
from indexer.cli import main
from indexer.errors import ForeignFolderError
from indexer.storage import generation
from search_app import create_app
from tests.building import write_corpus
from tests.documents import LABOUR, ROOT, SEED
from tests.reliability.runs import start
from tests.reliability.serving import until
from tests.reliability.states import documents

DEAD = "20200101T000000.000000Z"
NOT_ONE = "the index folder of this service is not one, or holds more than an index; run: reindex"
# Every way to write into an index.
WRITERS = [(), ("--full", "--allow-shrink"), ("--check",), ("--watch",), ("rollback",)]


@dataclass(frozen=True, slots=True)
class Place:
    """Two folders in a folder of their own, and an index that was made before."""

    root: Path
    made: Path

    @property
    def corpus(self) -> Path:
        return self.root / "corpus"

    @property
    def index(self) -> Path:
        return self.root / "index"

    def own(self) -> Path:
        """Put an index of ours where the index is given, and return its current generation."""
        shutil.copytree(self.made, self.index)
        return generation.current(self.index)


@pytest.fixture
def place(tmp_path, labour_index) -> Place:
    found = Place(tmp_path / "place", labour_index)
    write_corpus(found.corpus, list(LABOUR.values()))
    return found


def asked(place: Place, index: Path, *line: str) -> Result:
    """Return how a command ended."""
    return CliRunner().invoke(main, ["--corpus", str(place.corpus), "--index", str(index), *line])


def ran(place: Place, index: Path) -> tuple[int, str]:
    """Return how a `reindex` ended in a process of its own, and what it told."""
    going = start(place.corpus, index, told=place.root.parent / "told.txt")
    return going.wait(), going.said()


def photo(folder: Path, name: str = "photo.jpg") -> Path:
    """Put a file of somebody else into a folder, made if missing, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("the only copy")
    return folder


def photos(place: Place) -> Path:
    return photo(place.index)


def nothing_but_a_readme(place: Place) -> Path:
    return photo(place.index, "README.md")


def a_link_to_photos(place: Place) -> Path:
    place.index.symlink_to(photo(place.root / "photos"))
    return place.index


def names_like_ours(place: Place) -> Path:
    for name in ("LOCK", "CURRENT", "CURRENT.new", "INDEX.TAG"):
        photo(place.index, name)
    return place.index


def a_folder_like_a_generation(place: Place) -> Path:
    photo(place.index / DEAD, "words.bin")
    return place.index


def another_database(place: Place) -> Path:
    (photo(place.index, "MANIFEST-000001") / "LOCK").write_text("")
    (place.index / "CURRENT").write_text("MANIFEST-000001\n")
    return place.index


def a_pointer_of_somebody_else(place: Place) -> Path:
    return photo(place.index, "CURRENT")


def a_lock_of_somebody_else(place: Place) -> Path:
    return photo(place.index, "LOCK")


def a_history_of_somebody_else(place: Place) -> Path:
    return photo(place.index, "HISTORY")


def a_file(place: Place) -> Path:
    return photo(place.root) / "photo.jpg"


def a_broken_link(place: Place) -> Path:
    place.index.symlink_to(place.root / "nowhere")
    return place.index


def a_link_to_itself(place: Place) -> Path:
    place.index.symlink_to(place.index)
    return place.index


def a_pipe(place: Place) -> Path:
    os.mkfifo(place.index)
    return place.index


def a_device(_place: Place) -> Path:
    return Path("/dev/null")


def the_root(_place: Place) -> Path:
    return Path("/")


def a_home(place: Place) -> Path:
    for name in (".profile", ".bash_history", "letter.txt"):
        photo(place.index, name)
    return place.index


def a_checkout(place: Place) -> Path:
    photo(place.index / ".git", "HEAD")
    return place.index


def a_file_beside_ours(place: Place) -> Path:
    place.own()
    return photo(place.index)


def a_folder_beside_ours(place: Place) -> Path:
    place.own()
    photo(place.index / "photos")
    return place.index


def a_file_in_a_generation(place: Place) -> Path:
    folder = place.own()
    folder.chmod(0o755)
    photo(folder)
    return place.index


def an_array_in_a_dead_generation(place: Place) -> Path:
    dead = place.own().parent / DEAD
    shutil.copytree(generation.current(place.index), dead)
    dead.chmod(0o755)
    (dead / "manifest.json").unlink()
    photo(dead, "measured.npy")
    return place.index


def a_link_in_place_of_a_generation(place: Place) -> Path:
    place.own()
    (place.index / DEAD).symlink_to(photo(place.root / "photos"))
    return place.index


def a_link_to_a_generation_of_another_index(place: Place) -> Path:
    place.own()
    shutil.copytree(generation.current(place.index), place.root / "other" / DEAD)
    (place.index / DEAD).symlink_to(place.root / "other" / DEAD)
    return place.index


def a_link_in_place_of_the_lock(place: Place) -> Path:
    place.own()
    (place.index / "LOCK").unlink()
    (place.index / "LOCK").symlink_to(photo(place.root / "photos") / "photo.jpg")
    return place.index


def a_hard_link_in_place_of_the_lock(place: Place) -> Path:
    place.own()
    (place.index / "LOCK").unlink()
    (place.index / "LOCK").hardlink_to(photo(place.root / "photos") / "photo.jpg")
    return place.index


def a_link_in_place_of_the_next_pointer(place: Place) -> Path:
    place.own()
    (place.index / "CURRENT.new").symlink_to(photo(place.root / "photos") / "photo.jpg")
    return place.index


def a_pipe_in_place_of_the_pointer(place: Place) -> Path:
    place.own()
    (place.index / "CURRENT").unlink()
    os.mkfifo(place.index / "CURRENT")
    return place.index


def a_folder_in_place_of_the_lock(place: Place) -> Path:
    place.own()
    (place.index / "LOCK").unlink()
    photo(place.index / "LOCK")
    return place.index


def the_corpus(place: Place) -> Path:
    return place.corpus


def in_the_corpus(place: Place) -> Path:
    return place.corpus / "new"


def around_the_corpus(place: Place) -> Path:
    return place.root


def an_empty_folder_in_the_corpus_by_a_link(place: Place) -> Path:
    (place.corpus / "inside").mkdir()
    place.index.symlink_to(place.corpus / "inside")
    return place.index


def the_corpus_by_a_link(place: Place) -> Path:
    place.index.symlink_to(place.corpus)
    return place.index


def the_corpus_by_way_of_elsewhere(place: Place) -> Path:
    photo(place.root / "elsewhere")
    return place.root / "elsewhere" / ".." / "corpus"


REFUSED: list[Callable[[Place], Path]] = [
    photos, nothing_but_a_readme, a_link_to_photos, names_like_ours, a_folder_like_a_generation, another_database,
    a_pointer_of_somebody_else, a_lock_of_somebody_else, a_history_of_somebody_else, a_file, a_broken_link, a_link_to_itself, a_pipe, a_device, the_root, a_home, a_checkout, a_file_beside_ours,
    a_folder_beside_ours, a_file_in_a_generation, an_array_in_a_dead_generation, a_link_in_place_of_a_generation,
    a_link_to_a_generation_of_another_index, a_link_in_place_of_the_lock, a_hard_link_in_place_of_the_lock, a_link_in_place_of_the_next_pointer,
    a_pipe_in_place_of_the_pointer, a_folder_in_place_of_the_lock, the_corpus, in_the_corpus, around_the_corpus,
    an_empty_folder_in_the_corpus_by_a_link, the_corpus_by_a_link, the_corpus_by_way_of_elsewhere,
]  # fmt: skip


def missing(place: Place) -> Path:
    return place.root / "far" / "index"


def empty(place: Place) -> Path:
    place.index.mkdir()
    return place.index


def empty_by_a_link(place: Place) -> Path:
    (place.root / "disk").mkdir()
    place.index.symlink_to(place.root / "disk")
    return place.index


def with_a_placeholder(place: Place) -> Path:
    return photo(place.index, ".gitignore")


def the_root_of_a_disk(place: Place) -> Path:
    photo(place.index / "lost+found")
    return place.index


def our_checkout(place: Place) -> Path:
    place.index.mkdir()
    shutil.copy(ROOT / "index" / "README.md", place.index)
    return place.index


def ours(place: Place) -> Path:
    place.own()
    return place.index


def ours_with_what_a_dead_run_left(place: Place) -> Path:
    shutil.copytree(place.own(), place.index / DEAD)
    (place.index / DEAD).chmod(0o755)
    (place.index / DEAD / "manifest.json").unlink()
    (place.index / "CURRENT.new").write_text(f"{DEAD}\n")
    return place.index


def ours_of_which_a_run_died_at_once(place: Place) -> Path:
    place.index.mkdir()
    (place.index / "LOCK").write_text("123")
    (place.index / "INDEX.TAG").write_text("grant-sea")
    return place.index


def ours_of_before_the_marks(place: Place) -> Path:
    folder = place.own()
    folder.chmod(0o755)
    (folder / generation.GENERATION_TAG).unlink()
    (place.index / generation.INDEX_TAG).unlink()
    (place.index / "README.md").write_text("# The index\n")
    return place.index


TAKEN: list[Callable[[Place], Path]] = [
    missing, empty, empty_by_a_link, with_a_placeholder, the_root_of_a_disk, our_checkout, ours,
    ours_with_what_a_dead_run_left, ours_of_which_a_run_died_at_once, ours_of_before_the_marks,
]  # fmt: skip


def named(prepare: Callable[[Place], Path]) -> str:
    return prepare.__name__.replace("_", "-")


def found_in(folder: Path) -> dict[str, bytes | str]:
    """Return every file, link and empty folder below a folder, with what it holds."""
    return {
        str(path): str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else ""
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir() or not any(path.iterdir())
    }


@pytest.mark.parametrize("prepare", REFUSED, ids=named)
def test_a_folder_that_is_not_ours_is_refused_and_left_alone(prepare, place):
    index = prepare(place)
    before = found_in(place.root)
    for line in WRITERS:
        ended = asked(place, index, *line)
        assert (ended.exit_code, ended.stderr.count("\n"), ended.stdout) == (78, 1, ""), line
        assert ended.stderr.startswith("reindex: ")
    assert found_in(place.root) == before
    with pytest.raises(ForeignFolderError):
        reindex(place.corpus, index)
    assert found_in(place.root) == before


@pytest.mark.parametrize(
    "prepare", [photos, a_file_beside_ours, the_corpus, a_device, a_pipe_in_place_of_the_pointer], ids=named
)
def test_every_command_and_the_server_refuse_it(prepare, place, caplog):
    index = prepare(place)
    before = found_in(place.root)
    for command in ("verify", "info"):
        ended = asked(place, index, command)
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (78, "", 1), command
    client = create_app({"SEARCH_INDEX_DIR": index, "SEARCH_LOG_FORMAT": "none"}).test_client()
    answer = client.get("/api/v1/search")
    assert answer.status_code == 503
    assert answer.json["detail"] == NOT_ONE
    assert ended.stderr.removeprefix("reindex: ").strip() in caplog.text or prepare is the_corpus
    assert found_in(place.root) == before


@pytest.mark.parametrize("prepare", TAKEN, ids=named)
def test_a_folder_that_is_ours_or_empty_is_taken_and_the_rest_in_it_is_left(prepare, place, figure):
    index = prepare(place)
    others = {
        path: content
        for path, content in found_in(place.root).items()
        if Path(path).name in ("photo.jpg", "README.md", ".gitignore")
    }
    code, told = ran(place, index)
    assert (code, documents(index)) == (0, len(LABOUR)), told
    assert (index / generation.INDEX_TAG).is_file()
    assert (generation.current(index) / generation.GENERATION_TAG).is_file()
    assert others.items() <= found_in(place.root).items()
    assert not (index / DEAD).exists()
    figure(
        f"{len(REFUSED)} folders that are not ours refused with 78, {len(TAKEN)} taken: 0 files of others lost"
    )


def test_the_corpus_is_known_by_another_mount(place):
    place.index.mkdir()
    if (
        os.geteuid()
        or subprocess.run(
            ["mount", "--bind", str(place.corpus), str(place.index)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("a mount needs the rights of an administrator")
    try:
        told = ran(place, place.index)
        inside = ran(place, place.index / "new")
    finally:
        subprocess.run(["umount", str(place.index)], check=True)
    assert [code for code, _ in (told, inside)] == [78, 78]
    assert "one folder, or one lies in the other" in told[1]


def test_a_watch_that_meets_a_strange_file_leaves_it(place):
    place.own()
    before = generation.current_name(place.index)
    write_corpus(place.corpus, [*LABOUR.values(), *SEED])
    going = start(place.corpus, place.index, "--watch", told=place.root.parent / "told.txt")
    try:
        until(lambda: generation.current_name(place.index) != before, "the watch has built")
        photo(place.index)
        write_corpus(place.corpus, list(LABOUR.values()))
        until(lambda: "photo.jpg" in going.said(), "the watch refuses")
    finally:
        going.process.terminate()
    assert going.wait() == 143
    assert "holds what reindex did not make (photo.jpg); move that elsewhere" in going.said()
    assert (place.index / "photo.jpg").read_text() == "the only copy"


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_cleans_only_what_it_made(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    photo(tmp_path / ".venv")
    photo(tmp_path / "index")
    (tmp_path / ".venv-dev").mkdir()
    (tmp_path / ".venv-dev" / "pyvenv.cfg").write_text("home = /usr/bin\n# made by make of grant-search\n")
    before = found_in(tmp_path / ".venv") | found_in(tmp_path / "index")
    for name in ("requirements.lock", "requirements-build.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    subprocess.run(["make", "clean"], cwd=tmp_path, capture_output=True, check=True)
    assert not (tmp_path / ".venv-dev").exists()
    made = subprocess.run(["make", "serve"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (made.returncode, ".venv was not made here" in made.stderr) == (2, True)
    assert found_in(tmp_path / ".venv") | found_in(tmp_path / "index") == before
