"""R7, R9, R11: what a damaged, a foreign or an older index can do: nothing."""

import hashlib
import json
import os
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import DamagedIndexError, IndexerError, IndexFormatError
from indexer.storage import generation
from indexer.storage.segment import FORMAT
from search_app import create_app
from tests.building import copied, writable, write_corpus
from tests.documents import LABOUR
from tests.reliability.crafting import rewritten, signed
from tests.reliability.runs import run
from tests.reliability.serving import Reader, search, serving, until
from tests.reliability.states import documents

OLDER = Path(__file__).parent / "older-index"


def flipped(content: bytes, rng: random.Random) -> bytes:
    """Return the content with one bit changed."""
    place = rng.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << rng.randrange(8)]) + content[place + 1 :]


def cut(content: bytes, rng: random.Random) -> bytes:
    """Return the content without its end."""
    return content[: rng.randrange(len(content))]


def zeroed(content: bytes, rng: random.Random) -> bytes:
    """Return the content with a block of zeros, as a disk leaves it after a power cut."""
    length = rng.randint(1, len(content))
    place = rng.randrange(len(content) - length + 1)
    return content[:place] + bytes(length) + content[place + length :]


DAMAGES = {"flip": flipped, "cut": cut, "zeros": zeroed, "empty": lambda *_: b"", "gone": None}


def damaged(path: Path, kind: str, rng: random.Random) -> bool:
    """Damage a file, and tell whether it is any different now."""
    before = path.read_bytes()
    # A published file is never written again, it may be mapped; this one is another.
    path.unlink()
    if kind == "gone":
        return True
    after = DAMAGES[kind](before, rng) if before else before
    path.write_bytes(after)
    return after != before


@pytest.mark.parametrize("kind", list(DAMAGES))
@pytest.mark.forms(1, 20)
def test_damage_to_any_file_is_refused_by_name(rounds, kind, tmp_path, labour_index, figure):
    folder, rng, tried = (
        copied(generation.current(labour_index), tmp_path / "g"),
        random.Random(kind),
        0,
    )
    for path in sorted(folder.iterdir()):
        before = path.read_bytes()
        for number in range(rounds):
            if damaged(path, kind, rng):
                tried += 1
                with pytest.raises((DamagedIndexError, IndexFormatError)) as refusal:
                    generation.verify(folder)
                assert refusal.value.path in (path, folder), f"{path.name} {kind} {number}"
            path.write_bytes(before)
    assert tried > 30 * rounds
    assert generation.verify(folder).documents == len(LABOUR)
    figure(f"{tried} times {kind}: 0 accepted")


@pytest.mark.forms(2, 40)
def test_damage_never_reaches_those_who_search(rounds, tmp_path, labour_index, figure):
    index, rng = copied(labour_index, tmp_path / "index"), random.Random(rounds)
    good = generation.current_name(index)
    names = sorted(path.name for path in (index / good).iterdir() if path.stat().st_size)
    tried = 0
    with serving(index, tmp_path / "log.txt") as server:
        readers = [Reader(server, [search("labour"), search("")]) for _ in range(2)]
        for kind in DAMAGES:
            for name in rng.sample(names, min(rounds, len(names))):
                bad = f"{20300101 + tried}T000000.000000Z"
                # It lies in the index only once it is whole: half a copy may have no mark yet, which is told otherwise.
                folder = copied(index / good, tmp_path / bad)
                if damaged(folder / name, kind, rng):
                    tried += 1
                    folder.rename(index / bad)
                    _point(index, bad, good)
                    _until_refused(server, bad, name)
                    # Without its mark it is no generation, and the index is refused as long as it lies there.
                    _point(index, good)
                    shutil.rmtree(writable(index / bad))
                else:
                    shutil.rmtree(writable(folder))
        for reader in readers:
            reader.stop()
    answers = [one for reader in readers for one in reader.answers]
    assert [one for reader in readers for one in reader.failures] == []
    assert {one.status for one in answers} == {200}
    assert {one.json()["index"]["generation"] for one in answers} == {good}
    figure(
        f"{tried} damaged generations published to a server: 0 accepted, "
        f"0 of {len(answers):,} requests failed"
    )


