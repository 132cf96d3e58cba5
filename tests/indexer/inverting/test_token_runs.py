"""Texts are cut where no token goes on, and every piece has a number of its own."""

import numpy as np
import pytest

from indexer.inverting.dictionary import Dictionary
from indexer.inverting.numbering import STEPS, Numbering
from indexer.inverting.token_runs import KEY_BYTES, cut

CUT = {
    "words": ("Labor courts", ["labor", "courts"]),
    "marks that join": ("follow-ups of the U.S.-led", ["follow-ups", "of", "the", "u.s.-led"]),
    "marks that separate": ('he said: "yes"; (no)/never', ["he", "said", "yes", "no", "never"]),
    "marks at the ends": ("'so - the end. ", ["so", "the", "end"]),
    "more marks at the ends": ("and so on...", ["and", "so", "on.."]),
    "other scripts": ("Verité, права", ["verité", "права"]),
    "only ASCII is in lower case": ("ÉCOLE", ["École"]),
    "nothing": (" . - , ", []),
}


def pieces_of(*texts):
    """Return the pieces of each text."""
    token_runs = cut(texts)
    found = iter(token_runs.texts(np.arange(len(token_runs.starts))))
    return [[next(found).decode() for _ in range(count)] for count in token_runs.counts.tolist()]


@pytest.mark.parametrize(("text", "found"), CUT.values(), ids=CUT)
def test_pieces(text, found):
    assert pieces_of(text) == [found]


def test_pieces_of_several_texts_are_kept_apart():
    assert pieces_of("a b", "", "c", ".") == [["a", "b"], [], ["c"], []]
    assert pieces_of() == []


def test_what_stands_between_texts_may_stand_in_them():
    assert pieces_of("a\0b", "c") == [["a", "b"], ["c"]]


def test_keys_tell_pieces_apart_and_long_ones_have_none():
    texts = ["a", "ab", "b", "abcdefgh", "abcdefghi", "x" * KEY_BYTES, "x" * (KEY_BYTES - 1), "ü" * 8]
    token_runs = cut([" ".join(texts), "x" * (KEY_BYTES + 1)])
    keys = list(zip(*(part.tolist() for part in token_runs.keys), strict=True))
    assert len(set(keys)) == len(texts) + 1
    assert keys[-1] == (0, 0)


def test_a_piece_keeps_its_number():
    known = Dictionary()
    first = known.numbers(cut([f"labor courts labor {'long' * 9} labor"])).tolist()
    assert first == [1, 2, 1, 3, 1]
    assert known.numbers(cut([f"new labor {'long' * 9} {'long' * 8}"])).tolist() == [4, 1, 3, 5]


def test_many_numbers_are_found_again():
    # No sequence, nor two equal halves: factors may be drawn that leave these few slots.
    keys, others = np.random.default_rng(7).integers(1, 1 << 63, (2, 200_000), np.uint64)
    known = Numbering()
    for part in np.split(np.arange(len(keys)), 40):
        assert known.find(keys[part], others[part]).tolist() == [0] * len(part)
        known.remember(keys[part], others[part], part + 1)
    found = known.find(keys, others)
    assert set(found.tolist()) <= {0, *range(1, len(keys) + 1)}
    assert np.count_nonzero(found == np.arange(1, len(keys) + 1)) > 0.999 * len(keys)
    assert known.find(keys, others + np.uint64(1)).tolist() == [0] * len(keys)


def test_keys_that_meet_in_one_slot_are_found_or_unknown_but_never_confused(monkeypatch):
    monkeypatch.setattr(Numbering, "_hashes", lambda _self, first, _second: np.zeros(len(first), np.int64))
    keys = np.arange(1, 101, dtype=np.uint64)
    known = Numbering()
    known.remember(keys, keys, np.arange(1, 101))
    found = known.find(keys, keys)
    assert np.count_nonzero(found) == STEPS
    assert [number in (0, source_line) for source_line, number in enumerate(found.tolist(), 1)] == [
        True
    ] * 100


def test_pieces_that_the_table_cannot_keep_are_numbered_all_the_same(monkeypatch):
    monkeypatch.setattr(Numbering, "_hashes", lambda _self, first, _second: np.zeros(len(first), np.int64))
    known = Dictionary()
    text = " ".join(f"word{number}" for number in range(100))
    assert known.numbers(cut([text])).tolist() == known.numbers(cut([text])).tolist() == list(range(1, 101))
