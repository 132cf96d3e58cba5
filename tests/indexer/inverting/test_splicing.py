"""What is spliced has the bytes of what is merged, over several blocks of 65,536 documents."""

import random
from types import SimpleNamespace

import numpy as np
import pytest

from indexer.inverting import merging, splicing
from indexer.inverting.increments import remaining, renumbered
from indexer.inverting.runs import Run
from indexer.storage.arrays.kept_forms import Forms
from indexer.storage.arrays.listed import Listed, blocks_of
from indexer.storage.writer import SegmentWriter

SIZE = 200_000


def drawn(seed):
    """Return the documents of some terms, ascending: many, few, one, and none in a block between."""
    rng = random.Random(seed)
    lists = [sorted(rng.sample(range(SIZE), rng.choice([1, 2, 40, 3_000]))) for _ in range(12)]
    return [*lists, [0], [SIZE - 1], [65_535, 65_536], [1, 196_608]]


def run_of(lists, documents):
    """Return a run of some documents of all, numbered from 0, each a word of a term at the title's beginning.

    Term 3 has two words: documents have the one or the other.
    """
    numbers = {document: number for number, document in enumerate(documents)}
    found = [[one for one in own if one in numbers] for own in lists]
    sizes = np.array([*map(len, found)], np.uint32)
    names = [f"term-{number:02}" for number in range(len(lists))]
    forms = [one % 2 if term == 3 else 0 for term, own in enumerate(found) for one in own]
    words = [*names[:4], "term-03s", *names[4:]]
    in_words = np.array([*sizes[:3], sizes[3] - forms.count(1), forms.count(1), *sizes[4:]], np.uint32)
    lengths = np.zeros((4, len(documents)), np.uint32)
    lengths[0] = 1
    return Run(
        terms=names, words=words, word_terms=np.array([0, 1, 2, 3, *range(3, len(lists))], np.uint32),
        word_documents=in_words, term_postings=sizes, term_occurrences=sizes,
        documents=np.array([numbers[one] for own in found for one in own], np.uint32),
        counts=np.ones(sizes.sum(), np.uint8), field_positions=np.zeros(sizes.sum(), np.uint16),
        forms=np.array(forms, np.uint8), lengths=lengths,
        own_lengths=np.zeros((0, len(documents)), np.uint32), acronyms=[], mentions=np.zeros((0, 2), np.uint32),
    )  # fmt: skip


def merged(folder, *runs):
    folder.mkdir()
    merging.merge(runs, SegmentWriter(folder))
    return folder


def segment_in(folder, documents):
    """Return the arrays that `merge` wrote of so many documents, as a segment has them."""
    arrays = {path.stem: np.load(path) for path in folder.glob("*.npy")}
    for name in ("terms", "words", "acronyms"):
        blob, ends = (folder / f"{name}.bin").read_text(), np.cumsum(arrays[f"{name}_sizes"]).tolist()
        arrays[name] = [blob[first:last] for first, last in zip([0, *ends], ends, strict=False)]
    places, starts = arrays.pop("documents"), arrays.pop("posting_starts")
    listed = Listed(places, starts, blocks_of(documents))
    forms = Forms(arrays.pop("forms"), arrays["term_occurrences"], arrays["term_words_start"])
    return SimpleNamespace(**arrays, documents=listed, forms=forms, term_postings=listed.terms)


@pytest.mark.parametrize("seed", range(4), ids=lambda seed: f"seed-{seed}")
def test_splicing_what_is_new_into_a_segment_gives_the_bytes_of_merging(tmp_path, seed):
    lists, rng = drawn(seed), random.Random(seed)
    # Few or many are new, and as many of the last segment are gone; there may be fewer blocks than before.
    share = [0.00001, 0.01, 0.5, 0.3][seed]
    kinds = np.array(
        rng.choices(["kept", "new", "gone"], [1 - share, share, share * (seed != 1) * 2], k=SIZE)
    )
    kinds[:3] = "kept", "new", "gone"
    last, now = np.flatnonzero(kinds != "new"), np.flatnonzero(kinds != "gone")
    segment = segment_in(merged(tmp_path / "last", run_of(lists, last.tolist())), len(last))
    new_numbers = np.where(kinds[last] == "gone", -1, np.searchsorted(now, last))
    fresh = np.flatnonzero(kinds[now] == "new")
    new = renumbered(run_of(lists, now[fresh].tolist()), fresh, len(now))
    expected = merged(tmp_path / "expected", run_of(lists, now.tolist()))
    (tmp_path / "found").mkdir()
    splicing.splice(remaining(segment, new_numbers, len(now)), new, SegmentWriter(tmp_path / "found"))
    assert {path.name: path.read_bytes() for path in expected.iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "found").iterdir()
    }
