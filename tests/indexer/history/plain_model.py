"""A plain model of what an index has to say of its corpus: rows of texts by id, and what every run saw of them.

It knows nothing of how an index is built: what is to be told of a day follows from the rows of the days before.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

Row = tuple[str, ...]


class Run(NamedTuple):
    """What one run saw: the ids that were added, changed and removed, and the rows that it found."""

    moment: datetime
    added: set[str]
    changed: set[str]
    removed: set[str]
    rows: dict[str, Row]


@dataclass
class Model:
    """What was indexed when: the generations that can be served, and what every run saw."""

    generations: list[tuple[datetime, dict[str, Row]]] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    @property
    def served(self) -> dict[str, Row]:
        """The rows of the generation that serves."""
        return self.generations[0][1]

    def built(self, moment: datetime, rows: dict[str, Row]) -> None:
        """Take note of a generation."""
        before = self.runs[-1].rows if self.runs else {}
        self.runs.append(Run(moment, *differences(before, rows), rows))
        self.generations = [(moment, rows), *self.generations[:1]]

    def rolled_back(self) -> None:
        """Go back to the generation before."""
        self.generations.reverse()

    @property
    def known_runs(self) -> list[Run]:
        """The runs up to the generation that serves."""
        return [run for run in self.runs if run.moment <= self.generations[0][0]]

    def seen(self) -> dict[str, tuple[datetime, datetime | None]]:
        """Return when each project that is served was first seen and last changed."""
        first: dict[str, datetime] = {}
        changed: dict[str, datetime] = {}
        for run in self.known_runs:
            first = {**dict.fromkeys(run.added, run.moment), **first}
            changed |= dict.fromkeys(run.changed, run.moment)
        return {key: (first[key], changed.get(key)) for key in self.served}

    def events(self) -> Counter[tuple[object, ...]]:
        """Return what happened: moment, kind, id, whether it is there, whether it came back."""
        first: set[str] = set()
        found: Counter[tuple[object, ...]] = Counter()
        for run in self.known_runs:
            for kind in ("added", "changed", "removed"):
                for key in getattr(run, kind):
                    there = key in self.served
                    found[run.moment, kind, key, there, there and kind == "added" and key in first] += 1
            first |= run.added
        return found


def differences(before: dict[str, Row], rows: dict[str, Row]) -> tuple[set[str], set[str], set[str]]:
    """Return which ids are new, which rows are others, and which ids are gone."""
    both = before.keys() & rows.keys()
    return (
        rows.keys() - before,
        {key for key in both if before[key] != rows[key]},
        before.keys() - rows.keys(),
    )