def _until_refused(server, bad: str, name: str) -> None:
    """Wait until both workers have refused a generation, and named the file; without its mark, the generation."""

    def told() -> list[str]:
        return [line for line in server.told().splitlines() if "is refused" in line and bad in line]

    until(lambda: len(told()) == 2, f"both workers refuse {bad} for {name}")
    expected = [name, "another version", *(["did not make"] if name == generation.GENERATION_TAG else [])]
    assert all(any(one in line for one in expected) for line in told())


def _point(index: Path, *names: str) -> None:
    temporary = index / "CURRENT.new"
    temporary.write_text(" ".join(names) + "\n")
    temporary.replace(index / generation.CURRENT)


def _asked(index: Path, path: str = "/api/v1/search?q=labour"):
    return create_app({"SEARCH_INDEX_DIR": index, "SEARCH_LOG_FORMAT": "none"}).test_client().get(path)


def test_a_cold_start_falls_back_to_the_previous_generation(tmp_path, labour_index):
    index = copied(labour_index, tmp_path / "index")
    good, bad = generation.current_name(index), "20300101T000000.000000Z"
    copied(index / good, index / bad)
    damaged(index / bad / "terms.bin", "cut", random.Random(1))
    _point(index, bad, good)
    assert _asked(index).json["index"]["generation"] == good


@pytest.mark.parametrize(
    "pointer",
    [b"", b"\0\xff\xfe\n", b"nothing here\n", b"../elsewhere\n", b"x" * 1_000_000],
    ids=["empty", "bytes", "unknown", "a-way-out", "long"],
)
def test_a_cold_start_with_a_damaged_pointer_says_what_to_do(pointer, tmp_path, labour_index):
    index = copied(labour_index, tmp_path / "index")
    (index / generation.CURRENT).write_bytes(pointer)
    answer = _asked(index)
    assert (answer.status_code, "reindex" in answer.json["detail"]) == (503, True)
    assert run(write_corpus(tmp_path / "corpus", list(LABOUR.values())), index)[0] == 0
    assert (documents(index), _asked(index).status_code) == (len(LABOUR), 200)


