"""Text to tokens to words.

A text is cut into raw tokens by one expression (`TOKEN`). A raw token is analysed once, whatever the
number of times it is met, into words: folded (`folding`) and cut at its inner marks. `follow-ups` gives
*follow*, *ups* at successive positions and the compound *follow-ups* beside the first, whose term is that
of *followups*; so all three ways of writing it meet, and so do `COVID-19` and `1,500,000`. `COVID19` gives
*covid19* and, as inner words (`surface`), *covid* and *19*; `Müller` gives *muller* and the inner *mueller*.
What is written without spaces (Han, Kana, Hangul, Thai) gives each character and each pair of neighbours,
as Lucene's CJKBigramFilter does. Which term a word has is told by `stemming`. Tokens keep their place in the
text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from whoosh.analysis import Analyzer, Token

from indexer.text.corrections import Line
from indexer.text.folding import MARKS, spelled_out
from indexer.text.folding import fold as fold
from indexer.text.folding import normalise as normalise
from indexer.text.stemming import stemming
from indexer.text.stop_words import STOP_WORDS as STOP_WORDS
from indexer.text.surface import inner

# Part of the fingerprint of a generation: change it whenever the same text would give other terms.
ANALYZER_VERSION = 12

# Longer tokens are noise (encoded blobs); they are cut so that one line cannot fill the vocabulary.
MAX_WORD_LENGTH = 64
# Distinct raw tokens whose analysis is kept while serving: people ask for the same ones again and again, and
# whoever never does fills ten megabytes.
ANALYSIS_MEMO = 32_768

# Letters of scripts that have no spaces between words, and Hangul, whose words take endings.
_UNSPACED = (
    "\u0e01-\u0e46\u0e80-\u0ec6\u1000-\u103f\u1100-\u11ff\u1780-\u17d3\u3005-\u3007\u3040-\u30ff\u3130-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# Apostrophes that Unicode has as letters: ʻokina and the hamza and ayn of transliteration (Hawaiʻi, Qurʾān).
_LETTER_APOSTROPHES = "ʻʼʽʾʿꞌ"
# With what stands for one where a keyboard or a font has none: T`ang, O´Neill, O′Neill.
_APOSTROPHES, _HYPHENS = "'’‘`´′＇", r"\-‐‑"
_JOINERS = f"{_APOSTROPHES}{_HYPHENS}&"
# What makes another word of a letter or two before it: C++, C#. Behind C++ a number may follow: C++11.
BEHIND_LETTERS = r"\+\+(?![^\W\d])|[+#](?![\w+])"
# One plain expression, linear in the text: each alternative begins with a character that the one before
# cannot take. The finer rules are applied to each distinct raw token once (`words_of`).
TOKEN = re.compile(rf"[\w{MARKS}]+(?:[.,{_JOINERS}][\w{MARKS}]+)*(?:{BEHIND_LETTERS})?")
_PART = re.compile(rf"(?:[^\W_]|[{MARKS}])+")
_SEGMENT = re.compile(rf"(?:[{_UNSPACED}][{MARKS}]*)+|(?:(?![{_UNSPACED}]).)+")
# Voiced and half-voiced kana of half width are two characters: ｶﾞ is ガ.
_CLUSTER = re.compile(rf"[{_UNSPACED}][{MARKS}\uff9e\uff9f]*")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}][sS]$")
_ACRONYM = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
# A compound has marks between words, dots only where it is abbreviated (Ph.D) or a number.
_COMPOUND = re.compile(
    rf"[\w{MARKS}]+(?:[{_JOINERS}][\w{MARKS}]+)+|\d+(?:[.,]\d+)+"
    r"|[^\W\d_]{1,4}(?:\.[^\W\d_]{1,4})*\.[^\W\d_]|[^\W\d_](?:\.[^\W\d_]{1,4})+"
)
# Names of one letter or two that end in marks: C++, C#; behind another mark those of one, Visual-C++, for
# "follow-up#" has a footnote.
_SYMBOL = re.compile(r"(?:(?<!.)[^\W\d_])?[^\W\d_](?:\+\+|[+#])")
# Letters and a number written as one: SDG8, FY2021; 4th is none, and C14 has nothing to do with C.
_CUT = re.compile(r"([^\W\d_]{2,})(\d+)|(\d+)(?!(?:st|nd|rd|th)$)([^\W\d_]{2,})")
_SPLITTING = str.maketrans(dict.fromkeys(_LETTER_APOSTROPHES, "'"))
_AS_WRITTEN = str.maketrans(
    {**dict.fromkeys(_APOSTROPHES + _LETTER_APOSTROPHES, "'"), **dict.fromkeys("‐‑", "-")}
)

_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")

Kind = Literal["word", "compound", "inner"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a raw token: its place in token positions and characters from the token's start.

    Words of the kind "word" stand one after the other; beside them stand compounds of them and inner words.
    """

    text: str
    position: int
    start: int
    end: int
    kind: Kind = "word"


@dataclass(frozen=True, slots=True)
class Analysed:
    """The words of a raw token by its segments, each of one script, and the compound that they are."""

    segments: tuple[tuple[Word, ...], ...]
    compound: Word | None = None


