"""How much each bonus counts, and a code: the constants of scoring that do not lie in the index."""

from __future__ import annotations

from dataclasses import dataclass

# Neighbouring words looked at in one query; a text of nothing but common words must not stall the others.
MAX_PAIRS = 12
# A project whose code was typed is what was meant: this is more than any word of a text can add, whose
# impact is below its idf.
CODE_WEIGHT = 2.0
# What begins more codes than this names none of them, and neither does a beginning of fewer characters.
MAX_CODES, SHORTEST_BEGINNING = 1_000, 5


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each bonus counts; each constant is measured by `bench/ranking.py --ablate`.

    `proximity` times the lesser idf of two neighbouring query words is added when they are adjacent,
    falling with the square of their distance up to `window` positions: Rasolofo & Savoy, "Term
    Proximity Scoring for Keyword-Based Retrieval Systems" (ECIR 2003), section 3, taking the nearest
    pair in place of the sum. At 0.6 both words side by side in a description outweigh one of them in a
    short title, which is what people who type two words mean. `title_phrase` times the idf of all words
    is added when the title has the query word for word: whoever types a title wants that project first;
    only `title_variants` of it where a word is there in another form. `written` times the idf of a word is
    added where it stands as written: of two projects that are alike but for that, it comes first.
    """

    proximity: float = 0.6
    window: int = 8
    title_phrase: float = 0.5
    title_variants: float = 0.8
    written: float = 0.02


DEFAULT_WEIGHTS = Weights()
