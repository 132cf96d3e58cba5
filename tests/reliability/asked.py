"""What people, and those who wish harm, type into a search box."""

from __future__ import annotations

import random

WORDS = (
    "labor labour courts court children child forced work working workers worker mexico mexican supply chain "
    "chains inspections inspection inspectorate ILO TECLAB CALLE CAMINOS USMCA COVID-19 U.S. verité verite "
    "organization organisation programme trafficking garment the of and for union rights safety health"
).split()
MARKS = (
    '"',
    "(",
    ")",
    "-",
    "NOT ",
    "OR ",
    "AND ",
    "title:",
    "description:",
    "grantee:",
    "foo:",
    "*",
    "~",
    "~2",
    ":",
    "^2",
    "[",
    "{",
    "\\",
    "/",
    "'",
)
ODD = (
    "\u200b",
    "\u202e",
    "ﬁ",
    "İ",
    "ß",
    "Ω",
    "中文",
    "नमस्ते",
    "👩‍👩‍👧",
    "\ufeff",
    "é",
    "a" * 70,
    "\t",
    "…",
    "’",
    "%",
    "&",
    "<b>",
    "0",
    "2021",
    "١٢",
)

# Queries that once were slow, failed, or gave another answer the second time.
REGRESSIONS = (
    "labour courts", "verite", "a*", "ab*", "labor~", "l~",
    '"labor courts', "((((", "AND", "OR OR", "-", "NOT",
    "title:", "foo:bar", "*", "?", "~", '""', '" "', "-labor", "NOT labor NOT courts", "labor OR", "U.S.",
    "workers’", "COVID-19", "(labor courts) OR (child -mexico)", '"international labor organization"~3',
)  # fmt: skip

# Each costs a search engine of the usual make seconds or gigabytes.
OF_DEATH = {
    "typo-22": "abcdefghijabcdefghij~9",
    "infixes": " ".join(["*c*"] * 20),
    "any": "*",
    "marks": "?????",
    "brackets": "[" * 50_000,
    "parentheses": "(" * 5_000,
    "nots": "NOT " * 1_000,
    "word": "w" * 1_000_000,
    "stars": "*" * 100_000,
    "short-nots": "NOT " * 120 + "labor",
    "short-parentheses": "(" * 250 + "labor" + ")" * 250,
    "prefixes": "co* in* re* de* pr*",
    "typos": "projact~ laber~ childrn~ wrking~",
    "phrase": '"' + "a " * 250 + '"',
    "any-of-all": " OR ".join(["the", "of", "and", "to", "in"] * 6),
    "nested": "(a OR (b OR (c OR (d OR (e OR (f OR (g OR h)))))))",
}


def random_query(rng: random.Random) -> str:
    """Return words with all that can stand around them, well-formed or not."""
    parts = []
    for _ in range(rng.randint(0, 8)):
        kind = rng.random()
        if kind < 0.6:
            parts.append(rng.choice(WORDS) + rng.choice(("", "", "", "*", "~", "~2")))
        elif kind < 0.85:
            parts.append(rng.choice(MARKS))
        else:
            parts.append(rng.choice(ODD))
        parts.append(rng.choice((" ", " ", " ", "")))
    return "".join(parts)
