"""What is shown of a hit: highlighted title, fragments and grantee, and why it matched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice
from typing import NamedTuple, Self

from indexer.document import Project, Status
from indexer.storage.history.moments import NEVER_SEEN, When
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
# Characters of a text in an own field that are looked at for its highlights; on a project's own page a longer
# text is searched, not analysed.
MOST_LOOKED_AT = 20_000
# Texts of a hit with the names of their fields: title, description, grantee, then those of own fields.
Named = Sequence[tuple[str, str]]
# The highlights of each.
Highlights = Sequence[Sequence[Highlight]]
# The words met for a part of the query, and the fields they stand in, both in the order of the texts.
Met = tuple[dict[str, None], dict[str, None]]
_NOTHING_MET: Met = ({}, {})


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
    reasons = _Reasons(parsed, highlighters)
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
    project: Project, texts: Named, highlights: Highlights, lacks: frozenset[int], reasons: _Reasons
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


def whole(project: Project, highlighters: Mapping[str, Highlighter]) -> Shown:
    """Show the whole texts of one project with the matches in them highlighted.

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
    return Shown(project, title, paragraphs(description), grantee, Matched())


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


class _Reasons:
    """Says why projects matched one query, part by part."""

    def __init__(self, parsed: Parsed, highlighters: Mapping[str, Highlighter]) -> None:
        """Explain matches of `parsed`; `highlighters` are what marks it in each field."""
        self._parsed, self.highlighters = parsed, highlighters
        self._terms: dict[tuple[int, tuple[str, ...], tuple[str, ...]], TermMatch] = {}
        self.markable = set().union(*(one.clauses for one in highlighters.values()))
        # The parts of a phrase that is also searched as a whole, by their numbers: of "mac arthur" both.
        self._runs = {number: run for run in parsed.runs for number in range(run.first, run.last)}
        self._codes = [(number, one.code) for number, one in enumerate(parsed.clauses) if one.code]

    def met(self, texts: Named, highlights: Highlights) -> dict[int, Met]:
        """Return what is highlighted in the texts of a hit, by the number of the part of the query."""
        met: dict[int, Met] = {}
        for (name, _), found in zip(texts, highlights, strict=True):
            # Most titles have no highlights.
            for clause, word in self._without_twins(found) if found else ():
                if clause not in met:
                    met[clause] = {}, {}
                words, fields = met[clause]
                words[word] = fields[name] = None
        return met

    def matched(self, met: dict[int, Met], lacks: frozenset[int], project: Project) -> Matched:
        """Return which parts of the query a project matches, and as what; which it lacks."""
        clauses = self._parsed.clauses
        for number, key in self._codes:
            for name, code in _codes(project, key):
                words, fields = met.setdefault(number, ({}, {}))
                words[code] = fields[name] = None
        terms = tuple(
            [
                self._term(number, *self._met_for(number, met))
                for number in range(len(clauses))
                if number not in lacks
            ]
        )
        if not lacks:
            return Matched(terms)
        return Matched(terms, tuple([clauses[number].text for number in sorted(lacks)]))

    def _met_for(self, number: int, met: Mapping[int, Met]) -> tuple[int, Met]:
        """Return what was met for a part, and the part that it was looked for under.

        If nothing was, it is what the phrase that the part belongs to was met by: *macarthur* for *arthur*
        after *mac*, looked for under that.
        """
        run = self._runs.get(number)
        if number in met or run is None or run.first not in met:
            return number, met.get(number, _NOTHING_MET)
        words, fields = met[run.first]
        return run.first, ({word: None for word in words if word in run.texts} or words, fields)

    def _term(self, number: int, part: int, found: Met) -> TermMatch:
        met = number, tuple(found[0]), tuple(found[1])
        if met not in self._terms:
            # Most hits of a page have a part of the query in the same words and fields.
            text = self._parsed.clauses[number].text
            self._terms[met] = TermMatch(text, *met[1:], self._degree(number, part, *found))
        return self._terms[met]

    def _degree(self, number: int, part: int, words: dict[str, None], fields: dict[str, None]) -> Degree:
        """Return how far from a part of the query the nearest of the words met for it is."""
        written, highlighters = self._parsed.clauses[number].written, self.highlighters
        # A prefix or a word with typos stands for all the words that it finds.
        if not written or not words or not written.isdisjoint(words):
            return 1
        if not fields.keys() <= highlighters.keys():
            return 1
        return min(highlighters[field].degree(part, word) for field in fields for word in words)

    def _without_twins(self, highlights: Sequence[Highlight]) -> Iterable[tuple[int, str]]:
        """Return part and word of each highlight; of a compound met in two ways, as typed if it is."""
        if len(highlights) == 1 or len({one[0] for one in highlights}) == len(highlights):
            return [one[2:] for one in highlights]
        spans: dict[tuple[int, int, int], str] = {}
        for start, end, clause, word in highlights:
            span = start, end, clause
            if spans.setdefault(span, word) != word and word in self._parsed.clauses[clause].written:
                spans[span] = word
        return [(span[2], word) for span, word in spans.items()]


def _codes(project: Project, key: str) -> Iterator[tuple[str, str]]:
    """Yield field and text of the codes of a project that a key finds."""
    for name, text in (("id", project.id), *project.extra):
        if any(one.startswith(key) for one in keys_of(text)):
            yield name, text
