"""One request, one answer: a cluster answers as the arrays on one machine do, but for what is documented.

Documented (docs/cluster.md): scores of phrases, and the order that follows.
"""

import random
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from indexer.cluster import generations
from indexer.cluster.publishing import Options, publish
from indexer.document import Project
from search_app.cluster import searching, walking
from search_app.cluster.opening import open_backend
from search_app.cluster.wording import near_grantees, nearest
from search_app.embedded.meaning import similar
from search_app.engine.search import SearchEngine
from search_app.request import SORTS, Filters, Number, Period, Range, SearchRequest, Years
from tests.building import index_of
from tests.documents import LABOUR, SEED

DAY = date(2021, 6, 1)
WORDS = """
labor labour child children organisation organization court courts mexico coffee cocoa mines miners safety
healthcare training women workers rights programme program inspection follow-up ILO trafficking rural town
""".split()
FINE = {"labor", "labour", "coffee", "court", "mexico", "safety", "women", "rural"}


def generated(rng, number):
    start = None if rng.random() < 0.1 else date(1999, 1, 1) + timedelta(rng.randrange(9_000))
    end = None if start is None or rng.random() < 0.1 else start + timedelta(rng.randrange(2_500))
    extra = {}
    if rng.random() < 0.8:
        extra["amount"] = f"${rng.choice([1, 2, 5]) * 10 ** rng.randrange(3, 7)}"
    if rng.random() < 0.8:
        extra["Region"] = "; ".join(
            rng.sample(["East Africa", "Andes", "andes", "South Asia"], rng.randrange(1, 3))
        )
    if rng.random() < 0.6:
        extra["Decided on"] = (date(2001, 1, 1) + timedelta(rng.randrange(6_000))).isoformat()
    return Project(
        f"GP-{number:05}",
        " ".join(rng.choices(WORDS, k=rng.randrange(2, 7))).capitalize(),
        ". ".join(" ".join(rng.choices(WORDS, k=rng.randrange(3, 12))) for _ in range(rng.randrange(4))),
        rng.choice(["", "Verité", "World Education", "Ergo Group, Inc.", "Winrock", "ILO"]),
        start,
        end,
        tuple(extra.items()),
    )  # fmt: skip


@pytest.fixture(scope="module")
def engines(node, tmp_path_factory):
    """The same projects on this machine and in a cluster."""
    rng = random.Random(19)
    projects = [*SEED, *LABOUR.values(), *(generated(rng, number) for number in range(400))]
    index = index_of(tmp_path_factory.mktemp("same"), projects)
    cluster = node.cluster("same")
    publish(index, cluster, Options(shards=3, replicas=0))
    backend = open_backend(cluster, generations.current(cluster))
    return SearchEngine.open(index, answers=0), SearchEngine(backend, answers=0)


def text(rng):
    words = rng.sample(WORDS, rng.choice([1, 1, 2, 2, 3, 4]))
    kinds = [
        " ".join(words), " ".join(words), f"{' '.join(words)} -{rng.choice(WORDS)}",
        f"{words[0]} OR {rng.choice(WORDS)}", f"title:{words[0]}", f"grantee:verite {words[0]}",
        f'"{words[0]} {words[-1]}"', f"{words[0][:3]}*", f"{words[0]}~", f"region:africa {words[0]}", "",
        f"GP-{rng.randrange(400):05}", "laobr cuorts", "-coffee", "(mexico OR peru) labor", "International Labor Organization",
    ]  # fmt: skip
    return rng.choice(kinds)


