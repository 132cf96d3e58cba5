"""Stored projects: packed and unpacked alike, bounded, and the same bytes however an index was built."""

import random
import threading
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import zstandard

from indexer.build import BuildOptions, reindex
from indexer.document import Project
from indexer.storage import generation
from indexer.storage.arrays.stored import (
    LEAST_PROJECTS,
    LONGEST_FORM,
    LONGEST_PACKED,
    SAMPLED_BEGINNING,
    Stored,
    dictionary_size,
    packing,
    sample_of,
    sampled,
    trained,
)
from tests.building import write_corpus

WORDS = "labour courts mines children training workers rights safety union survey".split()


def a_project(number, rng):
    return Project(f"p-{number}", f"Project {number}", " ".join(rng.choices(WORDS, k=30)), "Verité")


def stored(frames, dictionary=b""):
    offsets = np.cumsum([0, *map(len, frames)]).astype(np.uint64)
    return Stored(memoryview(b"".join(frames)), offsets, memoryview(dictionary))


@pytest.fixture(scope="module")
def forms():
    rng = random.Random(1)
    return [a_project(number, rng).stored() for number in range(LEAST_PROJECTS)]


@pytest.fixture(scope="module")
def dictionary(forms):
    return trained(forms, dictionary_size(len(forms)))


def test_forms_come_back_as_they_were(forms, dictionary):
    assert dictionary
    found = stored([*map(packing(dictionary), forms)], dictionary)
    assert [*found] == forms
    assert (found[3], len(found)) == (forms[3], len(forms))
    plain = [*map(packing(b""), forms)]
    assert [*stored(plain)] == forms
    assert sum(map(len, plain)) > 1.3 * len(found.frames(np.arange(1))[0])


def test_a_very_long_form_stands_as_it_is_and_its_neighbours_do_not():
    long = Project("p", "A title", "labour courts " * 40_000).stored()
    pack = packing(b"")
    found = stored([pack(b"[1]"), pack(long), pack(b"[2]")])
    assert [*found] == [b"[1]", long, b"[2]"]
    assert pack(long) == long
    assert pack(b"[1]") != b"[1]"


def test_threads_share_them(forms, dictionary):
    found = stored([*map(packing(dictionary), forms)], dictionary)
    same = []
    threads = [threading.Thread(target=lambda: same.append([*found] == forms)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert same == [True] * 4


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"{}",
        zstandard.compress(b"[]")[:-1],
        zstandard.compress(b"[]") + b" ",
        zstandard.compress(b" " * (LONGEST_FORM + 1)),
        zstandard.ZstdCompressor(write_content_size=False).compress(b"[]"),
        b"\x28\xb5\x2f\xfd\xe0" + (1 << 40).to_bytes(8, "little"),
    ],
    ids=["empty", "no-frame", "cut", "more", "too-long", "no-size", "terabyte"],
)
def test_what_is_no_frame_is_refused(frame):
    with pytest.raises(ValueError, match="stored project 0"):
        stored([frame])[0]
    good = zstandard.compress(b"[]")
    for frames in ([frame], [good, frame, good], [good, good, frame]):
        with pytest.raises(ValueError, match="stored project"):
            stored(frames).joined(0, len(frames))
        with pytest.raises(ValueError, match="stored project"):
            list(stored(frames).many(np.arange(len(frames))))


@pytest.mark.parametrize("size", [0, 3, 255, 256, 65_791, 65_792, 140_000, LONGEST_PACKED + 1])
@pytest.mark.parametrize("checksum", [False, True])
def test_many_are_unpacked_together_as_one_by_one(forms, dictionary, size, checksum):
    rng = random.Random(size)
    long = b"[" + rng.randbytes(size) + b"]"
    packer = zstandard.ZstdCompressor(write_checksum=checksum)
    for those in (forms[:5], [*forms[:5], long], [b"[]" * 70_000, *forms[:5]], []):
        plain = stored([*map(packer.compress, those)])
        assert plain.joined(0, len(those)) == b",".join(those)
        found = stored([*map(packing(dictionary), those)], dictionary)
        for first in range(len(those)):
            assert found.joined(first, len(those)) == b",".join(those[first:])
            assert [*found.many(np.arange(len(those))[first::2][::-1])] == those[first::2][::-1]


