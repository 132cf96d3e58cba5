"""D4, D5: what a server and each command do with every state that an index folder can be in."""

import json
import os
import re
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.build import reindex
from indexer.cli import main
from indexer.errors import IndexerError
from indexer.storage import generation
from search_app.engine import live
from search_app.engine.live import LiveEngine
from tests.building import copied, spoilt, write_corpus
from tests.documents import LABOUR, ROOT
from tests.reliability.crafting import rewritten
from tests.reliability.states import documents

OLD, NEW = list(LABOUR.values())[:8], list(LABOUR.values())[:9]
LATE = "20300101T000000.000000Z"


@dataclass(frozen=True, slots=True)
class Index:
    """An index of two generations in a folder, and the corpus of the current one."""

    corpus: Path
    folder: Path

    @property
    def current(self) -> Path:
        return self.folder / generation.generations(self.folder, complete=False)[0]

    @property
    def previous(self) -> Path:
        return self.folder / generation.generations(self.folder, complete=False)[1]

    def point(self, *names: str) -> None:
        pointer = self.folder / generation.CURRENT
        pointer.unlink()
        pointer.write_text(" ".join(names) + "\n")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Index:
    folder = tmp_path_factory.mktemp("states")
    found = Index(write_corpus(folder / "corpus", OLD), folder / "index")
    reindex(found.corpus, found.folder)
    reindex(write_corpus(found.corpus, NEW), found.folder)
    return found


@pytest.fixture
def index(made, tmp_path) -> Index:
    return Index(made.corpus, copied(made.folder, tmp_path / "index"))


def missing(index: Index) -> None:
    shutil.rmtree(index.folder)


def good(_index: Index) -> None: ...


def late(index: Index) -> None:
    index.point(LATE, index.previous.name)


def damaged(index: Index) -> None:
    spoilt(index.current / "terms.bin")


def damaged_both(index: Index) -> None:
    spoilt(index.current / "terms.bin")
    spoilt(index.previous / "manifest.json")


def of_another_format(index: Index) -> None:
    index.current.chmod(0o755)
    rewritten(index.current, format=1)


def of_another_format_both(index: Index) -> None:
    for folder in (index.current, index.previous):
        folder.chmod(0o755)
        rewritten(folder, format=1)


def pointing_to_nothing(index: Index) -> None:
    index.point("nothing", "here")


def foreign(index: Index) -> None:
    (index.folder / "photo.jpg").write_text("the only copy")


# State: what a cold server serves ("new", "old" or a word of its reason), and what `verify`, `info`, `rollback`,
# `reindex` end with. After `reindex` with 0 the index is good.
STATES: dict[Callable[[Index], None], tuple[str, int, int, int, int]] = {
    missing: ("no index yet", 65, 65, 65, 0),
    good: ("new", 0, 0, 0, 0),
    late: ("old", 65, 0, 0, 0),
    damaged: ("old", 65, 0, 0, 0),
    damaged_both: ("terms.bin", 65, 0, 65, 0),
    of_another_format: ("old", 65, 0, 0, 0),
    of_another_format_both: ("another version", 65, 0, 65, 0),
    pointing_to_nothing: ("no index yet", 65, 65, 65, 0),
    foreign: ("holds more than an index", 78, 78, 78, 78),
}
COMMANDS = (("verify",), ("info",), ("rollback",), ())


def named(prepare: Callable[[Index], None]) -> str:
    return prepare.__name__.replace("_", "-")


def served(engine: LiveEngine) -> str:
    """Return which of the two generations is served, or why none is."""
    try:
        return {len(OLD): "old", len(NEW): "new"}[engine.engine().info.documents]
    except IndexerError as error:
        return str(error)


def ended(index: Index, *line: str) -> int:
    """Return the code that a command ended with, after one line if it is not 0."""
    found = CliRunner().invoke(main, ["--corpus", str(index.corpus), "--index", str(index.folder), *line])
    assert found.exit_code == 0 or found.stderr.splitlines()[-1].startswith("reindex: ")
    assert found.exception is None or isinstance(found.exception, SystemExit)
    return found.exit_code


@pytest.mark.parametrize("state", list(STATES), ids=named)
def test_a_cold_server_serves_what_is_good_or_says_why_not(state, index):
    state(index)
    expected = STATES[state][0]
    assert expected == (told := served(LiveEngine(index.folder))) or expected in told


