"""Changes as the page and the feed tell them: by day, on a day by kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import groupby

from indexer.reporting.numbers import counted
from indexer.reporting.report import FieldChange
from indexer.storage.history.events import EventKind
from indexer.storage.own_fields import OwnField
from search_app.backend.page_of_changes import Event
from search_app.web.api.schemas.arguments import ParameterError
from search_app.web.changed import LinkedChanges, LinkedEvent, changes_url
from search_app.web.pages.parts.listing.paging import PageLink, page_links
from search_app.web.urls import CHANGES

# Of longer texts the part that differs is shown, with what leads to it, and of many fields the first: the
# project's page has them all.
SHOWN_LENGTH, SHOWN_BEFORE, SHOWN_EDITS = 300, 60, 12

LABELS: dict[EventKind, str] = {"added": "Added", "changed": "Changed", "removed": "Removed"}
# Where on the page a parameter is chosen or typed.
ANCHORS = {name: name for name in ("kind", "from", "to")}
UNKNOWN_TITLE = "A project whose title is not known any more"


@dataclass(frozen=True, slots=True)
class ChangedProject:
    """A project that came, went or changed; without address when it is gone; `note` says what is special."""

    title: str
    url: str | None
    edits: tuple[FieldChange, ...]
    note: str

    @property
    def summary(self) -> str:
        """The edits in a sentence each."""
        edits = (f"{one.field}: {one.before or 'empty'} → {one.after or 'empty'}." for one in self.edits)
        return " ".join((*edits, *([f"{self.note}."] if self.note else [])))


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Projects that had one thing happen to them on a day; `count` is of all, the page has some of them."""

    anchor: str
    label: str
    count: int
    projects: list[ChangedProject]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What the page says: each day with its groups, what was asked for, and the pages there are."""

    days: list[tuple[date, list[ChangeGroup]]]
    linked: LinkedChanges
    typed: dict[str, str]
    kinds: tuple[tuple[str, str], ...]
    pages: list[PageLink | None]
    errors: tuple[ParameterError, ...]
    anchors: dict[str, str]
    clear: bool
    hides_removed: bool

    @property
    def messages(self) -> dict[str, str]:
        """What is wrong with each parameter that is wrong."""
        return {one.parameter: one.message for one in self.errors}


def changes_page(
    linked: LinkedChanges, own_fields: Iterable[OwnField], errors: tuple[ParameterError, ...] = ()
) -> ChangesPage:
    """Return the page of some changes, with what was wrong with what was asked."""
    asked, labels = linked.changes.request, column_labels(own_fields)
    typed = {"from": str(asked.first or ""), "to": str(asked.last or "")}
    return ChangesPage(
        days=[
            (day, _groups(day, list(events), linked, labels))
            for day, events in groupby(linked.events, key=lambda one: one.event.moment.date())
        ],
        linked=linked,
        typed=typed | {error.parameter: error.value for error in errors},
        kinds=(("", "All"), *((kind, label) for kind, label in LABELS.items())),
        pages=page_links(asked.page, linked.changes.pages, partial(changes_url, asked, CHANGES)),
        errors=errors,
        anchors=ANCHORS,
        clear=bool(asked.kinds or asked.first or asked.last or asked.q),
        hides_removed=bool(asked.q.strip()) and (not asked.kinds or "removed" in asked.kinds),
    )


def _groups(
    day: date, events: Iterable[LinkedEvent], linked: LinkedChanges, labels: Mapping[str, str]
) -> list[ChangeGroup]:
    groups = []
    for kind, some in groupby(events, key=lambda one: one.event.kind):
        projects, count = [changed_project(*one, labels) for one in some], linked.changes.counts[day, kind]
        groups.append(ChangeGroup(f"{kind}-{day}", LABELS[kind], count, projects))
    return groups


def column_labels(own_fields: Iterable[OwnField]) -> dict[str, str]:
    """Return how people know the columns that fields are made from: by the label of the field."""
    declared = (one for one in own_fields if not one.derived)
    return {column: one.label for one in declared for column in one.columns}


def changed_project(event: Event, url: str | None, labels: Mapping[str, str]) -> ChangedProject:
    """Return what is told of a project in a list of changes; `labels` has those of columns."""
    changes = (FieldChange(*one) for one in event.fields or ())
    told = (replace(one, field=labels.get(one.field, one.field)) for one in changes)
    edits = tuple(one.shown(SHOWN_LENGTH, SHOWN_BEFORE) for one in told)
    return ChangedProject(event.title or UNKNOWN_TITLE, url, edits[:SHOWN_EDITS], _note(event, len(edits)))


def _note(event: Event, edits: int) -> str:
    if event.returned:
        return "It was in the index before"
    if event.kind == "changed" and event.fields is None:
        return "What changed was not recorded"
    if edits > SHOWN_EDITS:
        return f"And {counted(edits - SHOWN_EDITS, 'more field')}"
    if event.kind != "removed" and not event.there:
        return "It is not in the index any more"
    return ""
