"""Why a project matched a query: in which words and fields each of its clauses stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from indexer.document import Project
from indexer.text.codes import keys_of
from search_app.query.parsing import Parsed
from search_app.query.written import Code, leaves
from search_app.results import Degree, Matched, TermMatch
from search_app.snippets.highlights import Highlight, Highlighter

# Texts of a hit with the names of their fields: title, description, grantee, then those of own fields.
Named = Sequence[tuple[str, str]]
# The highlights of each.
Highlights = Sequence[Sequence[Highlight]]
# The words met for a part of the query, each with its fields, and the fields of all, in the order of the
# texts of the hit.
Met = tuple[dict[str, dict[str, None]], dict[str, None]]
_NOTHING_MET: Met = ({}, {})


class Reasons:
    """Says why projects matched one query, part by part."""

    def __init__(self, parsed: Parsed, highlighters: Mapping[str, Highlighter]) -> None:
        """Explain matches of `parsed`; `highlighters` are what marks it in each field."""
        self._parsed, self.highlighters = parsed, highlighters
        self._terms: dict[tuple[int, tuple[str, ...], tuple[str, ...]], TermMatch] = {}
        self.markable = set().union(*(one.clauses for one in highlighters.values()))
        # The parts of a phrase that is also searched as a whole, by their numbers: of "mac arthur" both.
        self._runs = {number: run for run in parsed.runs for number in range(run.first, run.last)}
        self._firsts = parsed.firsts()
        self._codes = [
            (number, leaf)
            for number in dict.fromkeys(self._firsts)
            for leaf in leaves(parsed.clauses[number].query)
            if isinstance(leaf, Code)
        ]

    def met(self, texts: Named, highlights: Highlights) -> dict[int, Met]:
        """Return what is highlighted in the texts of a hit, by the number of the part of the query."""
        met: dict[int, Met] = {}
        for (name, _), found in zip(texts, highlights, strict=True):
            # Most titles have no highlights.
            for clause, word in self._without_twins(found) if found else ():
                if clause not in met:
                    met[clause] = {}, {}
                words, fields = met[clause]
                if word not in words:
                    words[word] = {}
                words[word][name] = fields[name] = None
        return met

    def matched(self, met: dict[int, Met], lacks: frozenset[int], project: Project) -> Matched:
        """Return which parts of the query a project matches, and as what; which it lacks."""
        clauses = self._parsed.clauses
        for number, sought in self._codes:
            for name, code in _codes(project, sought):
                words, fields = met.setdefault(number, ({}, {}))
                words.setdefault(code, {})[name] = fields[name] = None
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

        A part that is the same as another was looked for under the first of them. If nothing was met, it is
        what the phrase that the part belongs to was met by: *macarthur* for *arthur* after *mac*, looked for
        under that.
        """
        run = self._runs.get(number)
        if number in met or run is None or run.first not in met:
            return self._firsts[number], met.get(self._firsts[number], _NOTHING_MET)
        words, fields = met[run.first]
        whole = {word: own for word, own in words.items() if word in run.texts}
        if not whole:
            return run.first, (words, fields)
        # The first word of the phrase may stand elsewhere by itself.
        stands_in = set().union(*whole.values())
        return run.first, (whole, {name: None for name in fields if name in stands_in})

    def _term(self, number: int, part: int, found: Met) -> TermMatch:
        met = number, tuple(found[0]), tuple(found[1])
        if met not in self._terms:
            # Most hits of a page have a part of the query in the same words and fields.
            text = self._parsed.clauses[number].text
            self._terms[met] = TermMatch(text, *met[1:], self._degree(number, part, *found))
        return self._terms[met]

    def _degree(self, number: int, part: int, words: Iterable[str], fields: dict[str, None]) -> Degree:
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


def _codes(project: Project, sought: Code) -> Iterator[tuple[str, str]]:
    """Yield field and text of the codes of a project that are found."""
    for name, text in (("id", project.id), *project.extra):
        keys = keys_of(text)
        if sought.text in keys or (not sought.whole and any(key.startswith(sought.text) for key in keys)):
            yield name, text