@lru_cache(maxsize=ANALYSIS_MEMO)
def analysed(raw: str) -> Analysed:
    """Return what one raw token consists of."""
    if raw.isascii() and raw.isalpha():
        # Most are a plain word, which none of the rules below changes.
        return Analysed((_plain(raw, 0, (0, len(raw))),))
    core = _POSSESSIVE.sub("", raw.translate(_SPLITTING))
    if _ACRONYM.fullmatch(core):
        return Analysed((_plain(core.replace(".", ""), 0, (0, len(core))),))
    segments: list[tuple[Word, ...]] = []
    parts = list(_PART.finditer(core))
    symbol = _SYMBOL.fullmatch(core, parts[-1].start()) if parts else None
    for part in parts[:-1] if symbol else parts:
        for segment in _SEGMENT.finditer(part.group()):
            words = _segment(segment.group(), _positions(segments), part.start() + segment.start())
            segments += [words] if words else []
    if symbol:
        segments.append(_symbol(symbol[0], _positions(segments), symbol.start()))
    whole = core.rstrip("+#")
    compound = None
    if len(parts) > 1 and segments and _COMPOUND.fullmatch(whole):
        # As written Visual-C++ is not Visual-C; what footnotes stand behind is the same without them.
        named = core if symbol else whole
        text = fold(as_written(named).replace("_", "-"))[:MAX_WORD_LENGTH]
        compound = Word(text, 0, 0, len(named), "compound")
    return Analysed(tuple(segments), compound)


def _segment(text: str, position: int, start: int) -> tuple[Word, ...]:
    if _CLUSTER.match(text):
        return tuple(_pairs(text, position, start))
    return _plain(text, position, (start, start + len(text)))


def _pairs(text: str, position: int, start: int) -> Iterator[Word]:
    """Yield each character of a text without spaces, and each but the last with the one that follows."""
    found = ((fold(one.group()), one.start(), one.end()) for one in _CLUSTER.finditer(text))
    # A mark behind a letter or digit of another script is a cluster of its own, of which nothing is left.
    clusters = [one for one in found if one[0]]
    for number, (char, begin, end) in enumerate(clusters):
        last = number == len(clusters) - 1
        if not last:
            other, _, other_end = clusters[number + 1]
            yield Word(char + other, position + number, start + begin, start + other_end)
        yield Word(char, position + number, start + begin, start + end, "word" if last else "inner")


def _plain(text: str, position: int, span: tuple[int, int]) -> tuple[Word, ...]:
    """Return a word, and the inner words that it is also found by."""
    folded = fold(text)[:MAX_WORD_LENGTH]
    if not folded:
        return ()
    words = [Word(folded, position, *span)]
    token = text.lower()[:MAX_WORD_LENGTH]
    spelled = spelled_out(text)
    if spelled and spelled != folded:
        words.append(Word(inner(spelled[:MAX_WORD_LENGTH], token), position, *span, "inner"))
    if cut := _CUT.fullmatch(folded):
        parts = [part for part in cut.groups() if part]
        words += [
            Word(inner(part, token), position + number, *span, "inner") for number, part in enumerate(parts)
        ]
    return tuple(words)


def _symbol(core: str, position: int, start: int) -> tuple[Word, ...]:
    text, end = fold(core), start + len(core)
    return (
        Word(text, position, start, end),
        Word(inner(text.rstrip("+#"), text), position, start, end, "inner"),
    )


def _positions(segments: Iterable[Sequence[Word]]) -> int:
    return max((word.position for words in segments for word in words), default=-1) + 1


@lru_cache(maxsize=ANALYSIS_MEMO)
def words_of(raw: str) -> tuple[Word, ...]:
    """Return the words of one raw token, in order of position, a compound after the first word."""
    found = analysed(raw)
    words = [word for segment in found.segments for word in segment]
    if found.compound:
        words.insert(1, found.compound)
    return tuple(words)


def as_written(text: str) -> str:
    """Return a text with the apostrophes and hyphens that words have, whichever it was typed with."""
    return text.translate(_AS_WRITTEN)


def is_unspaced(char: str) -> bool:
    """Tell whether a character is of a script that is written without spaces between words."""
    return _IS_UNSPACED.match(char) is not None


def positions_of(raw: str) -> int:
    """Return how many token positions a raw token takes up; a compound takes those of its words."""
    return max((word.position for word in words_of(raw)), default=-1) + 1


def tokens(text: str) -> Iterator[Word]:
    """Yield each word of an NFC text with its position in the text and its characters there."""
    position = 0
    for match in TOKEN.finditer(text):
        raw, offset = match.group(), match.start()
        for word in words_of(raw):
            start, end = offset + word.start, offset + word.end
            yield Word(word.text, position + word.position, start, end, word.kind)
        position += positions_of(raw)


def separate(text: str) -> Iterator[Word]:
    """Yield the words of an NFC text that stand one after the other, without compounds and inner words."""
    return (word for word in tokens(text) if word.kind == "word")


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
