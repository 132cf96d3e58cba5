"""Where the sentences of a text begin, of a long one only near the places that are asked about."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

# Up to so many characters all sentences are looked for: that is as quick as to choose among them.
SEEN_WHOLE = 4_000
# Characters looked at on either side of a place: a long sentence, and what is shown before and after it.
NEAR = 600

# A full stop after these ends no sentence. A look-behind needs words of one length.
_ABBREVIATIONS = ("Co|Dr|Mr|Ms|St|No|vs|cf", "Inc|Ltd|Mrs|Nos", "Corp", "approx")
# What may stand between the mark that ends a sentence and the blanks behind it.
_CLOSING = "\"'”’)]"
# The look-behinds are only tried where there is a ".", "!" or "?".
_AFTER_STOP = (
    r"(?<![\s(][A-Za-z]\.)(?<!\b[A-Za-z]\.[A-Za-z]\.)"
    + "".join(rf"(?<!\b(?:{words})\.)" for words in _ABBREVIATIONS)
    + rf"[{re.escape(_CLOSING)}]*\s+(?=[\"'“‘(\[]?[A-Z0-9À-Þ])"
)
# One for each mark: a single character is looked for ten times as fast as one of several.
_SENTENCE_ENDS = {mark: re.compile(re.escape(mark) + _AFTER_STOP) for mark in ".!?"}


def sentence_bounds(text: str, places: Sequence[int], around: int) -> list[int]:
    """Return the starts of sentences and lines, and the end of the text, ascending.

    Of a long text those may be left out that are more than `around` characters (less than `NEAR`) from the
    start of each sentence in which one of `places` is; `places` ascend. In "One. Two." these are 0, 5, 9.
    """
    found = _near(text, places, around) if len(text) > SEEN_WHOLE else None
    return [0, *(_ends(text, 0, len(text)) if found is None else found), len(text)]


def _near(text: str, places: Sequence[int], around: int) -> list[int] | None:
    """Return where sentences begin near some places; None where a sentence is too long to be seen."""
    found: list[int] = []
    for first, last in _stretches(places):
        begin, end = max(0, first - NEAR), min(last + NEAR, len(text))
        while begin and (text[begin - 1].isspace() or text[begin - 1] in _CLOSING):
            begin -= 1
        ends = _ends(text, begin, end)
        before = bisect_right(ends, first)
        if begin and (not before or ends[before - 1] < begin + around):
            return None
        if end < len(text) and (not ends or ends[-1] <= last):
            return None
        found += ends
    return found


def _stretches(places: Sequence[int]) -> list[tuple[int, int]]:
    """Return first and last of each run of places that are near to one another."""
    gaps = [number for number in range(1, len(places)) if places[number] - places[number - 1] > 2 * NEAR]
    return [
        (places[first], places[last - 1])
        for first, last in zip([0, *gaps], [*gaps, len(places)], strict=True)
    ]


def _ends(text: str, begin: int, end: int) -> list[int]:
    """Return where the next sentence or line begins, ascending, as far as is seen from `begin` to `end`."""
    marks = [ends for mark, ends in _SENTENCE_ENDS.items() if text.find(mark, begin, end) >= 0]
    ends = [match.end() for mark in marks for match in mark.finditer(text, begin, end)]
    if len(marks) > 1:
        ends.sort()
    lines, place = list[int](), text.find("\n", begin, end)
    while place >= 0:
        after = bisect_right(ends, place)
        # A line that ends within the blanks behind a sentence is over with these.
        if after == len(ends) or not text[place : ends[after]].isspace():
            lines.append(place + 1)
        place = text.find("\n", place + 1, end)
    return sorted(ends + lines) if lines else ends
