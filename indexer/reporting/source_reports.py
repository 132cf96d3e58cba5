"""What a `reindex` says of one file of the corpus: how it was read, what came of it, what is doubtful."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from indexer.document import SourceWarning
from indexer.reporting.numbers import counted

# Of one file; one that has more is looked at with `reindex describe`.
MOST_WARNINGS = 100
# What a column became that its publisher makes anew each time: it says nothing of a project.
LEFT_OUT = "left out"
# What a field of a project is called, where it is more than its name.
CALLED = {"start": "start date", "end": "end date", "span": "span of dates", "id": "id of the project"}


@dataclass(frozen=True, slots=True)
class SourceReport:
    """A file as it was read; `key` is that of its bytes, if it is read as a whole.

    `date_order` is "" where no date could be read in two ways; `columns` has each column and what it became,
    "" for one that is only kept. `left_out` counts rows that are no projects.
    """

    path: str
    key: str = ""
    format: str = ""
    publisher: str = ""
    encoding: str = ""
    heading: str = ""
    date_order: str = ""
    date_reason: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    projects: int = 0
    rejected: int = 0
    left_out: int = 0
    warnings: tuple[SourceWarning, ...] = ()

    def line(self) -> str:
        """Return the file in a line: what it is, what came of it, how many warnings."""
        read_as = ", ".join(filter(None, (self.publisher or self.format, self.encoding, self.date_order)))
        counts = [counted(self.projects, "project")]
        counts += [f"{self.rejected:,} rejected"] if self.rejected else []
        counts += [f"{self.left_out:,} left out"] if self.left_out else []
        counts += [counted(len(self.warnings), "warning")] if self.warnings else []
        return f"{self.path}: {', '.join(counts)}" + (f" ({read_as})" if read_as else "")


def source_report(values: dict[str, Any]) -> SourceReport:
    """Return the report of a file from its form in JSON; raise TypeError if it is none."""
    warnings = tuple(SourceWarning(**warning) for warning in values.pop("warnings", ()))
    columns = tuple((name, became) for name, became in values.pop("columns", ()))
    return SourceReport(**values, columns=columns, warnings=warnings)
