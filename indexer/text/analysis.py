"""Text to tokens to words.

A text is cut into raw tokens by one expression (`TOKEN`). A raw token is analysed once, whatever the
number of times it is met, into words: folded (case, accents, dots of acronyms, possessives) and cut at
its inner marks. `follow-ups` gives *follow*, *ups* at successive positions and the joined *followups*
beside the first, so that all three ways of writing it meet; so do `COVID-19` and `1,500,000`. Which term a
word has is told by `stemming`. Tokens keep their place in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from whoosh.analysis import Analyzer, Token

from indexer.text.corrections import Line
from indexer.text.stemming import stemming
from indexer.text.stop_words import STOP_WORDS as STOP_WORDS

# Part of the fingerprint of a generation: change it whenever the same text would give other terms.
ANALYZER_VERSION = 3

# Longer tokens are noise (encoded blobs); they are cut so that one line cannot fill the vocabulary.
MAX_WORD_LENGTH = 64
# Distinct raw tokens whose analysis is kept while serving: people ask for the same ones again and again, and
# whoever never does fills ten megabytes.
ANALYSIS_MEMO = 32_768

# Letters, digits and "_" are \w; the marks that other scripts (and NFC) leave on letters are not.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0900-\u0903"
    "\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
_JOINERS = r"'’ʼ\-‐‑"
# One plain expression, linear in the text: each alternative begins with a character that the one before
# cannot take. The finer rules are applied to each distinct raw token once (`words_of`).
TOKEN = re.compile(rf"[\w{_MARKS}]+(?:[.,{_JOINERS}][\w{_MARKS}]+)*")
_PART = re.compile(rf"(?:[^\W_]|[{_MARKS}])+")
_POSSESSIVE = re.compile(r"['’ʼ][sS]$")
_ACRONYM = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_COMPOUND = re.compile(rf"[\w{_MARKS}]+(?:[{_JOINERS}][\w{_MARKS}]+)+|\d+(?:[.,]\d+)+")


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word of a raw token: its place in token positions and characters from the token's start."""

    text: str
    position: int
    start: int
    end: int


def normalise(text: str) -> str:
    """Return `text` in NFC, the form in which texts are stored and tokens are cut."""
    return (
        text
        if text.isascii() or unicodedata.is_normalized("NFC", text)
        else unicodedata.normalize("NFC", text)
    )


def fold(text: str) -> str:
    """Return `text` without case and accents: `Verité` and `verite` are one word."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=ANALYSIS_MEMO)
def words_of(raw: str) -> tuple[Word, ...]:
    """Return the words of one raw token, in order of position, a joined form after the first part."""
    if raw.isalnum():
        return _folded(raw, 0, 0, len(raw))
    core = _POSSESSIVE.sub("", raw)
    if _ACRONYM.fullmatch(core):
        return _folded(core.replace(".", ""), 0, 0, len(core))
    parts = list(_PART.finditer(core))
    words = [
        word
        for position, part in enumerate(parts)
        for word in _folded(part.group(), position, part.start(), part.end())
    ]
    if len(parts) > 1 and _COMPOUND.fullmatch(core):
        joined = "".join(part.group() for part in parts)
        words[1:1] = _folded(joined, 0, 0, len(core))
    return tuple(words)


def _folded(text: str, position: int, start: int, end: int) -> tuple[Word, ...]:
    folded = fold(text)[:MAX_WORD_LENGTH]
    return (Word(folded, position, start, end),) if folded else ()


def positions_of(raw: str) -> int:
    """Return how many token positions a raw token takes up; its joined form takes none."""
    return max((word.position for word in words_of(raw)), default=-1) + 1


def tokens(text: str) -> Iterator[Word]:
    """Yield each word of an NFC text with its position in the text and its characters there."""
    position = 0
    for match in TOKEN.finditer(text):
        raw, offset = match.group(), match.start()
        for word in words_of(raw):
            yield Word(word.text, position + word.position, offset + word.start, offset + word.end)
        position += positions_of(raw)


def separate(text: str) -> Iterator[Word]:
    """Yield the words of an NFC text as `tokens` does, without the joined forms of compounds."""
    last = -1
    for word in tokens(text):
        if word.position != last:
            yield word
        last = word.position


class ProjectAnalyzer(Analyzer):
    """The analysis of this module as a Whoosh analyzer, equal to those with the same corrections."""

    def __init__(self, stem_lines: Sequence[Line] = ()) -> None:
        """Stem with a corpus' own corrections to the stemmer, if it has any."""
        self.stem_lines = tuple(stem_lines)

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        start_pos: int = 0,
        start_char: int = 0,
        **_others: object,
    ) -> Iterator[Token]:
        """Yield Whoosh tokens of `value`, with positions and characters where they are asked for."""
        token, stem = Token(positions=positions, chars=chars), stemming(self.stem_lines).stem
        for word in tokens(normalise(value)):
            token.text = stem(word.text)
            token.stopped = False
            token.boost = 1.0
            token.pos = start_pos + word.position
            token.startchar, token.endchar = start_char + word.start, start_char + word.end
            yield token
