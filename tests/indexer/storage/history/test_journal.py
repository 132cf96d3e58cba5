"""The file of the history: torn, cut, altered, crafted; whatever it is, nothing is believed and nothing lost."""

from __future__ import annotations

import hashlib
import os
import random
import tracemalloc
import zlib

import numpy as np
import orjson
import pytest

from indexer.storage.folder.ownership import HISTORY, HISTORY_NEXT
from indexer.storage.history import journal
from indexer.storage.history.known import known_of
from indexer.storage.history.records import KINDS, MOST_DETAILS, Detail, decoded, encoded, pack, unpack
from tests.indexer.storage.history.test_known import run_of, told

RUNS = [
    run_of(10, {1: ("added", 1), 2: ("added", 2)}),
    run_of(20, {2: ("changed", 3)}),
    run_of(30, {1: ("removed", 0), 5: ("added", 4)}),
]


@pytest.fixture
def folder(tmp_path):
    """A folder with a history of three runs."""
    for run in RUNS:
        journal.append(tmp_path, journal.read(tmp_path), run)
    return tmp_path


def moments(found):
    return [one.moment for one in found.records]


def framed(content, digest=None):
    """Return the bytes of a history with one record, its checksums right."""
    sign = b"NEXT" + len(content).to_bytes(8, "little")
    header = sign + zlib.crc32(sign).to_bytes(4, "little")
    start = digest or hashlib.sha256(journal.MAGIC).digest()
    return journal.MAGIC + header + content + hashlib.sha256(start + header + content).digest()


def test_what_was_appended_is_read(folder):
    found = journal.read(folder)
    assert (moments(found), found.torn, found.damage, found.found) == ([10, 20, 30], False, None, True)
    assert found.size == (folder / HISTORY).stat().st_size
    assert told(known_of(found.records)) == told(known_of(RUNS))


def test_no_file_is_an_empty_history(tmp_path):
    assert journal.read(tmp_path) == journal.Journal()


def test_a_short_history_is_read_with_little_memory(folder):
    """A machine with 1 GB refuses whoever asks for 2 at once, and had neither a build nor an answer."""
    tracemalloc.start()
    try:
        journal.read(folder)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 1_000_000


def test_a_file_cut_at_any_byte_keeps_the_records_before_and_goes_on(folder):
    whole = (folder / HISTORY).read_bytes()
    ends = [journal.parsed(whole[:size]).size for size in range(len(whole) + 1)]
    for size in range(len(whole)):
        found = journal.parsed(whole[:size])
        assert found.damage is None
        assert found.torn == (size not in {0, *ends[len(journal.MAGIC) :]})
        assert moments(found) == [10, 20, 30][: len(found.records)]
    for size in random.Random(7).sample(range(len(whole)), 40):
        (folder / HISTORY).write_bytes(whole[:size])
        before = journal.read(folder)
        journal.append(folder, before, run_of(40, {7: ("added", 1)}))
        after = journal.read(folder)
        assert (moments(after), after.torn, after.damage) == ([*moments(before), 40], False, None)


def test_a_flipped_bit_is_never_believed(folder):
    whole = (folder / HISTORY).read_bytes()
    for place in range(len(whole)):
        altered = bytearray(whole)
        altered[place] ^= 1 << place % 8
        found = journal.parsed(bytes(altered))
        # Never for the torn end of a run that died: that is dropped, and with it all records behind it.
        assert (bool(found.damage), found.torn) == (True, False), place
        assert told(known_of(found.records)) == told(known_of(RUNS[: len(found.records)]))


def test_records_that_changed_places_or_are_missing_are_damage(folder):
    whole = (folder / HISTORY).read_bytes()
    ends = sorted({journal.parsed(whole[:size]).size for size in range(len(journal.MAGIC), len(whole) + 1)})
    head, first, second, third = (whole[a:b] for a, b in zip([0, *ends], ends, strict=False))
    for parts in ([head, second, third], [head, first, third], [head, second, first, third]):
        assert "checksum" in journal.parsed(b"".join(parts)).damage


def test_zeros_that_a_power_cut_left_are_dropped(folder):
    with (folder / HISTORY).open("ab") as file:
        file.write(bytes(4096))
    found = journal.read(folder)
    assert (moments(found), found.torn, found.damage) == ([10, 20, 30], True, None)


def test_zeros_with_something_behind_them_are_damage(folder):
    """Whoever dropped them would drop what stands behind as well."""
    whole = (folder / HISTORY).read_bytes()
    found = journal.parsed(whole + bytes(4096) + whole[len(journal.MAGIC) :])
    assert (moments(found), found.torn) == ([10, 20, 30], False)
    assert "does not begin" in found.damage


@pytest.mark.parametrize(
    ("content", "told_of"),
    [
        (b"grant-search history 2\nwhatever", "another version"),
        (b"grant-search history 0\n", "another version"),
        (b"a diary", "first line"),
        (bytes(100), "first line"),
    ],
    ids=["newer", "older", "foreign", "zeros"],
)
def test_what_another_wrote_is_not_read(content, told_of):
    found = journal.parsed(content)
    assert told_of in found.damage
    assert found.records == ()


