"""Facets against loops over the projects; each is counted with every filter but its own."""

import random
from calendar import isleap
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from indexer.document import STATUSES, Project, status_on
from search_app.facets.table import FACETS
from search_app.facets.years import MOST_BUCKETS, YearCounter
from search_app.request import LISTED_VALUES, Years
from tests.asking import asking
from tests.opensearch.backends import OVER_BOTH
from tests.search_app.facets.test_filters import dated_projects, passes, random_filters

pytestmark = OVER_BOTH


def facets_of(results):
    return {facet.name: facet for facet in results.facets}


def read(name, text):
    return text if name == "grantee" else Years.parse(text)


def without(asked, name):
    return asked.filtered(name, ())


def in_bucket(project, name, years):
    start, end = project.start and project.start.year, project.end and project.end.year
    if name == "active_year":
        return bool(start and end and start <= years.last and end >= years.first)
    year = start if name == "start_year" else end
    return bool(year and years.first <= year <= years.last)


def is_dated(project, name):
    needed = {
        "active_year": (project.start, project.end),
        "start_year": (project.start,),
        "end_year": (project.end,),
    }
    return None not in needed[name]


@pytest.fixture(scope="module", params=range(3), ids=lambda seed: f"seed-{seed}")
def corpus(backend, request, tmp_path_factory):
    projects = dated_projects(random.Random(request.param), most=80)
    return projects, backend.engine_of(tmp_path_factory.mktemp("facets"), projects)


def test_every_count_is_that_of_a_loop(corpus):
    projects, engine = corpus
    rng = random.Random(1)
    for _ in range(40):
        asked = random_filters(rng)
        facets = facets_of(engine.search(asked))
        for name in ("active_year", "start_year", "end_year"):
            over = [project for project in projects if passes(project, without(asked, name))]
            for bucket in facets[name].buckets:
                years = Years(bucket.first.year, bucket.last.year)
                assert bucket.count == sum(in_bucket(project, name, years) for project in over), (
                    asked,
                    bucket,
                )
            assert facets[name].unknown == sum(not is_dated(project, name) for project in over)
        over = [project for project in projects if passes(project, without(asked, "status"))]
        for bucket in facets["status"].buckets:
            statuses = [status_on(asked.as_of, project.start, project.end) for project in over]
            assert bucket.count == statuses.count(bucket.value)
        over = [project.grantee for project in projects if passes(project, without(asked, "grantee"))]
        for bucket in facets["grantee"].buckets:
            assert bucket.count == over.count(bucket.value)
        assert facets["grantee"].unknown == over.count("")


def test_every_count_is_the_total_of_the_search_that_chooses_the_bucket(corpus):
    _, engine = corpus
    rng = random.Random(2)
    for _ in range(15):
        asked = replace(random_filters(rng), q=rng.choice(["", "courts", "labor mines"]))
        for facet in engine.search(asked).facets:
            for bucket in facet.buckets:
                value = Years.parse(bucket.value) if facet.type == "range" else bucket.value
                chosen = replace(asked.filtered(facet.name, (value,)), facets=())
                assert engine.search(chosen).total == bucket.count, (facet.name, bucket)


def test_a_bucket_within_a_chosen_one_replaces_it(corpus):
    _, engine = corpus
    for name in ("active_year", "start_year", "end_year"):
        wide = Years(2015, 2019)
        facet = facets_of(engine.search(asking(**{name: (wide,)})))[name]
        inside = [bucket for bucket in facet.buckets if bucket.within]
        assert {bucket.within for bucket in inside} == {"2015-2019"}
        assert [bucket.value for bucket in inside] == [
            bucket.value
            for bucket in facet.buckets
            if bucket.first.year >= 2015 and bucket.last.year <= 2019 and bucket.value != "2015-2019"
        ]
        for bucket in inside:
            narrowed = engine.search(asking(**{name: (Years.parse(bucket.value),)}))
            assert narrowed.total == bucket.count


def test_years_are_counted_one_by_one_by_the_day(corpus):
    projects, engine = corpus
    active = engine.overview().years[0].by_year
    first, last = active.known()
    for year in range(first - 1, last + 2):
        days = [date(year, 1, 1) + timedelta(days=number) for number in range(365 + isleap(year))]
        found = [
            any(status_on(day, project.start, project.end) == "active" for day in days)
            for project in projects
        ]
        assert active.within(year, year) == sum(found)
    assert active.within(first, last) == sum(None not in (one.start, one.end) for one in projects)


@pytest.mark.parametrize("name", [spec.name for spec in FACETS if spec.counted and spec.reads != "choice"])
def test_what_is_unknown_can_be_chosen_and_refused(corpus, name):
    _, engine = corpus
    (everything,) = engine.search(asking(facets=(name,))).facets
    found = engine.search(asking(**{name: ("unknown",)}, facets=(name,)))

    assert found.total == everything.unknown == found.facets[0].unknown > 0
    value = everything.buckets[0]
    both = engine.search(asking(**{name: ("unknown", read(name, value.value))}))
    assert both.total == found.total + value.count
    if name == "grantee":
        known = engine.search(asking(grantee_not=("unknown",)))
        assert known.total == engine.info.documents - found.total


