"""How likely it is that a text was decoded rightly: by its letters, by what stands beside them, by its words.

    Decoded("Erradicação do trabalho").likelihood(Portuguese)  -> above 1
    Decoded("Erradicaçăo do trabalho").likelihood(Romanian)    -> less: it has no ç

A text in the wrong encoding shows letters that its language does not have, symbols inside words, capitals
after small letters, and characters that no one types.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

from indexer.corpus.texts.alphabets import CHINESE_COMMON, Language

# What a character counts for: one that the language uses most, one that it does not have, and one that
# hardly any text has.
_COMMON, _FOREIGN, _ODD = 1.0, -1.0, -2.0
_TYPED = 0.7  # quotation marks, dashes and signs that people type in any language
_LOST = -3.0
_PLACED_ODDLY = -2.0
# The most that the words of a language count for, and the share of all words from which on they do.
_WORDS_WORTH, _WORDS_SHARE = 0.35, 0.25
# Each letter is this much less common than the one before it.
_RARER, _LEAST = 0.03, 0.5
# What a text of its language is hardly without: kana in Japanese, marks of tone in Vietnamese.
_KANA_SHARE, _LACKING = 0.1, -0.4
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")

_TYPOGRAPHY = frozenset("“”‘’–—…•«»€£°§©®™ºª¿¡„\xa0·±×½²³´")
# Never against a letter: what shows them so is in another encoding.
_FRACTIONS = frozenset("½¼¾®¶")
_IN_WORDS = frozenset("’–—·\xa0ºª…")
_SPOTS = re.compile(r"[^\x00-\x7f]+")
_WORD = re.compile(r"[^\W\d_]+")
_CJK = frozenset(["Japanese", "Chinese", "Korean"])
# Which part of a character set holds its common half, by its first byte.
_COMMON_HALF = {"gb2312": (0xB0, 0xD7), "big5": (0xA4, 0xC6), "euc_jp": (0xB0, 0xCF), "euc_kr": (0xB0, 0xC8)}


class Decoded:
    """A text as one encoding gives it: what of it any language looks at, counted once."""

    def __init__(self, text: str) -> None:
        """Count the characters beyond ASCII, how oddly they are placed, and the words."""
        self.beyond = Counter(char for spot in _SPOTS.findall(text) for char in spot)
        self.placing = sum(
            _placing(text, place) for spot in _SPOTS.finditer(text) for place in range(*spot.span())
        )
        self.words = Counter(_WORD.findall(text.lower()))

    def likelihood(self, language: Language) -> float:
        """Return how well the text fits a language: about 1 if it fits, below 0 if it does not."""
        wide = language.name in _CJK
        widths = {char: _width(char) * count if wide else count for char, count in self.beyond.items()}
        weight = sum(widths.values())
        if not weight:
            return 0.0
        total = sum(width * _worth(char, language) for char, width in widths.items())
        return (total + self.placing) / weight + self._words(language) + self._lacking(language)

    def _words(self, language: Language) -> float:
        known = sum(self.words[word] for word in language.words)
        share = known / max(sum(self.words.values()), 1)
        return _WORDS_WORTH * min(share / _WORDS_SHARE, 1.0)

    def _lacking(self, language: Language) -> float:
        if language.name == "Vietnamese":
            return 0.0 if not _TONES.isdisjoint(self.beyond) else _LACKING
        if language.name != "Japanese":
            return 0.0
        kana = sum(count for char, count in self.beyond.items() if "\u3040" <= char <= "\u30ff")
        return 0.0 if kana > _KANA_SHARE * sum(self.beyond.values()) else _LACKING


def _worth(char: str, language: Language) -> float:
    if char == "\ufffd":
        return _LOST
    if char in _TYPOGRAPHY and char not in language.letters:
        return _TYPED
    return _letter(char, language)


@cache
def _letter(char: str, language: Language) -> float:
    if language.name in _CJK:
        return _ideograph(char, language.name)
    rank = language.letters.find(char if char in language.letters else char.lower())
    if rank >= 0:
        return max(_COMMON - _RARER * rank, _LEAST)
    if language.name == "Vietnamese" and unicodedata.name(char, "").startswith(("LATIN", "COMBINING")):
        return _COMMON if char in _VIETNAMESE else _FOREIGN
    return _FOREIGN if char.isalpha() else _ODD


_VIETNAMESE = frozenset(
    "ăâđêôơưĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ\u0300\u0301\u0303\u0309\u0323"
)


def _ideograph(char: str, language: str) -> float:
    if "\uac00" <= char <= "\ud7a3":
        return (_COMMON if _half(char, "euc_kr") else _FOREIGN) if language == "Korean" else _ODD
    if "\u3040" <= char <= "\u30ff":
        return _COMMON if language == "Japanese" else _FOREIGN
    if "\u3000" <= char <= "\u303f" or "\uff01" <= char <= "\uff5e":
        return _TYPED
    if "\u4e00" <= char <= "\u9fff":
        if language == "Chinese" and char in CHINESE_COMMON:
            return _COMMON + 0.2
        sets = {"Japanese": ("euc_jp",), "Chinese": ("gb2312", "big5")}.get(language, ())
        return 0.8 if any(_half(char, name) for name in sets) else -0.4
    return _ODD


def _half(char: str, name: str) -> bool:
    try:
        first = char.encode(name)[0]
    except UnicodeEncodeError:
        return False
    low, high = _COMMON_HALF[name]
    return low <= first <= high


def _placing(text: str, place: int) -> float:
    """Return less than 0 for a symbol inside a word, and for a capital after a small letter."""
    char = text[place]
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if char.isalpha() or unicodedata.combining(char):
        return _PLACED_ODDLY if char.isupper() and before.islower() else 0.0
    beside = (before.isalpha() or after.isalpha()) if char in _FRACTIONS else False
    inside = before.isalpha() and after.isalpha() and char not in _IN_WORDS
    return _PLACED_ODDLY if inside or beside else 0.0


def _width(char: str) -> int:
    # Here two bytes make one character.
    return 2 if char > "\u00ff" else 1
