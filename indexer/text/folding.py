"""Folding: what different ways of writing the same letters have in common.

Case, accents and compatibility forms fall away by Unicode's own tables. Latin letters that Unicode does not
take apart (ł, ø, đ, œ, ß) are written in ASCII by `anyascii`; variants of one Arabic letter become one, its
tatweel goes, and the digits of every script are those of ASCII.
"""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

# Controls, invisible marks that split or reorder words, lone surrogates and what XML cannot hold. The
# joiners U+200C and U+200D stay: Persian and Hindi words need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)

# Arabic letters that are written in several ways, as Lucene's ArabicNormalizer and PersianNormalizer have it.
_ARABIC = {"ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ة": "ه", "ە": "ه", "ۀ": "ه", "ہ": "ه", "ک": "ك"}
_TATWEEL = "ـ"
# Marks that tell letters apart, and so stay: those of voiced kana, and vowels below Thai and Lao letters.
_TELLING_MARKS = {"\u3099", "\u309a"}
_TELLING_CLASSES = (103, 118)
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
    if char == _TATWEEL:
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
