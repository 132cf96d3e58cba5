"""Words that a search does without while it has others: stop words, also foreign ones, and question words.

Short lists on purpose: what is in them is never required to match. Words that mean something in English are
in no list of another language ("pour", "son", "sin", "sale", "no"), and those that are names here in none at
all ("us", "will", "may").
"""

from __future__ import annotations

# Words too common to tell projects apart: dropped from word queries (not from phrases), never from the index.
STOP_WORDS = frozenset(
    "a an and are as at be been but by for from had has have he her his if in into is it its of on or "
    "our she so such that the their them then there these they this those to was we were which with you "
    "your".split()
)

# What only makes a question of the words beside it: "how many", "what does it", "where can I".
QUESTION_WORDS = frozenset(
    "what where when who whom whose why how do does did i me my am about any can could would should must "
    "please".split()
)

_SPANISH = """
de del la las el los lo un una unos unas y e o u en con por para que se su sus al como cual cuales cuando
donde quien quienes esta este estos estas ese esa esos esas mi mis muy pero porque sobre entre desde
hasta ya es fue ser hay ante tras segun nos les cuantos cuantas cuanto
"""
_FRENCH = """
de du des la le les l d un une et ou en dans sur aux au ce ces cet cette qui que quoi dont est sont avec
ne pas sa ses leur leurs ma mes notre nos votre vos il elle ils elles je nous vous se s n qu chez vers
sous selon quel quelle quels quelles comment pourquoi combien
"""
_PORTUGUESE = """
de da do das dos o os um uma uns umas e em na nas nos por para com que se sua seu suas seus ao aos pelo
pela pelos pelas entre sobre ate nao foi sao isto isso esse essa esses essas este esta qual quais quando
onde quem como
"""
# Folded, as words are.
FOREIGN_STOP_WORDS = frozenset((_SPANISH + _FRENCH + _PORTUGUESE).split()) - STOP_WORDS - QUESTION_WORDS

# What else people write around what they look for: "how many got", "since 2010".
_AROUND = frozenset("many much get gets got since until during".split())

_SILENT = STOP_WORDS | QUESTION_WORDS | FOREIGN_STOP_WORDS | _AROUND


def is_silent(word: str) -> bool:
    """Tell whether a query that has other words does without this folded one."""
    return word in _SILENT
