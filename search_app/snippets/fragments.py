"""Fragments of a hit's text with highlights: whole sentences around the densest matches."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from search_app.results import Snippet
from search_app.snippets.highlights import Highlight, Span
from search_app.snippets.sentences import sentence_bounds

# About two lines and a half of text: enough to judge a project, short enough to compare ten.
SNIPPET_LENGTH = 240
# A sentence up to this length is shown whole: a cut would save half a line and cost its end.
LONGEST_SENTENCE = 320
# Of a sentence that is cut, this share of the length stands before the first match: some context.
LEAD = 1 / 4


def highlighted(text: str, highlights: Sequence[Highlight]) -> Snippet:
    """Return the whole of `text` with its highlights."""
    if len(highlights) > 1:
        return Snippet(text, _merged(highlights, 0, len(text)))
    return Snippet(text, (highlights[0][:2],) if highlights else ())


def paragraphs(whole: Snippet) -> tuple[Snippet, ...]:
    """Return the paragraphs of a text, which are its lines, each with its highlights."""
    found: list[Snippet] = []
    begin = 0
    starts, ends = ([one[side] for one in whole.highlights] for side in (0, 1))
    for line in whole.text.split("\n"):
        end = begin + len(line)
        inside = whole.highlights[bisect_right(ends, begin) : bisect_left(starts, end)] if line else ()
        spans = [(max(first, begin) - begin, min(last, end) - begin) for first, last in inside]
        found.append(Snippet(line, tuple(spans)))
        begin = end + 1
    return tuple(found)


def fragments(text: str, highlights: Sequence[Highlight]) -> tuple[Snippet, ...]:
    """Return one or two fragments of `text` with highlights, whole sentences of about `SNIPPET_LENGTH`.

    A second one is given only for a clause of the query that the first does not show, be it further on in the
    same long sentence. Without highlights, the beginning of the text; nothing for an empty text.
    """
    if not text:
        return ()
    if len(text) <= SNIPPET_LENGTH:
        return (highlighted(text, highlights),)
    starts = [highlight[0] for highlight in highlights]
    bounds = _around(highlights, sentence_bounds(text, starts or (0,), SNIPPET_LENGTH))
    if not highlights:
        window = _window(text, bounds, 0)
        return (_with_ellipses(text, _cut(text, window, ()), window, ()),)
    shown = _chosen(text, _windows(text, bounds, highlights), highlights)
    return tuple([_with_ellipses(text, cut, window, highlights) for cut, window in shown])


def _around(highlights: Sequence[Highlight], bounds: list[int]) -> list[int]:
    """Return the bounds of sentences without those inside of a highlight.

    The words of a phrase may end one sentence and begin the next: only both together show that it is met.
    """
    inside = set[int]()
    for start, end, _, _ in highlights:
        after = bisect_right(bounds, start)
        if bounds[after] < end:
            inside.update(bounds[after : bisect_left(bounds, end)])
    return [bound for bound in bounds if bound not in inside] if inside else bounds


def _windows(text: str, bounds: Sequence[int], highlights: Sequence[Highlight]) -> list[Span]:
    """Return the windows around the sentences that have highlights, each once, ascending."""
    windows: list[Span] = []
    end = 0
    for start, _, _, _ in highlights:
        # Of the highlights in one sentence the first stands for all: their window is the same.
        if start >= end:
            sentence = bisect_right(bounds, start) - 1
            end = bounds[sentence + 1]
            window = _window(text, bounds, sentence)
            if not windows or window != windows[-1]:
                windows.append(window)
    return windows


def _chosen(text: str, windows: Sequence[Span], highlights: Sequence[Highlight]) -> list[tuple[Span, Span]]:
    """Return what is shown of the densest window, and of one for clauses of the query that it leaves unseen.

    Each as the part that is shown, and the window of which it is a part.
    """
    clauses = [highlight[2] for highlight in highlights]
    starts = [highlight[0] for highlight in highlights]
    inside = [(bisect_left(starts, start), bisect_left(starts, end)) for start, end in windows]
    only_one = clauses.count(clauses[0]) == len(clauses)
    if only_one:
        counts = [after - before for before, after in inside]
        number = counts.index(max(counts))
    else:
        number = _densest([clauses[before:after] for before, after in inside])
    first, (before, after) = windows[number], inside[number]
    cut = _cut(text, first, highlights[before:after])
    if only_one:
        return [(cut, first)]
    seen = (
        clauses[before:after]
        if cut == first
        else [one[2] for one in _inside(highlights, *cut) if one[1] <= cut[1]]
    )
    unseen = {*clauses}.difference(seen)
    if not unseen:
        return [(cut, first)]
    rest = [one for one in highlights if one[2] in unseen and (one[1] <= cut[0] or one[0] >= cut[1])]
    if not rest:
        return [(cut, first)]
    return sorted([(cut, first), _second(text, windows, rest, (cut, first))])


def _second(
    text: str, windows: Sequence[Span], rest: Sequence[Highlight], shown: tuple[Span, Span]
) -> tuple[Span, Span]:
    """Return what is shown, and of which window, for the `rest` that the part `shown` of a window leaves."""
    (begin, end), first = shown
    found = [_inside(rest, *window) for window in windows]
    number = _densest([[one[2] for one in inside] for inside in found])
    window, inside = windows[number], found[number]
    start, stop = window
    if start < end and stop > begin:
        # The two meet: what the first one shows is not shown again.
        if _first_shown(inside) >= end:
            start, inside = end, _inside(inside, end, stop)
            while text[start].isspace():
                start += 1
        else:
            stop, inside = begin, _inside(inside, start, begin)
            while text[stop - 1].isspace():
                stop -= 1
    # Of the sentence that the first one cuts this is a part as well; other windows are of whole sentences.
    return _cut(text, (start, stop), inside), window if window == first else (start, stop)


def _densest(within: Sequence[Sequence[int]]) -> int:
    """Return which window has most of the clauses of the query, then most highlights, then stands first.

    `within` has the clause of each highlight in each window.
    """
    weights = [(len({*clauses}), len(clauses)) for clauses in within]
    return weights.index(max(weights))


def _window(text: str, bounds: Sequence[int], sentence: int) -> Span:
    """Return the run of whole sentences around one that fits; `bounds` are their starts and the end."""
    start, end = bounds[sentence], bounds[sentence + 1]
    if end - start < SNIPPET_LENGTH:
        end = bounds[bisect_right(bounds, start + SNIPPET_LENGTH) - 1]
        start = bounds[bisect_left(bounds, end - SNIPPET_LENGTH)]
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _inside(highlights: Sequence[Highlight], start: int, end: int) -> Sequence[Highlight]:
    """Return the highlights, of ascending ones, that begin in [start, end)."""
    # Highlights compare as tuples: the shortest tuple with this start stands before all that begin there.
    return highlights[bisect_left(highlights, (start,)) : bisect_left(highlights, (end,))]


def _cut(text: str, window: Span, inside: Sequence[Highlight]) -> Span:
    """Return what is shown of a window; too long a sentence is cut between words around its highlights."""
    start, end = window
    if end - start <= LONGEST_SENTENCE:
        return window
    first = _first_shown(inside) if inside else start
    cut_start = max(start, min(first - int(SNIPPET_LENGTH * LEAD), end - SNIPPET_LENGTH))
    cut_end = min(end, cut_start + SNIPPET_LENGTH)
    if cut_start > start:
        cut_start = text.find(" ", cut_start - 1, first) + 1 or first
    if cut_end < end:
        space = text.rfind(" ", cut_start, cut_end + 1)
        cut_end = space if space > first else cut_end
    return cut_start, cut_end


def _first_shown(highlights: Sequence[Highlight]) -> int:
    """Return the start of the highlight from which on most clauses of the query fit into a cut."""
    room = int(SNIPPET_LENGTH * (1 - LEAD))

    def clauses(highlight: Highlight) -> int:
        """Return how many clauses are seen where a cut begins with a highlight."""
        last = highlight[0] + room
        return len({clause for _, end, clause, _ in _inside(highlights, highlight[0], last) if end <= last})

    return max(highlights, key=clauses)[0]


def _with_ellipses(text: str, cut: Span, window: Span, highlights: Sequence[Highlight]) -> Snippet:
    before = "… " if cut[0] > window[0] else ""
    after = " …" if cut[1] < window[1] else ""
    body = text[cut[0] : cut[1]].rstrip()
    shifted = tuple(
        (start + len(before), end + len(before))
        for start, end in _merged(highlights, cut[0], cut[0] + len(body))
    )
    return Snippet(f"{before}{body}{after}", shifted)


def _merged(highlights: Sequence[Highlight], first: int, last: int) -> tuple[Span, ...]:
    """Return the highlighted ranges within [first, last), counted from `first`, overlapping ones as one.

    Those at 3 to 5 and 4 to 7 are the one range (1, 5) within [2, 9).
    """
    ranges: list[Span] = []
    covered = first
    for start, end, _, _ in _inside(highlights, first, last):
        if end > last:
            continue
        if start < covered:
            covered = max(end, covered)
            ranges[-1] = ranges[-1][0], covered - first
        else:
            ranges.append((start - first, end - first))
            covered = end
    return tuple(ranges)
