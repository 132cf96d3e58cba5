"""What a list reads of a long project: its beginning, and the stretch where most of the query stands.

A record may have a megabyte, and a page lists a hundred. So a description is cut in lists, and a snippet
looks at a bounded part of a long one: the index knows at which of its words the query stands, and samples of
the text tell about where that is. Only that part is decoded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.document import Project
from indexer.storage.schema import TEXT_FIELDS
from indexer.storage.segment import parsed
from search_app.backend.returned import DESCRIPTION_LENGTH, Listed, Sought, cut
from search_app.embedded.postings.matches import Documents, united, without_repeats
from search_app.embedded.postings.terms import TermReader

# Bytes that so many characters take at most in JSON: control characters have six.
LONGEST_LISTED = 6 * DESCRIPTION_LENGTH
# A stored project up to this many bytes is read whole: of most corpora every one.
READ_WHOLE = 32 << 10
# Bytes looked at on either side of where words should stand: in prose 100,000 words move a place by a tenth.
LOOKED_AT = 8 << 10
# A text is taken to have as many words throughout each of so many parts as at its beginning, in bytes;
# words that begin in a sample are counted in 8 bits.
PARTS, SAMPLE = 64, 256
# Words in a stretch, as a power of two: about a screen.
STRETCH_BITS = 8
# How much of the end of a form is looked through for the end of its description, and how many texts in it.
TAIL, MOST_TRIED = 16 << 10, 32
# Backslashes before a quote; a text with more is read whole.
MOST_BACKSLASHES = 64
# A stored form, or a view of it where it lies.
Form = bytes | memoryview
# The words that a description is looked through for, by the number of the clause.
Words = Mapping[int, frozenset[str]]
# Where most of a project's query stands, as a share of its description; -1 where nothing does.
Shares = NDArray[np.float64]

# 1 for each byte of UTF-8 that is of words: letters and digits of ASCII, and whatever is beyond it.
_OF_WORDS = bytes(byte > 127 or chr(byte).isalnum() for byte in range(256))
_DESCRIPTION = TEXT_FIELDS.index("description")
# The bits of a stretch's number that are for the part of the query, and for the stretch.
_CLAUSE_BITS, _ROW_SHIFT = 8, 32


def listed(reader: TermReader, documents: Documents, sought: Sought) -> list[Listed]:
    """Return projects for a list; of long ones what stands where most of what is `sought` does."""
    segment = reader.segment
    forms = segment.stored_views(documents)
    if max(map(len, forms), default=0) <= READ_WHOLE:
        return [*map(cut, parsed(forms))]
    long = np.array([len(form) > READ_WHOLE for form in forms], np.bool_)
    shares = np.full(len(documents), -1.0)
    shares[long] = _shares(reader, documents.compress(long), sought())
    return [_read(form, share) for form, share in zip(forms, shares.tolist(), strict=True)]


def _shares(reader: TermReader, documents: Documents, sought: Words) -> Shares:
    """Return where in each description the first stretch with most parts of the query begins."""
    order = documents.argsort()
    shares = np.full(len(documents), -1.0)
    stretches = _stretches(reader, documents.take(order), sought)
    if not len(stretches):
        return shares
    places, parts = np.unique(stretches >> _CLAUSE_BITS, return_counts=True)
    rows = places >> (_ROW_SHIFT - _CLAUSE_BITS)
    # By row, most parts first, then the first place.
    best = np.lexsort((places, -parts, rows))
    best = best[np.unique(rows.take(best), return_index=True)[1]]
    found = order.take(rows.take(best))
    first_words = (places.take(best) & (1 << (_ROW_SHIFT - _CLAUSE_BITS)) - 1) << STRETCH_BITS
    lengths = reader.segment.lengths[_DESCRIPTION].take(documents.take(found))
    shares[found] = (first_words + (1 << STRETCH_BITS) / 2) / np.maximum(lengths, 1)
    return shares.clip(max=1.0)


def _stretches(reader: TermReader, documents: Documents, sought: Words) -> NDArray[np.int64]:
    """Return each stretch of ascending `documents` with each part that stands there: row, stretch, part."""
    segment, found = reader.segment, [np.zeros(0, np.int64)]
    for clause, words in sought.items():
        numbers = [number for number in map(segment.words.find, words) if number >= 0]
        for term in np.unique(segment.word_terms.take(numbers)).tolist():
            occurrences = reader.occurrences(term, documents)
            bits = segment.field_position_bits
            inside = occurrences.only(bits.fields(occurrences.field_positions) == _DESCRIPTION)
            stretch = bits.positions(inside.field_positions) >> STRETCH_BITS
            part = clause & (1 << _CLAUSE_BITS) - 1
            # A term's occurrences ascend: many in one stretch are neighbours.
            found.append(without_repeats(inside.rows << _ROW_SHIFT | stretch << _CLAUSE_BITS | part))
    return united(found)


def _read(stored: Form, share: float) -> Listed:
    if len(stored) <= READ_WHOLE:
        return cut(*parsed([stored]))
    return _read_stored(stored, share)


def _read_stored(stored: Form, share: float) -> Listed:
    try:
        return _in_part(stored, share)
    except ValueError:
        # So many backslashes that it is not told where a text ends.
        return cut(Project.from_stored(stored))


def _in_part(stored: Form, share: float) -> Listed:
    """Read a stored form without what is in the middle of its description.

    Raise ValueError where it cannot be told where that is.
    """
    # Whatever is in the middle of a megabyte is not even copied.
    view = memoryview(stored)
    first = _after_texts(bytes(view[:READ_WHOLE]), 1, 2) + len('","')
    last = _description_end(view, first)
    project = Project.from_stored(bytes(view[:first]) + bytes(view[last:]))
    text = view[first:last]
    if len(text) <= LONGEST_LISTED:
        return cut(replace(project, description=_decoded(text)))
    short = replace(project, description=_beginning(text))
    return Listed(short, replace(project, description=_around(text, share)), cut=True)


def _beginning(text: memoryview) -> str:
    """Return what a list has of a long JSON text: of most, half as many characters as bytes are enough."""
    beginning = ""
    for length in (2 * DESCRIPTION_LENGTH, LONGEST_LISTED):
        beginning = _decoded(text[: _boundary(text, length)])
        if len(beginning) >= DESCRIPTION_LENGTH:
            break
    return beginning[:DESCRIPTION_LENGTH]


def _around(text: memoryview, share: float) -> str:
    """Return what stands on both sides of a place in a long JSON text, with dots where it goes on."""
    middle = _place(text, share) if share >= 0 else 0
    begin, end = _boundary(text, middle - LOOKED_AT), _boundary(text, middle + LOOKED_AT)
    looked_at = _decoded(text[begin:end])
    # From a whole word on, if there is one near.
    first = looked_at.find(" ", 0, LOOKED_AT // 8) + 1 if begin else 0
    return f"{'… ' if begin else ''}{looked_at[first:]}{' …' if end < len(text) else ''}"


def _place(text: Form, share: float) -> int:
    """Return about where a share of the words of a long text is over."""
    part = len(text) // PARTS
    samples = np.frombuffer(text, np.uint8, part * PARTS).reshape(PARTS, part)[:, :SAMPLE]
    of_words = np.frombuffer(samples.tobytes().translate(_OF_WORDS), np.uint8).reshape(samples.shape)
    # A part without any is passed as quickly as is possible.
    words = (of_words[:, 1:] > of_words[:, :-1]).sum(axis=1, dtype=np.uint8) + 1e-3
    passed = np.concatenate(([0.0], words.cumsum()))
    return int(np.interp(share * passed[-1], passed, np.arange(PARTS + 1) * part))


def _after_texts(stored: bytes, quote: int, count: int) -> int:
    """Return where the closing quote is of the last of `count` JSON texts, of which the first begins here.

    Another text follows the last one. Raise ValueError where that cannot be told.
    """
    end = quote
    for number in range(count):
        begin = end + 2 if number else quote
        # Another text follows, so the closing quote stands before a comma and a quote. Inside of a text that
        # is so nowhere but at its end, where an escaped quote and a comma are the last of it.
        end = stored.index(b'","', begin)
        while _backslashes(stored, end) % 2:
            end = stored.index(b'","', end + 1)
    return end


def _description_end(stored: memoryview, first: int) -> int:
    """Return where the closing quote of the description is, which begins at `first`.

    It is looked for from the end, for little stands behind it. Raise ValueError where it cannot be told.
    """
    begin = max(first, len(stored) - TAIL)
    tail = bytes(stored[begin:])
    end = len(tail)
    for _ in range(MOST_TRIED):
        # So far from where it begins that backslashes can be counted.
        end = tail.rfind(b'","', 0 if begin == first else MOST_BACKSLASHES, end + 2)
        if end < 0:
            break
        if not _backslashes(tail, end) % 2 and _is_behind_description(tail[end + 2 :]):
            return begin + end
    return first - 1 + _after_texts(bytes(stored[first - 1 :]), 0, 1)


def _is_behind_description(text: bytes) -> bool:
    """Tell whether a form ends so behind its description: grantee, start, end, and perhaps other columns.

    What follows another text is less than that, or within the braces of the other columns.
    """
    try:
        found = orjson.loads(b"[" + text)
    except ValueError:
        return False
    return len(found) == 4 or (len(found) == 3 and not isinstance(found[2], dict))


def _backslashes(stored: Form, end: int) -> int:
    """Return how many backslashes stand before a place: after an odd number what stands there is escaped.

    Raise ValueError for more than are worth counting.
    """
    before = bytes(stored[max(0, end - MOST_BACKSLASHES) : end])
    found = len(before) - len(before.rstrip(b"\\"))
    if found == MOST_BACKSLASHES:
        raise ValueError(end)
    return found


def _boundary(text: memoryview, place: int) -> int:
    """Return a place at or before one at which no escape of a JSON text is under way."""
    place = min(max(place, 0), len(text))
    before = bytes(text[max(0, place - 6) : place])
    slash = place - len(before) + before.rfind(b"\\")
    if b"\\" in before and _backslashes(text, slash + 1) % 2:
        length = 6 if bytes(text[slash + 1 : slash + 2]) == b"u" else 2
        return slash if place < slash + length else place
    return place


def _decoded(text: memoryview) -> str:
    """Return a part of a JSON text; characters that the cut went through are left out."""
    decoded: str
    cut_out = bytes(text)
    try:
        decoded = orjson.loads(b'"%b"' % cut_out)
    except ValueError:
        decoded = orjson.loads(b'"%b"' % cut_out.decode("utf-8", "ignore").encode())
    return decoded
