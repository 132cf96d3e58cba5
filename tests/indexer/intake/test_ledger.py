"""The ledger: the same in whatever order records are accepted, and what it knows again."""

import numpy as np
import pytest

from indexer.corpus.reading import NO_KEY, Limits, WholeFile
from indexer.intake.aliases import Aliases, parse
from indexer.intake.ledger import Ledger, Records, as_rows, sealed, terms_of
from indexer.storage.writer import SegmentWriter

TERMS = terms_of(Aliases(), Limits())
DOCUMENTS = 5
FILE, CHANGED = b"a file" + bytes(10), b"another" + bytes(9)
KEYS = [bytes([first] * 8 + [last] * 8) for first, last in ((7, 5), (7, 3), (0, 9), (7, 3))]
NOTHING = Records(as_rows(b""), np.zeros(0, np.int64), np.zeros(0, np.int64))
# Four records of the first file, one of which no document says, none of the second, two of the third.
RECORDS = Records(
    as_rows(b"".join([*KEYS, NO_KEY, NO_KEY])),
    np.array([1, 2, -1, 2, 4, 3]),
    np.array([1, 2, 3, 5, 2 << 32 | 10, 2 << 32 | 12]),
)
WHOLE_FILES = {0: WholeFile(CHANGED, 4), 2: WholeFile(FILE, 2)}


@pytest.fixture
def ledger(tmp_path):
    """Return the ledger of these records; of the first file not all were taken, so it is not known."""
    return written(tmp_path, RECORDS)


def written(folder, records, documents=DOCUMENTS):
    """Return the ledger of records, as it is read again; document 0 has a record of its own in another file."""
    own = Records(as_rows(NO_KEY), np.array([0]), np.array([3 << 32 | 1]))
    both = [np.concatenate([getattr(one, name) for one in (records, own)]) for name in Records.__slots__]
    sealed(Records(*both), WHOLE_FILES, np.array([3]), TERMS).write(SegmentWriter(folder))
    return Ledger.open(folder, documents, TERMS)


def test_records_stand_in_reading_order_however_they_were_accepted(tmp_path, ledger):
    assert ledger.lines.tolist() == [1, 2, 5, 10, 12, 1]
    assert ledger.documents.tolist() == [1, 2, 2, 4, 3, 0]
    assert ledger.file_records.tolist() == [0, 3, 3, 5, 6]
    backwards = Records(*(getattr(RECORDS, name)[::-1] for name in Records.__slots__))
    (tmp_path / "other").mkdir()
    other = written(tmp_path / "other", backwards)
    assert {name: getattr(other, name).tolist() for name in Ledger.__dataclass_fields__} == {
        name: getattr(ledger, name).tolist() for name in Ledger.__dataclass_fields__
    }


def test_records_on_one_line_have_an_order_of_their_own():
    on_one_line = Records(as_rows(KEYS[0] + KEYS[1]), np.array([2, 1]), np.array([4, 4]))
    assert on_one_line.in_order().documents.tolist() == [1, 2]


def test_a_known_record_has_its_document_and_another_none(ledger):
    entries = ledger.entries([KEYS[0], b"x" * 16, KEYS[1], KEYS[2]])
    assert ledger.documents[entries[[0]]].tolist() == [1]
    assert entries[[1, 3]].tolist() == [-1, -1]
    assert ledger.entries([]).tolist() == []


def test_a_key_that_shares_its_first_half_with_another_may_be_unknown_but_never_wrong(ledger):
    entries = ledger.entries(KEYS)
    assert [(int(one), ledger.documents[one]) for one in entries if one >= 0] == [(0, 1)]


def test_a_whole_file_is_known_with_its_lines(ledger):
    known = ledger.whole_file(FILE)
    assert known.lines.tolist() == [10, 12]
    assert ledger.documents[known.entries].tolist() == [4, 3]


@pytest.mark.parametrize("key", [b"x" * 16, CHANGED, NO_KEY], ids=["another", "not all taken", "none"])
def test_any_other_file_is_not_known(ledger, key):
    assert ledger.whole_file(key) is None


def test_an_empty_ledger_knows_nothing(tmp_path):
    sealed(NOTHING, {}, np.zeros(0, np.int64), TERMS).write(SegmentWriter(tmp_path))
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
