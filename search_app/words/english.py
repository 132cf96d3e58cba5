"""Which words are English: the frequency list that symspellpy ships, 82,765 words.

Only the list is read, never the package. It stays one text, for a few words of a query are looked up in it
and a table would take ten times the memory.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from search_app.words.forms import respellings

PACKAGE, LIST = "symspellpy", "frequency_dictionary_en_82_765.txt"


@cache
def _lines() -> bytes:
    """Return the list with a line break before and behind each line: "word frequency"."""
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed; run: pip install {PACKAGE}")
    raw = (Path(package.origin).parent / LIST).read_bytes()
    return b"\n" + raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"") + b"\n"


def frequency(word: str) -> int:
    """Return how often the list counted a folded word, 0 if it does not have it."""
    lines, key = _lines(), b"\n%b " % word.encode()
    begin = lines.find(key)
    return int(lines[begin + len(key) : lines.index(b"\n", begin + 1)]) if begin >= 0 else 0


def is_english(word: str) -> bool:
    """Tell whether a folded word is an English one, in American or British spelling."""
    # The list has some words in one spelling only.
    return any(map(frequency, (word, *(other.word for other in respellings(word)))))
