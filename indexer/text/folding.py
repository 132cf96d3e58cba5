"""Folding: what different ways of writing the same letters have in common.

Case, accents and compatibility forms fall away by Unicode's own tables. Latin letters that Unicode does not
take apart (ł, ø, đ, œ, ß) are written in ASCII by `anyascii`; variants of one Arabic letter become one, its
tatweel goes, and the digits of every script are those of ASCII.
"""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

# Joins letters in a word, and is seen in their shapes alone: the usual way to write Sinhala *śrī*.
JOINER = "\u200d"

# Marks that stand in a word and are no letters, as ranges of a character class: vowels of the scripts of
# India, Sri Lanka, Tibet and Myanmar, points of Hebrew and Arabic, accents that NFC leaves. `\w` has none of
# them. Written out: what Unicode adds later would give other words than an index has.
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7-\u06e8\u06ea-\u06ed"
    "\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u0898-\u089f\u08ca-\u08e1\u08e3-\u0903"
    "\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962-\u0963"
    "\u0981-\u0983\u09bc\u09be-\u09cd\u09d7\u09e2-\u09e3\u09fe\u0a01-\u0a03\u0a3c-\u0a51\u0a70-\u0a71"
    "\u0a75\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0ae2-\u0ae3\u0afa-\u0aff"
    "\u0b01-\u0b03\u0b3c\u0b3e-\u0b57\u0b62-\u0b63\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3c"
    "\u0c3e-\u0c56\u0c62-\u0c63\u0c81-\u0c83\u0cbc\u0cbe-\u0cd6\u0ce2-\u0ce3\u0cf3"
    "\u0d00-\u0d03\u0d3b-\u0d3c\u0d3e-\u0d4d\u0d57\u0d62-\u0d63\u0d81-\u0d83\u0dca-\u0ddf"
    "\u0df2-\u0df3\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"
    "\u0f18-\u0f19\u0f35\u0f37\u0f39\u0f3e-\u0f3f\u0f71-\u0f84\u0f86-\u0f87\u0f8d-\u0fbc\u0fc6"
    "\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d"
    "\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\u135d-\u135f\u17b4-\u17d3\u17dd\u1ab0-\u1ace"
    "\u1cd0-\u1cd2\u1cd4-\u1ce8\u1dc0-\u1dff\u2de0-\u2dff\u302a-\u302f\u3099-\u309a"
    "\ua66f\ua674-\ua67d\ua69e-\ua69f\ua8e0-\ua8f1"
    f"{JOINER}"
)

# Controls, invisible marks that split or reorder words, lone surrogates and what XML cannot hold. The
# joiners U+200C and U+200D stay: Persian and Hindi words need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)

# Arabic letters that are written in several ways, as Lucene's ArabicNormalizer and PersianNormalizer have it.
_ARABIC = {"ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ة": "ه", "ە": "ه", "ۀ": "ه", "ہ": "ه", "ک": "ك"}
_TATWEEL = "ـ"
# Marks that tell letters apart, and so stay: those of voiced kana, vowels below Thai and Lao letters, and of
# Tibetan, second halves of vowels of Telugu.
_TELLING_MARKS = {"\u3099", "\u309a"}
_TELLING_CLASSES = (84, 91, 103, 118, 129, 130, 132)
# What German and the Nordic languages write where a letter has no mark: Mueller, Oersted, Aarhus.
_SPELLED_OUT = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ø": "oe",
        "å": "aa",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "Ø": "Oe",
        "Å": "Aa",
    }
)


class _Folded(dict[int, str]):
    """What each character becomes, by its code point; worked out when first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _folded(chr(code))
        return folded


def _folded(char: str) -> str:
    if (digit := unicodedata.decimal(char, None)) is not None:
        return str(digit)
    if char in (_TATWEEL, JOINER):
        return ""
    if "\uac00" <= char <= "\ud7a3":
        # Taken apart, a Hangul syllable is letters; it is put together again in the end.
        return char
    letters = [one for one in unicodedata.normalize("NFKD", char).casefold() if not _is_accent(one)]
    return "".join(map(_plain, letters))


def _is_accent(char: str) -> bool:
    kind = unicodedata.combining(char)
    return bool(kind) and kind not in _TELLING_CLASSES and char not in _TELLING_MARKS


def _plain(char: str) -> str:
    if not char.isascii() and unicodedata.name(char, "").startswith("LATIN "):
        return anyascii(char).lower()
    return _ARABIC.get(char, char)


_FOLDED = _Folded()


def without_invisible(text: str) -> str:
    """Return `text` without what is not seen: controls, soft hyphens, marks of direction."""
    return text if text.isprintable() else _INVISIBLE.sub("", text)


def normalise(text: str) -> str:
    """Return `text` in NFC, the form in which texts are stored and tokens are cut."""
    return (
        text
        if text.isascii() or unicodedata.is_normalized("NFC", text)
        else unicodedata.normalize("NFC", text)
    )


def as_stored(text: str) -> str:
    """Return what was typed with the characters that a stored text would have: nothing invisible, in NFC."""
    return normalise(without_invisible(text))


def fold(text: str) -> str:
    """Return `text` without case and accents: `Verité` and `verite` are one word, `Łódź` and `lodz`."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", normalise(text).translate(_FOLDED))


def spelled_out(text: str) -> str | None:
    """Return a word folded with its marks spelled out (Müller: mueller), None if it has none."""
    if text.isascii():
        return None
    spelled = text.translate(_SPELLED_OUT)
    return None if spelled == text else fold(spelled)