class Planted:
    """What a pickle from a stranger would do: leave a file behind."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return os.mkdir, (str(self.mark),)


def test_a_foreign_index_runs_no_code(tmp_path, labour_index, figure):
    mark = tmp_path / "executed"
    corpus = write_corpus(tmp_path / "corpus", list(LABOUR.values()))
    names = [path.name for path in generation.current(labour_index).glob("*.npy")]
    for name in names:
        index = copied(labour_index, tmp_path / name / "index")
        planted = generation.current(index) / name
        planted.unlink()
        np.save(planted, np.array([Planted(mark)], object), allow_pickle=True)
        signed(generation.current(index))
        # The ledger is for `reindex` alone: the server does not open it.
        unopened = name.startswith("ledger_")
        assert _asked(index).status_code == (200 if unopened else 503), name
        assert not unopened or run(corpus, index)[0] == 0
    assert run(corpus, index)[0] == 0
    assert documents(index) == len(LABOUR)
    assert not mark.exists()
    figure(f"{len(names)} planted pickles: 0 executed, none read")


def test_a_foreign_index_is_no_way_to_other_files(tmp_path, labour_index):
    index, outside = copied(labour_index, tmp_path / "index"), tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("kept")
    (index / generation.LOCK).unlink(missing_ok=True)
    (index / generation.LOCK).symlink_to(outside / "precious")
    (index / "20200101T000000.000000Z").symlink_to(outside)
    corpus = write_corpus(tmp_path / "corpus", list(LABOUR.values())[:60])
    assert run(corpus, index)[0] == 78
    (index / generation.LOCK).unlink()
    assert run(corpus, index)[0] == 78
    (index / "20200101T000000.000000Z").unlink()
    assert run(corpus, index)[0] == 0
    assert [path.name for path in outside.iterdir()] == ["precious"]
    assert (outside / "precious").read_text() == "kept"


def linked(folder: Path, outside: Path) -> None:
    (folder / "stored.bin").unlink()
    (folder / "stored.bin").symlink_to(outside / folder.name / "stored.bin")


def hard_linked(folder: Path, outside: Path) -> None:
    (folder / "stored.bin").unlink()
    (folder / "stored.bin").hardlink_to(outside / folder.name / "stored.bin")


def linked_manifest(folder: Path, outside: Path) -> None:
    (folder / generation.MANIFEST).unlink()
    (folder / generation.MANIFEST).symlink_to(outside / folder.name / generation.MANIFEST)


def listed(folder: Path, outside: Path) -> None:
    precious = (outside / "precious").read_bytes()
    files = json.loads((folder / generation.MANIFEST).read_bytes())["files"]
    way = os.path.relpath(outside / "precious", folder)
    rewritten(folder, files={**files, way: [len(precious), hashlib.sha256(precious).hexdigest()]})


def beside(folder: Path, outside: Path) -> None:
    (folder / "more.npy").symlink_to(outside / "precious")


def linked_folder(folder: Path, outside: Path) -> None:
    shutil.rmtree(writable(folder))
    folder.symlink_to(outside / folder.name)


def pointed(folder: Path, outside: Path) -> None:
    _point(folder.parent, os.path.relpath(outside / folder.name, folder.parent))


@pytest.mark.parametrize(
    "craft", [linked, hard_linked, linked_manifest, listed, beside, linked_folder, pointed]
)
def test_a_foreign_index_is_no_way_to_read_other_files(craft, tmp_path, labour_index):
    index, outside = copied(labour_index, tmp_path / "index"), tmp_path / "outside"
    folder = generation.current(index)
    # What it leads to would answer well: nothing but the way there is wrong.
    copied(folder, outside / folder.name)
    (outside / "precious").write_text("kept")
    generation.verify(outside / folder.name)
    before = {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()}
    craft(folder, outside)
    with pytest.raises(IndexerError) as refusal:
        generation.verify(generation.current(index))
    assert refusal.value.exit_code == 65
    answer = _asked(index)
    assert (answer.status_code, "kept" in answer.text) == (503, False)
    run(write_corpus(tmp_path / "corpus", list(LABOUR.values())), index)
    assert {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("change", [{"format": FORMAT - 1}, {"schema": "0" * 16}], ids=["format", "schema"])
def test_an_index_of_which_one_thing_is_older_asks_for_a_reindex(change, tmp_path, labour_index):
    index = copied(labour_index, tmp_path / "index")
    folder = generation.current(index)
    rewritten(folder, **change)
    with pytest.raises(IndexFormatError) as refusal:
        generation.verify(folder)
    line = f"{folder.name} was built by another version; run: reindex --full"
    assert (str(refusal.value), refusal.value.exit_code) == (line, 65)
    answer = _asked(index)
    assert (answer.status_code, answer.json["detail"]) == (503, line)


def test_an_older_index_asks_for_a_reindex(tmp_path, caplog):
    index = copied(OLDER, tmp_path / "index")
    with pytest.raises(IndexerError) as refusal:
        generation.verify(generation.current(index))
    line = "20240101T000000.000000Z was built by another version; run: reindex --full"
    assert (str(refusal.value), refusal.value.exit_code) == (line, 65)
    assert (_asked(index).status_code, _asked(index).json["detail"]) == (503, line)
    page = _asked(index, "/search?q=labour")
    # Visitors are told when to come back, who looks after the index what to do.
    assert (page.status_code, "reindex" in page.text, "Retry-After" in page.headers) == (503, False, True)
    assert line in caplog.text
    assert run(write_corpus(tmp_path / "corpus", list(LABOUR.values())), index)[0] == 0
    assert _asked(index).json["index"]["documents"] == len(LABOUR)
