"""D3: one file, however made, costs what its bytes are worth, and never ends a run."""

import json
import random
import time

import pytest

from indexer.corpus import contents
from indexer.corpus.reading import Limits
from indexer.document import Project, Rejection
from tests.building import write_corpus
from tests.documents import SEED, SEED_PAGE
from tests.reliability.runs import start
from tests.reliability.test_hostile_corpus import (
    MEGABYTE,
    MOST_MEMORY,
    REASONS,
    garbled,
    rejections,
    set_traps,
)
from tests.reliability.worst_cases import WORST

# What a reader says of an error that nobody foresaw.
UNFORESEEN = "cannot be read from here on"
# Eight times the bytes may take so many times the work; with a quadratic reader it is sixty-four.
TIMES = 14
# Below so many seconds of the processor, loading and clocks count for more than reading.
LEAST = 0.2
# Megabytes of the worst of all kinds take one to two minutes of a processor: a run that takes so long hangs.
ALL_SECONDS = 600


def cost(folder, suffix, content):
    """Return the seconds of the processor that reading a file takes, and what is read."""
    folder.mkdir()
    (folder / f"file{suffix}").write_bytes(content)
    begun = time.process_time()
    found = list(contents.read(folder, Limits(stall=3_600)))
    return time.process_time() - begun, found


@pytest.mark.forms(1 << 13, 1 << 20)
@pytest.mark.parametrize("name", WORST)
def test_work_grows_with_the_bytes_of_a_file(rounds, name, tmp_path, figure):
    suffix, make = WORST[name]
    cost(tmp_path / "warm", suffix, make(1_000))
    small, _ = cost(tmp_path / "small", suffix, make(rounds))
    large, found = cost(tmp_path / "large", suffix, make(8 * rounds))
    assert large <= TIMES * max(small, LEAST)
    assert not any(isinstance(one, Rejection) and UNFORESEEN in one.reason for one in found)
    figure(f"{len(WORST)} worst cases: 8 times the bytes, at most {TIMES} times the work")


REGION = """Project Title Description Funding Country Grantee Start Date End Date
Safe Mines
It trains inspectors.
$5,000,000 Colombia, Peru Desarrollo y Autogesti\u00f3n 12/15/2019 03/30/2024
"""
LABELLED = "Safe Mines\nProject Duration: May 2019 - June 2020\nGrantee: Verit\u00e9\nIt trains inspectors.\n"
TABLE = (
    "Title,Start date,End date,Grantee,Description\n"
    + 'Safe,2020-01-01,31/12/2021,Verit\u00e9,"<p>a\nb</p> &amp;"\n' * 8
)
MARKUP = (
    "<html><meta charset=utf-8><h1>P</h1><table><tr><th>Title</th><th>Start</th></tr><tr><td rowspan=2>A<sup>1</sup>"
    "</td><td hidden>2020</td><td>2020-01-01</td></tr></table><dl><dt>Grantee</dt><dd>V</dd></dl>"
    "<li><h3>T</h3>01/15/2020 - 12/31/2021<p>M</p><p>V</p></li></html>"
)
RECORD = {
    "title": "Safe",
    "start_date": "2020-01-01",
    "end": "31/12/2021",
    "a": {"b": [1, None, "x"]},
    "c": "\ud800",
}
SOURCES = {
    ".txt": [SEED_PAGE.read_bytes()[:2_000], REGION.encode(), LABELLED.encode()],
    ".csv": [TABLE.encode(), TABLE.encode("cp1252"), TABLE.encode("utf-16")],
    ".tsv": [TABLE.replace(",", "\t").encode()],
    ".html": [MARKUP.encode(), f"<table>{MARKUP}</table>".encode()],
    ".jsonl": [(json.dumps(RECORD) + "\n").encode() * 4],
    ".json": [json.dumps({"results": [RECORD] * 3}).encode()],
    ".xml": [b"<list>" + b"<grant><title>Safe</title><start>2020</start><x y='1'>z</x></grant>" * 3 + b"</list>"],
}  # fmt: skip


@pytest.mark.forms(60, 5_000)
@pytest.mark.parametrize("suffix", SOURCES)
def test_a_mutated_file_raises_nothing(rounds, suffix, tmp_path, figure):
    rng = random.Random(f"{suffix}{rounds}")
    projects = 0
    for number in range(rounds):
        source = rng.choice(SOURCES[suffix])
        content = garbled(rng, {suffix: source})[1] if number else source
        file = tmp_path / f"file{suffix}"
        file.write_bytes(content)
        found = list(contents.read(tmp_path))
        failed = [one for one in found if isinstance(one, Rejection) and UNFORESEEN in one.reason]
        assert failed == [], (number, content)
        for one in found:
            text = one.stored().decode() if isinstance(one, Project) else one.reason + one.text
            text.encode()
            projects += isinstance(one, Project)
    assert projects > 0
    figure(f"{rounds:,} mutated files of each of {len(SOURCES)} formats: 0 exceptions")


@pytest.mark.forms(1 << 15, 1 << 20)
def test_all_of_them_in_one_corpus_end_within_their_bounds(rounds, tmp_path, figure):
    folder = write_corpus(tmp_path / "corpus", SEED)
    (tmp_path / "outside.csv").write_text("title\nSecret\n")
    set_traps(folder, tmp_path / "outside.csv")
    for number, (suffix, make) in enumerate(WORST.values()):
        (folder / f"worst-{number}{suffix}").write_bytes(make(rounds))
    (folder / "aliases.txt").write_text("".join(f"Verit\u00e9 = name {n}\n" for n in range(40_000)))
    (folder / "words.txt").write_text("".join(f"word{n} = other{n}\n" for n in range(30_000)))
    going = start(folder, tmp_path / "index", "--json")
    assert going.wait(ALL_SECONDS) == 0, going.said()[-2_000:]
    told = json.loads(going.said())
    reasons = rejections(going.said())
    named = {name: wanted in reasons.get(name, "not told") for name, wanted in REASONS.items()}
    # Of many rejections the report lists the first; all of them are on disk.
    missing = {name for name, found in named.items() if not found}
    kept = next((tmp_path / "index").glob("*/rejected.jsonl")).read_text(encoding="utf-8")
    assert all(f'"path":{json.dumps(name, ensure_ascii=False)}' in kept for name in missing)
    assert kept.count("\n") == told["rejected_count"]
    assert told["projects"] >= len(SEED)
    assert going.peak_memory() < MOST_MEMORY
    figure(
        f"{len(WORST)} worst files and {len(REASONS)} traps in one corpus: {told['projects']:,} projects, "
        f"{told['rejected_count']:,} rejections, peak memory {going.peak_memory() // MEGABYTE} MB"
    )
