"""Snowball's English stemmer (Porter 2) for plain words, as NLTK has it, several times as quick.

NLTK compares a word with some seventy suffixes, one after the other; here the last two letters say which
few come into question. A build stems every word of its vocabulary, and would spend most of its time on
that. The algorithm is https://snowballstem.org/algorithms/english/stemmer.html; where NLTK departs from
it, so does this: the tests hold it against NLTK's, word for word.

R1 and R2 are the ends of a word after the first, and the second, consonant that follows a vowel; suffixes
count only inside them. They are known here by their lengths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# suffix, how many letters go, what comes instead, length of an R2 that was shorter than what went, the
# letters of which one has to stand before the suffix (any, if none), and whether it counts in R2 or R1.
_Rule = tuple[str, int, str, int, str, bool]
_Rules = dict[str, list[_Rule]]


def _rule(
    suffix: str, cut: int = 0, new: str = "", *, shorter: int = 0, after: str = "", in_r2: bool = False
) -> _Rule:
    return suffix, cut or len(suffix), new, shorter, after, in_r2


def _by_ending(rules: Iterable[_Rule]) -> _Rules:
    """Return rules by the last two letters of their suffixes, longer suffixes first."""
    found: _Rules = {}
    for rule in sorted(rules, key=lambda one: -len(one[0])):
        found.setdefault(rule[0][-2:], []).append(rule)
    return found


_STEP_2 = _by_ending(
    [
        *(_rule(suffix, new="ize") for suffix in ("ization", "izer")),
        *(_rule(suffix, new="ate", shorter=1) for suffix in ("ational", "ation", "ator")),
        *(_rule(suffix, new="al") for suffix in ("alism", "aliti", "alli")),
        *(_rule(suffix, new="ous") for suffix in ("ousness", "ousli")),
        *(_rule(suffix, new="ive", shorter=1) for suffix in ("iveness", "iviti")),
        *(_rule(suffix, new="ble") for suffix in ("biliti", "bli")),
        *(_rule(suffix, 1, "e") for suffix in ("enci", "anci", "abli")),
        *(_rule(suffix, 2) for suffix in ("tional", "entli", "fulli", "lessli")),
        _rule("fulness", 4),
        _rule("ogi", 1, after="l"),
        _rule("li", after="cdeghkmnrt"),
    ]
)
_STEP_3 = _by_ending(
    [
        *(_rule(suffix, new="ic") for suffix in ("icate", "iciti", "ical")),
        _rule("ational", new="ate"),
        _rule("tional", 2),
        _rule("alize", 3),
        _rule("ative", in_r2=True),
        _rule("ness"),
        _rule("ful"),
    ]
)
_STEP_4 = _by_ending(
    [
        *(
            _rule(suffix, in_r2=True)
            for suffix in "ement ment ent ance ence able ible ant ism ate iti ous ive ize al er ic".split()
        ),
        _rule("ion", after="st", in_r2=True),
    ]
)
_STEP_1B = ("eedly", "ingly", "edly", "eed", "ing", "ed")
# A word with none of these at its end, and no suffix of a later step, stays as it is.
_SUFFIXES = (
    *("s", "ied", *_STEP_1B, "y", "e", "l"),
    *(rule[0] for step in (_STEP_2, _STEP_3, _STEP_4) for rules in step.values() for rule in rules),
)
_DOUBLE = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
_STEMS_OF_FORMS = {
    **dict.fromkeys("inning outing canning herring earring".split(), ("", "s")),
    **dict.fromkeys("proceed exceed succeed".split(), ("", "s", "ed", "ing")),
}
_SPECIAL = {
    "skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "idly": "idl",
    "gently": "gentl", "ugly": "ugli", "early": "earli", "only": "onli", "singly": "singl",
    **{word: word for word in "sky news howe atlas cosmos bias andes".split()},
    **{stem + ending: stem for stem, endings in _STEMS_OF_FORMS.items() for ending in endings},
}  # fmt: skip

_VOWELS = frozenset("aeiouy")
_VOWEL = re.compile("[aeiouy]")
_BEFORE_REGION = re.compile("[^aeiouy]*[aeiouy]+[^aeiouy]")
_BEFORE_R1 = re.compile(f"gener|commun|arsen|{_BEFORE_REGION.pattern}")


def stem(word: str) -> str:
    """Return the stem of a word of lower-case ASCII letters and digits."""
    if len(word) <= 2 or not word.endswith(_SUFFIXES):
        return word
    if word in _SPECIAL:
        return _SPECIAL[word]
    if "y" in word:
        word = _with_consonant_y(word)
    r1, r2 = _regions(word)
    if word[-1] in "sd":
        word, r1, r2 = _without_plural(word, r1, r2)
    if word.endswith(_STEP_1B):
        word, r1, r2 = _without_verb_ending(word, r1, r2)
    if len(word) > 2 and word[-1] in "yY" and word[-2] not in _VOWELS:
        word = word[:-1] + "i"
    for step in (_STEP_2, _STEP_3, _STEP_4):
        if rules := step.get(word[-2:]):
            word, r1, r2 = _by_rules(rules, word, r1, r2)
    return _without_e_or_l(word, r1, r2).replace("Y", "y")


def _with_consonant_y(word: str) -> str:
    """Return the word with a capital Y where it is no vowel: at the beginning and after vowels."""
    letters = list(word)
    if letters[0] == "y":
        letters[0] = "Y"
    for place in range(1, len(letters)):
        if letters[place] == "y" and letters[place - 1] in _VOWELS:
            letters[place] = "Y"
    return "".join(letters)


def _regions(word: str) -> tuple[int, int]:
    """Return the lengths of R1 and R2."""
    before_r1 = _BEFORE_R1.match(word)
    if not before_r1:
        return 0, 0
    before_r2 = _BEFORE_REGION.match(word, before_r1.end())
    return len(word) - before_r1.end(), len(word) - before_r2.end() if before_r2 else 0


def _cut(word: str, r1: int, r2: int, count: int) -> tuple[str, int, int]:
    return word[:-count], max(r1 - count, 0), max(r2 - count, 0)


def _without_plural(word: str, r1: int, r2: int) -> tuple[str, int, int]:
    if word.endswith(("ies", "ied")):
        return _cut(word, r1, r2, 2 if len(word) > 4 else 1)
    if word.endswith("sses"):
        return _cut(word, r1, r2, 2)
    if word[-1] == "s" and word[-2] not in "us" and _VOWEL.search(word, 0, len(word) - 2):
        return _cut(word, r1, r2, 1)
    return word, r1, r2


def _without_verb_ending(word: str, r1: int, r2: int) -> tuple[str, int, int]:
    size = next(len(suffix) for suffix in _STEP_1B if word.endswith(suffix))
    if word[-size:].startswith("eed"):
        if r1 >= size:
            return word[:-size] + "ee", r1 - size + 2, r2 - size + 2 if r2 >= size else 0
        return word, r1, r2
    if not _VOWEL.search(word, 0, len(word) - size):
        return word, r1, r2
    word, r1, r2 = _cut(word, r1, r2, size)
    if word.endswith(("at", "bl", "iz")):
        word, r1 = word + "e", r1 + 1
        return word, r1, r2 + 1 if len(word) > 5 or r1 >= 3 else r2
    if word.endswith(_DOUBLE):
        return _cut(word, r1, r2, 1)
    return word + "e" if r1 == 0 and _is_short(word) else word, r1, r2


def _is_short(word: str) -> bool:
    if len(word) == 2:
        return word[0] in _VOWELS and word[1] not in _VOWELS
    return len(word) > 2 and word[-1] not in "aeiouywxY" and word[-2] in _VOWELS and word[-3] not in _VOWELS


def _by_rules(rules: list[_Rule], word: str, r1: int, r2: int) -> tuple[str, int, int]:
    for suffix, cut, new, shorter, after, in_r2 in rules:
        if word.endswith(suffix):
            if (r2 if in_r2 else r1) < len(suffix) or (after and word[-len(suffix) - 1] not in after):
                break
            more = len(new) - cut
            return word[:-cut] + new, r1 + more, r2 + more if r2 >= cut else shorter
    return word, r1, r2


def _without_e_or_l(word: str, r1: int, r2: int) -> str:
    if r2 and (word[-1] == "e" or word.endswith("ll")):
        return word[:-1]
    # Not the e of a short syllable, as of "hope".
    long = len(word) > 3 and (word[-2] in "aeiouywxY" or word[-3] not in _VOWELS or word[-4] in _VOWELS)
    return word[:-1] if r1 and word[-1] == "e" and long else word
