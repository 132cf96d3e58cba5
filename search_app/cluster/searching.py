"""ClusterBackend: answers from one index of an OpenSearch cluster, a page with one request.

The text is read here, by the lexicon; what it means is sent as one query with filters, sort keys and
aggregations. A second request is made only where the first found nothing and less strict ways are left, or
where a page lies beyond what one request may skip. No partial answer is ever taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial

from indexer.cluster.client import Cluster
from indexer.cluster.facts import Facts
from indexer.cluster.generations import Generation
from indexer.cluster.mappings import SEEN
from indexer.cluster.turning import Measures
from indexer.document import Project, status_on
from indexer.storage.history.moments import NEVER_SEEN, When
from indexer.storage.own_fields import from_bytes, searched_of
from search_app.backend.page_of_changes import Changes
from search_app.backend.returned import Answer, Listed, Near, Ranked, Sought, Whole, cut
from search_app.cluster.alike import Alike
from search_app.cluster.asking.bodies import Bodies, Question
from search_app.cluster.asking.filtering import Filtering
from search_app.cluster.asking.reading import TextReader
from search_app.cluster.asking.translation import all_of
from search_app.cluster.by_meaning import ByMeaning
from search_app.cluster.counting.aggregating import Aggregating
from search_app.cluster.counting.also_searched import AlsoSearched
from search_app.cluster.counting.sums import Answers
from search_app.cluster.found import SEEN_FIELDS, Read, Row, stored_fields
from search_app.cluster.meaning import ClusterMeaning, Order
from search_app.cluster.past import Past
from search_app.cluster.walking import ID_ALONE, WINDOW, Hit, Walker
from search_app.cluster.wording.completing import ClusterSources
from search_app.cluster.wording.lexical import ClusterUses, lexicon_of
from search_app.cluster.wording.near_grantees import GranteeWords
from search_app.cluster.wording.weighing import Weighing, Weights
from search_app.facets.overview import grantees_of, overview_of
from search_app.facets.own.own_fields import own_specs
from search_app.facets.own.own_values import listed_values, texts_of
from search_app.facets.table import FACETS
from search_app.query.parsing import Parsed
from search_app.request import ChangesRequest, SearchRequest
from search_app.results import NO_FIELDS, Fields, IndexInfo, Overview, RelaxedTo, SearchResults
from search_app.scoring.telling_grantees import GranteeWord, NearGrantee
from search_app.words.vocabulary import Vocabulary


class ClusterBackend:
    """Finds the projects of one generation in a cluster; threads may share it."""

    def __init__(
        self,
        cluster: Cluster,
        generation: Generation,
        facts: Facts,
        info: IndexInfo,
        meaning: ClusterMeaning | None = None,
    ) -> None:
        """Search `generation`, whose words and names are `facts`; order by `meaning` as well."""
        self.info, self._facts, self.meaning = info, facts, meaning
        self._walker = Walker(cluster, generation.index)
        lexicon = lexicon_of(facts, generation.documents)
        self._uses = ClusterUses(cluster, generation.index, lexicon.terms.__getitem__)
        self.vocabulary = Vocabulary(lexicon, self._uses)
        self.sources = ClusterSources(self._uses, facts, lexicon)
        self.own_fields = from_bytes(facts.arrays["own_fields"].tobytes())
        self._searched = searched_of(self.own_fields)
        self.specs = (*FACETS, *own_specs(self.own_fields))
        dated = (*self.own_fields, *SEEN)
        self._filtering = Filtering(self.specs, dated, facts)
        self._aggregating = Aggregating(self.specs, dated, facts, self._filtering)
        measures = Measures(tuple(generation.meta["means"]), float(generation.meta["scale"]))
        self._scale = measures.scale
        self._weighing = Weighing(measures, self._stem_of)
        self._texts = TextReader(self.vocabulary, self._uses, self._scale)
        self._past = Past(cluster, generation, self._texts, self._walker, info)
        # What comes with each hit.
        self._stored = {"_source": ["stored"], "docvalue_fields": stored_fields(self.own_fields)}
        self._bodies = Bodies(self.own_fields, self._filtering, self._texts, lexicon, self._stored)
        self._by_meaning = ByMeaning(meaning, self.vocabulary, self._texts)
        self._alike = Alike(self._walker, self.vocabulary, self._scale, self._weights, self._stored)
        self._grantees = GranteeWords(self._uses, facts, lexicon, self._weights, self._stored)

    def _stem_of(self, word: str) -> str:
        term = self.vocabulary.term(word)
        return self.vocabulary.text(term) if term >= 0 else word

    def parsed(self, request: SearchRequest) -> Parsed:
        """Return how the text of a request is read."""
        return self._texts.read(request.q, request.op, request.expand).parsed

    def answer(self, request: SearchRequest, as_of: date) -> Answer:
        """Return a page of what is asked for, and what is counted over all of it."""
        question = self._bodies.question(request, as_of)
        read, forms = question.read, AlsoSearched(question.read.parsed, self.vocabulary.lexicon)
        order = self._order(request, question)
        body = self._bodies.body(request, question)
        own = list(question.own.values())
        first = (request.page - 1) * request.per_page
        skipped = first if first + request.per_page <= WINDOW else 0
        body |= {
            "from": skipped,
            "size": request.per_page if skipped == first and not order else 0,
            "track_total_hits": True,
            "aggs": {
                **self._aggregating.queries(request, as_of, question.own),
                **forms.queries(own),
            },
        }
        answer = self._walker.ask(body, scored=request.explain)
        found: Answers = answer.get("aggregations", {})
        total = int(answer["hits"]["total"]["value"])
        hits = answer["hits"]["hits"]
        if order:
            hits = order.hits(first, request.per_page, total)
        elif skipped != first and first < total:
            whole = self._bodies.body(request, question, counted=False)
            hits = self._walker.far(whole, first, request.per_page, total)
        rows = [Row(hit) for hit in hits]
        projects = [row.project for row in rows]
        page = self._page(rows, projects, read, as_of, explain=request.explain)
        allowed = [*question.common, *question.own.values()]
        return Answer(
            parsed=read.parsed,
            relaxed_to=read.relaxed_to,
            total=total,
            page=self._by_meaning.marked(page, projects, order),
            read=partial(self._listed, rows, projects),
            facets=self._aggregating.facets(request, found),
            terms=forms.terms(found),
            totals=self._aggregating.totals(found),
            related=self._by_meaning.related(request, read, as_of, total, allowed),
        )

    def _page(
        self, rows: Sequence[Row], projects: Sequence[Project], read: Read, as_of: date, *, explain: bool
    ) -> tuple[Ranked, ...]:
        pairs = zip(rows, projects, strict=True)
        weighed = [partial(self._weights, *pair) if explain else None for pair in pairs]
        ranked = zip(rows, projects, weighed, strict=True)
        return tuple(row.ranked(read, as_of, project, weigh) for row, project, weigh in ranked)

    def _weights(self, row: Row, project: Project) -> Weights:
        texts = texts_of(self._searched, row.fields(self.own_fields, project))
        return self._weighing.weights(project, [text for _, text in texts])

    def _listed(self, rows: Sequence[Row], projects: Sequence[Project], _sought: Sought) -> list[Listed]:
        found = []
        for row, project in zip(rows, projects, strict=True):
            own = row.fields(self.own_fields, project)
            texts = texts_of(self._searched, own)
            found.append(cut(project)._replace(fields=listed_values(own), own_texts=texts, when=row.when))
        return found

    def _order(self, request: SearchRequest, question: Question) -> Order | None:
        """Return the best hits in order by meaning as well, None where only words count."""
        body = partial(self._bodies.body, request, question, counted=False)
        return self._by_meaning.order(request, question.read.parsed, body)

    def total(self, request: SearchRequest, as_of: date) -> tuple[int, RelaxedTo | None]:
        """Return how many projects an answer would have, and to what it would be relaxed."""
        question = self._bodies.question(request, as_of)
        body = self._bodies.body(request, question, counted=False)["query"]["bool"]
        found = self._uses.count(all_of([*body["must"], *body["filter"]]))
        return found, question.read.relaxed_to

    def totals(self, texts: Sequence[str]) -> list[int]:
        """Return how many projects have all that each of some texts asks for, before any filter."""
        return self._texts.counts_of_all(texts)

    def every(self, request: SearchRequest, as_of: date) -> Iterator[Whole]:
        """Yield all hits in order."""
        for hit in self._all(request, as_of):
            row, project = Row(hit), Row(hit).project
            status = status_on(as_of, project.start, project.end)
            yield Whole(project, status, row.score, row.fields(self.own_fields, project), row.when)

    def _all(self, request: SearchRequest, as_of: date) -> Iterator[Hit]:
        question = self._bodies.question(request, as_of)
        if order := self._order(request, question):
            return order.every()
        return self._walker.every(self._bodies.body(request, question, counted=False))

    def neighbours(
        self, request: SearchRequest, as_of: date, project_id: str
    ) -> tuple[str | None, str | None]:
        """Return the ids before and after a project among the hits, None at the ends."""
        question = self._bodies.question(request, as_of)
        body = self._bodies.body(request, question, counted=False)
        order = self._order(request, question)
        if order and (around := order.around(project_id)):
            return around
        before, after = self._walker.around(body, project_id)
        # Before the first that is not among the best is the last of these.
        return (order.ids[-1] if order and before in order.ids else before), after

    def project_ids(self) -> Iterator[tuple[str, When]]:
        """Yield the id of each project, and when it was first seen and last changed; newest start first."""
        body = self._bodies.body(
            SearchRequest(), self._bodies.question(SearchRequest(), date.min), counted=False
        )
        alone = {**ID_ALONE, "docvalue_fields": [*SEEN_FIELDS, "id"]}
        return ((row.id, row.when) for row in map(Row, self._walker.every({**body, **alone})))

    def project(self, project_id: str) -> Project | None:
        """Return a project by its id."""
        return found.project if (found := self._by_id(project_id)) else None

    def fields(self, project_id: str) -> Fields:
        """Return what a project says in the index's own fields, by their names."""
        found = self._by_id(project_id) if self.own_fields else None
        return NO_FIELDS if found is None else found.fields(self.own_fields, found.project)

    def when(self, project_id: str) -> When:
        """Return when a project was first seen and last changed."""
        return found.when if (found := self._by_id(project_id)) else NEVER_SEEN

    @property
    def since(self) -> datetime | None:
        """When the history of the index begins, None where there is none."""
        return self._past.since

    def changes(self, request: ChangesRequest) -> Changes:
        """Return a page of what happened to projects."""
        return self._past.page(request)

    def _by_id(self, project_id: str) -> Row | None:
        return self._walker.of_ids([project_id], self._stored).get(project_id)

    def similar(self, project_id: str, as_of: date, limit: int) -> tuple[Near, ...]:
        """Return the nearest projects, nothing for an unknown id."""
        here = self._by_id(project_id)
        if here is None:
            return ()
        return tuple(self._alike.near(here, limit, as_of, self.meaning))

    def grantees(self) -> tuple[tuple[str, int], ...]:
        """Return every grantee with its number of projects."""
        return grantees_of(*self.sources.grantees())

    def grantee_words(self, name: str) -> tuple[GranteeWord, ...]:
        """Return the words that tell a grantee apart, the heaviest first; nothing for an unknown name."""
        return self._grantees.telling(name)

    def near_grantees(self, name: str, limit: int) -> tuple[NearGrantee, ...]:
        """Return the grantees with most of the same words; nothing for an unknown name."""
        return self._grantees.near(name, limit)

    def overview(self, everything: SearchResults) -> Overview:
        """Return what the home page tells of the index; `everything` is the answer to an empty search."""
        names = self._facts.texts("grantee_names")
        return overview_of(self.info.documents, self._facts.arrays["span_years"], names, everything)
