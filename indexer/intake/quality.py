"""Warnings about a corpus as a whole: what a single record cannot show, for the maintainer to look at.

Dates, descriptions and grantees that are missing; ends before starts; one title with different dates;
grantees whose names differ in spelling, an acronym or a letter. All is about the accepted
projects, in the order of their source lines.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from indexer.intake.columns import Columns
from indexer.reporting.numbers import counted
from indexer.storage.days import UNKNOWN_DAY
from indexer.text.analysis import fold

# Source lines or titles that a note names, and groups of grantees that get a note of their own.
EXAMPLES = 3
MAX_GROUPS = 20

_PARENTHESES = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"[^\W_]+")
# What one writer puts into a name and another leaves out.
_SILENT = frozenset(
    ["the", "of", "and", "for", "inc", "incorporated", "llc", "ltd", "corp", "corporation", "co"]
)
# British and American spelling, as far as names of organisations need it.
_SPELLINGS = (
    ("our", re.compile(r"(?<=[a-z])our\b"), "or"),
    ("is", re.compile(r"is(?=ation|ing\b|e\b)"), "iz"),
)


def notes(columns: Columns) -> tuple[str, ...]:
    """Return what is doubtful about the accepted projects and the rejected records, a sentence each."""
    rejected = columns.intake.rejected
    names, numbers = columns.grantees
    # Names are sorted: the empty one is the first.
    nameless = numbers == 0 if names[:1] == [""] else np.zeros(len(numbers), np.bool_)
    found = (
        _missing(columns, columns.starts == UNKNOWN_DAY, "without a start date"),
        _missing(columns, columns.ends == UNKNOWN_DAY, "without an end date"),
        _note(
            rejected.reversed_count,
            "rejected because their end is before their start",
            rejected.reversed_places,
        ),
        _missing(columns, columns.undescribed, "without a description"),
        _missing(columns, nameless, "without a grantee"),
        _title_note(columns),
    )
    counts = np.bincount(numbers, minlength=len(names)).tolist()
    return (*filter(None, found), *_grantee_notes(dict(zip(names, counts, strict=True))))


def _note(count: int, what: str, examples: Iterable[str]) -> str:
    """Return a count with its first examples, "" for none."""
    more = f" and {count - EXAMPLES:,} more" if count > EXAMPLES else ""
    return f"{count:,} {what}: {', '.join(islice(examples, EXAMPLES))}{more}" if count else ""


def _missing(columns: Columns, flags: NDArray[np.bool_], what: str) -> str:
    source_lines = np.sort(columns.source_lines[flags])
    return _note(len(source_lines), what, map(columns.intake.source_line, source_lines[:EXAMPLES].tolist()))


def _title_note(columns: Columns) -> str:
    days: dict[str, tuple[int, int]] = {}
    repeated: Counter[str] = Counter()
    for document in _doubtful_titles(columns).tolist():
        title = columns.title(document)
        both = int(columns.starts[document]), int(columns.ends[document])
        if days.setdefault(title, both) != both:
            repeated[title] += 1
    examples = (f'"{title}"' for title, _ in repeated.most_common())
    return _note(len(repeated), "titles that stand for projects with different dates", examples)


def _doubtful_titles(columns: Columns) -> NDArray[np.intp]:
    """Return the documents whose folded title stands with other dates too, by source line."""
    several = np.bincount(columns.title_ranks) > 1
    found = np.flatnonzero(several[columns.title_ranks])
    days = columns.starts[found].astype(np.int64) << 32 | columns.ends[found].view(np.uint32)
    ranks = columns.title_ranks[found]
    order = np.lexsort((days, ranks))
    ordered, days = ranks[order], days[order]
    doubtful = np.zeros(len(several), np.bool_)
    doubtful[ordered[1:][(ordered[1:] == ordered[:-1]) & (days[1:] != days[:-1])]] = True
    found = found[doubtful[ranks]]
    return found[np.argsort(columns.source_lines[found], kind="stable")]


def _grantee_notes(counts: Mapping[str, int]) -> Iterator[str]:
    groups = list(alike(counts))
    for group in groups[:MAX_GROUPS]:
        names = ", ".join(f'"{name}" ({counts[name]:,})' for name in group)
        yield f"perhaps one grantee: {names}; aliases.txt can make them one"
    if len(groups) > MAX_GROUPS:
        yield f"{counted(len(groups) - MAX_GROUPS, 'more group')} of grantees with nearly equal names"


def alike(names: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """Yield groups of names that may mean one grantee, those with the most projects first."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        if key := _key(name):
            groups[key].append(name)
    found = [tuple(sorted(group)) for group in _with_acronyms(groups).values() if len(group) > 1]
    yield from sorted(found, key=lambda group: (-sum(names[name] for name in group), group))


def _key(name: str) -> str:
    """Return what is left of a name without spelling, articles, legal form, parentheses and inversion."""
    # Most names have none of this, and there are many.
    text = fold(_PARENTHESES.sub(" ", name).strip() or name) if "(" in name else fold(name)
    first, _, last = text.rpartition(",")
    text = f"{last} {first}"
    for british, pattern, american in _SPELLINGS:
        if british in text:
            text = pattern.sub(american, text)
    words = _WORD.findall(text)
    return " ".join(words if _SILENT.isdisjoint(words) else [word for word in words if word not in _SILENT])


def _with_acronyms(groups: dict[str, list[str]]) -> dict[str, list[str]]:
    """Join the group of "ILO" to that of "International Labor Organization (ILO)"."""
    for key, group in list(groups.items()):
        for name in [one for one in group if "(" in one]:
            for acronym in map(_key, _PARENTHESES.findall(name)):
                if acronym != key and acronym in groups:
                    group += groups.pop(acronym)
    return groups
