"""Other forms of an English word that its stem does not reach: British and American spelling, odd plurals.

The rules only propose: they know letters, not words ("hour" would become "hor"). Whoever asks checks
the proposals against the words of the index, so that only real ones are searched. All words are folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# British ending, American ending, how many letters must stand before, what may follow.
# Fewer letters before "our" would turn "four" into "for", fewer before "ll" "filling" into "filing".
_ENDINGS = (
    ("our", "or", 3, "|s|ed|ing|er|ers|able|ably|ful|hood|hoods|ly|al|ally|ite|ites|ist|ism"),
    ("is", "iz", 3, "e|es|ed|er|ers|ing|able|ation|ations|ational"),
    ("ys", "yz", 3, "e|es|ed|er|ers|ing"),
    ("ogue", "og", 3, "|s"),
    ("ll", "l", 4, "ed|ing|er|ers|or|ors"),
)
# Words that follow no rule safely, British then American; anything may stand around them.
_ROOTS = """
programme program, centre center, metre meter, litre liter, theatre theater, fibre fiber, calibre caliber,
defence defense, offence offense, pretence pretense, licence license, practise practice,
enrol enroll, fulfil fulfill, instalment installment, skilful skillful, wilful willful, jewellery jewelry,
judgement judgment, acknowledgement acknowledgment, ageing aging, artefact artifact, enquir inquir,
plough plow, mould mold, tyre tire, grey gray, sceptic skeptic, sulphur sulfur, aluminium aluminum,
aeroplane airplane, speciality specialty, archaeolog archeolog, encyclopaed encycloped, mediaev mediev,
paediatr pediatr, orthopaed orthoped, gynaec gynec, anaem anem, leukaem leukem, haemo hemo, anaesth anesth,
palaeo paleo, aesthet esthet, foetus fetus, foetal fetal, oestrogen estrogen, diarrhoea diarrhea,
manoeuvre maneuver, caesarean cesarean
"""
# Plurals whose stem is not that of the singular. Left out where the plural's stem is that of another
# word: "lives" is also of "live", "indices" of "indicate", "theses" of "these".
_PLURALS = """
child children, man men, woman women, person people, foot feet, tooth teeth, goose geese, mouse mice, ox oxen,
wife wives, knife knives, half halves, shelf shelves, thief thieves, wolf wolves, calf calves, loaf loaves,
crisis crises, analysis analyses, diagnosis diagnoses, hypothesis hypotheses, emphasis emphases, oasis oases,
criterion criteria, phenomenon phenomena, curriculum curricula, memorandum memoranda, stratum strata,
referendum referenda, appendix appendices, matrix matrices, alumnus alumni, stimulus stimuli,
bureau bureaux, plateau plateaux
"""
# The plurals that compounds are made with: fisherman, saleswoman, grandchild, townsperson.
_COMPOUNDING = ("child", "man", "woman", "person")
# "omen" and "yemen" are no plurals.
_SHORTEST_COMPOUND = 6


def _pairs(table: str) -> list[tuple[str, str]]:
    rows = (row.split() for row in table.split(","))
    return [(first, second) for first, second in rows]


@dataclass(frozen=True, slots=True)
class Respelling:
    """A word in the other spelling; `root` is its beginning up to the letters that differ."""

    word: str
    root: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """Replaces the letters that `pattern` finds; `old` is always among these, "" if unknown."""

    pattern: re.Pattern[str]
    letters: dict[str, str]
    old: str = ""

    def apply(self, word: str) -> Respelling | None:
        """Return `word` respelled, None if the rule does not fit."""
        if self.old not in word or (match := self.pattern.search(word)) is None:
            return None
        begin, end = match.span(1)
        root = word[:begin] + self.letters[match[1]]
        return Respelling(root + word[end:], root)


def _ending(old: str, new: str, before: int, after: str) -> _Rule:
    # Not after its own first letter: the "l" of "counselling" is there twice already.
    return _Rule(re.compile(rf"^.{{{before},}}?((?<!{old[0]}){old})(?:{after})$"), {old: new}, old)


def _roots(pairs: dict[str, str]) -> _Rule:
    # "enrollment" has the root "enrol" but is not to get a third "l".
    letters = [
        f"{old}(?!{new.removeprefix(old)})" if new.startswith(old) else old for old, new in pairs.items()
    ]
    return _Rule(re.compile(f"({'|'.join(letters)})"), pairs)


_AMERICAN_OF = dict(_pairs(_ROOTS))
_BRITISH_OF = {american: british for british, american in _AMERICAN_OF.items()}
# Roots first: "practise" is "practice", not "practize".
_TO_AMERICAN = [_roots(_AMERICAN_OF), *(_ending(*row) for row in _ENDINGS)]
_TO_BRITISH = [
    _roots(_BRITISH_OF),
    *(_ending(new, old, before, after) for old, new, before, after in _ENDINGS),
]
_PLURAL_OF = dict(_pairs(_PLURALS))
_SINGULAR_OF = {plural: singular for singular, plural in _PLURAL_OF.items()}


def respellings(word: str) -> Iterator[Respelling]:
    """Yield what `word` may be in American and in British spelling."""
    for rule in (*_TO_AMERICAN, *_TO_BRITISH):
        if (found := rule.apply(word)) is not None and found.word != word:
            yield found


def other_numbers(word: str) -> Iterator[str]:
    """Yield the irregular plurals of a singular (child: children) and singulars of a plural."""
    for known in dict.fromkeys((word, word.removesuffix("s"))):
        if found := _PLURAL_OF.get(known) or _SINGULAR_OF.get(known):
            yield found
            return
    if len(word) >= _SHORTEST_COMPOUND:
        for singular in _COMPOUNDING:
            plural = _PLURAL_OF[singular]
            for old, new in ((singular, plural), (plural, singular)):
                if word.endswith(old):
                    yield word.removesuffix(old) + new


def other_endings(word: str) -> Iterator[str]:
    """Yield what the regular plural of a singular may be (city: cities), and the singular of a plural."""
    if word.endswith("ies"):
        yield word[:-3] + "y"
    elif word.endswith("y"):
        yield word[:-1] + "ies"
    yield word.removesuffix("s") if word.endswith("s") else f"{word}s"


@lru_cache(maxsize=20_000)
def key(word: str) -> str:
    """Return what is the same for the spellings and numbers of a word: organisations, organization.

    For comparing only: the key itself need not be a word.
    """
    word = _irregular_singular(word) or _singular(word)
    word = _irregular_singular(word) or word
    for rule in _TO_AMERICAN:
        if (found := rule.apply(word)) is not None:
            word = found.word
    return word


def _irregular_singular(word: str) -> str | None:
    for singular in _COMPOUNDING if len(word) >= _SHORTEST_COMPOUND else ():
        if word.endswith(plural := _PLURAL_OF[singular]):
            return word.removesuffix(plural) + singular
    return _SINGULAR_OF.get(word)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
