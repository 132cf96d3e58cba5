"""Writes the arrays and texts of a segment, each into a file of its own, and tells when one is complete."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from io import RawIOBase
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from indexer.storage.arrays.sums import narrowed


class SegmentWriter:
    """Writes the files of a segment into a new folder; each is new, whatever lies in its place."""

    def __init__(self, folder: Path, finished: Callable[[Path], None] = lambda _path: None) -> None:
        """Write into `folder`, which exists and is empty; `finished` is told of each complete file."""
        self.folder = folder
        self._finished = finished

    def finished(self, *names: str) -> None:
        """Take note that files, whose names are given, are complete."""
        for name in names:
            self._finished(self.folder / name)

    def allocate(self, name: str, dtype: DTypeLike, *shape: int) -> NDArray[Any]:
        """Return a mapped array of a shape to be filled in place, then told to be `finished`."""
        path = self.folder / f"{name}.npy"
        with path.open("xb") as file:
            if prod(shape) == 0:
                empty = np.zeros(shape, dtype)
                np.save(file, empty)
                return empty
        mapped = np.lib.format.open_memmap(path, "w+", np.dtype(dtype), shape)
        _reserve(path)
        return mapped.view(np.ndarray)

    def array(self, name: str, values: NDArray[Any]) -> None:
        """Write an array as it is."""
        with (self.folder / f"{name}.npy").open("xb") as file:
            np.save(file, np.ascontiguousarray(values), allow_pickle=False)
        self.finished(f"{name}.npy")

    def pieces(self, name: str, dtype: DTypeLike, size: int, pieces: Iterable[NDArray[Any]]) -> None:
        """Write an array of `size` numbers that comes in pieces, one after the other."""
        with (self.folder / f"{name}.npy").open("xb", buffering=0) as file:
            descr = np.lib.format.dtype_to_descr(np.dtype(dtype))
            header = {"descr": descr, "fortran_order": False, "shape": (size,)}
            np.lib.format.write_array_header_1_0(file, header)
            for piece in pieces:
                _write_all(file, piece.data.cast("B"))
        self.finished(f"{name}.npy")

    def texts(self, name: str, texts: Sequence[str]) -> None:
        """Write a table of texts."""
        blob = "".join(texts).encode()
        sizes = np.fromiter(map(len, texts), np.int64, len(texts))
        if len(blob) != sizes.sum():
            sizes = np.fromiter((len(text.encode()) for text in texts), np.int64, len(texts))
        self.encoded(name, blob, sizes)

    def encoded(self, name: str, blob: bytes, sizes: NDArray[np.int64]) -> None:
        """Write a table of texts that are end to end in UTF-8, given their sizes in bytes."""
        with (self.folder / f"{name}.bin").open("xb") as file:
            file.write(blob)
        self.finished(f"{name}.bin")
        self.array(f"{name}_sizes", narrowed(sizes))


def _write_all(file: RawIOBase, content: memoryview) -> None:
    while len(content):
        content = content[file.write(content) :]


def _reserve(path: Path) -> None:
    # Writing through a mapping of a file with holes kills the process where the disk is full.
    with path.open("r+b") as file:
        os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
