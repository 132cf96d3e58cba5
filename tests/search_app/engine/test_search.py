"""The engine as a whole: what is found, in which order, page by page, and what it tells beside the hits."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from indexer.document import Project, status_on
from indexer.text.analysis import fold
from search_app.request import SORTS, ChangesRequest, Period
from tests.asking import asking
from tests.building import index_of
from tests.documents import CALLE, CAMINOS, LABOUR, MUNICIPAL, SEED, TECLAB, VISION_ZERO
from tests.opensearch.backends import OVER_BOTH
from tests.search_app.facets.test_filters import dated_projects, passes, random_filters

pytestmark = OVER_BOTH


@pytest.fixture(scope="module")
def seed(backend, tmp_path_factory):
    return backend.engine_of(tmp_path_factory.mktemp("seed"), SEED)


@pytest.fixture(scope="module")
def labour(backend, tmp_path_factory):
    return backend.engine_of(tmp_path_factory.mktemp("labour"), list(LABOUR.values()))


@pytest.fixture(scope="module")
def dated(backend, tmp_path_factory):
    projects = dated_projects(random.Random(4), most=90)
    return projects, backend.engine_of(tmp_path_factory.mktemp("dated"), projects)


def ids(results):
    return [hit.project.id for hit in results.hits]


def found(engine, q="", **asked):
    return set(ids(engine.search(asking(q=q, per_page=100, **asked))))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({"q": "inspections"}, [CALLE, CAMINOS], id="stems"),
        pytest.param({"q": "verite"}, [MUNICIPAL], id="accents"),
        pytest.param({"q": "children"}, [MUNICIPAL], id="irregular plural"),
        pytest.param({"q": "TECLAB"}, [TECLAB], id="acronym"),
        pytest.param({"q": "mexico -courts", "expand": False}, [MUNICIPAL, VISION_ZERO], id="negation"),
        pytest.param({"active_on": Period.parse("2020-06")}, [CALLE], id="active in a month"),
        pytest.param({"status": ("completed",), "as_of": date(2025, 1, 1)}, [CALLE], id="completed on a day"),
        pytest.param({"start_from": Period.parse("2022")}, [MUNICIPAL, TECLAB, CAMINOS], id="started since"),
        pytest.param({"grantee": ("Verité", "Ergo Group, Inc.")}, [MUNICIPAL, TECLAB], id="either grantee"),
    ],
)
def test_the_first_page_finds_what_people_look_for(seed, asked, expected):
    assert set(ids(seed.search(asking(**asked)))) == {project.id for project in expected}


def test_labour_courts_finds_the_courts_project_first_with_marks(seed):
    results = seed.search(asking(q="labour courts"))
    hit = results.hits[0]
    assert hit.project == TECLAB
    assert [hit.title.text[start:end] for start, end in hit.title.highlights] == ["Courts", "Labor"]
    assert [term.variants for term in results.terms] == [("labor",), ()]
    assert (results.relaxed, results.warnings) == (False, ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("labour", "labor"),
        ("labour", "LABOUR"),
        ("ILO", "international labour organization"),
        ("verité", "VERITE"),
    ],
    ids=["spelling", "case", "acronym", "accent"],
)
def test_two_ways_of_saying_it_find_the_same(seed, one, other):
    assert found(seed, one) == found(seed, other) != set()


class TestWords:
    def test_all_words_are_required_if_any_project_has_them_all(self, seed):
        results = seed.search(asking(q="labor courts justice"))
        assert (ids(results), results.relaxed) == ([TECLAB.id], False)

    def test_else_any_word_does_and_that_is_said(self, seed):
        results = seed.search(asking(q="courts chiapas"))
        assert results.relaxed
        assert set(ids(results)) == found(seed, "courts") | found(seed, "chiapas")

    def test_nothing_found_is_not_relaxed(self, seed):
        for q in ("zeppelin", "zeppelin zeppelins"):
            results = seed.search(asking(q=q))
            assert (results.total, results.relaxed, results.hits, results.pages) == (0, False, (), 0)

    def test_relaxing_keeps_what_is_unwanted_out(self, seed):
        results = seed.search(asking(q="courts chiapas zeppelin -automotive"))
        assert results.relaxed
        assert set(ids(results)) == {TECLAB.id, MUNICIPAL.id}

    def test_any_word_is_what_op_or_asks_for(self, labour):
        either = labour.search(asking(q="coffee cotton", op="or", per_page=100))
        assert set(ids(either)) == found(labour, "coffee") | found(labour, "cotton")
        assert not either.relaxed

    def test_any_word_finds_at_least_what_all_words_do(self, labour):
        for q in ("labour inspection", "child labor", "human trafficking", "safety -mines"):
            assert found(labour, q) <= found(labour, q, op="or")

    def test_a_negation_is_the_difference(self, labour):
        assert found(labour, "labour -child") == found(labour, "labour") - found(labour, "child")
        assert found(labour, "-labour") == set(LABOUR) - found(labour, "labour")

    def test_or_is_the_union_and_both_words_the_intersection(self, labour):
        one, other = found(labour, "coffee"), found(labour, "apprenticeships")
        assert found(labour, "coffee OR apprenticeships") == one | other
        assert found(labour, "coffee apprenticeships") == one & other != set()

    def test_variants_can_be_switched_off(self, labour):
        as_typed = found(labour, "apparel", expand=False)
        assert as_typed < found(labour, "apparel")
        assert all("pparel" in str(LABOUR[one]) for one in as_typed)
        results = labour.search(asking(q="labour", expand=False))
        assert [term.variants for term in results.terms] == [()]


def keys_of(sort, project):
    """Return what a project is sorted by: (is unknown, value)."""
    if sort in ("title", "grantee"):
        text = getattr(project, sort)
        return not text, fold(text)
    day = project.start if "start" in sort else project.end
    sign = -1 if sort.startswith("-") else 1
    return day is None, sign * (day.toordinal() if day else 0)


def newest_first(project):
    return -(project.start.toordinal() if project.start else 0), project.id


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort != "relevance"])
@pytest.mark.parametrize("q", ["", "courts"])
def test_the_order_is_total_with_unknown_last_and_ties_newest_first(dated, sort, q):
    projects, engine = dated
    by_id = {project.id: project for project in projects}
    hits = ids(engine.search(asking(q=q, sort=sort, per_page=100)))
    expected = sorted(hits, key=lambda one: (keys_of(sort, by_id[one]), newest_first(by_id[one])))
    assert hits == expected
    assert len(hits) == (len(projects) if not q else len(found(engine, q)))


def test_grantees_are_in_the_order_of_the_alphabet(backend, tmp_path):
    names = ["Zenith", "adidas", "Église", "Equal", "", "zoo"]
    engine = backend.engine_of(
        tmp_path, [Project(f"p{n}", "Courts", grantee=name) for n, name in enumerate(names)]
    )
    hits = engine.search(asking(sort="grantee")).hits
    assert [hit.project.grantee for hit in hits] == ["adidas", "Église", "Equal", "Zenith", "zoo", ""]
    assert [one.name for one in engine.grantees.all] == ["adidas", "Église", "Equal", "Zenith", "zoo"]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("per_page", [1, 7, 100], ids=lambda size: f"by {size}")
def test_pages_partition_the_hits(dated, sort, per_page):
    _, engine = dated
    asked = asking(q="labor courts", op="or", sort=sort, per_page=per_page, facets=())
    first = engine.search(asked)
    pages = [engine.search(replace(asked, page=page)) for page in range(1, first.pages + 1)]
    whole = [hit.project.id for hit in engine.every_hit(asked)]
    assert [one for page in pages for one in ids(page)] == whole
    assert len(whole) == len(set(whole)) == first.total
    assert {len(page.hits) for page in pages[:-1]} <= {per_page}
    scores = {hit.project.id: hit.score for hit in engine.every_hit(asked)}
    assert scores == pytest.approx({hit.project.id: hit.score for page in pages for hit in page.hits})


def test_a_page_beyond_the_end_is_empty(seed):
    for page in (2, 10**9):
        results = seed.search(asking(q="labor", page=page))
        assert (results.hits, results.total, results.pages) == ((), 5, 1)


def test_relevance_is_highest_score_first(labour):
    for q in ("labour", "child labour", "safety OR mines", "human trafficking"):
        scores = [hit.score for hit in labour.search(asking(q=q, per_page=100)).hits]
        assert scores == sorted(scores, reverse=True)
        assert min(scores) > 0


def test_totals_and_hits_pass_the_filters(dated):
    projects, engine = dated
    rng = random.Random(6)
    for _ in range(60):
        asked = replace(random_filters(rng), per_page=100, facets=())
        results = engine.search(asked)
        assert set(ids(results)) == {project.id for project in projects if passes(project, asked)}
        assert results.total == len(results.hits)
        for hit in results.hits:
            assert hit.status == status_on(asked.as_of, hit.project.start, hit.project.end)


def test_filters_never_change_a_score(labour):
    scores = {hit.project.id: hit.score for hit in labour.search(asking(q="labour", per_page=100)).hits}
    narrowed = labour.search(asking(q="labour", start_from=Period.parse("2015"), per_page=100)).hits
    assert 0 < len(narrowed) < len(scores)
    assert {hit.project.id: hit.score for hit in narrowed} == {
        hit.project.id: scores[hit.project.id] for hit in narrowed
    }


def test_status_is_for_today_unless_told(seed):
    results = seed.search(asking())
    assert results.as_of == datetime.now(UTC).date()
    assert seed.search(asking(as_of=date(2020, 1, 1))).as_of == date(2020, 1, 1)


def test_the_same_question_has_the_same_answer(backend, tmp_path):
    index = index_of(tmp_path, list(LABOUR.values()))
    kept, fresh = backend.engine(index), backend.engine(index, answers=0)
    for q in ("", "labour courts", "labour courts", "child*", "coffee -honduras"):
        asked = asking(q=q, as_of=date(2024, 1, 1), explain=True)
        first, second = kept.search(asked), fresh.search(asked)
        assert replace(first, took_ms=0.0) == replace(second, took_ms=0.0)
        assert kept.search(asked) is first


class TestSuggestion:
    def test_a_mistyped_word_is_corrected_with_its_count(self, seed):
        results = seed.search(asking(q="inspecters"))
        assert results.suggestion.q == "inspectors"
        assert results.suggestion.total == seed.search(asking(q="inspectors")).total

    def test_it_finds_at_least_as_much(self, labour):
        found = [labour.search(asking(q=q)) for q in ("cofee", "inspecters mexco", "safty minse", "zzzzzz")]
        suggested = {one.request.q: one.suggestion for one in found if one.suggestion}
        assert set(suggested) == {"cofee", "inspecters mexco", "safty minse"}
        for one in suggested.values():
            assert labour.search(asking(q=one.q)).total == one.total > 0

    def test_known_words_have_none(self, seed):
        assert seed.search(asking(q="labour courts")).suggestion is None

    def test_it_is_counted_with_the_filters(self, seed):
        results = seed.search(asking(q="inspecters", grantee=("Verité",)))
        assert (results.total, results.suggestion) == (0, None)


def test_a_completion_behind_the_name_of_a_field_is_found_there(backend, tmp_path):
    titles = {"a": "Mines in Mexico", "b": "Miners of Peru", "c": "Mexican courts"}
    texts = {"a": "Minerals", "b": "", "c": "Mines"}
    projects = [Project(one, titles[one], texts[one], grantee="Minority Rights") for one in titles]
    engine = backend.engine_of(tmp_path, projects)

    def words(typed):
        return {one.text: one.count for one in engine.suggest(typed) if one.kind == "word"}

    assert words("title:min") == {"title:mines": 1, "title:miners": 1}
    assert words("description:min") == {"description:mines": 1, "description:minerals": 1}
    assert words("grantee:min") == {"grantee:minority": 3}
    assert words('title:"mexico') == {'title:"mexico': 1}
    assert words("courts title:min") == {}
    assert words("grantee:mex") == {}
    for typed in ("title:m", "description:m", "grantee:m", "peru title:m", "-title:m"):
        for text, count in words(typed).items():
            assert engine.search(asking(q=text)).total == count > 0


def test_a_completion_is_counted_by_what_the_search_for_it_finds(backend, tmp_path):
    titles = [
        "Oral history",
        "History, oral",
        "Oral histories of how mills ran",
        "Music halls",
        "Music and history",
    ]
    projects = [
        Project(f"GP-{number}/7", title, "Oral Hispanic" * (number == 3))
        for number, title in enumerate(titles)
    ]
    engine = backend.engine_of(tmp_path, projects)

    def words(typed):
        return {one.text: one.count for one in engine.suggest(typed) if one.kind == "word"}

    # Quotes, an operator and a hyphen say more than that both words are there.
    assert words('"oral his') == {'"oral history': 1, '"oral hispanic': 1}
    assert words("oral OR mus") == {"oral OR music": 5}
    assert words("history -mus") == {"history -music": 3}
    assert words("oral NOT hi") == {"oral NOT history": 1, "oral NOT hispanic": 3}
    # A search does without words that only make a question.
    assert words("oral h") == {"oral history": 3, "oral hispanic": 1, "oral halls": 1}
    typed_ones = (
        '"oral his',
        "oral OR mus",
        "history -mus",
        "oral NOT hi",
        "oral h",
        "(oral h",
        "m",
        "gp-0",
        "id:GP-0",
        "oral -gp-0",
    )
    for typed in typed_ones:
        assert words(typed)
        for text, count in words(typed).items():
            results = engine.search(asking(q=text))
            assert (results.total, results.relaxed_to) == (count, None), text


def test_codes_are_completed_behind_the_name_of_their_field_and_the_marks_before_them(backend, tmp_path):
    engine = backend.engine_of(tmp_path, [Project(f"GP-{number}/7", "Mines") for number in range(2)])
    for before in ("", "id:", "mines ID:", "mines -", "(", "-id:"):
        assert [one.text for one in engine.suggest(f"{before}gp-0")] == [f"{before}GP-0/7"]
    assert [one.text for one in engine.suggest("title:gp-0")] == []


def test_an_empty_index_answers(backend, tmp_path):
    engine = backend.engine_of(tmp_path, [])
    for q in ("", "courts", "cou*", "courts~", '"labor courts"', "-courts"):
        results = engine.search(asking(q=q))
        assert (results.total, results.hits, results.index.documents) == (0, (), 0)
    overview = engine.overview()
    assert (overview.documents, overview.first_year, overview.grantees, overview.recent) == (0, None, 0, ())
    assert (engine.suggest("cou"), [*engine.grantees.all], engine.similar("a")) == ((), [], ())


class TestBrowsing:
    def test_the_overview_tells_what_is_in_the_index(self, seed):
        overview = seed.overview()
        assert (overview.documents, overview.first_year, overview.last_year, overview.grantees) == (
            5,
            2019,
            2027,
            4,
        )
        assert [project.id for project in overview.recent] == [
            one.id for one in (MUNICIPAL, TECLAB, CAMINOS, VISION_ZERO, CALLE)
        ]
        assert overview.top_grantees[0].value == "American Institutes for Research"
        active, started, ended = (facet.by_year for facet in overview.years)
        assert [active.within(year, year) for year in range(2019, 2023)] == [1, 1, 2, 3]
        assert (started.within(1, 9999), ended.within(2019, 2022)) == (5, 0)

    def test_grantees_are_all_listed_with_their_counts(self, labour):
        expected = {}
        for project in LABOUR.values():
            expected[project.grantee] = expected.get(project.grantee, 0) + 1
        del expected[""]
        assert {one.name: one.projects for one in labour.grantees.all} == expected

    def test_a_project_is_found_by_its_id(self, seed):
        assert seed.project(CALLE.id) == CALLE
        assert seed.project("nobody") is None

    def test_neighbours_are_those_of_the_whole_result(self, labour):
        asked = asking(q="labour", per_page=3)
        whole = [hit.project.id for hit in labour.every_hit(asked)]
        around = [labour.neighbours(asked, one) for one in whole]
        assert around == list(zip([None, *whole], [*whole[1:], None], strict=False))
        assert labour.neighbours(asked, "nobody") == (None, None)
        assert labour.neighbours(asking(q="coffee"), "tea-assam") == (None, None)

    def test_near_projects_share_words(self, labour):
        near = labour.similar("coffee-honduras", 3)
        assert len(near) == 3
        assert all(one.terms and one.project.id != "coffee-honduras" for one in near)
        assert [one.score for one in near] == sorted((one.score for one in near), reverse=True)
        assert labour.similar("nobody") == ()

    def test_what_the_build_changed_is_told(self, seed):
        assert seed.changes(ChangesRequest(kinds=("added",))).total == 5

    def test_every_hit_is_the_whole_project(self, seed):
        hits = list(seed.every_hit(asking(q="labor")))
        assert {hit.project for hit in hits} == set(SEED)
        assert all(hit.description[0].text == hit.project.description for hit in hits)
