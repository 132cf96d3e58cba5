"""The documents of postings in 16 bits, over several blocks of 65,536."""

import random

import numpy as np
import pytest

from indexer.inverting import merging
from indexer.inverting.runs import Run
from indexer.storage.arrays.listed import Listed, blocks_of
from indexer.storage.writer import SegmentWriter

SIZE = 200_000


def drawn(seed):
    """Return the documents of some terms, ascending: many, few, one, and none in a block between."""
    rng = random.Random(seed)
    lists = [sorted(rng.sample(range(SIZE), rng.choice([1, 2, 40, 3_000]))) for _ in range(12)]
    return [*lists, [0], [SIZE - 1], [65_535, 65_536], [1, 196_608]]


def listed(lists):
    blocks = blocks_of(SIZE)
    counts = [sum(one >> 16 == block for one in documents) for documents in lists for block in range(blocks)]
    places = np.array([one & 0xFFFF for documents in lists for one in documents], np.uint16)
    return Listed(places, np.cumsum([0, *counts]).astype(np.uint32), blocks)


@pytest.mark.parametrize("seed", range(3), ids=lambda seed: f"seed-{seed}")
def test_documents_come_back_by_term_and_by_posting(seed):
    lists, rng = drawn(seed), random.Random(seed)
    found, every = listed(lists), [one for documents in lists for one in documents]
    assert [found.of(term).tolist() for term in range(len(lists))] == lists
    assert found.every().tolist() == every
    for _ in range(40):
        first, last = sorted(rng.choices(range(len(every) + 1), k=2))
        assert found.between(first, last).tolist() == every[first:last]


@pytest.mark.parametrize("seed", range(3), ids=lambda seed: f"seed-{seed}")
def test_a_posting_is_found_by_term_and_document_and_none_is_made_up(seed):
    lists, rng = drawn(seed), random.Random(seed)
    found, first = listed(lists), 0
    for term, documents in enumerate(lists):
        numbers = {document: first + row for row, document in enumerate(documents)}
        near = {one + by for one in documents for by in (-1, 1)}
        for document in {0, SIZE - 1, *rng.sample(range(SIZE), 40), *documents, *near}:
            if 0 <= document < SIZE:
                assert found.posting(term, document) == numbers.get(document, -1)
        first += len(documents)


def test_a_corpus_has_a_block_whatever_its_size():
    assert [blocks_of(size) for size in (0, 1, 65_536, 65_537, 1_000_000)] == [1, 1, 1, 2, 16]


def run_of(lists, documents, lengths):
    """Return a run of some of the documents, each of which has a term once, at the beginning of its title."""
    kept = set(documents)
    lists = [[one for one in found if one in kept] for found in lists]
    sizes = np.array([*map(len, lists)], np.uint32)
    every = np.array([one for found in lists for one in found], np.uint32)
    names = [f"term-{number:02}" for number in range(len(lists))]
    return Run(
        terms=names, words=names, word_terms=np.arange(len(lists), dtype=np.uint32), word_documents=sizes,
        term_postings=sizes, term_occurrences=sizes, documents=every, counts=np.ones(len(every), np.uint8),
        field_positions=np.zeros(len(every), np.uint16), forms=np.zeros(len(every), np.uint8), lengths=lengths,
        own_lengths=np.zeros((0, lengths.shape[1]), np.uint32), acronyms=[], mentions=np.zeros((0, 2), np.uint32),
    )  # fmt: skip


def test_merging_runs_of_several_blocks_gives_the_same_bytes_in_either_way(tmp_path):
    lists = drawn(7)
    ones = np.zeros((4, SIZE), np.uint32)
    ones[0] = 1
    halves = [range(90_000), range(90_000, SIZE)]
    in_sequence = [run_of(lists, half, ones[:, half.start : half.stop]) for half in halves]
    odd = ones * (np.arange(SIZE) % 2 == 1)
    alternating = [
        run_of(lists, range(1, SIZE, 2), odd.astype(np.uint32)),
        run_of(lists, range(0, SIZE, 2), (ones - odd).astype(np.uint32)),
    ]
    for name, runs in (("one", in_sequence), ("other", alternating)):
        (tmp_path / name).mkdir()
        merging.merge(runs, SegmentWriter(tmp_path / name), interleaved=name == "other")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes(), path.name
    arrays = [np.load(tmp_path / "one" / f"{name}.npy") for name in ("documents", "posting_starts")]
    found = Listed(*arrays, blocks_of(SIZE))
    assert [found.of(term).tolist() for term in range(len(lists))] == lists