def filters(rng, specs):
    found = {}
    if rng.random() < 0.3:
        first = rng.randrange(1999, 2024)
        found[rng.choice(["active_year", "start_year", "end_year"])] = (Years(first, first + 4), "unknown")[
            : rng.randrange(1, 3)
        ]
    if rng.random() < 0.3:
        found[rng.choice(["grantee", "grantee_not"])] = tuple(
            rng.sample(["Verité", "ILO", "Nobody", "unknown"], 2)
        )
    if rng.random() < 0.2:
        found["status"] = (rng.choice(["planned", "active", "completed", "unknown"]),)
    if rng.random() < 0.2:
        name = rng.choice(["active_on", "active_from", "start_to", "end_from"])
        found[name] = (Period.parse(rng.choice(["2014", "2014-02", "2019-11-30"])),)
    if rng.random() < 0.3:
        own = rng.choice([spec for spec in specs if spec.name in ("region", "amount", "decided_on")])
        value = {"keyword": "andes", "range": Range(1_000, 50_000), "years": Years(2010, 2012)}[own.reads]
        found[own.name] = (value,)
    if rng.random() < 0.1:
        found["amount_from"] = (Number(20_000.0),)
    return Filters.of(found)


def is_exact(q):
    """Tell whether the scores of a text are the same as well: no phrase is in it."""
    if re.fullmatch(r"[a-z]+[*~]", q):
        return True
    return q in ("", "-coffee") or (set(q.lower().split()) <= FINE and not any(mark in q for mark in '"*~-:'))


