"""What a search means: its vector, when that counts, and what it finds beside what has the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple, TypeAlias

import numpy as np

from indexer.document import Project
from indexer.text.meaning.models import F32, Model
from indexer.text.meaning.vectors import I8
from indexer.text.sentences import sentences
from search_app.query.meaning.lifting import Fusion, lifts
from search_app.query.meaning.nearness import Flags, Nearness
from search_app.query.parsed import Parsed
from search_app.request import SearchRequest
from search_app.results import RelaxedTo
from search_app.words.english import is_english
from search_app.words.vocabulary import Vocabulary

# Texts whose vectors are cached: a page and its filters ask for the same one.
CACHED_TEXTS = 256
# Projects that are less near than this have nothing to do with a search: most projects of another subject
# are below it.
LEAST_NEAR = 0.1
MOST_RELATED = 10
# Sentences of a project that the nearest is taken from; of a model that takes its time, only the first.
MOST_SENTENCES, FEW_SENTENCES = 8, 3

# Gives the projects of some rows.
Reading: TypeAlias = Callable[[Sequence[int]], Sequence[Project]]


class Related(NamedTuple):
    """A document near in meaning, its nearest sentence, "" without one, and how near both are."""

    document: int
    project: Project
    near: float
    sentence: str


class Meaning:
    """Vectors of the projects of one index, and the model that made them; threads may share it."""

    def __init__(self, vectors: I8, model: Model, projects: Reading, fusion: Fusion = lifts) -> None:
        """Compare texts with projects, whose vectors int8 [N, d] are of `model`; `projects` reads some."""
        self.model, self._projects = model, projects
        self.nearness = Nearness(vectors)
        self.fusion = fusion
        self._vector = lru_cache(CACHED_TEXTS)(lambda text: model.encode([text])[0])

    def asked(self, request: SearchRequest, parsed: Parsed) -> F32 | None:
        """Return the vector of a search, float32 [d]; None where only its words count.

        That is where it has quotes or operators, asks for words as written, or for codes alone.
        """
        words = [clause for clause in parsed.clauses if not clause.code]
        if not parsed.sequence or not words or not request.expand:
            return None
        vector = self._vector(request.q)
        return vector if vector.any() else None

    def related(self, vector: F32, among: Flags) -> list[Related]:
        """Return at most ten documents `among` bool [N] that are near to a vector float32 [d], nearest first.

        As near as their whole texts are and as the nearest sentence of each is; a title is one, too.
        """
        documents, near = self.nearness.nearest(vector, among, MOST_RELATED)
        kept = near >= LEAST_NEAR
        most = MOST_SENTENCES if self.model.quick else FEW_SENTENCES
        projects = self._projects(documents[kept].tolist())
        said = [sentences(project.description)[:most] for project in projects]
        texts = [[project.title, *own] for project, own in zip(projects, said, strict=True)]
        # All in one call: one call costs as much as encoding ten sentences.
        parts = iter((self.model.encode([*chain.from_iterable(texts)]) @ vector).tolist())
        found = []
        for document, whole, project, own in zip(documents[kept], near[kept], projects, said, strict=True):
            title, *others = islice(parts, 1 + len(own))
            nearest = max(title, *others, 0.0)
            sentence = own[int(np.argmax(others))] if own else ""
            found.append(Related(int(document), project, (float(whole) + nearest) / 2, sentence))
        return sorted(found, key=lambda one: -one.near)


def looks_beside(request: SearchRequest, total: int, relaxed_to: RelaxedTo | None) -> bool:
    """Tell whether an answer has projects beside its hits: its first page, if words find less than that."""
    return request.page == 1 and (total < request.per_page or relaxed_to is not None)


def says_something(parsed: Parsed, vocabulary: Vocabulary) -> bool:
    """Tell whether a word of a query is of the index or of English; others mean nothing to a model."""
    words = [word for clause in parsed.clauses if clause.word for word in clause.word.split("-")]
    return any(vocabulary.known_term(word) >= 0 or is_english(word) for word in words)
