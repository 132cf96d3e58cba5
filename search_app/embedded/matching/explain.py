"""A hit's score in parts: what each clause of the query adds, by field if it is a word, and the bonuses."""

from __future__ import annotations

import numpy as np
from whoosh import query as wq

from indexer.storage.schema import ANY_FIELD, TEXT_FIELDS
from search_app.embedded.matching.bonuses import Bonuses
from search_app.embedded.matching.evaluation import Matcher, boost
from search_app.embedded.matching.finding import Found
from search_app.embedded.postings.matches import Matches, Scores
from search_app.query.meaning.lifting import CLOSE
from search_app.query.parsing import Parsed
from search_app.results import ScorePart


def explain(
    matcher: Matcher, found: Found, page: Matches, bonuses: Bonuses, lifts: Scores
) -> list[tuple[ScorePart, ...]]:
    """Return the parts of the score of each hit of `page`, from what was found; they add up to it.

    `lifts` float32 [page] is what meaning adds to each score.
    """
    explained = []
    firsts = found.parsed.firsts()
    for row, document in enumerate(page.documents.tolist()):
        scored = _scored(found.parsed, firsts, found.seen, document)
        # A word that stands in the query a hundred times is divided among the fields once.
        once = {id(one[1]): one for one in scored}
        divided = {tree: _by_field(matcher, *one, document) for tree, one in once.items()}
        parts = [part for _, tree, _ in scored for part in divided[id(tree)]]
        documents = page.documents[row : row + 1]
        for name, bonus in (
            ("proximity", bonuses.proximity),
            ("title phrase", bonuses.title),
            ("as written", bonuses.written),
        ):
            if extra := float(bonus(documents)[0]):
                parts.append(ScorePart(name, None, extra))
        if lifts[row]:
            parts.append(ScorePart(CLOSE, None, float(lifts[row])))
        explained.append(tuple(parts))
    return explained


def _scored(
    parsed: Parsed, firsts: list[int], seen: dict[int, Matches], document: int
) -> list[tuple[str, wq.Query, float]]:
    """Return name, query and score of what counted: the clauses, or the variant of a run that beat them.

    Clauses that are the same have one query, that of the first of them (`firsts`).
    """
    known = {number: _score(parsed.clauses[number].query, seen, document) for number in dict.fromkeys(firsts)}
    scores = [known[number] for number in firsts]
    any_word = id(parsed.relaxed) in seen
    shadowed: set[int] = set()
    found = []
    for run in parsed.runs:
        own = _score(run.query, seen, document)
        numbers = range(run.first, run.last)
        together = sum(scores[number] for number in numbers)
        if own > (together if any_word or all(scores[number] for number in numbers) else 0.0):
            shadowed.update(numbers)
            found.append((" / ".join(run.texts), run.query, own))
    found += [
        (clause.text, parsed.clauses[firsts[number]].query, score)
        for number, (clause, score) in enumerate(zip(parsed.clauses, scores, strict=True))
        if score and number not in shadowed
    ]
    return found


def _score(tree: wq.Query, seen: dict[int, Matches], document: int) -> float:
    matches = seen.get(id(tree))
    if matches is None:
        return 0.0
    rows = np.flatnonzero(matches.documents == document)
    return float(matches.scores[rows[0]]) * boost(tree) if len(rows) else 0.0


def _by_field(matcher: Matcher, name: str, tree: wq.Query, score: float, document: int) -> list[ScorePart]:
    """Divide a word's score among the fields by the weight of its occurrences there."""
    terms = [matcher.term_of(leaf.text) for leaf in _words(tree)]
    if not terms or max(terms) < 0:
        return [ScorePart(name, None, score)]
    weights = np.zeros(len(TEXT_FIELDS))
    documents = np.array([document])
    for term in terms:
        if term >= 0:
            field_positions = matcher.occurrences(term, documents).field_positions
            fields = matcher.segment.field_position_bits.fields(field_positions)
            np.add.at(weights, fields, matcher.norms[fields, document])
    total = weights.sum()
    if not total:
        return [ScorePart(name, None, score)]
    return [
        ScorePart(name, field, score * float(weight / total))
        for field, weight in zip(TEXT_FIELDS, weights, strict=True)
        if weight
    ]


def _words(tree: wq.Query) -> list[wq.Term]:
    """Return the words in all fields that a query is made of, none if it is anything else as well."""
    leaves = tree.subqueries if isinstance(tree, wq.DisjunctionMax) else [tree]
    words = [leaf for leaf in leaves if isinstance(leaf, wq.Term) and leaf.fieldname == ANY_FIELD]
    return words if len(words) == len(leaves) else []
