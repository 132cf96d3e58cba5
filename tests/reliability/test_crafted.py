"""D2: an index whose checksums are right is believed no more than one whose are wrong."""

import gc
import json
import random
import shutil
import signal
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from flask import Flask

from indexer.cli import main
from indexer.storage import generation
from indexer.storage.folder.manifest import read_manifest
from search_app import create_app
from tests.building import copied, writable, write_corpus
from tests.documents import LABOUR
from tests.reliability.crafting import AROUND, FREE, INSIDE, SECRET, Crafted, signed
from tests.reliability.states import documents

BAD = "20300101T000000.000000Z"
# Whatever takes longer hangs, on a machine that is busy with much else.
PATIENCE = 60
# Everything that an index is asked for: search, phrases, typos, filters, facets, one project, lists, files.
ASKED = [
    "/api/v1/search?q=labour", '/api/v1/search?q="child+labour"', "/api/v1/search?q=mine*&per_page=100",
    "/api/v1/search?q=labuor~&status=active", "/api/v1/search?sort=title&per_page=100", "/api/v1/suggest?q=mi",
    "/search?q=labour+rights", "/search", "/", "/changes", "/grantees", "/search.csv?q=labour", "/search.atom?q=labour",
]  # fmt: skip
# Where texts of people come from in this index, a crafted one may say something else with good reason.
TOLD = FREE | {
    "stored",
    "grantee_names",
    "terms",
    "words",
    "acronyms",
    "report",
    "rejected",
    "word_rules",
    "id_documents",
    "own_values",
}


@contextmanager
def patience():
    """Fail what takes longer than a crafted index may."""

    def end(*_):
        raise TimeoutError("it hangs")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def answers(app: Flask, index: Path, name: str) -> dict[str, tuple[int, str]]:
    """Return status and body of all that is asked of an index, as if the good generation `name` answered it."""
    # A server that starts over this index, without making pages and parameters anew.
    app.extensions["search"].live.__init__(index)
    client, found = app.test_client(), {}
    for path in ASKED:
        answer = client.get(path)
        body = answer.text.replace(BAD, name)
        if answer.is_json and answer.status_code == 200:
            body = json.dumps({name: value for name, value in json.loads(body).items() if name != "took_ms"})
        found[path] = answer.status_code, body
    return found


@pytest.fixture(scope="module")
def app(labour_index) -> Flask:
    """Give an application that keeps no answers: crafted generations share a name."""
    return create_app({"SEARCH_INDEX_DIR": labour_index, "SEARCH_LOG_FORMAT": "none", "SEARCH_CACHE_MB": 0})


@pytest.fixture(scope="module")
def labour_corpus(tmp_path_factory) -> Path:
    """Give a corpus that differs a little from that of the index: what is built is built upon that."""
    return write_corpus(tmp_path_factory.mktemp("labour"), list(LABOUR.values())[1:])


@pytest.fixture(scope="module")
def good(app, labour_index) -> dict[str, tuple[int, str]]:
    return answers(app, labour_index, generation.current_name(labour_index))


def crafted(folder: Path, original: Path, rng: random.Random) -> Crafted:
    """Return an index of a good generation and one to be spoilt, which is the current one."""
    index = copied(original, folder / "index")
    name = generation.current_name(index)
    copied(index / name, index / BAD)
    (index / BAD).chmod(0o755)
    (index / generation.CURRENT).write_text(f"{BAD} {name}\n")
    (folder / "outside.txt").write_text(SECRET)
    return Crafted(index / BAD, folder / "outside.txt", rng)


def believed(folder: Path) -> None:
    """Say in the pointer that this generation was published, as far as whoever sends an index can know."""
    pointer = folder.parent / generation.CURRENT
    digest = read_manifest(folder).digest()
    pointer.write_text(f"{pointer.read_text().splitlines()[0]}\n{digest} 12 1800000000000000000\n")


def after_reindex(corpus: Path, index: Path) -> int:
    """Return how a `reindex` ended on a crafted index: with a code and a line, or with a good index."""
    ended = CliRunner().invoke(main, ["--corpus", str(corpus), "--index", str(index), "--quiet"])
    assert ended.exit_code in (0, 65, 74, 76, 78), ended.exception
    assert ended.exit_code or documents(index) == len(LABOUR) - 1
    assert not ended.exit_code or (ended.stderr.count("\n"), ended.stderr.startswith("reindex: ")) == (
        1,
        True,
    )
    return ended.exit_code


@pytest.mark.parametrize("kinds", [INSIDE, AROUND], ids=["inside", "around"])
@pytest.mark.forms(14, 400)
def test_a_crafted_index_is_refused_or_answers_as_a_good_one(
    rounds, kinds, tmp_path, app, labour_index, labour_corpus, good, figure
):
    rng, accepted = random.Random(rounds), 0
    for number in range(rounds):
        folder = tmp_path / str(number)
        folder.mkdir()
        it, kind = crafted(folder, labour_index, rng), kinds[number % len(kinds)]
        spoilt = kind(it)
        if kinds is INSIDE:
            signed(it.folder)
            if number % 2:
                believed(it.folder)
        case = f"{number}: {kind.__name__} of {spoilt}"
        with patience():
            found = answers(app, folder / "index", generation.current_name(labour_index))
            assert not any(SECRET in body for _, body in found.values()), case
            refused = {status for status, _ in found.values()} == {503}
            if not refused and found != good:
                accepted += 1
                assert kinds is INSIDE, case
                assert spoilt in TOLD, case
                assert {status for status, _ in found.values()} <= {200, 503}, (case, found)
            after_reindex(labour_corpus, folder / "index")
        assert (folder / "outside.txt").read_text() == SECRET, case
        shutil.rmtree(writable(folder))
        if number % 50 == 49:
            # Engines and their caches refer to each other: without a collection their files stay open.
            gc.collect()
    figure(
        f"{rounds} crafted indexes, wrong {'in' if kinds is INSIDE else 'around'} their files: 0 crashes, 0 hangs, "
        f"0 bytes from outside; {accepted} say other things that may be so and were answered from"
    )


@pytest.mark.parametrize(
    ("table", "texts"),
    [
        ("own_codes", [b"", b"usd"]),
        ("own_codes", [b"", b"<b>"]),
        ("own_codes", [b"EUR", b"USD"]),
        ("own_values", [b"Spain", b"Ghana", b"Southern Europe", b"Western Africa"]),
        ("own_values", [b"Ghana", b"Ghana", b"Southern Europe", b"Western Africa"]),
    ],
)
def test_values_and_currencies_that_no_build_writes_are_refused(
    table, texts, tmp_path, app, labour_index, good, caplog
):
    it = crafted(tmp_path, labour_index, random.Random(1))
    (it.folder / f"{table}.bin").unlink()
    (it.folder / f"{table}.bin").write_bytes(b"".join(texts))
    sizes = it.folder / f"{table}_sizes.npy"
    before = np.load(sizes)
    sizes.unlink()
    np.save(sizes, np.array([*map(len, texts)], before.dtype))
    signed(it.folder)
    found = answers(app, tmp_path / "index", generation.current_name(labour_index))
    assert len(texts) == len(before)
    assert "a currency is none" in caplog.text
    assert found == good
