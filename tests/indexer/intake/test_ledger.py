"""The ledger: the same whatever the order of its records, and what it knows again."""

import numpy as np
import pytest

from indexer.corpus.reading import Limits
from indexer.corpus.whole import record_key
from indexer.intake.aliases import Aliases, parse
from indexer.intake.ledger import Ledger, as_rows, sealed, terms_of
from indexer.storage.writer import SegmentWriter

TERMS = terms_of(Aliases(), Limits())
DOCUMENTS = 5
FILE = b"a file" + bytes(10)
KEYS = [bytes([first] * 8 + [last] * 8) for first, last in ((7, 5), (7, 3), (0, 9), (7, 3))]


@pytest.fixture
def ledger(tmp_path):
    """Return a ledger of three records, two of which share half of their keys, and a file of two more."""
    keys = as_rows(b"".join([*KEYS, record_key(FILE, 0), record_key(FILE, 1)]))
    documents, lines = np.array([1, 2, 0, 2, 3, 4]), np.array([10, 12])
    sealed(keys, documents, {FILE: lines}, np.array([3]), TERMS).write(SegmentWriter(tmp_path))
    return Ledger.open(tmp_path, DOCUMENTS, TERMS)


def test_keys_ascend_each_once(ledger):
    keys = [tuple(key) for key in ledger.keys.tolist()]
    assert keys == sorted(set(keys))
    assert len(keys) == len(ledger.documents) == 5


def test_a_known_record_has_its_document_and_another_none(ledger):
    entries = ledger.entries([KEYS[2], b"x" * 16, KEYS[1]])
    assert ledger.documents[entries[[0, 2]]].tolist() == [0, 2]
    assert entries[1] == -1
    assert ledger.entries([]).tolist() == []


def test_a_whole_file_is_known_with_its_lines(ledger):
    known = ledger.whole_file(FILE)
    assert known.lines.tolist() == [10, 12]
    assert ledger.documents[known.entries].tolist() == [3, 4]
    assert ledger.whole_file(b"x" * 16) is None


def test_an_empty_ledger_knows_nothing(tmp_path):
    nothing = np.zeros(0, np.int64)
    sealed(as_rows(b""), nothing, {}, nothing, TERMS).write(SegmentWriter(tmp_path))
    ledger = Ledger.open(tmp_path, 0, TERMS)
    assert ledger.entries([b"x" * 16]).tolist() == [-1]
    assert ledger.whole_file(b"x" * 16) is None


@pytest.mark.parametrize(
    "terms",
    [terms_of(parse("ILO = BIT"), Limits()), terms_of(Aliases(), Limits(record=9))],
    ids=["aliases", "limits"],
)
def test_a_ledger_of_other_terms_is_none(tmp_path, ledger, terms):
    assert Ledger.open(tmp_path, DOCUMENTS, terms) is None
    assert terms_of(Aliases(), Limits()).tolist() == TERMS.tolist()


def test_a_ledger_that_leaves_a_document_out_is_none(tmp_path, ledger):
    # Whoever went by it would take the project for one that was removed.
    assert Ledger.open(tmp_path, DOCUMENTS + 1, TERMS) is None


def test_a_ledger_that_cannot_be_read_is_none(tmp_path, ledger):
    (tmp_path / "ledger_keys.npy").write_bytes(b"not an array")
    assert Ledger.open(tmp_path, DOCUMENTS, TERMS) is None
