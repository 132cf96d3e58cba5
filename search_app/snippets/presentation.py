"""What is shown of a hit: highlighted title, fragments and grantee, and why it matched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, islice
from typing import NamedTuple, Self, cast

from indexer.document import Project, Status
from indexer.storage.history.moments import NEVER_SEEN, When
from indexer.storage.own_fields import LONGEST_VALUE
from search_app.query.parsing import Parsed
from search_app.results import (
    NO_FIELDS,
    NO_SNIPPETS,
    Fields,
    Hit,
    Matched,
    OwnSnippets,
    Snippet,
)
from search_app.snippets.fragments import fragments, highlighted, paragraphs
from search_app.snippets.highlights import Highlight, Highlighter
from search_app.snippets.reasons import Highlights, Named, Reasons

# Characters of a text that is analysed for its highlights: 2 milliseconds, and most descriptions are shorter.
MOST_ANALYSED = 4_000
# Characters of a text in an own field that are looked at for its highlights; on a project's own page a longer
# text is searched, not analysed.
MOST_LOOKED_AT = 20_000


class Shown(NamedTuple):
    """A project with the texts to show of it."""

    project: Project
    title: Snippet
    description: tuple[Snippet, ...]
    grantee: Snippet
    matched: Matched
    own: OwnSnippets = NO_SNIPPETS

    @classmethod
    def unhighlighted(cls, project: Project) -> Self:
        """Return the whole texts of a project without highlights."""
        texts = (Snippet(project.title), paragraphs(Snippet(project.description)), Snippet(project.grantee))
        return cls(project, *texts, Matched())

    def hit(self, status: Status, score: float, fields: Fields = NO_FIELDS, when: When = NEVER_SEEN) -> Hit:
        """Return the hit that shows this."""
        texts = (self.title, self.description, self.grantee)
        return Hit(self.project, status, score, *texts, self.matched, fields=fields, own=self.own, when=when)


def show(
    projects: Sequence[Project],
    highlighters: Mapping[str, Highlighter],
    parsed: Parsed,
    missing: Sequence[frozenset[int]],
    own: Sequence[Named],
) -> list[Shown]:
    """Show projects, of which `own` are the texts in own fields.

    `missing` has for each the numbers of the clauses of the query that it lacks.
    """
    texts = [
        (
            ("title", one.title), ("description", one.description), ("grantee", one.grantee),
            *[(name, text[:MOST_LOOKED_AT]) for name, text in more],
        )
        for one, more in zip(projects, own, strict=True)
    ]  # fmt: skip
    reasons = Reasons(parsed, highlighters)
    return [
        _show(project, named, highlights, lacks, reasons)
        for project, named, highlights, lacks in zip(
            projects, texts, _highlights(texts, highlighters), missing, strict=True
        )
    ]


def _highlights(texts: Sequence[Named], highlighters: Mapping[str, Highlighter]) -> Iterable[Highlights]:
    """Return the highlights in the texts of each hit, quickly found."""
    flat = [one for own in texts for one in own]
    first, *others = highlighters.values()
    if all(one is first for one in others):
        each = iter(first.highlights([text for _, text in flat]))
        return [list(islice(each, len(own))) for own in texts]
    found: list[list[Highlight]] = [[] for _ in flat]
    alike: dict[int, list[int]] = {}
    for number, (name, _) in enumerate(flat):
        alike.setdefault(id(highlighters[name]), []).append(number)
    for numbers in alike.values():
        highlighter = highlighters[flat[numbers[0]][0]]
        own = highlighter.highlights([flat[number][1] for number in numbers])
        for number, highlights in zip(numbers, own, strict=True):
            found[number] = highlights
    each = iter(found)
    return [list(islice(each, len(own))) for own in texts]


def _analysed(texts: Named, highlights: Highlights, highlighters: Mapping[str, Highlighter]) -> Highlights:
    """Return every highlight in the texts of a hit.

    A long text keeps what was quickly found: to analyse it takes as long as to search.
    """
    return [
        highlighters[name].every_highlight(text) if len(text) <= MOST_ANALYSED else quick
        for (name, text), quick in zip(texts, highlights, strict=True)
    ]


def _show(
    project: Project, texts: Named, highlights: Highlights, lacks: frozenset[int], reasons: Reasons
) -> Shown:
    met = reasons.met(texts, highlights)
    if not reasons.markable - lacks <= met.keys():
        # A clause of the query is known to match, but where it does cannot be seen quickly.
        highlights = _analysed(texts, highlights, reasons.highlighters)
        met = reasons.met(texts, highlights)
    title, description, grantee = highlights[:3]
    return Shown(
        project,
        highlighted(project.title, title),
        fragments(project.description, description),
        highlighted(project.grantee, grantee),
        reasons.matched(met, lacks, project),
        _own(texts[3:], highlights[3:]) if len(texts) > 3 else NO_SNIPPETS,
    )


def _own(texts: Named, highlights: Highlights) -> OwnSnippets:
    """Return the values of own fields in which the query stands; of a long one the fragments."""
    found: dict[str, tuple[Snippet, ...]] = {}
    for (name, text), own in zip(texts, highlights, strict=True):
        if own:
            is_name = len(text) <= LONGEST_VALUE
            shown = (highlighted(text, own),) if is_name else fragments(text, own)
            found[name] = (*found.get(name, ()), *shown)
    return found or NO_SNIPPETS


def whole(project: Project, highlighters: Mapping[str, Highlighter], fields: Fields = NO_FIELDS) -> Shown:
    """Show the whole texts of one project, in its own `fields` as well, with the matches in them highlighted.

    In a long text these are what is quickly found: to analyse a megabyte takes a second.
    """
    title, description, grantee = (
        highlighted(text, _in_whole(text, highlighters[name]))
        for name, text in (
            ("title", project.title),
            ("description", project.description),
            ("grantee", project.grantee),
        )
    )
    own = {
        # Only names and texts are searched by words.
        name: tuple(
            [
                highlighted(text, _in_whole(text, highlighters[name]))
                for text in ((value,) if isinstance(value, str) else cast("tuple[str, ...]", value))
            ]
        )
        for name, value in fields.items()
        if name in highlighters
    }
    return Shown(project, title, paragraphs(description), grantee, Matched(), own)


def _in_whole(text: str, highlighter: Highlighter) -> list[Highlight]:
    """Return the highlights of a text of any length."""
    if len(text) <= MOST_LOOKED_AT:
        return highlighter.every_highlight(text)
    lines = text.split("\n")
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    return [
        (begin + start, begin + end, clause, word)
        for begin, found in zip(starts, highlighter.highlights(lines), strict=False)
        for start, end, clause, word in found
    ]
