"""What of a typed text could not be taken as typed, and how that is told.

Other search engines have marks that mean nothing here: `word^2` (what a word counts), `"a phrase"~3` and
`history near/3 art` (how far apart words may be). The number in them is no word, and must not be searched as
one. What may be words as well is searched as such, and told: `[1900 TO 1950]`, `1990..2000`, `>1990`,
`history NEAR art`, `/colou?r/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)
# What stands between words in a title, and is missed by nobody.
_OF_PROSE = "\N{EN DASH}\N{EM DASH},;:.…·•/"
# In quotes all is text.
_QUOTED = re.compile(r'"[^"]*"?')
# Between two words, how many others may be there.
_DISTANCE = re.compile(
    rf"(?P<quoted>{_QUOTED.pattern})"
    r"|(?<=\S)(?P<before>\s+)(?P<mark>(?:[no]?near|adj|within|pre|w)/\d{1,3}|(?-i:NEAR|ADJ)\d{1,2})(?=\s+\S)",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?<=\S)\s+(NEAR|ADJ|SAME|XOR|ANDNOT)\s+(?=\S)")
# What follows the name of a field is told with the field.
_RANGE = re.compile(
    r"(?<![\w:])[\[{]\s*(?P<low>[^\s\[\]{}]+)\s+TO\s+(?P<high>[^\s\[\]{}]+)\s*[\]}]"
    r"|(?<!\S)(?P<first>\d[\d,-]*)\.{2,3}(?P<last>\d[\d,-]*)(?!\S)"
    r"|(?<!\S)\w*[<>]=?\d[\d.,-]*(?!\S)"
)
_PATTERN = re.compile(r"(?<!\S)/(?=[^/\s]*[\[\](){}*+?|^$\\])[^/\s]+/(?!\S)")


class Repairs(dict[str, Repair]):
    """What was repaired, by code: each kind is reported once."""

    def add(self, code: str, message: str, instead: str = "") -> None:
        """Report a repair, and by which parameters a program asks for the same, where there are some."""
        self.setdefault(code, Repair(code, message, instead))

    def escapes(self, text: str, plain: str) -> str:
        """Return a text without its escapes, and report them; of mere blanks nothing need be told."""
        if plain != text and plain.strip():
            self.add("escapes_read", f"Escapes were read as what they stand for: “{plain}”.")
        return plain

    def distances(self, text: str) -> str:
        """Return a text as typed without how far apart words may be, and report what is no operator in it."""
        for repair in _told(_QUOTED.sub('""', text)):
            self.add(*repair)
        return _DISTANCE.sub(self._without_distance, text)

    def _without_distance(self, found: re.Match[str]) -> str:
        """Return what stays of a distance between words: the blanks before it; all of what is quoted."""
        if found["quoted"]:
            return found[0]
        self.add(
            "distance_dropped",
            f"“{found['mark']}” was left out: how far apart words may be cannot be typed. "
            "Words in quotes follow each other.",
        )
        return found["before"]

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
        if not found and text.strip(_OF_PROSE):
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


def _told(plain: str) -> Iterator[tuple[str, ...]]:
    """Yield what `Repairs.add` takes, of what is searched as words in a text without its quoted parts."""
    # In a text without small letters, capitals tell nothing.
    if plain.upper() != plain and (found := _WORD.search(plain)):
        yield (
            "operator_as_word",
            f"“{found[1]}” is no operator here, and was taken as a word. AND, OR and NOT are operators.",
        )
    if found := _RANGE.search(plain):
        message = f"“{found[0]}” was taken as words: ranges are not typed."
        yield "range_as_words", message, _instead(found)
    if found := _PATTERN.search(plain):
        yield (
            "pattern_as_words",
            f"“{found[0]}” was taken as words: patterns are not typed. A word may end with “*” or “~”.",
        )


def _instead(found: re.Match[str]) -> str:
    """Return how time is narrowed, by the years of a range if it is one of years."""
    low, high = found["low"] or found["first"] or "", found["high"] or found["last"] or ""
    years = {name: text for name, text in (("active_from", low), ("active_to", high)) if text != "*"}
    if not years or not all(map(_YEAR.fullmatch, years.values())) or "*" < high < low:
        return "In the address, active_from=1990&active_to=2000 narrow by time, for example."
    given = "&".join(f"{name}={year}" for name, year in years.items())
    return f"In the address, {given} is what was running then."