@pytest.mark.parametrize("state", list(STATES), ids=named)
def test_a_running_server_goes_on_with_what_it_has(state, index):
    engine = LiveEngine(index.folder)
    assert served(engine) == "new"
    state(index)
    assert {served(engine) for _ in range(20)} == {"new"}


def test_a_running_server_goes_on_where_nothing_that_the_pointer_names_can_be_opened(index):
    engine = LiveEngine(index.folder)
    assert served(engine) == "new"
    damaged_both(index)
    index.point(LATE, index.previous.name)
    shown = set()
    for _ in range(1000):
        shown.add(served(engine))
        if engine.refused == 2:
            break
        time.sleep(0.01)
    assert (shown | {served(engine)}, engine.refused) == ({"new"}, 2)


@pytest.mark.parametrize("number", range(len(COMMANDS)), ids=["verify", "info", "rollback", "reindex"])
@pytest.mark.parametrize("state", list(STATES), ids=named)
def test_every_command_ends_with_its_code(state, number, index):
    state(index)
    assert ended(index, *COMMANDS[number]) == STATES[state][number + 1]
    if number == len(COMMANDS) - 1 and STATES[state][-1] == 0:
        assert documents(index.folder) == len(NEW)
        assert served(LiveEngine(index.folder)) == "new"


def test_the_manual_says_the_same_of_every_state(figure):
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", manual, re.MULTILINE)
    assert [tuple(map(int, row)) for row in rows] == [state[1:] for state in STATES.values()]
    figure(f"{len(STATES)} states of a folder: a server that starts, one that runs, {len(COMMANDS)} commands")


