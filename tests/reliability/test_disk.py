"""R3, R4, R14: a full disk, any file call that fails, a power cut: the old index or the new one.

Where it fails it ends with 74, and only there; and the pointer names nothing that the disk has not confirmed.
"""

import errno
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from indexer.build import BuildOptions, reindex
from indexer.errors import UnconfirmedError
from indexer.storage import generation
from indexer.storage.arrays.inventory import REJECTED, REPORT
from indexer.storage.folder.ownership import HISTORY, NEXT
from indexer.storage.writer import SegmentWriter
from tests.building import copied, writable, write_corpus
from tests.documents import LABOUR, SEED
from tests.reliability.runs import Faults, run, start
from tests.reliability.states import documents, strays

OLD, NEW = len(LABOUR), len(LABOUR) + len(SEED)
SIZES = 24
# The smallest limit on files, in bytes: what a run tells goes to a file as well.
SMALLEST = 512
# What a small disk in memory gives out at a time, in bytes.
PAGE = 4096
# One file call of this many is made to fail in the short form, and every one of the last, which publish.
STEP, LAST = 193, 10


@pytest.fixture(scope="module")
def longer_corpus(tmp_path_factory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("longer"), [*LABOUR.values(), *SEED])


def judged(code: int, told: str, index: Path) -> int:
    """Return the projects in the index after a run, which told the truth about them."""
    found = documents(index)
    assert (code, found) in ((0, NEW), (74, OLD)), told
    if code:
        assert strays(index) == [], told
        assert told.startswith("reindex: "), told
        assert told.count("\n") == 1, told
    return found


def test_a_full_disk_as_a_limit_on_files(tmp_path, labour_index, longer_corpus, figure):
    largest = max(path.stat().st_size for path in labour_index.rglob("*"))
    failed = 0
    for number in range(SIZES):
        index = copied(labour_index, tmp_path / f"{number}" / "index")
        limit = int(SMALLEST * (2 * largest / SMALLEST) ** (number / (SIZES - 1)))
        found = judged(*run(longer_corpus, index, faults=Faults(largest=limit)), index)
        failed += found == OLD
    assert 0 < failed < SIZES
    figure(
        f"{SIZES} limits on the size of a file: {failed} failed with 74, {SIZES - failed} succeeded, 0 bad"
    )


