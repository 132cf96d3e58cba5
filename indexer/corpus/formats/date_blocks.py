"""The order of day and month in a file of lines: decided at the first date that is written in numbers.

Most files have none and are read in one go. Where one comes, all that follows is looked through before it is
read, and kept meanwhile on disk if it is large.
"""

from __future__ import annotations

import re
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import numpy as np

from indexer.corpus.dates import MONTH_FIRST, DateReading, DateSurvey
from indexer.corpus.formats.grid import decide_dates
from indexer.corpus.reading import MEGABYTE, Reading

_IN_MEMORY = 16 * MEGABYTE
# A string that begins with a date in numbers: "31/01/2020".
NUMERIC = re.compile(rb'"\s*\d{1,2}[/.-]\s?\d{1,2}[/.-]\s?\d{2}')
# What each byte is to it.
_DIGIT, _MARK, _BLANK = 1, 2, 3
_KINDS = np.zeros(256, np.uint8)
for _bytes, _kind in ((b"0123456789", _DIGIT), (b"/.-", _MARK), (b" \t\n\r\f\v", _BLANK)):
    _KINDS[list(_bytes)] = _kind


def dated_blocks(
    blocks: Iterator[bytes], date_texts: Callable[[bytes], Iterable[str]], reading: Reading
) -> Iterator[bytes]:
    """Yield blocks of lines; `reading.account` says how their dates are read before any of them comes.

    `date_texts` gives the texts in the columns of dates of a block.
    """
    for block in blocks:
        if is_numeric(block):
            yield from _surveyed(block, blocks, date_texts, reading)
            return
        yield block


def is_numeric(block: bytes) -> bool:
    """Tell whether a string of some lines begins with a date in numbers."""
    raw = np.frombuffer(block + b"   ", np.uint8)
    quotes = np.flatnonzero(raw[:-3] == ord('"'))
    # Few strings begin with a digit or a blank: only these are looked at closely.
    quotes = quotes[_KINDS.take(raw.take(quotes + 1)) > 0]
    first, second, third = (_KINDS[raw[quotes + place]] for place in (1, 2, 3))
    numeric = (first == _DIGIT) & ((second == _MARK) | (second == _DIGIT) & (third == _MARK))
    # Most blocks have none, which is seen so in less time than they take to search.
    return bool((numeric | (first == _BLANK)).any()) and NUMERIC.search(block) is not None


def salt(dates: DateReading) -> bytes:
    """Return what goes into the keys of lines, so that dates read in another way give other keys."""
    if (dates.order, dates.dotted) == (MONTH_FIRST.order, MONTH_FIRST.dotted):
        return b""
    return f"{dates.order}, {dates.dotted}\n".encode()


def _surveyed(
    first: bytes, blocks: Iterator[bytes], date_texts: Callable[[bytes], Iterable[str]], reading: Reading
) -> Iterator[bytes]:
    survey = DateSurvey()
    sizes = []
    damage: Exception | None = None
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as kept:
        try:
            for block in chain([first], blocks):
                for text in date_texts(block) if is_numeric(block) else ():
                    survey.add(text)
                sizes.append(len(block))
                kept.write(block)
        except (OSError, EOFError, zlib.error) as error:
            # What stood before the damage is read all the same.
            damage = error
        decide_dates(survey, reading)
        kept.seek(0)
        for size in sizes:
            yield kept.read(size)
    if damage:
        raise damage
