"""What a corpus says of words in a file of its own, `words.txt`, which a maintainer writes.

    # Words and phrases that mean the same: whoever searches for one finds the others
    kids = children
    RMG = ready-made garments, garment industry
    # Words that are never searched for each other, though they look alike
    universe, universal ≠ university
    custom != customs

Case, accents, plurals and British or American spelling do not matter. An acronym is written in capitals. A
line that cannot be used is left out, with a warning that names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from indexer.text.analysis import STOP_WORDS, normalise, separate
from indexer.text.corrections import Line

FORM = 'not of the form "kids = children" or "universe ≠ university"'

_APART = re.compile("≠|!=")
_SAME = re.compile("[=,]")

Sides = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class WordRules:
    """The rules of a corpus, in its order, and what was wrong with other lines.

    `same` has groups of forms, `apart` has sides, of forms each, that are told apart; a form is a word or a
    phrase as it was written.
    """

    same: tuple[tuple[str, ...], ...] = ()
    apart: tuple[Sides, ...] = ()
    warnings: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Return the rules as lines of such a file."""
        apart = (" ≠ ".join(map(", ".join, sides)) for sides in self.apart)
        return [*map(" = ".join, self.same), *apart]

    @cached_property
    def stem_lines(self) -> tuple[Line, ...]:
        """The single words that are told apart, folded, as lines of corrections to the stemmer."""
        found = []
        for sides in self.apart:
            words = [[folded(form) for form in side] for side in sides]
            single = [tuple(one[0] for one in side if len(one) == 1) for side in words]
            found.append(tuple(side for side in single if side))
        return tuple(line for line in found if len(line) > 1)


def parse(text: str, name: str = "words.txt") -> WordRules:
    """Return the rules that the lines of a text give; warnings call it by `name`."""
    so_far = _RulesSoFar()
    warnings = []
    for number, line in enumerate(text.splitlines(), 1):
        content = line.partition("#")[0].strip()
        if not content:
            continue
        try:
            so_far.add(content, number)
        except ValueError as error:
            warnings.append(f"{name}:{number}: {error}; the line was left out")
    return WordRules(tuple(so_far.same), tuple(so_far.apart), tuple(warnings))


def folded(form: str) -> tuple[str, ...]:
    """Return the folded words of a form."""
    return tuple(word.text for word in separate(normalise(form)))


def _forms(text: str, separator: re.Pattern[str]) -> tuple[str, ...]:
    """Return the forms of a text; raise ValueError for one that nobody can search for."""
    forms = tuple(" ".join(form.split()) for form in separator.split(text) if form.strip())
    for form in forms:
        words = folded(form)
        if not words:
            raise ValueError(f'"{form}" has no letter and no digit')
        if STOP_WORDS.issuperset(words):
            raise ValueError(f'"{form}" is too common to be searched for')
    return forms


@dataclass
class _RulesSoFar:
    """The rules so far, and which line said of two forms that they are the same, or that they are not."""

    same: list[tuple[str, ...]] = field(default_factory=list)
    apart: list[Sides] = field(default_factory=list)
    said: dict[frozenset[tuple[str, ...]], tuple[str, int]] = field(default_factory=dict)

    def add(self, line: str, number: int) -> None:
        """Take a line; raise ValueError with what is wrong with it."""
        sides = _APART.split(line)
        if len(sides) > 1:
            self._add_apart(sides, number)
        else:
            self._add_same(line, number)

    def _add_same(self, line: str, number: int) -> None:
        forms = tuple(dict.fromkeys(_forms(line, _SAME)))
        if "=" not in line or len(forms) < 2:
            raise ValueError(FORM)
        self._say("the same", _pairs(tuple((form,) for form in forms)), number)
        self.same.append(forms)

    def _add_apart(self, sides: list[str], number: int) -> None:
        if any("=" in side for side in sides):
            raise ValueError("a line has either = or ≠")
        found = tuple(_forms(side, re.compile(",")) for side in sides)
        if not all(found):
            raise ValueError(FORM)
        self._say("told apart", _pairs(found), number)
        self.apart.append(found)

    def _say(self, what: str, pairs: Iterator[tuple[str, str]], number: int) -> None:
        new = {}
        for one, other in pairs:
            words = frozenset((folded(one), folded(other)))
            if len(words) == 1 and what == "told apart":
                raise ValueError(f'"{one}" stands on both sides')
            said, line = self.said.get(words, (what, number))
            if said != what:
                raise ValueError(f'"{one}" and "{other}" are {said} in line {line}')
            new[words] = (what, line)
        self.said |= new


def _pairs(sides: Sides) -> Iterator[tuple[str, str]]:
    for place, side in enumerate(sides):
        for other in sides[place + 1 :]:
            yield from ((one, another) for one in side for another in other)
