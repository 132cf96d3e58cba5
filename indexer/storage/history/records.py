"""Records of the history: what one run of `reindex` saw, and what is known after many, and their bytes.

A record is a JSON object that says how many of each there are, its length before it, then flat arrays:

    Run         what a run saw: of each project that it met for the first time, found changed or missed, the
                hash of its id and (but for those missed) the fingerprint of its content
    Snapshot    all that is known after some runs, which it replaces

Nothing in the bytes is believed: each count, hash and moment is checked, and there is nothing to run.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.storage.history.moments import LAST_MOMENT
from indexer.storage.segment import I64, U64

Kind = Literal["adopted", "added", "changed", "removed"]
# In the order in which they take effect. Adopted is what was there before anybody looked.
KINDS: tuple[Kind, ...] = ("adopted", "added", "changed", "removed")
# Bytes of what changed field by field in one run, unpacked. Changes beyond that are counted, but not told.
MOST_DETAILS = 8_000_000
_LENGTH = struct.Struct("<I")
# The few numbers of a record are far shorter.
_MOST_HEAD = 4_096


@dataclass(frozen=True, slots=True)
class Detail:
    """What happened to a project in words: `fields` are name, value before and value after."""

    id: str
    title: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What one run saw, by kind; hashes uint64 [n] strictly ascending, fingerprints uint64 [n, 2].

    `since` is when those adopted are known to have been there, `form` what fingerprints are made of
    (`STORED_FORM`), `details` are packed (see `pack`).
    """

    moment: int
    since: int
    form: int
    hashes: dict[Kind, U64]
    fingerprints: dict[Kind, U64]
    details: bytes = field(default=b"", repr=False)

    def count(self, kind: Kind) -> int:
        """Return how many projects one thing happened to."""
        return len(self.hashes[kind])

    @property
    def says_something(self) -> bool:
        """Whether anything is to be remembered of this run."""
        return any(map(self.count, KINDS))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of K projects: hashes uint64 [K] strictly ascending, fingerprints uint64 [K, 2].

    `first` and `changed` are the moments int64 [K] in which each was first seen and last changed, `present`
    is whether it is there, bool [K]; `moment` that of the last run in it, `since` when the history begins.
    """

    moment: int
    since: int
    form: int
    hashes: U64
    fingerprints: U64
    first: I64
    changed: I64
    present: NDArray[np.bool_]


Record: TypeAlias = Run | Snapshot


def pack(details: Iterable[tuple[Kind, int, Detail]]) -> bytes:
    """Return details as bytes, a line for each: its kind, and its place among the hashes of that kind.

    Those beyond MOST_DETAILS bytes are left out; no more are asked for than are taken.
    """
    lines, size = [], 0
    for kind, place, one in details:
        line = orjson.dumps((kind, place, one.id, one.title, one.fields))
        size += len(line) + 1
        if size > MOST_DETAILS:
            break
        lines.append(line)
    return zlib.compress(b"\n".join(lines)) if lines else b""


def unpack(details: bytes) -> dict[tuple[Kind, int], Detail]:
    """Return what `pack` was given; without what cannot be read, for then nobody can say it."""
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(details, MOST_DETAILS) if details else b""
    except zlib.error:
        return {}
    return dict(_detailed(line) for line in content.splitlines() if _is_detail(line))


def _is_detail(line: bytes) -> bool:
    try:
        kind, place, *texts, fields = orjson.loads(line)
        one = [*texts, *(text for values in fields for text in values)]
        threes = all(len(values) == 3 for values in fields)
    except (ValueError, TypeError):
        return False
    return kind in KINDS and type(place) is int and len(texts) == 2 and threes and _are_texts(one)


def _are_texts(values: list[object]) -> bool:
    return all(type(value) is str for value in values)


def _detailed(line: bytes) -> tuple[tuple[Kind, int], Detail]:
    kind, place, project_id, title, fields = orjson.loads(line)
    return (kind, place), Detail(project_id, title, tuple((one[0], one[1], one[2]) for one in fields))


def encoded(record: Record) -> bytes:
    """Return a record as bytes."""
    told: dict[str, Any] = {"moment": record.moment, "since": record.since, "form": record.form}
    if isinstance(record, Run):
        told |= {kind: record.count(kind) for kind in KINDS} | {"details": len(record.details)}
        arrays = [
            array.tobytes()
            for kind in KINDS
            for array in (record.hashes[kind], record.fingerprints.get(kind, np.zeros(0, np.uint64)))
        ]
        parts = [*arrays, record.details]
    else:
        told |= {"known": len(record.hashes)}
        parts = [
            array.tobytes()
            for array in (record.hashes, record.fingerprints, record.first, record.changed, record.present)
        ]
    head = orjson.dumps(told)
    return b"".join([_LENGTH.pack(len(head)), head, *parts])


class _Cutter:
    """Cuts arrays off the beginning of bytes; raises ValueError where they end too soon."""

    def __init__(self, content: memoryview) -> None:
        self.left = content

    def cut(self, size: int) -> memoryview:
        """Return the next so many bytes."""
        if size > len(self.left):
            raise ValueError("it is shorter than it says")
        found, self.left = self.left[:size], self.left[size:]
        return found

    def array(self, kind: str, count: int, columns: int = 1) -> NDArray[Any]:
        """Return the next array of so many rows."""
        found = np.frombuffer(self.cut(count * columns * np.dtype(kind).itemsize), kind)
        return found.reshape(-1, columns) if columns > 1 else found

    def hashes(self, count: int) -> U64:
        """Return the next array of hashes."""
        found: U64 = self.array("<u8", count)
        if not (found[1:] > found[:-1]).all():
            raise ValueError("its projects are not in order")
        return found

    def moments(self, count: int) -> I64:
        """Return the next array of moments."""
        found: I64 = self.array("<i8", count)
        if not ((found >= 0) & (found <= LAST_MOMENT)).all():
            raise ValueError("no time is so early or so late")
        return found


def decoded(content: bytes) -> Record:
    """Return the record that `encoded` wrote; raise ValueError if it is none."""
    cutter = _Cutter(memoryview(content))
    (length,) = _LENGTH.unpack(cutter.cut(_LENGTH.size))
    if length > _MOST_HEAD:
        raise ValueError("its head is too long")
    told = orjson.loads(cutter.cut(length))
    if not isinstance(told, dict) or not all(type(one) is int and one >= 0 for one in told.values()):
        raise ValueError("its head is no list of numbers")
    try:
        if max(told["moment"], told["since"]) > LAST_MOMENT:
            raise ValueError("no time is so late")
        found = _snapshot(told, cutter) if "known" in told else _run(told, cutter)
    except KeyError as missing:
        raise ValueError(f"it does not say {missing}") from None
    if len(cutter.left):
        raise ValueError("it is longer than it says")
    return found


def _run(told: dict[str, int], cutter: _Cutter) -> Run:
    hashes: dict[Kind, U64] = {}
    fingerprints: dict[Kind, U64] = {}
    for kind in KINDS:
        hashes[kind] = cutter.hashes(told[kind])
        if kind != "removed":
            fingerprints[kind] = cutter.array("<u8", told[kind], 2)
    details = bytes(cutter.cut(told["details"]))
    return Run(told["moment"], told["since"], told["form"], hashes, fingerprints, details)


def _snapshot(told: dict[str, int], cutter: _Cutter) -> Snapshot:
    known = told["known"]
    hashes, fingerprints = cutter.hashes(known), cutter.array("<u8", known, 2)
    first, changed = cutter.moments(known), cutter.moments(known)
    present = cutter.array("u1", known)
    if (present > 1).any():
        raise ValueError("its projects are neither there nor gone")
    return Snapshot(
        told["moment"], told["since"], told["form"], hashes, fingerprints, first, changed, present == 1
    )