def totals_of(results):
    return [
        (one.field, one.unknown, [(total.currency, total.count, round(total.sum, 2), total.median, total.years) for total in one.totals])
        for one in results.totals
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_random_searches_have_one_answer(engines, seed):
    rng, (ours, theirs) = random.Random(seed), engines
    for _ in range(25):
        asked = SearchRequest(
            q=text(rng),
            op=rng.choice(["and", "and", "or"]),
            expand=rng.random() > 0.1,
            filters=filters(rng, ours.specs),
            as_of=DAY,
            sort=rng.choice([None, None, *SORTS, "amount", "-decided_on"]),
            page=rng.choice([1, 1, 2]),
            per_page=15,
        )
        here, there = ours.search(asked), theirs.search(asked)
        assert there.total == here.total, asked
        assert there.relaxed_to == here.relaxed_to, asked
        assert there.facets == here.facets, asked
        assert totals_of(there) == totals_of(here), asked
        assert there.terms == here.terms, asked
        assert there.suggestion == here.suggestion, asked
        assert there.warnings == here.warnings, asked
        # Frequencies are whole numbers there: two scores a millionth apart may change places.
        if (is_exact(asked.q) and asked.q[-1:] not in ("*", "~")) or asked.order != "relevance":
            assert [hit.project for hit in there.hits] == [hit.project for hit in here.hits], asked
        by_id = {hit.project.id: hit for hit in here.hits}
        for hit in there.hits:
            if (other := by_id.get(hit.project.id)) is not None:
                assert replace_score(hit) == replace_score(other), asked
                if is_exact(asked.q):
                    assert hit.score == pytest.approx(other.score, rel=1e-4), asked


@pytest.mark.parametrize(
    "q", ["labor labour", "labour coffee labor", "labor OR courts courts", "mexico OR court labor OR court"]
)
def test_an_occurrence_is_not_near_to_itself_here_or_there(engines, q):
    for op in ("and", "or"):
        here, there = (engine.search(SearchRequest(q=q, op=op, per_page=100)) for engine in engines)
        assert [hit.project.id for hit in there.hits] == [hit.project.id for hit in here.hits]
        assert [hit.score for hit in there.hits] == pytest.approx([hit.score for hit in here.hits], rel=1e-4)


def replace_score(hit):
    return hit._replace(score=0.0, explanation=())


def test_far_pages_and_all_hits_are_in_one_order(engines, monkeypatch):
    monkeypatch.setattr(searching, "WINDOW", 40)
    monkeypatch.setattr(walking, "WINDOW", 40)
    monkeypatch.setattr(walking, "STRIDE", 30)
    ours, theirs = engines
    for asked in (SearchRequest(q="labor", as_of=DAY), SearchRequest(as_of=DAY, sort="title")):
        every = [hit.project.id for hit in ours.every_hit(asked)]
        assert [hit.project.id for hit in theirs.every_hit(asked)] == every
        assert len(every) > 100
        for page in (1, 2, 3, 5, 9):
            found = theirs.search(replace(asked, page=page, per_page=20))
            assert [hit.project.id for hit in found.hits] == every[20 * page - 20 : 20 * page]
        beside = [(None, every[1]), *((every[at - 1], every[at + 1]) for at in (1, 50)), (every[-2], None)]
        here = [theirs.neighbours(asked, every[at]) for at in (0, 1, 50, -1)]
        assert here == beside
    assert theirs.neighbours(SearchRequest(q="zymurgy"), "GP-00001") == (None, None)
    assert list(theirs.project_ids()) == list(ours.project_ids())


def test_single_projects_and_what_is_near_to_them(engines):
    ours, theirs = engines
    for project_id in (SEED[0].id, "GP-00003", "GP-00250"):
        assert theirs.project(project_id) == ours.project(project_id)
        assert theirs.fields(project_id) == ours.fields(project_id)
        here, there = ours.similar(project_id), theirs.similar(project_id)
        assert [one.project.id for one in there] == [one.project.id for one in here]
        assert [one.terms for one in there] == [one.terms for one in here]
        assert [one.score for one in there] == pytest.approx([one.score for one in here], rel=1e-3)
    assert theirs.project("nobody") is None
    assert theirs.similar("nobody") == ()


def test_of_long_projects_the_beginning_says_what_is_near(engines, monkeypatch):
    whole = [engines[1].similar(project.id) for project in SEED]
    monkeypatch.setattr(similar, "MOST_READ", 60)
    monkeypatch.setattr(nearest, "MOST_READ", 60)
    for project in SEED:
        here, there = (engine.similar(project.id) for engine in engines)
        assert [(one.project.id, one.terms) for one in there] == [(one.project.id, one.terms) for one in here]
    assert any(engines[1].similar(project.id) != before for project, before in zip(SEED, whole, strict=True))


def test_completions_names_and_the_overview(engines):
    ours, theirs = engines
    for typed in ("lab", "labor cou", "veri", "coffee ", "GP-0001", "towards effective", "x", ""):
        # Of two forms that are used about as often, another one may be proposed (docs/cluster.md).
        here, there = (
            {(one.kind, one.count, one.project_id) for one in ask(typed)}
            for ask in (ours.suggest, theirs.suggest)
        )
        assert here == there, typed
    assert theirs.backend.grantees() == ours.backend.grantees()
    assert theirs.overview() == ours.overview()


def test_the_words_of_grantees_and_who_has_them_too(engines, monkeypatch):
    ours, theirs = (engine.backend for engine in engines)
    names = [name for name, _ in ours.grantees()]
    for name in names:
        assert theirs.grantee_words(name) == ours.grantee_words(name), name
        assert theirs.near_grantees(name, 5) == ours.near_grantees(name, 5), name
    # Of one that has more projects than are read, words are counted in all of them.
    monkeypatch.setattr(near_grantees, "READ", 20)
    known = {name: ours.grantee_words(name) for name in names}
    found = {name: theirs.grantee_words(name) for name in names}
    assert any(found.values())
    for name, words in found.items():
        exact = {one.word: one.projects for one in known[name]}
        assert all(one.projects == exact.get(one.word, one.projects) for one in words), name


def test_a_score_is_the_sum_of_its_parts(engines):
    _, theirs = engines
    for q in ("labor rights", "labor coffee mexico", "child labour"):
        for hit in theirs.search(SearchRequest(q=q, op="or", explain=True)).hits:
            assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score, rel=1e-3)


@pytest.mark.parametrize(
    "q",
    ['{"match_all":{}}', "*:*", "title:* OR 1=1", '\\" OR "', "_exists_:id", "a" * 500, "\x1f=labor", "labor|5 ␟"],
)  # fmt: skip
def test_no_text_is_a_query_of_the_cluster(engines, q):
    ours, theirs = engines
    asked = SearchRequest(q=q, as_of=DAY)
    assert theirs.search(asked).total == ours.search(asked).total
