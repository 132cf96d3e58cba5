"""What a file says of itself is not believed: each array is held against what it must be."""

import os

import numpy as np
import pytest

from indexer.storage.arrays.inventory import Array, array, offsets, sizes
from indexer.storage.arrays.mapping import MisfitError, map_array, map_arrays

KNOWN = {"N": 3, "blob": 5}
DAYS = Array("i4", ("N",), below=10, least=-5, missing=-100)


def mapped(folder, values, expected):
    np.save(folder / "one.npy", values)
    return map_arrays(folder, {"one": expected}, KNOWN)["one"]


FITTING = {
    "numbers": (np.array([0, 1, 2], "u4"), array("u4", "N", below="N")),
    "offsets": (np.array([0, 2, 2, 5], "u1"), offsets("u1 u2", "N", "blob")),
    "sizes": (np.array([0, 2, 3], "u2"), sizes("u1 u2", "N", "blob")),
    "days": (np.array([-5, -100, 9], "i4"), DAYS),
    "rows": (np.zeros((2, 3), "u1"), array("u1", 2, "N")),
    "nothing": (np.zeros(0, "u1"), array("u1", "M", below=1)),
}
MISFITS = {
    "a wider type": ("has the type", np.array([0, 1, 2], "u8"), array("u4", "N")),
    "a signed type": ("has the type", np.array([0, 1, 2], "i4"), array("u4", "N")),
    "more dimensions": ("has 2 dimensions", np.zeros((3, 1), "u4"), array("u4", "N")),
    "fewer dimensions": ("has 1 dimensions", np.zeros(6, "u1"), array("u1", 2, "N")),
    "one too few": ("has the shape", np.array([0, 1], "u4"), array("u4", "N")),
    "one too many": ("has the shape", np.array([0, 1, 2, 2], "u4"), array("u4", "N")),
    "rows for columns": ("has the shape", np.zeros((3, 2), "u1"), array("u1", 2, "N")),
    "offsets of less than nothing": ("has the shape", np.zeros(0, "u1"), offsets("u1", "M", "M")),
    "offsets that begin later": ("does not divide", np.array([1, 2, 2, 5], "u1"), offsets("u1", "N", "blob")),
    "offsets that end before": ("does not divide", np.array([0, 2, 2, 4], "u1"), offsets("u1", "N", "blob")),
    "offsets that go back": ("does not ascend", np.array([0, 4, 2, 5], "u1"), offsets("u1", "N", "blob")),
    "sizes of more": ("does not add up", np.array([1, 2, 3], "u2"), sizes("u2", "N", "blob")),
    # In 8 bits they add up to the 5 that they should.
    "sizes beyond their type": ("does not add up", np.array([255, 1, 5], "u1"), sizes("u1", "N", "blob")),
    "as many as there are": ("below 3", np.array([0, 3, 2], "u4"), array("u4", "N", below="N")),
    "too small": ("from 1 to", np.array([1, 0, 2], "u4"), array("u4", "N", least=1)),
    "a day too early": ("has a value", np.array([-6, 0, 0], "i4"), DAYS),
    "a day too late": ("has a value", np.array([-100, 0, 10], "i4"), DAYS),
    "a number that is none": ("has a value", np.array([0, np.nan, 2]), array("f8", "N", below=9)),
}


@pytest.mark.parametrize(("values", "expected"), FITTING.values(), ids=FITTING)
def test_what_is_as_expected_is_mapped(tmp_path, values, expected):
    np.testing.assert_array_equal(mapped(tmp_path, values, expected), values)


@pytest.mark.parametrize(("told", "values", "expected"), MISFITS.values(), ids=MISFITS)
def test_what_is_not_as_expected_is_told(tmp_path, told, values, expected):
    with pytest.raises(MisfitError, match=told):
        mapped(tmp_path, values, expected)


@pytest.mark.parametrize(
    ("told", "change"),
    [
        pytest.param("not as long", lambda content: content + b"\0", id="longer"),
        pytest.param("not as long", lambda content: content[:-1], id="shorter"),
        pytest.param("not as long", lambda content: content.replace(b"(3,)", b"(2,)"), id="says less"),
        pytest.param("is no array", lambda content: content.replace(b"v\0", b"u\0", 1), id="header"),
        pytest.param("is no array", lambda content: content.replace(b"False", b"True "), id="columns first"),
        pytest.param("is no array", lambda content: content.replace(b"<u4", b">u4"), id="other way round"),
        pytest.param("is no array", lambda _: b"", id="empty"),
    ],
)
def test_a_file_that_numpy_did_not_write_is_told(tmp_path, told, change):
    path = tmp_path / "one.npy"
    np.save(path, np.array([1, 2, 3], "u4"))
    content = path.read_bytes()
    assert change(content) != content
    path.write_bytes(change(content))
    with pytest.raises(MisfitError, match=told):
        map_array(path)


@pytest.mark.parametrize("kind", ["a link", "a pipe", "several names"])
def test_what_is_no_plain_file_of_one_name_is_not_read(tmp_path, kind):
    path, other = tmp_path / "one.npy", tmp_path / "other.npy"
    np.save(other, np.array([1, 2, 3], "u4"))
    {"a link": path.symlink_to, "several names": path.hardlink_to}.get(kind, lambda _: os.mkfifo(path))(other)
    with pytest.raises(OSError, match=r"link|regular"):
        map_array(path)
