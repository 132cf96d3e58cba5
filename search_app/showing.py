"""What is shown of a hit: marked title, fragments and grantee, and why it matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from indexer.document import Project, Status
from indexer.schema import TEXT_FIELDS
from search_app.marking import Mark, Marker
from search_app.query import Parsed
from search_app.results import Hit, Matched, Snippet, TermMatch
from search_app.snippets import fragments, marked


@dataclass(frozen=True, slots=True)
class Shown:
    """A project with the texts to show of it."""

    project: Project
    title: Snippet
    description: tuple[Snippet, ...]
    grantee: Snippet
    matched: Matched

    @classmethod
    def unmarked(cls, project: Project) -> Self:
        """Return the whole texts of a project without marks."""
        texts = (Snippet(project.title), (Snippet(project.description),), Snippet(project.grantee))
        return cls(project, *texts, Matched())

    def hit(self, status: Status, score: float) -> Hit:
        """Return the hit that shows this."""
        return Hit(self.project, status, score, self.title, self.description, self.grantee, self.matched)


def show(
    projects: Sequence[Project],
    markers: Mapping[str, Marker],
    parsed: Parsed,
    missing: Sequence[frozenset[int]],
) -> list[Shown]:
    """Show projects; `missing` has for each the numbers of the parts of the query that it lacks."""
    return [_show(project, markers, parsed, lacks) for project, lacks in zip(projects, missing, strict=True)]


def _show(project: Project, markers: Mapping[str, Marker], parsed: Parsed, lacks: frozenset[int]) -> Shown:
    texts = {"title": project.title, "description": project.description, "grantee": project.grantee}
    marks = {name: markers[name].marks(text) for name, text in texts.items()}
    met = {mark.part for found in marks.values() for mark in found}
    if any(part not in met and part not in lacks for part in _markable(markers)):
        marks = {name: markers[name].every_mark(text) for name, text in texts.items()}
    return Shown(
        project=project,
        title=marked(project.title, marks["title"]),
        description=fragments(project.description, marks["description"]),
        grantee=marked(project.grantee, marks["grantee"]),
        matched=_matched(marks, parsed, lacks),
    )


def whole(project: Project, markers: Mapping[str, Marker]) -> Shown:
    """Show the whole texts of one project, every match in them marked."""
    title, description, grantee = (
        marked(text, markers[name].every_mark(text))
        for name, text in (
            ("title", project.title),
            ("description", project.description),
            ("grantee", project.grantee),
        )
    )
    return Shown(project, title, (description,), grantee, Matched())


def _markable(markers: Mapping[str, Marker]) -> set[int]:
    return set().union(*(marker.parts for marker in markers.values()))


def _matched(marks: Mapping[str, Sequence[Mark]], parsed: Parsed, lacks: frozenset[int]) -> Matched:
    words: dict[int, dict[str, None]] = {}
    fields: dict[int, dict[str, None]] = {}
    for name in TEXT_FIELDS:
        for mark in marks[name]:
            words.setdefault(mark.part, {})[mark.word] = None
            fields.setdefault(mark.part, {})[name] = None
    terms = tuple(
        TermMatch(part.text, tuple(words.get(number, ())), tuple(fields.get(number, ())))
        for number, part in enumerate(parsed.parts)
        if number not in lacks
    )
    return Matched(terms, tuple(part.text for number, part in enumerate(parsed.parts) if number in lacks))
