"""Acronyms that a project spells out: "International Labor Organization (ILO)" teaches ILO.

The candidates are those of Schwartz & Hearst, "A Simple Algorithm for Identifying Abbreviation
Definitions in Biomedical Text" (PSB 2003): a short form in parentheses after its long form, or before
it. Their check lets a letter stand anywhere in a word; ours is stricter, because a wrong pair would
send searchers to projects that have nothing to do with their words. The letters of the acronym must be
made up of beginnings of words, in order (TECLAB: **T**owards **E**ffective **C**ourts and coordinated
**Lab**or justice), and only few words that mean something may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexer.text.analysis import STOP_WORDS, TOKEN, fold, normalise, words_of

# Shorter ones are initials, longer ones are names in capitals.
MIN_LETTERS, MAX_LETTERS = 2, 10
# One word may be left out for this many letters: "… of Child Labour (IPEC)", but none for two letters.
LETTERS_PER_SKIP = 3
# How far back a long form may begin: a word of some twenty letters for each letter of the acronym.
REACH_PER_LETTER = 20
# Words too short to be given a letter, in the languages of the region: y, de, la, des, und.
SHORT_WORD = 3

_BRACKET = re.compile(r"\(([^()]{2,160})\)")
_SHORT = re.compile(r"[^\W\d_](?:[^\W_]{1,10}|(?:\.[^\W\d_]){1,9}\.?)")
# A long form never runs over the end of a sentence, a bracket or a line.
_BREAK = re.compile(r"[;:!?()|\n]|(?<=[^\W_]{3})\. ")
_ASIDE = re.compile("[,;:\u2013\u2014]")


def mine(texts: Sequence[str]) -> list[str]:
    """Return the acronyms spelled out in `texts`, sorted, each as "ILO<tab>international labor organization".

    The acronym is in capitals without dots or accents, the long form is its folded words.
    """
    found: set[str] = set()
    for text in texts:
        if "(" in text:
            found.update(_pairs(normalise(text)))
    return sorted(found)


def _pairs(text: str) -> Iterator[str]:
    for bracket in _BRACKET.finditer(text):
        if letters := _letters(bracket[1]):
            words = _words(_before(text, bracket.start(), REACH_PER_LETTER * len(letters)))
            if count := spelled(letters, words):
                yield _row(letters, words[-count:])
        elif letters := _letters(_word_before(text, bracket.start())):
            words = _words(_ASIDE.split(bracket[1])[0])
            if spelled(letters, words) == len(words) > 0:
                yield _row(letters, words)


def _before(text: str, end: int, reach: int) -> str:
    """Return the sentence before a place as far as it is within reach, from a whole word on."""
    reached = text[max(0, end - reach) : end]
    sentence = _BREAK.split(reached)[-1]
    return sentence.partition(" ")[2] if len(sentence) == reach else sentence


def _word_before(text: str, end: int) -> str:
    before = text[max(0, end - 2 * MAX_LETTERS - 2) : end].split()
    return before[-1] if before else ""


def _row(letters: str, words: Sequence[str]) -> str:
    return f"{letters.upper()}\t{' '.join(words)}"


def _letters(short: str) -> str:
    """Return the folded letters of what may be an acronym (NGOs: ngo), or nothing."""
    if not _SHORT.fullmatch(short):
        return ""
    if short[-1] == "s" and short[-2].isupper():
        short = short[:-1]
    capitals = sum(map(str.isupper, short))
    letters = fold(short.replace(".", ""))
    enough = capitals >= MIN_LETTERS and 2 * capitals >= len(letters)
    return letters if enough and len(letters) <= MAX_LETTERS else ""


def _words(text: str) -> list[str]:
    """Return the folded words of a text that stand one after the other."""
    return [word.text for raw in TOKEN.findall(text) for word in words_of(raw) if word.kind == "word"]


def spelled(letters: str, words: Sequence[str]) -> int:
    """Return how many of the last `words` spell `letters`, 0 if none do; the fewest that can.

    Goes back from the last word with every count of letters still to be found, and how few words
    had to be left out for it; so the work is bounded by letters times words.
    """
    most_skips = len(letters) // LETTERS_PER_SKIP
    skips = {len(letters): 0}
    fewest = 0
    for taken, word in enumerate(reversed(words), 1):
        if not skips or word == letters:
            break
        skips = _one_word_back(letters, skips, word, most_skips)
        # A single word is a cut word ("Labor (LAB)"), not an acronym.
        if skips.pop(0, None) is not None and taken > 1:
            fewest = fewest or taken
            # "Archives and Records Management (ARM)" begins with Archives, not with "and".
            if word not in STOP_WORDS:
                return taken
    return fewest


def _one_word_back(letters: str, skips: dict[int, int], word: str, most_skips: int) -> dict[int, int]:
    price = 0 if word in STOP_WORDS or len(word) <= SHORT_WORD else 1
    found = {left: skipped + price for left, skipped in skips.items() if skipped + price <= most_skips}
    initial = word[0]
    for left, skipped in skips.items():
        begin = letters.rfind(initial, 0, left)
        while begin >= 0:
            if word.startswith(letters[begin:left]) and skipped < found.get(begin, most_skips + 1):
                found[begin] = skipped
            begin = letters.rfind(initial, 0, begin)
    return found
