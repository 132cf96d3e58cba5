"""C1: a corpus full of traps: each is skipped with its reason, and none hangs the run or fills the memory."""

import gzip
import json
import os
import random
from pathlib import Path
from threading import Thread

import orjson
import pytest

from indexer.corpus import contents as corpora
from indexer.document import Project, Rejection
from tests.building import write_corpus
from tests.documents import SEED, SEED_PAGE
from tests.reliability.runs import PATIENCE, start

MEGABYTE = 1 << 20
# The most memory a run may take, in bytes.
MOST_MEMORY = 1_000 * MEGABYTE
GOOD = '{"title": "Good project", "start_date": "2020-01-01"}\n'


def sparse(path: Path, size: int) -> None:
    """Make a file of so many zeros, which take no place on the disk."""
    with path.open("wb") as file:
        file.truncate(size)


def set_traps(folder: Path, outside: Path) -> None:
    """Fill a corpus with everything that is not a file of records."""
    os.mkfifo(folder / "pipe.jsonl")
    (folder / "device.txt").symlink_to("/dev/zero")
    (folder / "out.csv").symlink_to(outside)
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    (folder / "broken.csv").symlink_to(folder / "nowhere.csv")
    (folder / "circle").symlink_to(folder)
    (folder / "line.jsonl").write_bytes(b'{"title": "' + b"a" * (100 * MEGABYTE) + b'"}\n' + GOOD.encode())
    sparse(folder / "huge.txt", 100 * MEGABYTE)
    sparse(folder / "huge.jsonl", 300 * MEGABYTE)
    (folder / "utf16.csv").write_bytes("title,start date\nSixteen bits,2020-01-01\n".encode("utf-16"))
    (folder / "nul.csv").write_bytes(b"title,start date\nNul\0 byte,2020-01-01\n\0\0\0")
    (folder / "surrogates.jsonl").write_text(
        '{"title": "Lone \\ud800 surrogate", "start_date": "2020"}\n' + GOOD
    )
    (folder / "depth.jsonl").write_text('{"title": ' + "[" * 100_000 + "\n" + GOOD)
    (folder / "bytes.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "sheet.xlsx").write_bytes(b"PK\3\4")
    # 70 MB in some hundred kilobytes.
    (folder / "unfolding.txt.gz").write_bytes(gzip.compress(bytes(70 * MEGABYTE), 1))
    (folder / "cut.jsonl.gz").write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xcb")
    (folder / "no\nname\x1b[2J.exe").write_text("")


# What the report says of each that is skipped whole.
REASONS = {
    "pipe.jsonl": "a pipe, socket or device",
    "device.txt": "a link that leaves the corpus folder",
    "out.csv": "a link that leaves the corpus folder",
    "loop.csv": "a loop of links",
    "broken.csv": "a broken link",
    "circle": "a link to a folder",
    "line.jsonl": "1 MB",
    "huge.txt": "more than 64 MB",
    "huge.jsonl": "more than 256 MB",
    "sheet.xlsx": "this workbook cannot be read",
    "unfolding.txt.gz": "more than 64 MB unfolded",
    "cut.jsonl.gz": "damaged gzip file",
    "depth.jsonl": "nested too deeply",
    "no\ufffdname\ufffd[2J.exe": "not a format that is read",
}


def rejections(told: str) -> dict[str, str]:
    """Return the first reason for each file in a report as JSON."""
    reasons: dict[str, str] = {}
    for one in json.loads(told)["rejected"]:
        reasons.setdefault(one["path"], one["reason"])
    return reasons


def test_every_trap_is_skipped_with_its_reason(tmp_path, figure):
    folder = write_corpus(tmp_path / "corpus", SEED)
    (tmp_path / "outside.csv").write_text("title\nSecret\n")
    set_traps(folder, tmp_path / "outside.csv")
    going = start(folder, tmp_path / "index", "--json")
    assert going.wait() == 0, going.said()[-2000:]
    reasons = rejections(going.said())
    assert {
        name: wanted in reasons.get(name, "not told") for name, wanted in REASONS.items()
    } == dict.fromkeys(REASONS, True)
    assert "Secret" not in going.said()
    assert json.loads(going.said())["projects"] >= len(SEED)
    assert going.peak_memory() < MOST_MEMORY
    figure(
        f"{len(REASONS)} traps, each skipped with its reason; "
        f"peak memory {going.peak_memory() // MEGABYTE} MB"
    )


def test_a_vanishing_file_is_told(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_text(GOOD)
    found = corpora.read(tmp_path)
    first = next(found)
    (tmp_path / "b.jsonl").unlink()
    assert isinstance(first, Project)
    assert [one.reason for one in found if isinstance(one, Rejection)] == [
        "vanished while the corpus was read; run reindex again"
    ]


def linked_out(path: Path) -> None:
    secret = path.parent.with_name("secret.jsonl")
    secret.write_text(GOOD.replace("Good", "Secret"))
    path.symlink_to(secret)


@pytest.mark.parametrize(
    ("put", "reason"),
    [
        (os.mkfifo, "cannot be read: not a regular file"),
        (linked_out, "cannot be read: Too many levels of symbolic links"),
    ],
    ids=["pipe", "link"],
)
def test_what_is_put_in_the_place_of_a_file_is_not_read(put, reason, tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.jsonl").write_text(GOOD)
    found = corpora.read(folder)
    rest: list[object] = [next(found)]
    (folder / "b.jsonl").unlink()
    put(folder / "b.jsonl")
    # In a thread that may be left behind: who opens a pipe that nobody writes to may wait for ever.
    reading = Thread(target=lambda: rest.extend(found), daemon=True)
    reading.start()
    reading.join(PATIENCE)
    assert not reading.is_alive()
    assert [one.title if isinstance(one, Project) else one.reason for one in rest] == ["Good project", reason]


@pytest.mark.forms(2_000, 100_000)
def test_any_number_of_files_is_read(rounds, tmp_path, figure):
    folder = tmp_path / "corpus"
    for number in range(rounds):
        part = folder / f"{number % 100}"
        part.mkdir(parents=True, exist_ok=True)
        (part / f"{number}.jsonl").write_text(
            json.dumps({"title": f"Project {number}", "start_date": "2020-01-01"})
        )
    going = start(folder, tmp_path / "index", "--json")
    assert going.wait() == 0, going.said()[-2000:]
    assert json.loads(going.said())["projects"] == rounds
    assert going.peak_memory() < MOST_MEMORY
    figure(f"{rounds:,} files: all read, peak memory {going.peak_memory() // MEGABYTE} MB")


def garbled(rng: random.Random, sources: dict[str, bytes]) -> tuple[str, bytes]:
    """Return the suffix and the content of a source, some of its bytes changed, cut, doubled or made up."""
    suffix = rng.choice(list(sources))
    content = bytearray(sources[suffix])
    for _ in range(rng.randint(1, 20)):
        place = rng.randrange(len(content) + 1)
        match rng.randrange(4):
            case 0:
                content[place : place + rng.randint(1, 50)] = rng.randbytes(rng.randint(0, 50))
            case 1:
                del content[place:]
                content += b" "
            case 2:
                content[place:place] = content[: rng.randint(0, 200)]
            case _:
                content[place:place] = rng.choice(
                    (b"\0", b"\xff\xfe", b'"', b"|", b"<table>", b"\xed\xa0\x80", b"\r")
                )
    return suffix, bytes(content)


@pytest.mark.forms(300, 2_000)
def test_garbled_files_never_fail_a_run(rounds, tmp_path, figure):
    rng, folder = random.Random(rounds), tmp_path / "corpus"
    folder.mkdir()
    page = SEED_PAGE.read_bytes()[:3_000]
    table = b"Title,Start date,End date,Grantee\n" + b"A project,2020-01-01,2021-01-01,Somebody\n" * 20
    markup = b"<html><table><tr><th>Title<th>Start<tr><td>A project<td>2020-01-01</table>" * 3
    lines = orjson.dumps({"title": "A project", "start_date": "2020-01-01"}) + b"\n"
    sources = {
        ".txt": page,
        ".csv": table,
        ".tsv": table.replace(b",", b"\t"),
        ".html": markup,
        ".jsonl": lines * 20,
    }
    for number in range(rounds):
        suffix, content = garbled(rng, sources)
        (folder / f"{number}{suffix}").write_bytes(content)
    going = start(folder, tmp_path / "index", "--json")
    assert going.wait() == 0, going.said()[-2000:]
    report = json.loads(going.said())
    assert report["projects"] > 0
    assert len(report["rejected"]) > rounds // 10
    assert going.peak_memory() < MOST_MEMORY
    figure(
        f"{rounds:,} garbled files: {report['projects']:,} projects, "
        f"{len(report['rejected']):,} rejections, 0 failures"
    )
