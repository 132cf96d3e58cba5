"""A sentence model of a few words as a folder: an ONNX graph of one look-up, written by hand, and a tokenizer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

WORDS = ("[UNK]", "cobalt", "battery", "cocoa", "chocolate")
# What belongs together lies in one direction.
TABLE = np.array([[0, 0, 1], [1, 0, 0], [0.9, 0.1, 0], [0, 1, 0], [0.1, 0.9, 0]], "<f4")
FLOAT, INT64 = 1, 7


def _number(value: int) -> bytes:
    found = b""
    while value > 127:
        found += bytes([value & 127 | 128])
        value >>= 7
    return found + bytes([value])


def _field(number: int, value: int | str | bytes) -> bytes:
    """Return a field of a protocol buffer: a number, or a text or message with its length."""
    if isinstance(value, int):
        return _number(number << 3) + _number(value)
    content = value.encode() if isinstance(value, str) else value
    return _number(number << 3 | 2) + _number(len(content)) + content


def _value(name: str, kind: int, *shape: str) -> bytes:
    sizes = b"".join(_field(1, _field(2, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, sizes)))


def network(output: str = "last_hidden_state") -> bytes:
    """Return a model that gives each token its row of TABLE."""
    table = b"".join(_field(1, size) for size in TABLE.shape) + _field(2, FLOAT) + _field(8, "table")
    node = _field(1, "table") + _field(1, "input_ids") + _field(2, output) + _field(4, "Gather")
    graph = (
        _field(1, node)
        + _field(2, "tiny")
        + _field(5, table + _field(9, TABLE.tobytes()))
        + _field(11, _value("input_ids", INT64, "batch", "sequence"))
        + _field(12, _value(output, FLOAT, "batch", "sequence", "size"))
    )
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13))


def written(folder: Path, below: str = "", pooling: dict[str, bool] | None = None) -> Path:
    """Write the model into a folder, or a folder below it, and return it."""
    place = folder / below
    place.mkdir(parents=True)
    (place / "model.onnx").write_bytes(network())
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    tokenizer = {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    }
    (place / "tokenizer.json").write_text(json.dumps(tokenizer))
    if pooling is not None:
        (place / "1_Pooling").mkdir()
        (place / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    return folder
