"""What is shown of a hit: marked title, fragments and grantee, and why it matched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Self

from indexer.document import Project, Status
from indexer.storage.schema import TEXT_FIELDS
from search_app.query.parsing import Parsed
from search_app.results import Hit, Matched, Snippet, TermMatch
from search_app.snippets.fragments import fragments, marked
from search_app.snippets.highlights import Mark, Marker

# The marks of title, description and grantee.
Marks = Sequence[Sequence[Mark]]


class Shown(NamedTuple):
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
    texts = [(one.title, one.description, one.grantee) for one in projects]
    markable = set().union(*(marker.parts for marker in markers.values()))
    return [
        _show(project, _complete(marks, own, markers, markable - lacks), parsed, lacks)
        for project, own, marks, lacks in zip(projects, texts, _marks(texts, markers), missing, strict=True)
    ]


def _marks(texts: Sequence[Sequence[str]], markers: Mapping[str, Marker]) -> Iterable[Marks]:
    """Return the marks in the texts of each hit, quickly found."""
    fields, alike = len(TEXT_FIELDS), list(markers.values())
    if all(one is alike[0] for one in alike):
        found = alike[0].marks([text for own in texts for text in own])
        return [found[first : first + fields] for first in range(0, len(found), fields)]
    by_field = [markers[name].marks([own[place] for own in texts]) for place, name in enumerate(TEXT_FIELDS)]
    return zip(*by_field, strict=True)


def _complete(marks: Marks, texts: Sequence[str], markers: Mapping[str, Marker], met: set[int]) -> Marks:
    """Return the marks of the texts of a hit; if one of the parts `met` has none, those by analysis."""
    if met <= {mark[2] for found in marks for mark in found}:
        return marks
    return [markers[name].every_mark(text) for name, text in zip(TEXT_FIELDS, texts, strict=True)]


def _show(project: Project, marks: Marks, parsed: Parsed, lacks: frozenset[int]) -> Shown:
    title, description, grantee = marks
    return Shown(
        project,
        marked(project.title, title),
        fragments(project.description, description),
        marked(project.grantee, grantee),
        _matched(marks, parsed, lacks),
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


def _matched(marks: Marks, parsed: Parsed, lacks: frozenset[int]) -> Matched:
    words: list[dict[str, None]] = [{} for _ in parsed.parts]
    fields: list[dict[str, None]] = [{} for _ in parsed.parts]
    for name, found in zip(TEXT_FIELDS, marks, strict=True):
        for _, _, part, word in found:
            words[part][word] = None
            fields[part][name] = None
    terms = [
        TermMatch(part.text, tuple(met), tuple(where))
        for part, met, where in zip(parsed.parts, words, fields, strict=True)
    ]
    if not lacks:
        return Matched(tuple(terms))
    return Matched(
        tuple([term for number, term in enumerate(terms) if number not in lacks]),
        tuple([parsed.parts[number].text for number in sorted(lacks)]),
    )
