"""Indexes as somebody may craft them: wrong in one place, with checksums that are right."""

from __future__ import annotations

import hashlib
import json
import os
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import zstandard

from indexer.storage import generation
from indexer.storage.arrays.inventory import BLOBS, LEDGER, SEGMENT
from indexer.storage.arrays.stored import LONGEST_FORM
from indexer.storage.folder.hashing import Digests
from indexer.storage.folder.manifest import Manifest

SECRET = "what nobody may read from here"
ARRAYS = [*SEGMENT, *LEDGER]
# Values about which nothing else in a generation tells: another one is another good generation.
FREE = {
    "impacts", "start", "end", "spans", "span_years", "grantee", "title_ranks", "lengths", "fingerprints", "id_hashes",
    "word_documents", "field_positions", "forms", "acronym_mentions",
    "own_numbers", "own_currencies", "own_days", "own_entries", *LEDGER,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Crafted:
    """A generation to be spoilt, in an index of two, and a file outside that it may try to give away."""

    folder: Path
    outside: Path
    rng: random.Random

    def array(self) -> Path:
        """Return one of its arrays."""
        return self.folder / f"{self.rng.choice(ARRAYS)}.npy"

    def file(self) -> Path:
        """Return one of its files."""
        return self.rng.choice(
            sorted(path for path in self.folder.iterdir() if path.name != generation.MANIFEST)
        )


def signed(folder: Path) -> None:
    """Write a manifest that fits what lies in a folder."""
    written = json.loads((folder / generation.MANIFEST).read_bytes())
    (folder / generation.MANIFEST).unlink()
    with Digests() as digests:
        manifest = Manifest.of(folder, written["documents"], written["corpus"], digests)
    manifest = replace(manifest, built_at=written["built_at"])
    (folder / generation.MANIFEST).write_text(manifest.to_json())


def rewritten(folder: Path, **changes: object) -> None:
    """Change what a manifest says, and its digest with it."""
    path = folder / generation.MANIFEST
    told = json.loads(path.read_bytes())
    del told["sha256"]
    told.update(changes)
    path.unlink()
    # As the digest of a manifest is made.
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps({**told, "sha256": digest}))


def another_value(it: Crafted) -> str:
    path = it.array()
    values = np.load(path)
    if not values.size:
        return another_length(it)
    kind = np.finfo(values.dtype) if values.dtype.kind == "f" else np.iinfo(values.dtype)
    extremes = [kind.min, kind.max, 0, *([np.nan, np.inf, -1.0] if values.dtype.kind == "f" else [])]
    place = it.rng.randrange(values.size)
    near = values.flat[place] + it.rng.choice([-1, 1]) if values.dtype.kind == "f" else None
    neighbour = int(values.flat[place]) ^ 1 << it.rng.randrange(8) if near is None else near
    values.flat[place] = it.rng.choice(
        [*extremes, values.flat[it.rng.randrange(values.size)]] + [neighbour] * 3
    )
    _saved(path, values)
    return path.stem


def many_values(it: Crafted) -> str:
    path = it.array()
    values = np.load(path)
    it_is = np.random.default_rng(it.rng.randrange(2**32))
    _saved(path, it_is.permuted(values.ravel()).reshape(values.shape))
    return path.stem


def another_length(it: Crafted) -> str:
    path = it.array()
    values = np.load(path)
    longer = np.concatenate([values, values[-1:], np.zeros_like(values[:1])])
    _saved(path, it.rng.choice([values[:-1], values[:0], longer]))
    return path.stem


def another_shape(it: Crafted) -> str:
    path = it.array()
    values = np.load(path)
    _saved(path, it.rng.choice([values.reshape(-1, 1), values.ravel(), values.T, values.reshape(1, -1)]))
    return path.stem


def another_type(it: Crafted) -> str:
    path = it.array()
    values = np.load(path)
    types = [
        kind
        for kind in ("<u1", "<u4", "<i8", "<f8", ">u4", "<U3", "<M8[s]", "?", "<c8")
        if kind != values.dtype.str
    ]
    with np.errstate(all="ignore"):
        _saved(path, values.astype(it.rng.choice(types)))
    return path.stem


