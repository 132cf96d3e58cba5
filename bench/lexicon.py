"""The vocabulary of generated projects: Zipf-distributed English-like words around a core of real ones.

A unit is a word or a fixed expression. Function words take the share of a text that they take in English;
the rest follows Zipf and Mandelbrot, 1 / (rank + shift) ^ exponent. Invented words are syllables with
English inflections, so that stemmers have something to do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# So that the vocabulary grows with the text as in English (Heaps 1978): some 26,000 words in half a million,
# 55,000 in two, 105,000 in ten; the commonest content word is in three of ten descriptions.
EXPONENT, SHIFT = 1.5, 40.0
# Each comes in up to four forms.
LEMMAS = 40_000
# The real words are spread over the first ranks, where queries are drawn from.
CORE_RANKS = 1_500

FUNCTION_WORDS = (
    "the and of to in a for on with by as that is this from will their are at its through an be "
    "including or which other these into it was has"
).split()
CORE_WORDS = (
    "project workers labor child forced rights supply chains government support employers communities "
    "improve compliance enforcement training inspection wages women children trafficking union unions "
    "bargaining safety health standards garment cocoa coffee cotton mining fishing agriculture domestic "
    "migrant recruitment remediation monitoring education vocational livelihoods poverty vulnerable "
    "awareness policy legislation courts justice inspectors mediation grievance freedom association "
    "organizations civil society research survey evidence evaluation stakeholders partners national "
    "regional municipal rural youth schools families services protection referral discrimination gender "
    "equality wage theft overtime working conditions occupational hazardous sugarcane brick kilns palm "
    "automotive apparel seafood minerals cobalt gold Mexico Colombia Peru Honduras Guatemala Ghana Kenya "
    "Ethiopia Madagascar Uganda Zambia Nepal Bangladesh Vietnam Indonesia Thailand Malaysia Georgia "
    "Verité ILO USMCA COVID-19 OSH labour organisation programme planning follow-ups"
).split()
EXPRESSIONS = (
    "child labor|forced labor|supply chain|supply chains|labor inspectorate|collective bargaining|"
    "freedom of association|human trafficking|occupational safety and health|civil society organizations|"
    "labor courts|social dialogue|working conditions|trade agreements|due diligence|decent work|"
    "labor law enforcement|worker organizations|domestic workers|informal economy|private sector|"
    "San Luis Potosí|Côte d'Ivoire|São Paulo|U.S. trade partners|fair recruitment"
).split("|")

_ONSETS = "b br c ch cl d dr f g gr h j k l m n p pl pr r s s sh st t t tr v w".split()
_VOWELS = "a a e e i i o o u ai ea ou".split()
_CODAS = ["", "", "", "", "", "", *"d l m n n nd nt r r rm s st t".split()]
_PARTS = (_ONSETS, _VOWELS, _CODAS)
_SUFFIXES = ("", "s", "ing", "ed", "er", "ment", "ation", "al")
_SYLLABLES = (1, 2, 2, 3)
# A name of three letters or more: shorter ones would run out, and read as initials.
_SHORTEST = 3
_GRANTEE_KINDS = (
    "Foundation|Institute|International|University|Labor Rights Center|Federation of Workers|"
    "Development Association|Research Group, Inc.|Solidarity Center|Institute for Research|"
    "Human Rights Network|Education Trust"
).split("|")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Units with their cumulative probability: `chances` is float64 of the length of `units`."""

    units: npt.NDArray[np.object_]
    chances: npt.NDArray[np.float64]

    def draw(self, rng: np.random.Generator, size: int) -> npt.NDArray[np.intp]:
        """Return the numbers of `size` units drawn by their probability."""
        return np.searchsorted(self.chances, rng.random(size), side="right")


def zipf(size: int, exponent: float = EXPONENT, shift: float = SHIFT) -> npt.NDArray[np.float64]:
    """Return the weights, summing to 1, of `size` ranks (Mandelbrot 1953)."""
    ranks: npt.NDArray[np.float64] = np.arange(1, size + 1, dtype=np.float64) + shift
    weights: npt.NDArray[np.float64] = np.power(ranks, -exponent)
    return weights / float(weights.sum())


def invented(rng: np.random.Generator, size: int) -> list[str]:
    """Return `size` different pronounceable lower-case words, on the whole the shorter the earlier."""
    words: dict[str, None] = {}
    while len(words) < size:
        parts = [rng.integers(len(choices), size=(size, max(_SYLLABLES))).tolist() for choices in _PARTS]
        for count, *drawn in zip(rng.choice(_SYLLABLES, size).tolist(), *parts, strict=True):
            words[_spell(count, drawn)] = None
        words.pop("", None)
    kept = list(words)[:size]
    lengths = np.array([len(word) for word in kept])
    # Common words are short (Zipf 1935), though not all of them.
    return [kept[place] for place in np.argsort(lengths + rng.normal(0, 2, size), kind="stable")]


def _spell(count: int, drawn: list[list[int]]) -> str:
    onsets, vowels, codas = drawn
    word = "".join(_ONSETS[onsets[place]] + _VOWELS[vowels[place]] for place in range(count))
    word += _CODAS[codas[0]]
    return word if len(word) >= _SHORTEST and word not in FUNCTION_WORDS else ""


def lexicons(rng: np.random.Generator, *function_shares: float) -> list[Lexicon]:
    """Return the same words once for each share of a text that is function words."""
    content, weights = _content(rng)
    functions = zipf(len(FUNCTION_WORDS), 1.0, 1.0)
    units = np.array([*FUNCTION_WORDS, *content], dtype=object)
    chances = (np.cumsum(np.concatenate([functions * one, weights * (1 - one)])) for one in function_shares)
    return [Lexicon(units, cumulative / cumulative[-1]) for cumulative in chances]


def _content(rng: np.random.Generator) -> tuple[list[str], npt.NDArray[np.float64]]:
    # A form is rarer than its lemma: each further suffix has half of the share of the one before.
    core = [*CORE_WORDS, *EXPRESSIONS]
    ranks = rng.permutation(CORE_RANKS)[: len(core)]
    lemmas: list[str] = invented(rng, LEMMAS)
    forms = [[lemma + suffix for suffix in _suffixes(lemma)] for lemma in lemmas]
    for rank, word in zip(ranks.tolist(), core, strict=True):
        forms[rank] = [word]
    units: dict[str, float] = {}
    for weight, family in zip(zipf(LEMMAS).tolist(), forms, strict=True):
        shares = [0.5**place for place in range(len(family))]
        for form, share in zip(family, shares, strict=True):
            units[form] = units.get(form, 0.0) + weight * share / sum(shares)
    return list(units), np.array(list(units.values()))


def _suffixes(lemma: str) -> tuple[str, ...]:
    # Which forms a word has depends on the word alone, so that no further draw is needed.
    turn = (len(lemma) + ord(lemma[0])) % len(_SUFFIXES)
    chosen = (_SUFFIXES[(turn + step) % len(_SUFFIXES)] for step in range(3))
    return ("", *filter(None, chosen))


def grantee_names(rng: np.random.Generator, size: int) -> list[str]:
    """Return `size` different names of organizations."""
    kinds = rng.integers(len(_GRANTEE_KINDS), size=size).tolist()
    words = invented(rng, size)
    return [f"{word.capitalize()} {_GRANTEE_KINDS[kind]}" for word, kind in zip(words, kinds, strict=True)]