def crafted(**changes):
    """Return a record with right checksums and something wrong in it."""
    head = {"moment": 1, "since": 1, "form": 1, **dict.fromkeys(KINDS, 0), "details": 0} | changes
    told_as = orjson.dumps({name: one for name, one in head.items() if one is not None})
    return len(told_as).to_bytes(4, "little") + told_as


HASHES = np.array([2, 1], "<u8").tobytes()
PRINTS = bytes(32)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xff\xff\xff",
        crafted(moment=-1),
        crafted(moment=10**18),
        crafted(moment="1"),
        crafted(added=True),
        crafted(form=True),
        crafted(since=10**18),
        crafted(added=2) + HASHES[:8] * 2 + PRINTS,
        crafted(moment=None),
        crafted(added=10**9),
        crafted(added=2) + HASHES + PRINTS,
        crafted(known=2) + HASHES + PRINTS + bytes(34),
        crafted(known=1) + HASHES[:8] + PRINTS[:16] + bytes(16) + b"\x02",
        crafted(known=1) + HASHES[:8] + PRINTS[:16] + b"\xff" * 16 + b"\x01",
        crafted() + b"more",
        (5).to_bytes(4, "little") + b"[[[[[",
        (4).to_bytes(4, "little") + b"null",
        (9_000).to_bytes(4, "little") + b"[" * 9_000,
    ],
    ids=lambda content: content[4:40].decode("latin-1"),
)
def test_a_crafted_record_is_refused(content):
    assert journal.parsed(framed(content)).damage
    with pytest.raises(ValueError, match=r"."):
        decoded(content)


def test_what_is_known_may_only_stand_at_the_beginning():
    snapshot = encoded(known_of(RUNS))
    first = framed(snapshot)
    assert journal.parsed(first).damage is None
    second = framed(snapshot, journal.parsed(first).digest)[len(journal.MAGIC) :]
    assert "beginning" in journal.parsed(first + second).damage


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "stopped"]
)
def test_an_append_that_fails_leaves_the_file_as_it_was(error, folder, monkeypatch):
    before = (folder / HISTORY).read_bytes()
    failing = iter([5, 3])

    def pwrite(descriptor, content, place, original=os.pwrite):
        size = next(failing, None)
        if size is None:
            raise error
        return original(descriptor, content[:size], place)

    monkeypatch.setattr(os, "pwrite", pwrite)
    with pytest.raises(type(error)):
        journal.append(folder, journal.read(folder), RUNS[0])
    assert (folder / HISTORY).read_bytes() == before


def test_an_append_to_a_link_writes_nothing_elsewhere(folder, tmp_path):
    found = journal.read(folder)
    precious = tmp_path / "precious"
    (folder / HISTORY).rename(precious)
    before = precious.read_bytes()
    (folder / HISTORY).symlink_to(precious)
    with pytest.raises(OSError, match=r"."):
        journal.append(folder, found, RUNS[0])
    (folder / HISTORY).unlink()
    (folder / HISTORY).hardlink_to(precious)
    with pytest.raises(OSError, match=r"."):
        journal.append(folder, found, RUNS[0])
    assert precious.read_bytes() == before


def test_an_append_to_a_file_that_was_cut_meanwhile_writes_nothing(folder):
    """Behind a hole nothing could be read again."""
    found = journal.read(folder)
    os.truncate(folder / HISTORY, found.size - 1)
    before = (folder / HISTORY).read_bytes()
    with pytest.raises(OSError, match="a moment ago"):
        journal.append(folder, found, RUNS[0])
    assert (folder / HISTORY).read_bytes() == before


def test_a_rewritten_file_says_the_same_and_leaves_nothing_beside_it(folder):
    (folder / HISTORY_NEXT).write_bytes(b"left by a run that died")
    found = journal.rewrite(folder, [known_of(RUNS[:2]), RUNS[2]])
    again = journal.read(folder)
    assert (found.size, found.digest, moments(again)) == (again.size, again.digest, [20, 30])
    assert told(known_of(again.records)) == told(known_of(RUNS))
    assert [path.name for path in folder.iterdir()] == [HISTORY]


def test_details_are_read_as_they_were_packed_and_crafted_ones_are_left_out():
    details = {("changed", 3): Detail("a", "T\n", (("title", "", "T"),)), ("removed", 0): Detail("b", "")}
    packed = pack((kind, place, one) for (kind, place), one in details.items())
    assert unpack(packed) == details
    lines = (b'["changed",0,"a"]', b"[]", b"7", b'["x",0,"a","b",[]]', b'["changed",0,"a","b",[["f",1,"x"]]]')
    lines += (b'["changed","0","a","b",[]]', b'["changed",true,"a","b",[]]', b'["changed",0,"a","b",7]')
    lines += (b'["changed",0,"a","b",[["f","x"]]]', b'["changed",0,"a",[]]', b"{", b"\xff")
    assert unpack(zlib.compress(b"\n".join(lines))) == {}
    assert unpack(b"no zlib") == unpack(b"") == {}


def test_no_more_details_are_packed_or_unpacked_than_a_worker_can_have():
    text = "x" * 1_000_000
    asked = []

    def details():
        for number in range(30):
            asked.append(number)
            yield "changed", number, Detail(str(number), text)

    assert len(unpack(pack(details()))) == len(asked) - 1 == MOST_DETAILS // 1_000_000 - 1
    assert unpack(zlib.compress(b'["' + b"x" * 3 * MOST_DETAILS + b'"]')) == {}
