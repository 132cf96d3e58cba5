"""Nearest projects over a cluster: the words that a project is known by, as one query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from indexer.document import Project
from indexer.storage.impacts import saturate
from indexer.storage.schema import K1
from indexer.text.analysis import separate
from search_app.cluster.asking.translation import Query
from search_app.cluster.wording.weighing import Weights
from search_app.scoring.telling_words import MAX_SHARED, MAX_WORDS, MOST_READ, SILENT
from search_app.words.vocabulary import Vocabulary


def telling_words(project: Project, weights: Weights, vocabulary: Vocabulary) -> dict[str, tuple[float, str]]:
    """Return the stems a project is known by, each with its weight there and as it is written."""
    found: dict[str, tuple[float, str]] = {}
    for text in (project.title, project.description[:MOST_READ]):
        for word in separate(text):
            if word.text in SILENT or word.text.isdigit():
                continue
            term = vocabulary.known_term(word.text)
            stem = vocabulary.text(term) if term >= 0 else ""
            if stem and stem not in found and vocabulary.frequency(term) > 1:
                found[stem] = (impact(stem, weights, vocabulary), text[word.start : word.end])
    order = {stem: vocabulary.lexicon.term_of(stem) for stem in found}
    heaviest = sorted(found, key=lambda stem: (-found[stem][0], order[stem]))[:MAX_WORDS]
    return {stem: found[stem] for stem in heaviest}


def impact(stem: str, weights: Weights, vocabulary: Vocabulary) -> float:
    """Return the impact of a stem in a project with some weights, 0 where it does not stand."""
    frequency = sum(weights.get(stem, ()))
    idf = vocabulary.lexicon.weight(vocabulary.lexicon.term_of(stem))
    return float(saturate(np.asarray(frequency))) * idf if frequency else 0.0


def query_of(words: Mapping[str, tuple[float, str]], scale: float, here: Query) -> Query:
    """Return the query for projects near to that with some telling words, which is itself left out."""
    return {"bool": {"should": _parts(words, scale), "must_not": [here], "minimum_should_match": 1}}


def weighing_query(words: Mapping[str, tuple[float, str]], scale: float, among: Query) -> Query:
    """Return the query that says how near projects among some are, whether they share a word or not."""
    return {"bool": {"should": _parts(words, scale), "filter": [among], "minimum_should_match": 0}}


def _parts(words: Mapping[str, tuple[float, str]], scale: float) -> list[Query]:
    return [
        {"term": {"impact": {"value": stem, "boost": weight / (K1 * scale + 1)}}}
        for stem, (weight, _) in words.items()
    ]


def shared(words: Mapping[str, tuple[float, str]], other: Weights, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the words that another project has too, those first that bring the two closest."""
    gains = {stem: weight * impact(stem, other, vocabulary) for stem, (weight, _) in words.items()}
    order = {stem: vocabulary.lexicon.term_of(stem) for stem in gains}
    known = sorted((stem for stem in gains if gains[stem]), key=lambda stem: (-gains[stem], order[stem]))
    yield from (words[stem][1] for stem in known[:MAX_SHARED])
