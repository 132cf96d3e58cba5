"""What is added to BM25F there as here: words close together, a title word for word, words as written.

Each is a `constant_score`: what it is worth is known from the lexicon. Nearness, 1 / distance², is a sum of
steps, one for each distance that is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.cluster.mappings import written
from indexer.storage.schema import TEXT_FIELDS
from search_app.cluster.asking.translation import Query, any_of
from search_app.query.parsing import Parsed
from search_app.scoring.weights import MAX_PAIRS, Weights
from search_app.words.lexicon import Lexicon

# What the parts are called where a score is explained.
PROXIMITY, TITLE, WRITTEN = "proximity", "title phrase", "as written"


@dataclass(frozen=True, slots=True)
class _Word:
    """The known stems of one query word (typed form first, then variants) and its idf."""

    stems: tuple[str, ...]
    idf: float


def extras(parsed: Parsed, lexicon: Lexicon, weights: Weights, *, named: bool = False) -> list[Query]:
    """Return the queries that add to the score of whatever was found; `named` if it is to be explained."""
    found: list[Query] = []
    for name, parts in (
        (PROXIMITY, _proximity(parsed, lexicon, weights)),
        (TITLE, _title(parsed, lexicon, weights)),
        (WRITTEN, _written(parsed, lexicon, weights)),
    ):
        own = list(parts)
        found += [{"bool": {"should": own, "_name": name}}] if named and own else own
    return found


def _word(stems: Sequence[str], lexicon: Lexicon) -> _Word:
    known = tuple(dict.fromkeys(stem for stem in stems if lexicon.term_of(stem) >= 0))
    return _Word(known, lexicon.weight(lexicon.term_of(known[0])) if known else 0.0)


def _proximity(parsed: Parsed, lexicon: Lexicon, weights: Weights) -> Iterator[Query]:
    words = [_word(clause.stems, lexicon) for clause in parsed.clauses]
    pairs = dict.fromkeys((left, right) for left, right in pairwise(words) if left.stems and right.stems)
    for left, right in [pair for pair in pairs if pair[0].stems != pair[1].stems][:MAX_PAIRS]:
        worth = weights.proximity * min(left.idf, right.idf)
        for distance in range(1, weights.window + 1):
            further = 1 / (distance + 1) ** 2 if distance < weights.window else 0.0
            near = _any([_near(*two, distance) for two in _twos(left.stems, right.stems)])
            anywhere = any_of({"intervals": {name: near}} for name in TEXT_FIELDS)
            yield _constant(anywhere, worth * (1 / distance**2 - further))


def _twos(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield stems of which two occurrences have to be near, one of each.

    Lucene takes one place for both of two rules that may stand there, but asks for two places where the rules
    are the same. So stems that are of both words, as those of *labor labour*, are asked for by themselves.
    """
    both, only_left = [one for one in left if one in right], [one for one in left if one not in right]
    only_right = [one for one in right if one not in both]
    pairs = [(left, right)] if not both else [(only_left, right), (both, only_right), (both, both)]
    yield from (pair for pair in pairs if all(pair))


def _near(left: Sequence[str], right: Sequence[str], distance: int) -> Query:
    return {"all_of": {"intervals": [_stems(left), _stems(right)], "max_gaps": distance - 1}}


def _title(parsed: Parsed, lexicon: Lexicon, weights: Weights) -> Iterator[Query]:
    words = [_word(stems, lexicon) for stems in parsed.sequence]
    if len(words) < 2 or not all(word.stems for word in words):
        return
    worth = weights.title_phrase * sum(word.idf for word in words)
    typed = _in_title([_match(word.stems[0]) for word in words], worth)
    if all(len(word.stems) == 1 for word in words):
        yield typed
    else:
        varied = _in_title([_stems(word.stems) for word in words], worth * weights.title_variants)
        yield {"dis_max": {"queries": [typed, varied]}}


def _in_title(words: list[Query], worth: float) -> Query:
    rule = {"all_of": {"intervals": words, "max_gaps": 0, "ordered": True}}
    return _constant({"intervals": {"title": rule}}, worth)


def _written(parsed: Parsed, lexicon: Lexicon, weights: Weights) -> Iterator[Query]:
    if not weights.written or not parsed.reading.expand:
        return
    for text in dict.fromkeys(text for clause in parsed.clauses for text in sorted(clause.written)):
        number = lexicon.words.find(text)
        term = int(lexicon.word_terms[number]) if number >= 0 else -1
        # A compound is also found by its parts, and so told apart in any case.
        if term >= 0 and (len(lexicon.forms(term)) > 1 or not text.isalnum()):
            yield _constant({"term": {"impact": written(text)}}, weights.written * lexicon.weight(term))


def _stems(stems: Sequence[str]) -> Query:
    return _any([_match(stem) for stem in stems])


def _any(rules: Sequence[Query]) -> Query:
    return rules[0] if len(rules) == 1 else {"any_of": {"intervals": rules}}


def _match(stem: str) -> Query:
    return {"match": {"query": stem, "analyzer": "whitespace"}}


def _constant(query: Query, worth: float) -> Query:
    return {"constant_score": {"filter": query, "boost": worth}}
