"""Field positions: pack, unpack, widen."""

import numpy as np
import pytest

from indexer.storage.field_positions import FieldPositionBits, widened

FIELDS, POSITIONS = [0, 0, 1, 2], [0, 5, 7, 16_383]


@pytest.mark.parametrize("dtype", ["<u2", "<u4"])
def test_fields_and_positions_come_back(dtype):
    bits = FieldPositionBits.of(dtype)
    packed = bits.pack(np.array(FIELDS, dtype), np.array(POSITIONS, dtype))
    assert packed.dtype == dtype
    assert bits.fields(packed).tolist() == FIELDS
    assert bits.positions(packed).tolist() == POSITIONS


def test_the_two_highest_bits_are_the_field():
    assert (FieldPositionBits.of("<u2").position, FieldPositionBits.of("<u4").position) == (14, 30)
    assert FieldPositionBits.of("<u2").pack(np.array([1], "<u2"), np.array([7], "<u2")).tolist() == [16_391]


def test_field_positions_ascend_through_the_fields():
    packed = FieldPositionBits.of("<u2").pack(np.array(FIELDS, "<u2"), np.array(POSITIONS, "<u2"))
    assert (np.diff(packed.astype(int)) > 0).all()


@pytest.mark.parametrize(("old", "new"), [("<u2", "<u4"), ("<u2", "<u2"), ("<u4", "<u4")])
def test_wider_numbers_say_the_same(old, new):
    packed = FieldPositionBits.of(old).pack(np.array(FIELDS, old), np.array(POSITIONS, old))
    wide = widened(packed, new)
    assert wide.dtype == new
    bits = FieldPositionBits.of(new)
    assert (bits.fields(wide).tolist(), bits.positions(wide).tolist()) == (FIELDS, POSITIONS)


def test_the_longest_text_is_told_by_its_last_position():
    assert FieldPositionBits.of("<u2").longest == 2**14 - 1
