"""Queries to measure with, drawn from the corpus itself by how many projects have their words.

Words of one query come from one project, so that a query for all words finds something. All are plain
ASCII words of four letters or more, which every engine's tokenizer sees alike.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from math import prod
from typing import Literal

from indexer.document import Project
from indexer.text.analysis import STOP_WORDS

Way = Literal["all", "any", "phrase", "prefix"]

SEED = 7
# Projects that words are counted in; more would not change which words are common.
SAMPLE = 20_000
# Shares of the projects that have a word: a common one is work for every engine, a rare one for none.
# Several words are one common and others that are at least frequent, as in the queries of people.
COMMON = (0.02, 0.3)
FREQUENT = (0.002, 0.3)
RARE = (0.0, 0.0005)
# The share of the projects that words have in common by chance, where it is said to be small.
FEW = 0.0001
# Letters typed of a prefix, and the words that may begin with it: engines differ in where they stop.
PREFIX_LETTERS, PREFIX_WORDS = 4, 64
# Pairs of neighbours that a phrase is chosen from.
QUOTABLE = 5
# Draws per query before giving up: a small corpus has not enough different queries.
PATIENCE = 20

_PLAIN = re.compile(r"(?<!\S)[a-z]{4,}(?![^\s.,;:])")
_NEIGHBOURS = re.compile(r"(?<!\S)([a-z]{4,}) ([a-z]{4,})(?![^\s.,;:])")


@dataclass(frozen=True, slots=True)
class Query:
    """One search, told so that each engine can put it in its own syntax."""

    kind: str
    way: Way
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """Some projects' descriptions, the projects each word is in, and how many words begin alike."""

    texts: tuple[str, ...]
    frequencies: Counter[str]
    beginnings: Counter[str]

    @classmethod
    def of(cls, projects: Iterable[Project], seed: int = SEED) -> Sample:
        """Return a reservoir sample (Vitter 1985, algorithm R) of projects that have a description."""
        rng, texts = random.Random(seed), list[str]()
        for number, project in enumerate(project for project in projects if project.description):
            place = number if number < SAMPLE else rng.randrange(number + 1)
            if place < SAMPLE:
                texts[place : place + 1] = [project.description]
        frequencies = Counter(word for text in texts for word in set(_PLAIN.findall(text)))
        beginnings = Counter(word[:PREFIX_LETTERS] for word in frequencies)
        return cls(tuple(texts), frequencies, beginnings)

    def share(self, word: str) -> float:
        """Return the share of the sampled projects that have `word`."""
        return self.frequencies[word] / len(self.texts)

    def within(self, words: Iterable[str], shares: tuple[float, float]) -> list[str]:
        """Return the words that a share of the projects has, in a small sample also those of one project."""
        lowest, highest = shares[0], max(shares[1], 1 / len(self.texts))
        return [word for word in words if lowest <= self.share(word) <= highest]


Draw = Callable[[random.Random, Sample, str], tuple[str, ...] | None]


def _one(shares: tuple[float, float]) -> Draw:
    def _draw(rng: random.Random, sample: Sample, text: str) -> tuple[str, ...] | None:
        words = sample.within(_content(text), shares)
        return (rng.choice(words),) if words else None

    return _draw


def _several(number: int) -> Draw:
    def _draw(rng: random.Random, sample: Sample, text: str) -> tuple[str, ...] | None:
        frequent = sample.within(_content(text), FREQUENT)
        common = sample.within(frequent, COMMON)
        if not common or len(frequent) < number:
            return None
        first = rng.choice(common)
        return (first, *rng.sample([word for word in frequent if word != first], number - 1))

    return _draw


def _few_in_common(rng: random.Random, sample: Sample, text: str) -> tuple[str, ...] | None:
    """Draw two or three words, each frequent, that hardly stand together but in this project."""
    frequent = sample.within(_content(text), FREQUENT)
    number = rng.choice((2, 3))
    words = tuple(rng.sample(frequent, min(number, len(frequent))))
    return words if len(words) == number and prod(map(sample.share, words)) <= FEW else None


def _phrase(rng: random.Random, sample: Sample, text: str) -> tuple[str, ...] | None:
    # People quote expressions, not chance neighbours: of a few pairs, the one of the commoner words.
    pairs = [pair for pair in _NEIGHBOURS.findall(text) if not STOP_WORDS.intersection(pair)]
    few = rng.sample(pairs, min(len(pairs), QUOTABLE))
    return max(few, key=lambda pair: min(sample.frequencies[word] for word in pair), default=None)


def _prefix(rng: random.Random, sample: Sample, text: str) -> tuple[str, ...] | None:
    begun = sorted({word[:PREFIX_LETTERS] for word in _content(text) if len(word) > PREFIX_LETTERS})
    begun = [letters for letters in begun if 1 < sample.beginnings[letters] <= PREFIX_WORDS]
    return (rng.choice(begun),) if begun else None


def _content(text: str) -> list[str]:
    return sorted(set(_PLAIN.findall(text)) - STOP_WORDS)


KINDS: dict[str, tuple[Way, Draw]] = {
    "1 common word": ("all", _one(COMMON)),
    "1 rare word": ("all", _one(RARE)),
    "2 words, all": ("all", _several(2)),
    "2 words, any": ("any", _several(2)),
    "3 words, all": ("all", _several(3)),
    "3 words, any": ("any", _several(3)),
    "phrase": ("phrase", _phrase),
    "prefix": ("prefix", _prefix),
    "few in common": ("all", _few_in_common),
}


def draw(sample: Sample, number: int, seed: int = SEED, kinds: Collection[str] = tuple(KINDS)) -> list[Query]:
    """Return up to `number` different queries of each of `kinds`, mixed by a seeded shuffle."""
    rng = random.Random(seed)
    found: dict[Query, None] = {}
    for kind in kinds:
        way, one = KINDS[kind]
        wanted = len(found) + number
        for _ in range(number * PATIENCE):
            words = one(rng, sample, rng.choice(sample.texts))
            if words is not None:
                found[Query(kind, way, words)] = None
            if len(found) == wanted:
                break
    queries = list(found)
    rng.shuffle(queries)
    return queries
