"""What the last `reindex` changed, as the page and the feed tell it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.reporting.report import Change, Report
from search_app.web.urls import project_url

# Longer texts are cut where they stand side by side: the project's page has them whole.
SHOWN_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Edit:
    """A field with the value it had and the value it has."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangedProject:
    """A project that came, went or changed; without address when it is gone."""

    id: str
    title: str
    url: str | None
    edits: tuple[Edit, ...]

    @property
    def summary(self) -> str:
        """The edits in a sentence each."""
        return " ".join(
            f"{edit.field}: {edit.before or 'empty'} → {edit.after or 'empty'}." for edit in self.edits
        )


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The projects that had one thing happen to them; `count` is exact, the list may be cut."""

    name: str
    label: str
    count: int
    projects: list[ChangedProject]


def change_groups(report: Report) -> list[ChangeGroup]:
    """Return what happened, group by group; nothing for a group in which nothing did."""
    groups = (
        ("changed", "Changed", report.changed_count, report.changed),
        ("added", "Added", report.added_count, report.added),
        ("removed", "Removed", report.removed_count, report.removed),
    )
    return [
        ChangeGroup(name, label, count, list(_projects(changes, gone=name == "removed")))
        for name, label, count, changes in groups
        if count
    ]


def _projects(changes: tuple[Change, ...], *, gone: bool) -> Iterator[ChangedProject]:
    for change in changes:
        edits = tuple(Edit(one.field, _cut(one.before), _cut(one.after)) for one in change.fields)
        yield ChangedProject(change.id, change.title, None if gone else project_url(change.id), edits)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"
