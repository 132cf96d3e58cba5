"""Doubts about a corpus as a whole: what a single record cannot show, for the maintainer to look at.

Dates, descriptions and grantees that are missing; ends before starts; one title with different dates;
grantees whose names differ in spelling, an acronym or a letter. `Quality` looks on while the corpus is
read and keeps counts, a few examples, and the distinct ids, titles and grantees.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from indexer.analysis import fold
from indexer.document import Project, Rejection

# Places or titles that a note names, and groups of grantees that get a note of their own.
EXAMPLES = 3
MAX_GROUPS = 20
# In the reason of a rejection, where the end is before the start.
REVERSED = "is before start date"

_PARENTHESES = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"[^\W_]+")
# What one writer puts into a name and another leaves out.
_SILENT = frozenset(
    ["the", "of", "and", "for", "inc", "incorporated", "llc", "ltd", "corp", "corporation", "co"]
)
# British and American spelling, as far as names of organisations need it.
_SPELLINGS = ((re.compile(r"(?<=[a-z])our\b"), "or"), (re.compile(r"is(?=ation|ing\b|e\b)"), "iz"))

Days = tuple[date | None, date | None]


@dataclass(slots=True)
class _Tally:
    """How often something was met, and where first."""

    what: str
    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, example: str) -> None:
        """Count one more."""
        self.count += 1
        if self.count <= EXAMPLES:
            self.examples.append(example)

    def note(self) -> str:
        """Return the count with its examples."""
        more = f" and {self.count - EXAMPLES:,} more" if self.count > EXAMPLES else ""
        return f"{self.count:,} {self.what}: {', '.join(self.examples)}{more}"


class Quality:
    """Looks on while records are read."""

    def __init__(self, aliases: Mapping[str, str] | None = None) -> None:
        """Begin; `aliases` gives the name to show for a folded name that has one."""
        self._aliases = aliases or {}
        self._seen: set[str] = set()
        self._days: dict[str, Days] = {}
        self._repeated: Counter[str] = Counter()
        self._grantees: Counter[str] = Counter()
        self._no_start = _Tally("without a start date")
        self._no_end = _Tally("without an end date")
        self._no_description = _Tally("without a description")
        self._no_grantee = _Tally("without a grantee")
        self._reversed = _Tally("rejected because their end is before their start")

    def observed(self, records: Iterable[Project | Rejection]) -> Iterator[Project | Rejection]:
        """Yield the records unchanged, having looked at each; a project met again counts once."""
        for record in records:
            if isinstance(record, Rejection):
                self._look_at_rejection(record)
            elif record.id not in self._seen:
                self._seen.add(record.id)
                self._look_at(record)
            yield record

    def notes(self) -> tuple[str, ...]:
        """Return what is doubtful so far, a sentence each."""
        tallies = (self._no_start, self._no_end, self._reversed, self._no_description, self._no_grantee)
        found = [tally.note() for tally in tallies if tally.count]
        return (*found, *self._title_note(), *self._grantee_notes())

    def _look_at(self, project: Project) -> None:
        if project.start is None:
            self._no_start.add(project.place)
        if project.end is None:
            self._no_end.add(project.place)
        if not project.description:
            self._no_description.add(project.place)
        if not project.grantee:
            self._no_grantee.add(project.place)
        days = (project.start, project.end)
        if self._days.setdefault(project.title, days) != days:
            self._repeated[project.title] += 1
        self._grantees[project.grantee] += 1

    def _look_at_rejection(self, record: Rejection) -> None:
        if REVERSED in record.reason:
            self._reversed.add(f"{record.path}:{record.line}")

    def _title_note(self) -> Iterator[str]:
        titles = _Tally("titles that stand for projects with different dates")
        for title, _ in self._repeated.most_common():
            titles.add(f'"{title}"')
        if titles.count:
            yield titles.note()

    def _grantee_notes(self) -> Iterator[str]:
        shown: Counter[str] = Counter()
        for name, count in self._grantees.items():
            shown[self._aliases.get(fold(name), name)] += count
        groups = list(alike(shown))
        for group in groups[:MAX_GROUPS]:
            names = ", ".join(f'"{name}" ({shown[name]:,})' for name in group)
            yield f"perhaps one grantee: {names}; aliases.txt can make them one"
        if len(groups) > MAX_GROUPS:
            yield f"{len(groups) - MAX_GROUPS:,} more groups of grantees with nearly equal names"


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
    text = fold(_PARENTHESES.sub(" ", name).strip() or name)
    first, _, last = text.rpartition(",")
    text = f"{last} {first}"
    for pattern, american in _SPELLINGS:
        text = pattern.sub(american, text)
    return " ".join(word for word in _WORD.findall(text) if word not in _SILENT)


def _with_acronyms(groups: dict[str, list[str]]) -> dict[str, list[str]]:
    """Join the group of "ILO" to that of "International Labor Organization (ILO)"."""
    for key, group in list(groups.items()):
        for name in list(group):
            for acronym in map(_key, _PARENTHESES.findall(name)):
                if acronym != key and acronym in groups:
                    group += groups.pop(acronym)
    return groups
