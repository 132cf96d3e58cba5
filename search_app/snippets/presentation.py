"""What is shown of a hit: highlighted title, fragments and grantee, and why it matched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, Self

from indexer.document import Project, Status
from indexer.history.moments import NEVER_SEEN, When
from indexer.storage.own_fields import LONGEST_VALUE
from indexer.text.codes import keys_of
from search_app.query.parsing import Parsed
from search_app.results import (
    NO_FIELDS,
    NO_SNIPPETS,
    Degree,
    Fields,
    Hit,
    Matched,
    OwnSnippets,
    Snippet,
    TermMatch,
)
from search_app.snippets.fragments import fragments, highlighted, paragraphs
from search_app.snippets.highlights import Highlight, Highlighter

# Characters of a text that is analysed for its highlights: 2 milliseconds, and most descriptions are shorter.
MOST_ANALYSED = 4_000
# Characters of a text in an own field that are looked at for its highlights.
MOST_LOOKED_AT = 20_000
# Texts of a hit with the names of their fields: title, description, grantee, then those of own fields.
Named = Sequence[tuple[str, str]]
# The highlights of each.
Highlights = Sequence[Sequence[Highlight]]
# The query, and what marks it in each field.
Sought = tuple[Parsed, Mapping[str, Highlighter]]


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
            *((name, text[:MOST_LOOKED_AT]) for name, text in more),
        )
        for one, more in zip(projects, own, strict=True)
    ]  # fmt: skip
    sought = (parsed, highlighters)
    markable = set().union(*(highlighter.clauses for highlighter in highlighters.values()))
    return [
        _show(project, named, _complete(highlights, named, highlighters, markable - lacks), lacks, sought)
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


def _complete(
    highlights: Highlights,
    texts: Named,
    highlighters: Mapping[str, Highlighter],
    matched_clauses: set[int],
) -> Highlights:
    """Return the highlights of a hit's texts; by analysis if one of `matched_clauses` has none.

    A long text keeps what was quickly found: to analyse it takes as long as to search.
    """
    if matched_clauses <= {highlight[2] for found in highlights for highlight in found}:
        return highlights
    return [
        highlighters[name].every_highlight(text) if len(text) <= MOST_ANALYSED else quick
        for (name, text), quick in zip(texts, highlights, strict=True)
    ]


def _show(
    project: Project, texts: Named, highlights: Highlights, lacks: frozenset[int], sought: Sought
) -> Shown:
    title, description, grantee = highlights[:3]
    return Shown(
        project,
        highlighted(project.title, title),
        fragments(project.description, description),
        highlighted(project.grantee, grantee),
        _matched(texts, highlights, lacks, sought, project),
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


def whole(project: Project, highlighters: Mapping[str, Highlighter]) -> Shown:
    """Show the whole texts of one project, every match in them highlighted."""
    title, description, grantee = (
        highlighted(text, highlighters[name].every_highlight(text))
        for name, text in (
            ("title", project.title),
            ("description", project.description),
            ("grantee", project.grantee),
        )
    )
    return Shown(project, title, paragraphs(description), grantee, Matched())


def _matched(
    texts: Named, highlights: Highlights, lacks: frozenset[int], sought: Sought, project: Project
) -> Matched:
    parsed = sought[0]
    words: list[dict[str, None]] = [{} for _ in parsed.clauses]
    fields: list[dict[str, None]] = [{} for _ in parsed.clauses]
    for (name, _), found in zip(texts, highlights, strict=True):
        # Most titles have none.
        for clause, word in _without_twins(found, parsed) if found else ():
            words[clause][word] = None
            fields[clause][name] = None
    for number, one in enumerate(parsed.clauses):
        for name, code in _codes(project, one.code) if one.code else ():
            words[number][code] = None
            fields[number][name] = None
    terms = [
        TermMatch(clause.text, tuple(met), tuple(where), _degree(number, met, where, sought))
        for number, (clause, met, where) in enumerate(zip(parsed.clauses, words, fields, strict=True))
    ]
    if not lacks:
        return Matched(tuple(terms))
    return Matched(
        tuple([term for number, term in enumerate(terms) if number not in lacks]),
        tuple([parsed.clauses[number].text for number in sorted(lacks)]),
    )


def _codes(project: Project, key: str) -> Iterator[tuple[str, str]]:
    """Yield field and text of the codes of a project that a key finds."""
    for name, text in (("id", project.id), *project.extra):
        if any(one.startswith(key) for one in keys_of(text)):
            yield name, text


def _without_twins(highlights: Sequence[Highlight], parsed: Parsed) -> Iterable[tuple[int, str]]:
    """Return clause and word of each highlight; of a compound that is met in two ways, as typed if it is."""
    if len({start for start, _, _, _ in highlights}) == len(highlights):
        return [one[2:] for one in highlights]
    spans: dict[tuple[int, int, int], str] = {}
    for start, end, clause, word in highlights:
        span = start, end, clause
        if spans.setdefault(span, word) != word and word in parsed.clauses[clause].written:
            spans[span] = word
    return [(span[2], word) for span, word in spans.items()]


def _degree(clause: int, words: Collection[str], fields: Iterable[str], sought: Sought) -> Degree:
    """Return how far from a part of the query the nearest of the words met for it is."""
    written = sought[0].clauses[clause].written
    # A prefix or a word with typos stands for all the words that it finds.
    if not written or not words or not written.isdisjoint(words) or not set(fields) <= sought[1].keys():
        return 1
    return min(sought[1][field].degree(clause, word) for field in fields for word in words)
