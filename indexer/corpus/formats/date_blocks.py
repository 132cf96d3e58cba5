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

from indexer.corpus.dates import MONTH_FIRST, DateReading, DateSurvey
from indexer.corpus.formats.grid import decide_dates
from indexer.corpus.reading import MEGABYTE, Reading

_IN_MEMORY = 16 * MEGABYTE
# A string that begins with a date in numbers: "31/01/2020".
_NUMERIC = re.compile(rb'"\s*\d{1,2}[/.-]\s?\d{1,2}[/.-]\s?\d{2}')


def dated_blocks(
    blocks: Iterator[bytes], date_texts: Callable[[bytes], Iterable[str]], reading: Reading
) -> Iterator[bytes]:
    """Yield blocks of lines; `reading.account` says how their dates are read before any of them comes.

    `date_texts` gives the texts in the columns of dates of a block.
    """
    for block in blocks:
        if _NUMERIC.search(block):
            yield from _surveyed(block, blocks, date_texts, reading)
            return
        yield block


def salt(dates: DateReading) -> bytes:
    """Return what makes the key of a line another one where its dates are read in another way."""
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
                for text in date_texts(block) if _NUMERIC.search(block) else ():
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
