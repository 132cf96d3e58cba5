"""What of a typed text could not be taken as typed, and how that is told.

Other search engines have marks that mean nothing here: `word^2` (what a word counts) and `"a phrase"~3` (how
far apart its words may be). The number in them is no word, and must not be searched as one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from search_app.query.typed import TypedWord
from search_app.results import Repair

# What may stand right behind a phrase or a group, and means nothing there.
AFTER = r"(?:(?:\*|[~^][\d.]*)+(?=[\s()\"]|\Z))?"
# What may stand behind a word: a beginning or a number of typos, then what the word counts.
_ENDING = re.compile(r"(.+?)(\*|~(?:\d(?:\.\d+)?)?)?(\^\d+(?:\.\d+)?)?", re.DOTALL)
LONE_OPERATOR = "lone_operator", "An operator with nothing to work on was left out."
_TYPOS = ("", "*", "~", "~1", "~2")
# For one letter that stands in a word; at its end it mostly is what it is in prose.
_ONE_LETTER = re.compile(r"\?\w")


class Repairs(dict[str, Repair]):
    """What was repaired, by code: each kind is reported once."""

    def add(self, code: str, message: str) -> None:
        """Report a repair."""
        self.setdefault(code, Repair(code, message))

    def escapes(self, text: str, plain: str) -> str:
        """Return a text without its escapes, and report them; of mere blanks nothing need be told."""
        if plain != text and plain.strip():
            self.add("escapes_read", f"Escapes were read as what they stand for: “{plain}”.")
        return plain

    def address(self, raw: str, text: str) -> str:
        """Return the text that an address is about, and report it."""
        if text != raw:
            self.add("address_read", f"Of the address that was pasted, “{text}” was searched.")
        return text

    def ending(self, raw: str) -> tuple[str, str]:
        """Return a text typed without a blank and the operator behind it: "*", "~", "~1", "~2" or "".

        `civil~3` gives ("civil", "~"), `civil^2` ("civil", ""). Behind a digit the marks are part of what was
        typed: 1939~1945, 10^6; and so behind one letter: x^2.
        """
        match = _ENDING.fullmatch(raw)
        assert match is not None
        text, suffix, weight = match.groups("")
        if (weight or suffix not in _TYPOS) and (len(text) < 2 or text[-1].isdigit()):
            return raw, ""
        if weight:
            self.add("weight_dropped", f"“{weight}” was left out: what a word counts cannot be typed.")
        if suffix not in _TYPOS:
            self.add("typos_repaired", f"“~1” and “~2” are for one typo and two; “{suffix}” was read as “~”.")
            suffix = "~"
        return text, suffix

    def look_after(self, end: str) -> None:
        """Report marks behind the mark that closes a phrase or a group."""
        if marks := end[1:]:
            self.add(*mark_dropped(marks))

    def look_at(self, text: str, found: Sequence[TypedWord]) -> None:
        """Report marks that stand for nothing in a text, quoted or without a blank, that has these words."""
        if not found:
            self.add("lone_operator", "What has neither letters nor digits was left out.")
        elif "*" in text:
            self.add(
                "wildcard_dropped",
                "“*” works at the end of a word only, and not in quotes; elsewhere it was left out.",
            )
        elif _ONE_LETTER.search(text):
            self.add(
                "wildcard_dropped",
                "“?” stands for no letter here; it was left out. Without quotes a word may end with “*”.",
            )


def mark_dropped(marks: str) -> tuple[str, str]:
    """Return the code of the repair that leaves marks out, and its message."""
    return "mark_dropped", f"“{marks}” works behind no phrase, group or code; it was left out."
