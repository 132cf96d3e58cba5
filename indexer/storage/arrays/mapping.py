"""Maps arrays and blobs of an index, and holds each array against what `inventory` says of it.

Nothing is believed that a file says of itself: a header is one that `numpy.save` writes, to the byte, and
the file as long as it says. Values are looked at in passes over whole arrays, once for each generation:
whoever opens one that was verified looks only at the ends of what is large.
"""

from __future__ import annotations

import mmap
import os
import re
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.storage.arrays.inventory import Array
from indexer.storage.folder.opening import open_file

# What `numpy.save` begins a file with, in its version 1.0: magic, length of the header, header.
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00(..)\{'descr': '([<|][uif][1248])', 'fortran_order': False, "
    rb"'shape': \(((?:\d{1,12}, ?)*\d{0,12})\), \} *\n",
    re.DOTALL,
)
# Longer than the header of an array of two dimensions can be.
_MOST_HEADER_BYTES = 256
# Values at each end of a long array that are looked at where it is not to be read.
_AT_AN_END = 1 << 12

Sizes = dict[str, int]


class MisfitError(ValueError):
    """An array is not what the inventory says, or a file is no array."""


def map_bytes(path: Path) -> memoryview:
    """Map a file; raise OSError if it cannot be opened or is no plain file."""
    descriptor = open_file(path)
    try:
        # The length 0 is that of the file, but for an empty one.
        return memoryview(
            mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) if os.fstat(descriptor).st_size else b""
        )
    finally:
        os.close(descriptor)


def map_array(path: Path) -> NDArray[Any]:
    """Map an array; raise MisfitError if it is none that `numpy.save` writes, OSError as `map_bytes`."""
    content = map_bytes(path)
    found = _HEADER.match(content[:_MOST_HEADER_BYTES])
    if found is None or found.end() != 10 + int.from_bytes(found[1], "little"):
        raise MisfitError(f"{path.name} is no array")
    dtype = np.dtype(found[2].decode())
    shape = tuple(int(one) for one in found[3].split(b",") if one.strip())
    if len(content) != found.end() + prod(shape) * dtype.itemsize:
        raise MisfitError(f"{path.name} is not as long as it says")
    return np.frombuffer(content, dtype, prod(shape), found.end()).reshape(shape)


def map_arrays(
    folder: Path, expected: Mapping[str, Array], known: Mapping[str, int], *, all_values: bool = True
) -> dict[str, NDArray[Any]]:
    """Map the arrays of a folder that are `expected`, and check all of them.

    `known` are sizes that are known already: of blobs in bytes, by their names, or of letters of a shape.
    Without `all_values` types, shapes and sizes are checked, and the first and last values of long arrays.
    Raise MisfitError naming an array that is not as expected, OSError if one cannot be opened.
    """
    arrays = {name: map_array(folder / f"{name}.npy") for name in expected}
    sizes = dict(known)
    for name, found in arrays.items():
        _check_shape(name, found, expected[name], sizes)
    for name, found in arrays.items():
        _check_sums(name, found, expected[name], sizes)
        for part in (found,) if all_values else _ends(found):
            _check_values(name, part, expected[name], sizes)
    return arrays


def _ends(found: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """Return the first and the last values of a long array, all of a short one."""
    values = found.reshape(-1)
    return (found,) if len(values) <= 2 * _AT_AN_END else (values[:_AT_AN_END], values[-_AT_AN_END:])


def _check_shape(name: str, found: NDArray[Any], expected: Array, sizes: Sizes) -> None:
    if found.dtype.str[1:] not in expected.types.split():
        raise MisfitError(f"{name}.npy has the type {found.dtype.str}, not one of {expected.types}")
    if len(found.shape) != len(expected.shape):
        raise MisfitError(f"{name}.npy has {len(found.shape)} dimensions, not {len(expected.shape)}")
    for size, wanted in zip(found.shape, expected.shape, strict=True):
        letter, more = (wanted[0], len(wanted) > 1) if isinstance(wanted, str) else ("", False)
        known = sizes.setdefault(letter, size - more) + more if letter else wanted
        if size != known or size < more:
            raise MisfitError(f"{name}.npy has the shape {found.shape}, not {expected.shape}")


def _check_sums(name: str, found: NDArray[Any], expected: Array, sizes: Sizes) -> None:
    if expected.into is not None:
        last = int(found[-1])
        if found[0] or last != sizes.setdefault(expected.into, last):
            raise MisfitError(f"{name}.npy does not divide {expected.into} from its begin to its end")
    if expected.of is not None:
        total = int(found.sum(dtype=np.uint64))
        if total != sizes.setdefault(expected.of, total):
            raise MisfitError(f"{name}.npy does not add up to the size of {expected.of}")


def _check_values(name: str, found: NDArray[Any], expected: Array, sizes: Sizes) -> None:
    if expected.ascending and not (found[..., 1:] >= found[..., :-1]).all():
        raise MisfitError(f"{name}.npy does not ascend")
    below = sizes[expected.below] if isinstance(expected.below, str) else expected.below
    if found.size and not _within(found, expected, below):
        raise MisfitError(f"{name}.npy has a value that is not from {expected.least or 0} to below {below}")


def _within(found: NDArray[Any], expected: Array, below: int | None) -> bool:
    """Tell whether all values but those that are missing have the bounds that they must have."""
    known = found[found != expected.missing] if expected.missing is not None else found
    if not known.size:
        return True
    # Every comparison with a NaN is false.
    return (expected.least is None or bool(known.min() >= expected.least)) and (
        below is None or bool(known.max() < below)
    )
