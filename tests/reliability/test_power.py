"""R14: what a power cut leaves: a pointer names nothing that the disk had not confirmed before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.build import BuildOptions, reindex
from indexer.storage import generation
from indexer.storage.folder.ownership import HISTORY
from tests.building import copied, write_corpus
from tests.documents import LABOUR, SEED


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


@pytest.fixture(scope="module")
def longer_corpus(tmp_path_factory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("longer"), [*LABOUR.values(), *SEED])


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