def test_a_dictionary_that_is_none_is_refused(forms, dictionary):
    found = stored([*map(packing(dictionary), forms)], dictionary[:8] + bytes(len(dictionary) - 8))
    with pytest.raises(ValueError, match="stored project"):
        list(found)


def test_a_small_corpus_has_no_dictionary_and_nothing_fails_where_nothing_is_alike():
    hashes = np.arange(LEAST_PROJECTS, dtype=np.uint64)
    assert len(sample_of(hashes[1:])) == 0
    assert sample_of(hashes[::-1]).tolist() == [*range(LEAST_PROJECTS)][::-1]
    assert trained([], 100) == trained([b"x"] * 3, 100) == b""


def test_of_the_sample_only_what_seldom_changes_is_learnt():
    project = Project(
        "p", "Title", "d" * SAMPLED_BEGINNING, "Verité", date(2020, 1, 2), None, (("City", "Lima"),)
    )
    later = replace(
        project, end=date(2024, 5, 6), extra=(("City", "Quito"),), description=project.description + "e"
    )
    assert sampled(project.stored()) == sampled(later.stored())
    assert sampled(replace(project, title="Titles").stored()) != sampled(project.stored())
    bare = Project("p", "Title")
    assert sampled(bare.stored()) == bare.stored()


def test_a_dictionary_stays_as_long_as_what_it_learnt(tmp_path):
    rng = random.Random(3)
    projects = [replace(a_project(number, rng), start=date(2020, 1, 2)) for number in range(LEAST_PROJECTS)]
    found = []
    for step in range(3):
        corpus = write_corpus(tmp_path / "corpus", projects)
        for name, full in (("index", False), ("full", True)):
            reindex(corpus, tmp_path / name, BuildOptions(full=full))
        folders = [generation.current(tmp_path / name) for name in ("index", "full")]
        files = ("stored.bin", "stored_offsets.npy", "stored_dictionary.bin")
        built = [[(folder / name).read_bytes() for name in files] for folder in folders]
        assert built[0] == built[1], step
        found.append(built[0])
        # First an end is put off, then a title is another.
        changed = {"end": date(2025, 6, 7)} if step == 0 else {"title": "Another title"}
        projects[7] = replace(projects[7], **changed)
    assert found[0][2] == found[1][2] != found[2][2]
    assert found[0][0] != found[1][0]


def test_an_incremental_build_writes_the_same_bytes_whether_the_dictionary_stays_or_not(tmp_path):
    rng = random.Random(2)
    projects = {number: a_project(number, rng) for number in range(LEAST_PROJECTS - 2)}
    kept = []
    for step in range(4):
        corpus = write_corpus(tmp_path / "corpus", list(projects.values()))
        for name, full in (("index", False), ("full", True)):
            reindex(corpus, tmp_path / name, BuildOptions(allow_shrink=True, full=full))
        folders = [generation.current(tmp_path / name) for name in ("index", "full")]
        for name in ("stored.bin", "stored_offsets.npy", "stored_dictionary.bin"):
            assert len({(folder / name).read_bytes() for folder in folders}) == 1, (step, name)
        kept.append((folders[0] / "stored_dictionary.bin").read_bytes())
        # Below the number that gets a dictionary, then above it, then other projects in its sample.
        for number in rng.sample(sorted(projects), 3):
            projects[number] = a_project(number, rng)
        projects[1_000 + step] = a_project(1_000 + step, rng)
    assert kept[0] == b""
    assert kept[2] != kept[3]