def test_selected_values_are_listed_even_at_zero(corpus):
    _, engine = corpus
    asked = asking(
        q="zebra",
        status=("planned",),
        grantee=("Nobody", "Verité", "Nobody"),
        start_year=(Years(1900, 1900),),
    )
    facets = facets_of(engine.search(asked))
    assert [(one.value, one.count, one.selected) for one in facets["status"].buckets] == [
        ("planned", 0, True)
    ]
    assert [one.value for one in facets["grantee"].buckets] == ["Nobody", "Verité"]
    assert [(one.value, one.count, one.selected) for one in facets["start_year"].buckets] == [
        ("1900", 0, True)
    ]


def test_only_the_facets_asked_for_are_counted_in_the_order_of_the_table(corpus):
    _, engine = corpus
    counted = [spec.name for spec in engine.specs if spec.counted]
    assert [facet.name for facet in engine.search(asking()).facets] == counted
    some = engine.search(asking(facets=("grantee", "start_year")))
    assert [facet.name for facet in some.facets] == ["start_year", "grantee"]


def test_statuses_are_in_the_order_of_a_life(corpus):
    _, engine = corpus
    values = [bucket.value for bucket in facets_of(engine.search(asking()))["status"].buckets]
    assert values == [status for status in STATUSES if status in values]


def test_many_grantees_are_cut_and_counted(backend, tmp_path):
    projects = [Project(f"p{n}", "Courts", grantee=f"Grantee {n % 70:02}") for n in range(100)]
    engine = backend.engine_of(tmp_path, projects)
    facet = facets_of(engine.search(asking(grantee=("Grantee 69",))))["grantee"]
    assert [bucket.value for bucket in facet.buckets[:50]] == [f"Grantee {n:02}" for n in range(50)]
    assert [bucket.count for bucket in facet.buckets[:50]] == [2] * 30 + [1] * 20
    assert (len(facet.buckets), facet.buckets[50].value, facet.buckets[50].count) == (
        LISTED_VALUES + 1,
        "Grantee 69",
        1,
    )
    assert facet.more == 70 - 51


@pytest.mark.parametrize(
    ("first", "last", "values"),
    [
        pytest.param(2021, 2021, ["2021"], id="one year"),
        pytest.param(2015, 2026, [str(year) for year in range(2015, 2027)], id="twelve years"),
        pytest.param(2014, 2026, ["2010-2014", "2015-2019", "2020-2024", "2025-2029"], id="fives"),
        pytest.param(1966, 2020, [f"{year}-{year + 4}" for year in range(1965, 2021, 5)], id="fives, most"),
        pytest.param(1950, 2020, [f"{year}-{year + 9}" for year in range(1950, 2021, 10)], id="decades"),
        pytest.param(1900, 2060, [f"{year}-{year + 19}" for year in range(1900, 2061, 20)], id="twenties"),
    ],
)
def test_buckets_are_as_narrow_as_a_glance_allows(first, last, values):
    spans = np.array([[first, first], [last, last]], np.int16)
    facet = YearCounter(spans).count(np.array([1, 1]))["start_year"].facet("Years")
    assert [bucket.value for bucket in facet.buckets] == values
    assert len(facet.buckets) <= MOST_BUCKETS
    assert sum(bucket.count for bucket in facet.buckets) == 2


def test_a_chosen_wide_bucket_opens():
    spans = np.array([[1966, 1966], [2001, 2001], [2020, 2020]], np.int16)
    counts = np.array([1, 1, 1])
    started = YearCounter(spans).count(counts)["start_year"]
    closed = [bucket.value for bucket in started.facet("Years").buckets]
    facet = started.facet("Years", [Years(2000, 2004)])
    opened = [bucket.value for bucket in facet.buckets if bucket.value not in closed]
    assert opened == ["2000", "2001", "2002", "2003", "2004"]
    assert [bucket.value for bucket in facet.buckets if bucket.selected] == ["2000-2004"]
    assert {bucket.within for bucket in facet.buckets if bucket.value in opened} == {"2000-2004"}
    assert (facet.buckets[0].first, facet.buckets[0].last) == (date(1965, 1, 1), date(1969, 12, 31))


def test_labels_are_typeset():
    spans = np.array([[1966, 2020]], np.int16)
    [bucket, *_] = YearCounter(spans).count(np.array([1]))["active_year"].facet("Years").buckets
    assert (bucket.value, bucket.label) == ("1965-1969", "1965–1969")


def test_no_dates_are_no_buckets(backend, tmp_path):
    engine = backend.engine_of(
        tmp_path, [Project("a", "Courts"), Project("b", "Mines", start=date(2020, 1, 1))]
    )
    facets = facets_of(engine.search(asking(q="courts")))
    assert [(facets[spec.name].buckets, facets[spec.name].unknown) for spec in FACETS[:3]] == [((), 1)] * 3
    assert [(one.value, one.count) for one in facets["status"].buckets] == [("unknown", 1)]


def test_a_year_that_is_hardly_meant_stretches_no_chart():
    spans = np.array([[1, 2020], [2019, 9999], [2021, 2022]], np.int16)
    facets = YearCounter(spans).count(np.array([1, 1, 1]))
    started = facets["start_year"].facet("Years").buckets
    assert [(bucket.value, bucket.count) for bucket in started] == [("2019", 1), ("2020", 0), ("2021", 1)]
    active = facets["active_year"].facet("Years", [Years(2020, 2020)]).buckets
    assert [bucket.count for bucket in active if bucket.value == "2020"] == [2]
    only = YearCounter(spans[:1]).count(np.array([1]))["start_year"].facet("Years")
    assert [bucket.value for bucket in only.buckets] == ["0001"]