def a_header_of_lies(it: Crafted) -> str:
    path = it.array()
    content = path.read_bytes()
    shape, lie = (
        content[content.index(b"(") : content.index(b")") + 1],
        it.rng.choice(
            [b"(99999999999,)", b"(-1,)", b"(1e9,)", b"()", b"(" * 60 + b")" * 60, b"(10**9,)", b"(2,)"]
        ),
    )
    path.unlink()
    path.write_bytes(content.replace(shape, lie, 1))
    return path.stem


def a_pickle(it: Crafted) -> str:
    path = it.array()
    path.unlink()
    np.save(path, np.array([{"a": 1}], object), allow_pickle=True)
    return path.stem


def bytes_of_nothing(it: Crafted) -> str:
    path = it.file()
    path.unlink()
    path.write_bytes(it.rng.randbytes(it.rng.choice([0, 1, 100, 100_000])))
    return path.stem


def other_texts(it: Crafted) -> str:
    path = it.folder / f"{it.rng.choice(BLOBS)}.bin"
    content = bytearray(path.read_bytes())
    if content:
        for _ in range(it.rng.choice([1, 20])):
            content[it.rng.randrange(len(content))] = it.rng.choice([0, 9, 34, 91, 93, 255, 128, 44])
    path.unlink()
    path.write_bytes(content)
    return path.stem


def projects_that_are_none(it: Crafted) -> str:
    """Put another frame in the place of a project: of other JSON, of far too much, or none."""
    bounds = np.load(it.folder / "stored_offsets.npy").tolist()
    path = it.folder / "stored.bin"
    content = path.read_bytes()
    frames = [content[begin:end] for begin, end in pairwise(bounds)]
    rows = [b"null", b"{}", b"[]", b'["a",1,[],{},"x",7]', b'["a","b","c","d","soon",null]', b'["a","b","c","d",null,null,[1]]',
            b"[" * 100 + b"]" * 100, b'["a","b","c","d",null,"9999-99-99"]', b'["a","b","c","d",5,null]']  # fmt: skip
    packed = [
        *map(zstandard.compress, rows),
        zstandard.compress(b" " * (LONGEST_FORM + 1)),
        b"",
        b"{}",
        frames[0] + b" ",
    ]
    # One that says nothing of its size, and one that says that it is a terabyte.
    packed += [
        zstandard.ZstdCompressor(write_content_size=False).compress(b"[]"),
        b"\x28\xb5\x2f\xfd\xe0" + (1 << 40).to_bytes(8, "little"),
    ]
    frames[it.rng.randrange(len(frames))] = it.rng.choice(packed)
    for file in (path, it.folder / "stored_offsets.npy"):
        file.unlink()
    path.write_bytes(b"".join(frames))
    np.save(it.folder / "stored_offsets.npy", np.cumsum([0, *map(len, frames)]).astype(np.uint64))
    return "stored"


def another_report(it: Crafted) -> str:
    path = it.folder / it.rng.choice(["report.json", "rejected.jsonl"])
    told = it.rng.choice([b"", b"null", b"[]", b'{"added": 3}', b"[" * 100_000, b'{"path": 1}\n', b"\0\xff"])
    if path.name == "report.json" and it.rng.random() < 0.7:
        report = json.loads(path.read_bytes())
        report[it.rng.choice(list(report))] = it.rng.choice([None, "many", -1, [1], {"a": []}, [[]], 1e300])
        told = json.dumps(report).encode()
    path.unlink()
    path.write_bytes(told)
    return path.stem


def a_link(it: Crafted) -> str:
    path = it.file()
    path.unlink()
    path.symlink_to(it.outside)
    return path.stem


def a_link_to_itself_elsewhere(it: Crafted) -> str:
    path = it.file()
    target = it.outside.with_name(path.name)
    path.rename(target)
    path.symlink_to(target)
    return path.stem


def a_hard_link(it: Crafted) -> str:
    path = it.file()
    target = it.outside.with_name(path.name)
    target.hardlink_to(path)
    return path.stem


def a_pipe(it: Crafted) -> str:
    path = it.file()
    path.unlink()
    os.mkfifo(path)
    return path.stem


def a_socket(it: Crafted) -> str:
    path = it.file()
    path.unlink()
    before = Path.cwd()
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)
    os.chdir(before)
    return path.stem


