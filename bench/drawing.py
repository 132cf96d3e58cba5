"""Searches drawn at random from a corpus and its index: every kind of text, filter, sort key and page.

The same seed gives the same searches. Values to filter by are those that the facets of the index list.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bench.queries import Sample
from indexer.document import Project
from search_app.engine.search import SearchEngine
from search_app.facets.specs import Bound, FacetSpec
from search_app.request import SORTS, Filters, FilterValue, Number, Period, Range, SearchRequest, Years
from search_app.results import Facet

# How often a search has filters, and how often it asks for projects in another order than by relevance.
FILTERED, BOUNDED, SORTED = 0.4, 0.15, 0.25
PAGES = (1, 1, 1, 2, 3, 40)
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Drawn:
    """A search, and of what kind its text is."""

    kind: str
    request: SearchRequest


class Drawing:
    """Draws searches over one index."""

    def __init__(self, engine: SearchEngine, projects: Sequence[Project], as_of: date, seed: int) -> None:
        """Draw words from `projects` and values from the facets of `engine`; `as_of` is the day of all."""
        self._rng, self._as_of = random.Random(seed), as_of
        self._specs, self._projects = engine.specs, projects
        self._sample = Sample.of(projects)
        self._words = sorted(self._sample.frequencies, key=self._sample.frequencies.__getitem__)
        self._facets = engine.search(SearchRequest(as_of=as_of)).facets
        self._sorts = (
            *SORTS,
            *(f"{sign}{spec.name}" for spec in self._specs if spec.sorts for sign in ("", "-")),
        )
        self._own = [spec for spec in self._specs if spec.word_field not in (None, "grantee")]

    def draw(self) -> Drawn:
        """Return the next search."""
        rng = self._rng
        kind = rng.choice(list(KINDS))
        q = KINDS[kind](self)
        request = SearchRequest(
            q=q,
            op=rng.choice(("and", "and", "or")),
            expand=rng.random() >= 0.1,
            filters=self._filters() if rng.random() < FILTERED or not q else Filters(),
            as_of=self._as_of,
            sort=rng.choice(self._sorts) if rng.random() < SORTED else None,
            page=rng.choice(PAGES),
            per_page=PER_PAGE,
        )
        return Drawn(kind, request)

    def words(self, number: int) -> list[str]:
        """Return words that stand in one project, in the order in which they do."""
        text = self._rng.choice(self._sample.texts).split()
        known = [word for word in text if word in self._sample.frequencies]
        first = self._rng.randrange(max(1, len(known) - number))
        return known[first : first + number] or [self._rng.choice(self._words)]

    def any_word(self) -> str:
        """Return a word of the corpus, a rare one as likely as a common one."""
        return self._rng.choice(self._words)

    def neighbours(self) -> str:
        """Return two or three words that follow each other in a text."""
        text = self._rng.choice(self._sample.texts).replace('"', " ").split()
        first = self._rng.randrange(max(1, len(text) - 3))
        return " ".join(text[first : first + self._rng.choice((2, 2, 3))])

    def typo(self) -> str:
        """Return a word with two letters that changed places."""
        word = self.any_word()
        place = self._rng.randrange(1, len(word) - 1)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    def beginning(self) -> str:
        """Return three or four letters that words begin with."""
        return self.any_word()[: self._rng.choice((3, 4))]

    def project(self) -> Project:
        """Return any project."""
        return self._rng.choice(self._projects)

    def own_words(self) -> str:
        """Return a word for an own field whose words are searched."""
        if not self._own:
            return f"title:{self.any_word()}"
        spec = self._rng.choice(self._own)
        bucket = self._rng.choice(_buckets(spec, self._facets) or ("world",))
        return f"{spec.word_field}:{self._rng.choice(bucket.split())}"

    def between(self, *ways: str) -> str:
        """Return one of some texts."""
        return self._rng.choice(ways)

    def _filters(self) -> Filters:
        given: dict[str, tuple[FilterValue, ...]] = {}
        for spec in self._rng.sample(self._specs, self._rng.choice((1, 1, 2))):
            texts = _buckets(spec, self._facets)
            if texts and self._rng.random() >= BOUNDED:
                chosen = self._rng.sample(texts, min(len(texts), self._rng.choice((1, 1, 2))))
                refused = spec.exclusion is not None and self._rng.random() < BOUNDED
                given[spec.exclusion_name if refused else spec.name] = tuple(
                    _read(spec, one) for one in chosen
                )
            elif spec.bounds:
                bound = self._rng.choice(spec.bounds)
                given[bound.name] = (self._limit(bound),)
        return Filters.of(given)

    def _limit(self, bound: Bound) -> Period | Number:
        if bound.reads == "number":
            return Number(float(self._rng.randrange(10, 1_000_000)))
        year = self._rng.randrange(1995, 2031)
        return Period.parse(self._rng.choice((f"{year}", f"{year}-{self._rng.randrange(1, 13):02}")))


def _buckets(spec: FacetSpec, facets: Sequence[Facet]) -> list[str]:
    found = next((facet for facet in facets if facet.name == spec.name), None)
    return [bucket.value for bucket in found.buckets] if found else []


def _read(spec: FacetSpec, text: str) -> FilterValue:
    match spec.reads:
        case "years":
            return Years.parse(text)
        case "range":
            return Range.parse(text)
    return text


# The kinds of texts that are searched for, each as it is drawn.
KINDS: dict[str, Callable[[Drawing], str]] = {
    "one word": lambda drawing: " ".join(drawing.words(1)),
    "several words": lambda drawing: " ".join(drawing.words(3)),
    "words and one not": lambda drawing: f"{' '.join(drawing.words(2))} -{drawing.any_word()}",
    "either word": lambda drawing: f"({drawing.any_word()} OR {drawing.any_word()}) {drawing.words(1)[0]}",
    "a phrase": lambda drawing: f'"{drawing.neighbours()}"',
    "a phrase and a word": lambda drawing: f'"{drawing.neighbours()}" {drawing.any_word()}',
    "a beginning": lambda drawing: f"{drawing.beginning()}*",
    "a word with typos allowed": lambda drawing: f"{drawing.any_word()}~",
    "a misspelt word": lambda drawing: drawing.typo(),
    "a word in a field": lambda drawing: drawing.between("title:", "description:") + drawing.any_word(),
    "a word in an own field": lambda drawing: drawing.own_words(),
    "a grantee": lambda drawing: f"grantee:{(drawing.project().grantee.split() or ['nobody'])[0]}",
    "a whole title": lambda drawing: drawing.project().title,
    "an id": lambda drawing: drawing.project().id,
    "filters alone": lambda _drawing: "",
}
