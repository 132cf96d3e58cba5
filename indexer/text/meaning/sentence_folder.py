"""A folder with a sentence-transformers model exported to ONNX, run by `onnxruntime`.

In the folder, or below it, are one `*.onnx`, a `tokenizer.json`, and perhaps what its export says of itself:
`1_Pooling/config.json` (mean or first token), `sentence_bert_config.json` (how many tokens it reads).
Each text is run by itself and by one thread: a model with weights of 8 bits rounds by what is in a batch, and
a text must give the same vector whatever it is encoded together with.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from indexer.text.meaning.models import F32, WORDLLAMA, ModelError, fingerprint_of, unit

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

# Raise it when the same text gives another vector.
VERSION = "folder 1"
# What models read at most where they do not say it, and whatever they say: longer takes seconds a text.
TOKENS, MOST_TOKENS = 256, 512
# The names of inputs that a model for sentences may have.
IDS, MASK, TYPES = "input_ids", "attention_mask", "token_type_ids"
# What is read of its settings.
MEAN, READ = "pooling_mode_mean_tokens", "max_seq_length"
# Files of a folder that are looked at for the model: a folder with more is none.
MOST_FILES = 1_000


class SentenceFolder:
    """A sentence model as a Model; safe to share between threads."""

    quick = False

    def __init__(self, folder: Path, session: InferenceSession, tokenizer: Tokenizer, first: bool) -> None:
        """Take an open model; with `first` a text is what its first token is, else the mean of all."""
        self.name = folder.name
        self._session, self._tokenizer, self._first = session, tokenizer, first
        self._inputs = [one.name for one in session.get_inputs()]
        self._lock = threading.Lock()
        self.fingerprint = ""
        self.dimensions = self._run("a").shape[-1]

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the model in a folder; raise ModelError if there is none, or one of another kind."""
        if not folder.is_dir():
            raise ModelError(f"no model {folder}: name {WORDLLAMA}, or a folder that has a *.onnx file")
        if find_spec("onnxruntime") is None or find_spec("tokenizers") is None:
            raise ModelError(
                f"the model {folder} needs onnxruntime; run: pip install 'grant-search[meaning-onnx]'"
            )
        network, tokenizer = _only(folder, "*.onnx"), _only(folder, "tokenizer.json")
        try:
            return cls._opened(folder, network, tokenizer)
        except ModelError:
            raise
        except Exception as error:  # libraries of models raise what they like
            line = " ".join(str(error).split())[:200]
            raise ModelError(f"the model {folder} is of a kind that cannot be used ({line})") from error

    @classmethod
    def _opened(cls, folder: Path, network: Path, tokenizer: Path) -> Self:
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        pooling = _told(folder, "config.json", MEAN)
        tokens = min(int(_told(folder, "sentence_bert_config.json", READ).get(READ, TOKENS)), MOST_TOKENS)
        first = bool(pooling.get("pooling_mode_cls_token"))
        if not first and not pooling.get(MEAN, True):
            raise ModelError(
                f"the model {folder} pools its tokens in another way than their mean or the first one"
            )
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        cutter = Tokenizer.from_file(str(tokenizer))
        cutter.no_padding()
        cutter.enable_truncation(tokens)
        session = InferenceSession(str(network), options, providers=["CPUExecutionProvider"])
        found = cls(folder, session, cutter, first)
        found.fingerprint = fingerprint_of(f"{VERSION} {first} {tokens}", (network, tokenizer))
        return found

    def encode(self, texts: Sequence[str]) -> F32:
        """Return the vectors of texts, float32 [texts, dimensions]: of the first tokens of each."""
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            if text and not text.isspace():
                found[row] = self._run(text)
        return unit(found)

    def _run(self, text: str) -> F32:
        # One at a time: another thread may not change the buffers of the tokenizer meanwhile.
        with self._lock:
            ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        inputs = {IDS: ids, MASK: np.ones_like(ids), TYPES: np.zeros_like(ids)}
        outputs: Any = self._session.run(None, {name: inputs[name] for name in self._inputs})
        output: F32 = outputs[0][0]
        if output.ndim == 1:
            return output
        pooled: F32 = output[0] if self._first else output.mean(axis=0)
        return pooled


def _only(folder: Path, pattern: str) -> Path:
    """Return the one file of a name in a folder, or below it; raise ModelError if there is not one."""
    found = sorted(folder.glob(pattern)) or _below(folder, pattern)
    if len(found) != 1:
        many = "none" if not found else ", ".join(path.relative_to(folder).as_posix() for path in found[:3])
        raise ModelError(f"the model {folder} needs one {pattern}; it has {many}")
    return found[0]


def _below(folder: Path, pattern: str) -> list[Path]:
    found = []
    for number, path in enumerate(folder.rglob("*")):
        if number >= MOST_FILES:
            raise ModelError(f"the model {folder} has more than {MOST_FILES} files: it is no model")
        if path.match(pattern) and path.is_file():
            found.append(path)
    return sorted(found)


def _told(folder: Path, name: str, key: str) -> dict[str, Any]:
    """Return what a file of settings below a folder says, the highest one that knows `key`; {} without."""
    for path in sorted(_below(folder, name), key=lambda one: len(one.parts)):
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, dict) and key in content:
            return content
    return {}
