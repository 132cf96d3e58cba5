"""Rows that a template writes once for all: their values are escaped together and put in their places.

A page has a hundred links of a few kinds, which differ in their texts alone. To escape these one by one, and
to call a macro for each, takes most of the time of a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from markupsafe import Markup, escape

# What no text of a page should have; where one has it all the same, each is escaped by itself.
_BETWEEN = "\0"
_PLACE = re.compile(f"{_BETWEEN}([0-9]+){_BETWEEN}")
# Ways to write a row.
_CACHED_WAYS = 256

Row = Sequence[object]


class _Pattern(NamedTuple):
    """How a row is written: with `%s` for each of its texts, which `chosen` takes from it in that order."""

    written: str
    chosen: Callable[[Row], tuple[object, ...]]


class Rows:
    """Writes rows by a macro, which is called once for each way in which a row can be written."""

    def __init__(self, macro: Callable[..., str], texts: int) -> None:
        """Take what writes a row of so many `texts`, two at least, which it puts in places and never reads.

        Whatever a row has behind its texts says how it is written: flags of few values.
        """
        self._macro, self._texts = macro, texts
        self._pattern = lru_cache(_CACHED_WAYS)(self._pattern_of)

    def __call__(self, rows: Iterable[Row]) -> Markup:
        """Return all rows, one after the other."""
        texts, pattern = self._texts, self._pattern
        patterns: list[str] = []
        values: list[object] = []
        for row in rows:
            written, chosen = pattern(*row[texts:])
            patterns.append(written)
            values += chosen(row)
        # The patterns are a template's, the values are escaped.
        return Markup("".join(patterns) % _escaped(values))  # noqa: S704

    def _pattern_of(self, *flags: object) -> _Pattern:
        """Return how a row with these flags is written."""
        places = (f"{_BETWEEN}{number}{_BETWEEN}" for number in range(self._texts))
        written = str(self._macro(*places, *flags)).replace("%", "%%")
        chosen = itemgetter(*map(int, _PLACE.findall(written)))
        return _Pattern(_PLACE.sub("%s", written), chosen)


def _escaped(values: Iterable[object]) -> tuple[str, ...]:
    """Return values as HTML, by one call for all of them."""
    texts = [*map(str, values)]
    together = tuple(str(escape(_BETWEEN.join(texts))).split(_BETWEEN)) if texts else ()
    return together if len(together) == len(texts) else tuple(str(escape(text)) for text in texts)