def test_a_small_disk(tmp_path, labour_index, longer_corpus, figure):
    disk = tmp_path / "disk"
    disk.mkdir()
    needed = sum(-(-path.stat().st_size // PAGE) * PAGE for path in labour_index.rglob("*")) + 4 * PAGE
    failed = 0
    for number in range(SIZES):
        with small_disk(disk, needed + needed * 3 * number // (2 * SIZES)):
            index = copied(labour_index, disk / "index")
            going = start(longer_corpus, index, told=tmp_path / "told.txt")
            found = judged(going.wait(), going.said(), index)
            failed += found == OLD
    assert 0 < failed < SIZES
    figure(f"{SIZES} sizes of a small disk: {failed} failed with 74, {SIZES - failed} succeeded, 0 bad")


@pytest.mark.parametrize(
    "write",
    [
        # Written through a mapping, what is not there would kill the process, and nothing would tell why.
        lambda writer: writer.allocate("counts", np.uint8, 64 * PAGE),
        # What the disk takes of a piece is less than all of it, and no error yet.
        lambda writer: writer.pieces("counts", np.uint8, 64 * PAGE, [np.zeros(64 * PAGE, np.uint8)]),
    ],
    ids=["mapped", "in-pieces"],
)
def test_a_small_disk_has_room_for_an_array_or_says_so(write, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    with small_disk(disk, 16 * PAGE), pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        write(SegmentWriter(disk))


class small_disk:
    """A disk of so many bytes in a folder; skips the test where it cannot be made."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size = folder, size

    def __enter__(self):
        mounting = ["mount", "-t", "tmpfs", "-o", f"size={self.size}", "tmpfs", str(self.folder)]
        if os.geteuid() or subprocess.run(mounting, capture_output=True).returncode:
            pytest.skip("making a small disk needs the rights of an administrator")

    def __exit__(self, *_):
        subprocess.run(["umount", str(self.folder)], check=True)


@pytest.mark.parametrize("flags", [(), ("--full",)], ids=["incremental", "full"])
@pytest.mark.forms(STEP, 1)
def test_any_file_call_may_fail(rounds, flags, tmp_path, labour_index, longer_corpus, figure):
    failed = tolerated = 0
    total = _calls(longer_corpus, copied(labour_index, tmp_path / "0" / "index"), flags)
    for number in sorted({*range(1, total, rounds), *range(max(1, total - LAST), total + 1)}):
        index = copied(labour_index, tmp_path / f"{number}" / "index")
        going = start(longer_corpus, index, *flags, faults=Faults(fail_at=number))
        code, told = going.wait(), going.said()
        assert going.calls()[1], f"call {number} of {total} was not made"
        if "did not confirm" in told:
            # The pointer was replaced, and only its way to the disk failed: new, and told.
            assert (code, documents(index)) == (74, NEW)
        else:
            judged(code, told, index)
        failed, tolerated = failed + (code == 74), tolerated + (code == 0)
        shutil.rmtree(writable(index.parent))
    assert failed > tolerated
    name = " ".join(("reindex", *flags))
    figure(f"`{name}`: {failed + tolerated} of {total} calls failed in turn, {failed} exits 74, 0 bad")


def _calls(corpus: Path, index: Path, flags: tuple[str, ...]) -> int:
    going = start(corpus, index, *flags, faults=Faults(fail_at=-1))
    assert going.wait() == 0, going.said()
    return going.calls()[0]


@pytest.mark.parametrize(
    "name",
    [REPORT, REJECTED, "stored.bin", generation.GENERATION_TAG, generation.MANIFEST, HISTORY, NEXT, "folder"],
)
def test_what_the_disk_does_not_confirm_is_not_published(
    name, tmp_path, labour_index, longer_corpus, monkeypatch
):
    index, empty = copied(labour_index, tmp_path / "index"), tmp_path / "empty"
    before, fsync = generation.current_name(index), os.fsync

    def confirm(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if name in (path.name, "folder" if path.parent in (index, empty) and path.is_dir() else ""):
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", confirm)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        reindex(longer_corpus, index)
    assert (generation.current_name(index), documents(index), strays(index)) == (before, OLD, [])
    assert (index / HISTORY).read_bytes() == (labour_index / HISTORY).read_bytes()
    # Of a first run there is nothing to go back to: what it built is complete, and goes away all the same.
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        reindex(longer_corpus, empty)
    assert (generation.current_name(empty), strays(empty)) == (None, [])


def test_one_that_the_disk_does_not_confirm_is_current_and_told(
    tmp_path, labour_index, longer_corpus, monkeypatch
):
    index = copied(labour_index, tmp_path / "index")
    before, fsync = generation.current_name(index), os.fsync

    def confirm(descriptor: int) -> None:
        if (
            Path(f"/proc/self/fd/{descriptor}").readlink() == index
            and generation.current_name(index) != before
        ):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", confirm)
    with pytest.raises(UnconfirmedError, match="did not confirm it") as told:
        reindex(longer_corpus, index)
    assert told.value.exit_code == 74
    assert documents(index) == NEW


class Disk:
    """What a disk has for sure: of each file and folder the state in which it was confirmed last."""

    def __init__(self, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.index, self.confirmed, self.calls = index, set[tuple[int, ...]](), list[str]()
        self.fsync, self.replace = os.fsync, os.replace
        monkeypatch.setattr(os, "fsync", self._confirm)
        monkeypatch.setattr(os, "replace", self._replaced)

    def _confirm(self, descriptor: int) -> None:
        # As it was when it was asked for: what is written meanwhile may be lost.
        state = self._state(os.fstat(descriptor))
        self.fsync(descriptor)
        self.confirmed.add(state)
        if state[0] == self.index.stat().st_ino:
            self.calls.append("the index folder is confirmed")

    def _replaced(self, before: Path, after: Path) -> None:
        assert self._state(before.stat()) in self.confirmed, before
        if after.name == generation.CURRENT:
            name = before.read_text().split()[0]
            # The history of a run before its generation: that cannot be made again.
            named = [self.index / name, *(self.index / name).iterdir(), self.index / HISTORY]
            assert [path for path in named if self._state(path.stat()) not in self.confirmed] == []
        self.replace(before, after)
        self.calls.append(f"{after.name} is replaced")

    @staticmethod
    def _state(status: os.stat_result) -> tuple[int, ...]:
        return status.st_ino, status.st_size, status.st_mtime_ns


@pytest.mark.parametrize(
    ("options", "replaced"),
    [
        pytest.param(BuildOptions(), ["CURRENT"], id="incremental"),
        pytest.param(BuildOptions(full=True), ["CURRENT"], id="full"),
        pytest.param(
            BuildOptions(keep_changes=0), ["HISTORY", "CURRENT"], id="with the history put together"
        ),
    ],
)
def test_a_power_cut_leaves_a_generation_that_is_whole(
    options, replaced, tmp_path, labour_index, longer_corpus, monkeypatch
):
    index = copied(labour_index, tmp_path / "index")
    with (index / generation.CURRENT).open() as pointer:
        before = pointer.read()
        disk = Disk(index, monkeypatch)
        reindex(longer_corpus, index, options)
        pointer.seek(0)
        # It is another file: whoever reads it, or finds it after the cut, never has half of one.
        assert (pointer.read(), os.fstat(pointer.fileno()).st_nlink) == (before, 0)
    assert disk.calls == [
        line for name in replaced for line in (f"{name} is replaced", "the index folder is confirmed")
    ]