def a_device(it: Crafted) -> str:
    path = it.file()
    path.unlink()
    path.symlink_to(it.rng.choice(["/dev/zero", "/dev/random", "/dev/full", "/dev/null", "/proc/self/mem"]))
    return path.stem


def a_folder(it: Crafted) -> str:
    path = it.file()
    path.unlink()
    path.mkdir()
    return path.stem


def a_name_that_leads_out(it: Crafted) -> str:
    files = json.loads((it.folder / generation.MANIFEST).read_bytes())["files"]
    name = it.rng.choice(
        ["../../outside.txt", str(it.outside), "..", "", "a/b", "nul\0", ".", "stored.bin/", "x" * 5_000]
    )
    files[name] = files.pop(it.rng.choice(sorted(files))) if it.rng.random() < 0.5 else [30, "0" * 64]
    rewritten(it.folder, files=files)
    return "manifest"


def a_manifest_of_lies(it: Crafted) -> str:
    name, lie = it.rng.choice(
        [("documents", -1), ("documents", 10**30), ("documents", "62"), ("documents", True), ("documents", 61), ("built_at", "now"),
         ("built_at", "2021-01-01"), ("built_at", 5), ("corpus", None), ("files", []), ("files", {}), ("files", {"stored.bin": 1}),
         ("files", {"stored.bin": [1, 2]}), ("extra", 1) ]
    )  # fmt: skip
    rewritten(it.folder, **{name: lie})
    return "manifest"


def a_manifest_that_is_none(it: Crafted) -> str:
    path = it.folder / generation.MANIFEST
    path.unlink()
    path.write_bytes(
        it.rng.choice(
            [
                b"",
                b"[" * 100_000,
                b"{" * 500,
                b'{"a":' * 9_000,
                b"x" * 5_000_000,
                b"1e999",
                b"\xff",
                b'{"format": NaN}',
            ]
        )
    )
    return "manifest"


def a_manifest_elsewhere(it: Crafted) -> str:
    path = it.folder / generation.MANIFEST
    target = it.outside.with_name("manifest.json")
    path.rename(target)
    kind = it.rng.choice(["link", "pipe", "folder", "device"])
    if kind == "link":
        path.symlink_to(target)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")
    return "manifest"


def a_file_more(it: Crafted) -> str:
    (it.folder / it.rng.choice(["more.npy", "photo.jpg", ".hidden", "stored.bin.new"])).write_text(SECRET)
    return "more"


def a_pointer_elsewhere(it: Crafted) -> str:
    pointer = it.folder.parent / generation.CURRENT
    pointer.unlink()
    kind = it.rng.choice(["link", "pipe", "folder", "device", "names", "long", "bytes"])
    if kind == "link":
        pointer.symlink_to(it.outside)
    elif kind == "pipe":
        os.mkfifo(pointer)
    elif kind == "folder":
        pointer.mkdir()
    elif kind == "device":
        pointer.symlink_to("/dev/zero")
    else:
        names = {"names": b"../outside .. /etc", "long": b"A" * 1_000_000, "bytes": it.rng.randbytes(40)}
        pointer.write_bytes(names[kind])
    return "pointer"


def the_generation_elsewhere(it: Crafted) -> str:
    target = it.outside.with_name(it.folder.name)
    it.folder.rename(target)
    it.folder.symlink_to(target)
    return "generation"


# Those that are wrong inside of files, for which a manifest is made that fits; the others bring their own.
INSIDE: list[Callable[[Crafted], str]] = [
    another_value, another_value, another_value, many_values, another_length, another_shape, another_type, a_header_of_lies,
    a_pickle, bytes_of_nothing, other_texts, projects_that_are_none, another_report,
]  # fmt: skip
AROUND: list[Callable[[Crafted], str]] = [
    a_link, a_link_to_itself_elsewhere, a_hard_link, a_pipe, a_socket, a_device, a_folder, a_name_that_leads_out,
    a_manifest_of_lies, a_manifest_that_is_none, a_manifest_elsewhere, a_file_more, a_pointer_elsewhere,
    the_generation_elsewhere,
]  # fmt: skip


def _saved(path: Path, values: np.ndarray) -> None:
    path.unlink()
    np.save(path, values, allow_pickle=False)
