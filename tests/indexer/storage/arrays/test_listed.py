"""The documents of postings in 16 bits, over several blocks of 65,536."""

import random

import numpy as np
import pytest

from indexer.storage.arrays.listed import Listed, blocks_of

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


@pytest.mark.parametrize("seed", range(3), ids=lambda seed: f"seed-{seed}")
def test_so_many_postings_stand_before_a_term_and_document(seed):
    lists, rng = drawn(seed), random.Random(seed)
    every = [(term, one) for term, documents in enumerate(lists) for one in documents]
    asked = [(rng.randrange(len(lists)), rng.randrange(SIZE + 1)) for _ in range(40)]
    asked += [(term, one + by) for term, one in rng.sample(every, 40) for by in (0, 1)]
    terms, documents = np.array([*asked, (len(lists), 0)], np.int64).T
    expected = [sum(one < pair for one in every) for pair in asked]
    assert listed(lists).before(terms, documents).tolist() == [*expected, len(every)]


@pytest.mark.parametrize("few", [0, 1, 30, 20_000], ids=lambda few: f"{few}-documents")
def test_the_postings_of_some_documents_are_found_among_all(few):
    lists, rng = drawn(3), random.Random(few)
    wanted = np.array(sorted({*rng.sample(range(SIZE), few), *([65_535, SIZE - 1] if few else [])}), np.int64)
    every = [one for documents in lists for one in documents]
    among = set(wanted.tolist())
    expected = [number for number, one in enumerate(every) if one in among]
    assert listed(lists).having(wanted).tolist() == expected
