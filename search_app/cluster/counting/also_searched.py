"""Through which other forms hits were found: counted beside the facets, in the same request.

For each leaf of the query that reaches beyond what was typed there is a filter for every word that it may
have been; those that some hit has are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from whoosh import query as wq

from indexer.cluster.mappings import written
from indexer.text.folding import fold
from indexer.text.surface import shown, shown_together, with_last_dots
from search_app.cluster.asking.translation import Query, any_of, impact_field, phrase_of, text_fields
from search_app.query.clause import Clause
from search_app.query.parsing import Parsed
from search_app.query.written import Leaf, degree, leaves, places
from search_app.results import QueryTerm
from search_app.words.lexicon import Lexicon

# Ways of writing one phrase that are asked for, the most frequent words first.
MOST_WAYS = 24
NAME = "forms"


@dataclass(frozen=True, slots=True)
class _Form:
    """A form that a clause may have been found in: how it is shown, its degree, and what tells of it."""

    text: str
    degree: int
    query: Query


class AlsoSearched:
    """The other forms of the clauses of one parsed query."""

    def __init__(self, parsed: Parsed, lexicon: Lexicon) -> None:
        """Work out which forms there may be, by the words of `lexicon`."""
        self._parsed, self._lexicon = parsed, lexicon
        runs = {run.first: run.query for run in parsed.runs}
        self._forms: list[list[_Form]] = []
        for number, clause in enumerate(parsed.clauses):
            trees = [clause.query, *([runs[number]] if number in runs else [])]
            sought = [leaf for tree in trees for leaf in leaves(tree) if degree(leaf) > 1]
            self._forms.append([form for leaf in sought for form in self._of(leaf, clause)])

    def queries(self, own: Sequence[Query]) -> dict[str, Query]:
        """Return the aggregation that counts them, over what the filters `own` leave as well."""
        filters = {
            f"{clause}_{number}": form.query
            for clause, forms in enumerate(self._forms)
            for number, form in enumerate(forms)
        }
        if not filters:
            return {}
        inner = {"of": {"filters": {"filters": filters}}}
        return {NAME: {"filter": {"bool": {"filter": list(own)}}, "aggs": inner}}

    def terms(self, answers: Mapping[str, Any]) -> tuple[QueryTerm, ...]:
        """Return the clauses with the forms that hits have."""
        found = answers[NAME]["of"]["buckets"] if NAME in answers else {}
        return tuple(
            _named(
                clause,
                [
                    form
                    for place, form in enumerate(self._forms[number])
                    if found[f"{number}_{place}"]["doc_count"]
                ],
            )
            for number, clause in enumerate(self._parsed.clauses)
        )

    def _of(self, leaf: Leaf, clause: Clause) -> Iterator[_Form]:
        if isinstance(leaf, wq.Phrase):
            yield from self._phrases(leaf, clause)
            return
        term = self._lexicon.term_of(leaf.text)
        for number in self._frequent(self._lexicon.forms(term)) if term >= 0 else ():
            word = self._lexicon.words[number]
            query = {"term": {impact_field(leaf.fieldname): written(word)}}
            yield _Form(shown(word), degree(leaf), query)

    def _frequent(self, numbers: Sequence[int]) -> list[int]:
        uses = self._lexicon.word_documents
        return sorted(numbers, key=lambda number: (-int(uses[number]), number))

    def _known(self, stems: Sequence[str]) -> list[int]:
        return [term for term in map(self._lexicon.term_of, stems) if term >= 0]

    def _phrases(self, leaf: wq.Phrase, clause: Clause) -> Iterator[_Form]:
        options = [
            [number for term in self._known(stems) for number in self._lexicon.forms(term)]
            for stems in places(leaf)
        ]
        whole = _whole(clause)
        ways = sorted(islice(product(*map(self._frequent, options)), MOST_WAYS)) if all(options) else []
        for way in ways:
            words = [self._lexicon.words[number] for number in way]
            query = phrase_of([(written(word),) for word in words], leaf.fieldname)
            if whole:
                query = any_of(_apart(words, whole, name) for name in text_fields(leaf.fieldname))
            yield _Form(shown_together(words), degree(leaf), query)


def _apart(words: Sequence[str], whole: str, name: str) -> Query:
    """Return the filter of words in a row in a field where they are not one word there."""
    match = {
        "query": " ".join(written(word) for word in words),
        "analyzer": "whitespace",
        "ordered": True,
        "max_gaps": 0,
    }
    inner = {"match": {"query": whole, "analyzer": "whitespace"}}
    return {"intervals": {name: {"match": {**match, "filter": {"not_overlapping": inner}}}}}


def _whole(clause: Clause) -> str:
    """Return the stem of a compound or of letters and a number, "" for any other clause."""
    found = list(leaves(clause.query))
    terms = [leaf for leaf in found if isinstance(leaf, wq.Term)]
    has_parts = any(isinstance(leaf, wq.Phrase) for leaf in found)
    return str(terms[0].text) if terms and has_parts else ""


def _named(clause: Clause, forms: Sequence[_Form]) -> QueryTerm:
    same = dict.fromkeys(form.text for form in forms if form.degree == 2)
    synonyms = [
        text for text in dict.fromkeys(form.text for form in forms if form.degree > 2) if text not in same
    ]
    others = [text for text in same if text not in clause.written and fold(text) not in clause.written]
    return QueryTerm(clause.text, tuple(map(with_last_dots, others)), tuple(map(with_last_dots, synonyms)))