@pytest.fixture
def quick(monkeypatch):
    """Let what was refused be tried again soon."""
    monkeypatch.setattr(live, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(live, "LONGEST_PAUSE", 0.02)


def until(engine: LiveEngine, expected: str) -> str:
    """Ask until something is served; the tests' own limit is what fails."""
    for _ in range(1000):
        if served(engine) == expected:
            break
        time.sleep(0.01)
    return served(engine)


@pytest.mark.parametrize("cold", [True, False], ids=["cold", "running"])
@pytest.mark.usefixtures("quick")
def test_a_generation_that_comes_after_its_pointer_is_taken(cold, index):
    new, old = index.current.name, index.previous.name
    moved = index.current.rename(index.folder.parent / new)
    if not cold:
        index.point(old)
    engine = LiveEngine(index.folder)
    assert served(engine) == "old"
    index.point(new, old)
    # It is missed at least once before it comes: whoever took that for the last word would never take it.
    for _ in range(1000):
        assert served(engine) == "old"
        if engine.refused:
            break
        time.sleep(0.01)
    moved.rename(index.folder / new)
    assert until(engine, "new") == "new"


@pytest.mark.usefixtures("quick")
def test_a_folder_that_is_away_for_a_while_is_found_again(index):
    away = index.folder.rename(index.folder.with_name("away"))
    engine = LiveEngine(index.folder)
    assert "no index yet" in served(engine)
    away.rename(index.folder)
    assert until(engine, "new") == "new"


@pytest.mark.usefixtures("quick")
def test_a_foreign_file_that_goes_away_is_forgotten(index):
    foreign(index)
    engine = LiveEngine(index.folder)
    assert "holds more than an index" in served(engine)
    (index.folder / "photo.jpg").unlink()
    assert until(engine, "new") == "new"


def test_what_is_refused_is_tried_again_after_growing_pauses(index, monkeypatch):
    clock, tried = [0.0], []
    monkeypatch.setattr(live, "monotonic", lambda: clock[0])
    damaged_both(index)
    engine = LiveEngine(index.folder)
    monkeypatch.setattr(engine, "_serve", lambda _names: tried.append(clock[0]))
    for clock[0] in range(400):
        served(engine)
    assert tried == [0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363]
    spoilt(index.current / "words.bin")
    index.point(*generation.generations(index.folder, complete=False))
    served(engine)
    assert len(tried) == 13


@pytest.mark.parametrize("cold", [True, False], ids=["cold", "running"])
def test_of_those_who_waited_for_one_try_none_tries_again(cold, index, monkeypatch):
    """Each had found it due, and waited for whoever was first."""
    monkeypatch.setattr(live, "monotonic", lambda: 0.0)
    engine, tried = LiveEngine(index.folder), []
    if not cold:
        assert served(engine) == "new"
    damaged_both(index)
    index.point(*generation.generations(index.folder, complete=False))
    signature = engine._look()
    monkeypatch.setattr(engine, "_serve", tried.append)
    for _ in range(3):
        if cold:
            engine._follow(signature)
        else:
            engine._lock.acquire()
            engine._open_and_release(signature)
    assert len(tried) == 1


def test_a_refusal_is_logged_and_counted_once(index, monkeypatch, caplog):
    clock = [0.0]
    monkeypatch.setattr(live, "monotonic", lambda: clock[0])
    damaged_both(index)
    engine = LiveEngine(index.folder)
    for clock[0] in range(100):
        served(engine)
    assert engine.refused == len(caplog.records) == 2


def test_a_published_generation_is_read_only(made):
    assert {path.stat().st_mode & 0o222 for path in (made.current, *made.current.iterdir())} == {0}
    assert {path.stat().st_mode & 0o200 for path in made.folder.iterdir() if path.is_file()} == {0o200}


def test_a_restore_beside_and_a_rename_are_followed(index, tmp_path):
    """As the manual says it: copy beside, rename, point."""
    new, old = index.current.name, index.previous.name
    backup = copied(index.folder, tmp_path / "backup")
    spoilt(index.current / "terms.bin")
    engine = LiveEngine(index.folder)
    assert served(engine) == "old"
    restored = copied(backup, tmp_path / "restored")
    index.folder.rename(tmp_path / "broken")
    restored.rename(index.folder)
    (index.folder / generation.CURRENT).touch()
    assert until(engine, "new") == "new"
    assert generation.generations(index.folder) == [new, old]


@pytest.mark.parametrize("changed", ["file", "time", "size"])
@pytest.mark.usefixtures("quick")
def test_a_restore_of_the_pointer_is_followed_whatever_of_it_tells(changed, index):
    """Copies keep times, and an editor writes into the file that there is."""
    pointer, (new, old) = index.folder / generation.CURRENT, (index.current.name, index.previous.name)
    index.point(new, old)
    engine = LiveEngine(index.folder)
    assert served(engine) == "new"
    before = pointer.stat()
    if changed == "file":
        # The other one stays beside: a number of a file that is gone may be given again.
        pointer.rename(index.folder.parent / "kept")
    pointer.write_text(f"{old}\n" if changed == "size" else f"{old} {new}\n")
    later = 10**9 if changed == "time" else 0
    os.utime(pointer, ns=(before.st_atime_ns, before.st_mtime_ns + later))
    after = pointer.stat()
    assert (after.st_ino == before.st_ino, after.st_size == before.st_size) == (
        changed != "file",
        changed != "size",
    )
    assert until(engine, "old") == "old"


ODD = [
    b"", b"\0" * 100, b"null", b"[]", b"{}", b"\xff\xfe", b"[" * 200_000, b'{"format": 4}', b"1e999", b"x" * 2_000_000,
]  # fmt: skip


@pytest.mark.parametrize("name", ["manifest.json", "report.json", "rejected.jsonl", "GENERATION.TAG"])
@pytest.mark.parametrize("content", ODD, ids=range(len(ODD)))
def test_every_command_ends_with_a_line_on_any_bytes(name, content, index):
    path = index.current / name
    path.parent.chmod(0o755)
    path.unlink()
    path.write_bytes(content)
    for line in (*COMMANDS[:2], ("--check",), ("--full",), ()):
        code = ended(index, *line)
        assert code in (0, 65, 78), line
    assert code == 78 or documents(index.folder) == len(NEW)


@pytest.mark.parametrize("value", [None, -1, "many", 1e300, [[]], {"a": []}], ids=repr)
@pytest.mark.parametrize("member", ["documents", "built_at", "files", "corpus", "format", "schema"])
def test_a_manifest_of_other_types_ends_in_a_line(member, value, index):
    index.current.chmod(0o755)
    rewritten(index.current, **{member: json.loads(json.dumps(value))})
    for line in COMMANDS:
        assert ended(index, *line) in (0, 65), line
    assert documents(index.folder) in (len(OLD), len(NEW))


def test_an_answer_under_way_is_not_hurt_by_a_new_generation(index):
    engine, found = LiveEngine(index.folder), []
    old = engine.engine()
    asking = threading.Thread(target=lambda: found.append(old.backend.segment.project(0).title))
    reindex(write_corpus(index.folder.parent / "corpus", OLD), index.folder)
    asking.start()
    asking.join()
    assert found == [old.backend.segment.project(0).title]
