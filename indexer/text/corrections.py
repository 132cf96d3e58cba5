"""What the stemmer gets wrong, set right: which words of one stem differ, and which of several stems are one.

A *line* is sets of words (`stem_corrections.txt` says how they are written). `Corrections` gives each word of
a set, its regular inflections, and whatever else has its stem, the term of the set: the word in it that is
its own stem, else its first word and a mark that no stem has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import takewhile

CORRECTIONS_FILE = "stem_corrections.txt"
# Ends the term of a set: words are folded to letters and digits, so no stem has one.
MARK = "'"

_VOWELS = frozenset("aeiou")
# Consonants that are not written twice before "-ed": fixed, played, showed.
_NEVER_DOUBLED = frozenset("hwxy")

Line = tuple[tuple[str, ...], ...]


@cache
def reviewed() -> tuple[Line, ...]:
    """Return the lines that come with the product."""
    text = files("indexer.text").joinpath(CORRECTIONS_FILE).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(tuple(tuple(words.split()) for words in line.split("|")) for line in lines)


def inflections(word: str) -> Iterator[str]:
    """Yield what a word becomes by rule with -s, -ed and -ing: plan, plans, planned, planning."""
    yield word + "s"
    if word.endswith("e"):
        yield from (word + "d", word[:-1] + "ing")
        if word.endswith("ie"):
            yield word[:-2] + "ying"
        return
    if word.endswith(("s", "x", "z", "ch", "sh", "o")):
        yield word + "es"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        yield from (word[:-1] + "ies", word[:-1] + "ied", word + "ing")
        return
    yield from (word + "ed", word + "ing")
    if word[-2:-1] in _VOWELS and word[-1] not in _VOWELS | _NEVER_DOUBLED:
        yield from (word + word[-1] + "ed", word + word[-1] + "ing")


class Corrections:
    """The terms of words that lines are about; of two lines about a word the later one holds."""

    def __init__(self, lines: Iterable[Line], stem: Callable[[str], str]) -> None:
        """Take lines of folded words; `stem` is the stemmer that they correct."""
        # What each line says of a word, and of which stems the word has to be for that.
        self._terms: defaultdict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
        self._members: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for line in lines:
            self._add(line, stem)

    def _add(self, line: Line, stem: Callable[[str], str]) -> None:
        listed = {word: _term(words, stem) for words in line for word in words}
        stems = frozenset(map(stem, listed))
        for word, term in listed.items():
            self._members[stem(word)][word] = term
        inflected: dict[str, str] = {}
        for word, term in listed.items():
            for form in inflections(word):
                # The set further left has the first claim.
                inflected.setdefault(form, term)
        for word, term in (inflected | listed).items():
            self._terms[word].append((stems, term))

    def term(self, word: str, stem: str) -> str:
        """Return the term of a folded word that has a stem: that stem, if no line is about it.

        A word that no line lists goes with the listed word of its stem that it has the most first letters in
        common with, of several the shortest.
        """
        members = self._members.get(stem)
        if members is None:
            return stem
        for stems, term in reversed(self._terms.get(word, ())):
            if stem in stems:
                return term
        return members[_nearest(word, members)]


def _term(words: Sequence[str], stem: Callable[[str], str]) -> str:
    # Only words that the line is about have a stem that is one of its words.
    return next((word for word in words if stem(word) == word), words[0] + MARK)


def _nearest(word: str, members: Iterable[str]) -> str:
    return min(members, key=lambda one: (-_shared(word, one), len(one), one))


def _shared(one: str, other: str) -> int:
    """Return how many first letters two words have in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
