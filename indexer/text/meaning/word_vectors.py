"""WordLlama: the vector of a text is the sum of those of its words, theirs the sum of those of their pieces.

The wheel of `wordllama` holds a table of 32,000 pieces of words, 256 numbers each (MIT). It is read as a
file: the package itself is never imported, for it brings `requests` and `pydantic` along and asks the network
for what it does not find. Only `tokenizers`, which cuts words into pieces, runs.

Two things differ from the package's own mean over all pieces, both so that 100,000 projects take seconds:
words are cut apart first and each is looked up once, and stop words are left out. Neither makes the order of
judged collections worse. The numbers are rounded to whole ones, so that their sum is exact in whatever order
they are added up.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from indexer.text.folding import fold
from indexer.text.meaning.models import F32, WORDLLAMA, ModelError, fingerprint_of, unit
from indexer.text.stop_words import QUESTION_WORDS, STOP_WORDS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WEIGHTS, TOKENIZER = "weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat_tokenizer_config.json"
TENSOR = "embedding.weight"
# Raise it when the same text gives another vector.
VERSION = "words 1"

_WORD = re.compile(r"[^\W_]+")
# Of a text in ASCII: what stands in no word is a space.
_SPACED = "".join(chr(code) if chr(code).isalnum() else " " for code in range(128))
# A single letter is what an apostrophe leaves over.
_SILENT = STOP_WORDS | QUESTION_WORDS | set("abcdefghijklmnopqrstuvwxyz0123456789")
# A header of safetensors that is longer than this is none.
_MOST_HEADER_BYTES = 1 << 20
# Whole numbers of 1/64: the largest number of the table is 8. What a text has of words, times what a word may
# have, stays below 2**24, up to which float32 knows every whole number.
SCALE, MOST_OF_A_WORD, MOST_WORDS = 64, 8_000, 2_000
# Words whose vectors are cached, 1 KB each; then all are forgotten, and looked up again.
CACHED_WORDS, LEARNED_AT_ONCE = 131_072, 4_096
_LONGEST_WORD = 64


class WordVectors:
    """WordLlama as a Model; safe to share between threads."""

    name = WORDLLAMA
    quick = True

    def __init__(self, table: NDArray[np.float16], tokenizer: Path, fingerprint: str) -> None:
        """Take the vectors of pieces, float16 [pieces, dimensions], and the file that tells pieces apart."""
        self.fingerprint = fingerprint
        self.dimensions = int(table.shape[1])
        self._pieces = table
        self._tokenizer_file = tokenizer
        self._tokenizer: Tokenizer | None = None
        self._lock = threading.Lock()
        self._numbers = _Numbers()
        self._vectors: F32 = np.zeros((1, self.dimensions), np.float32)

    @classmethod
    def installed(cls) -> Self:
        """Return the model of the installed package; raise ModelError if it is not installed."""
        # To find a package is not to import it.
        package, tokenizers = find_spec(WORDLLAMA), find_spec("tokenizers")
        if package is None or package.origin is None or tokenizers is None:
            raise ModelError(
                f"the model {WORDLLAMA} is not installed; run: pip install 'grant-search[meaning]'"
            )
        folder = Path(package.origin).parent
        weights, tokenizer = folder / WEIGHTS, folder / TOKENIZER
        try:
            return cls(read_table(weights), tokenizer, fingerprint_of(VERSION, (weights, tokenizer)))
        except (OSError, ValueError) as error:
            raise ModelError(
                f"the model {WORDLLAMA} cannot be read ({error}); run: pip install 'grant-search[meaning]'"
            ) from error

    def encode(self, texts: Sequence[str]) -> F32:
        """Return the vectors of texts, float32 [texts, 256]: of the first 2,000 words of each."""
        found = np.zeros((len(texts), self.dimensions), np.float32)
        cut = [_words(fold(text)) for text in texts]
        bounds = [0, *accumulate(map(len, cut))]
        with self._lock:
            if len(self._numbers) > CACHED_WORDS:
                self._numbers = _Numbers()
            numbers = np.fromiter(map(self._numbers.__getitem__, chain.from_iterable(cut)), np.intp)
            self._learn()
            says = numbers > 0
            told, bounds = numbers[says], np.concatenate(([0], np.cumsum(says)))[bounds].tolist()
            for row, (first, last) in enumerate(pairwise(bounds)):
                own = told[first : min(last, first + MOST_WORDS)]
                np.add.reduce(self._vectors.take(own, axis=0), axis=0, out=found[row])
        return unit(found)

    def _learn(self) -> None:
        """Look up the vectors of the words that are new."""
        new, last = self._numbers.new, self._numbers.given + 1
        if last > len(self._vectors):
            before, self._vectors = self._vectors, np.zeros((2 * last, self.dimensions), np.float32)
            self._vectors[: len(before)] = before
        for first in range(0, len(new), LEARNED_AT_ONCE):
            part = new[first : first + LEARNED_AT_ONCE]
            begin = last - len(new) + first
            self._vectors[begin : begin + len(part)] = self._looked_up(part)
        new.clear()

    def _looked_up(self, words: list[str]) -> F32:
        """Return the vectors of words, float32 [words, dimensions], whole numbers."""
        cut = self._cut([word[:_LONGEST_WORD] for word in words])
        lengths = np.fromiter(map(len, cut), np.intp, len(cut))
        firsts = np.cumsum(lengths) - lengths
        pieces = np.minimum(np.fromiter(chain.from_iterable(cut), np.intp), len(self._pieces) - 1)
        found = np.zeros((len(words), self.dimensions), np.float32)
        # The first pieces of all words, then the second ones: most words have no more than three.
        for place in range(lengths.max()):
            rows = np.flatnonzero(lengths > place)
            parts = self._pieces.take(pieces[firsts[rows] + place], axis=0).astype(np.float32)
            found[rows] += np.rint(parts * SCALE)
        return np.clip(found, -MOST_OF_A_WORD, MOST_OF_A_WORD)

    def _cut(self, words: list[str]) -> list[list[int]]:
        """Return the pieces of words, at least one each."""
        if self._tokenizer is None:
            from tokenizers import Tokenizer

            self._tokenizer = Tokenizer.from_file(str(self._tokenizer_file))
        encode = self._tokenizer.encode
        return [encode(word, add_special_tokens=False).ids or [0] for word in words]


class _Numbers(dict[str, int]):
    """The number of each word, the row of its vector; 0 of words that say nothing. New ones wait in `new`."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(_SILENT, 0))
        self.given, self.new = 0, list[str]()

    def __missing__(self, word: str) -> int:
        self.new.append(word)
        self.given += 1
        self[word] = self.given
        return self.given


def _words(text: str) -> list[str]:
    """Return the words of a folded text; of one in ASCII in a tenth of the time."""
    return text.translate(_SPACED).split() if text.isascii() else _WORD.findall(text)


def read_table(path: Path) -> NDArray[np.float16]:
    """Return the table of a safetensors file that has one, mapped, float16 [pieces, dimensions].

    The format: 8 bytes for the length of a header, the header in JSON, the numbers. Raise ValueError for
    another file, OSError if it cannot be read.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 0 < length <= _MOST_HEADER_BYTES:
            raise ValueError(f"{path.name} is no table of vectors")
        header = json.loads(file.read(length))
    told = header.get(TENSOR) if isinstance(header, dict) else None
    if not isinstance(told, dict) or told.get("dtype") != "F16" or len(told.get("shape", ())) != 2:
        raise ValueError(f"{path.name} has no {TENSOR} of half floats")
    rows, dimensions = map(int, told["shape"])
    return np.memmap(
        path, np.dtype("<f2"), "r", 8 + length + int(told["data_offsets"][0]), (rows, dimensions)
    )
