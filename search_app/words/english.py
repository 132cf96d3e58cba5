"""Which words are English: the frequency list that symspellpy ships, 82,834 words.

Only the list is read, never the package. Its words are one sorted array: a dictionary would take four times
the memory, and looking through the text as it is takes half a millisecond for each word.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_app.words.forms import respellings

PACKAGE, LIST = "symspellpy", "frequency_dictionary_en_82_765.txt"


@cache
def _table() -> tuple[NDArray[np.bytes_], NDArray[np.int64]]:
    """Return the words of the list in UTF-8, ascending, and how often each was counted."""
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed; run: pip install {PACKAGE}")
    raw = (Path(package.origin).parent / LIST).read_bytes().removeprefix(b"\xef\xbb\xbf")
    parts = raw.split()
    words, counts = np.array(parts[::2]), np.array(parts[1::2]).astype(np.int64)
    order = np.argsort(words)
    return words[order], counts[order]


def frequency(word: str) -> int:
    """Return how often the list counted a folded word, 0 if it does not have it."""
    words, counts = _table()
    key = word.encode()
    if len(key) > words.itemsize:
        return 0
    place = int(np.searchsorted(words, np.array(key, words.dtype)))
    return int(counts[place]) if place < len(words) and words[place] == key else 0


def is_english(word: str) -> bool:
    """Tell whether a folded word is an English one, in American or British spelling."""
    # The list has some words in one spelling only.
    return any(map(frequency, (word, *(other.word for other in respellings(word)))))
