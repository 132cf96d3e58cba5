"""Filters against a loop over the projects, day by day."""

import random
from datetime import date, timedelta

import pytest

from indexer.document import STATUSES, Project, status_on
from search_app.embedded.narrowing import Facets
from search_app.facets.spans import Spans
from search_app.facets.table import FACETS
from search_app.request import Period, Years
from tests.asking import asking
from tests.building import segment_of

GRANTEES = ("Verité", "ILO", "Equal Ground", "")


def dated_projects(rng, most=60):
    """Return projects over some ten years, dates now and then unknown."""

    def one(number):
        start = date(2015, 1, 1) + timedelta(days=rng.randrange(3650))
        end = start + timedelta(days=rng.choice([0, 30, 365, 1500]))
        known = rng.random(), rng.random()
        return Project(
            id=f"p{number:02}",
            title=rng.choice(["Labor courts", "Labour inspection", "courts", "Children in mines"]),
            description=rng.choice(
                ["", "Labor courts of Mexico.", "Inspections of mines. Children of miners."]
            ),
            grantee=rng.choice(GRANTEES),
            start=start if known[0] < 0.9 else None,
            end=end if known[1] < 0.9 else None,
        )

    return [one(number) for number in range(rng.randrange(1, most))]


def random_period(rng):
    year, month, day = rng.randrange(2013, 2030), rng.randrange(1, 13), rng.randrange(1, 29)
    return Period.parse(rng.choice([f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}"]))


def random_years(rng):
    first = rng.randrange(2013, 2030)
    return tuple({Years(first, first + rng.choice([0, 0, 4])) for _ in range(rng.randrange(1, 3))})


def random_filters(rng):
    """Return a request with any of the filters, each set now and then."""
    periods = ["active_from", "active_to", "active_on", "start_from", "start_to", "end_from", "end_to"]
    chosen = {name: random_period(rng) for name in periods if rng.random() < 0.15}
    chosen |= {
        name: random_years(rng) for name in ("active_year", "start_year", "end_year") if rng.random() < 0.25
    }
    if rng.random() < 0.25:
        chosen["status"] = tuple(rng.sample(STATUSES, rng.randrange(1, 3)))
    if rng.random() < 0.15:
        chosen["status_not"] = tuple(rng.sample(STATUSES, rng.randrange(1, 3)))
    if rng.random() < 0.15:
        chosen["grantee_not"] = tuple(rng.sample([*GRANTEES[:3], "Nobody"], rng.randrange(1, 3)))
    if rng.random() < 0.25:
        chosen["grantee"] = tuple(rng.sample([*GRANTEES[:3], "Nobody"], rng.randrange(1, 3)))
    return asking(as_of=date(2020, 6, 15), **chosen)


def passes(project, asked):
    """Tell by the words of the contract whether a project passes the filters of a request."""
    start, end, given = project.start, project.end, asked.filters

    def later(day, name):
        return all(day is not None and day >= period.first for period in given[name])

    def earlier(day, name):
        return all(day is not None and day <= period.last for period in given[name])

    def in_years(years, overlaps):
        return not years or any(overlaps(one) for one in years)

    return (
        later(end, "active_from")
        and earlier(start, "active_to")
        and later(end, "active_on")
        and earlier(start, "active_on")
        and later(start, "start_from")
        and earlier(start, "start_to")
        and later(end, "end_from")
        and earlier(end, "end_to")
        and (not given["status"] or status_on(asked.as_of, start, end) in given["status"])
        and status_on(asked.as_of, start, end) not in given["status_not"]
        and (not given["grantee"] or project.grantee in given["grantee"])
        and project.grantee not in given["grantee_not"]
        and in_years(
            given["start_year"], lambda one: start is not None and one.first <= start.year <= one.last
        )
        and in_years(given["end_year"], lambda one: end is not None and one.first <= end.year <= one.last)
        and in_years(
            given["active_year"],
            lambda one: (
                start is not None and end is not None and start.year <= one.last and end.year >= one.first
            ),
        )
    )


def masks_of(facets, asked):
    day = asked.as_of or date(2020, 1, 1)
    return [*facets.common(asked.filters, day), *facets.own(asked.filters, day).values()]


@pytest.mark.parametrize("seed", range(10), ids=lambda seed: f"seed-{seed}")
def test_what_passes_is_what_passes_a_loop(seed):
    rng = random.Random(seed)
    segment = segment_of(dated_projects(rng))
    projects = [segment.project(number) for number in range(len(segment))]
    facets = Facets(Spans(segment), FACETS)
    for _ in range(100):
        asked = random_filters(rng)
        masks = masks_of(facets, asked)
        found = [all(mask[number] for mask in masks) for number in range(len(projects))]
        assert found == [passes(project, asked) for project in projects], asked.filters


@pytest.mark.parametrize("seed", range(3), ids=lambda seed: f"seed-{seed}")
def test_statuses_are_those_of_each_project(seed):
    rng = random.Random(seed)
    segment = segment_of(dated_projects(rng))
    spans = Spans(segment)
    for _ in range(20):
        day = date(2014, 1, 1) + timedelta(days=rng.randrange(6000))
        found = [STATUSES[number] for number in spans.statuses(day).tolist()]
        projects = [segment.project(number) for number in range(len(segment))]
        assert found == [status_on(day, project.start, project.end) for project in projects]


def test_a_project_is_active_in_each_year_of_a_day_of_it():
    """Years against days: a project is active in a year exactly when it is on one of the year's days."""
    rng = random.Random(7)
    projects = dated_projects(rng, most=20)
    segment = segment_of(projects)
    facets = Facets(Spans(segment), FACETS)
    for year in range(2014, 2030):
        asked = asking(active_year=(Years(year, year),))
        days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
        expected = [
            any(status_on(day, project.start, project.end) == "active" for day in days)
            for project in map(segment.project, range(len(segment)))
        ]
        assert facets.own(asked.filters, date(2020, 1, 1))["active_year"].tolist() == expected


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        pytest.param("active_from", "2020-07-10", "2020-07-11", id="active until the first day"),
        pytest.param("active_to", "2020-06-05", "2020-06-04", id="active from the last day on"),
        pytest.param("active_on", "2020-06-05", "2020-06-04", id="active on its first day"),
        pytest.param("active_on", "2020-07-10", "2020-07-11", id="active on its last day"),
        pytest.param("active_on", "2020-07", "2020-08", id="active in a month"),
        pytest.param("start_from", "2020-06-05", "2020-06-06", id="start, from"),
        pytest.param("start_to", "2020-06-05", "2020-06-04", id="start, to"),
        pytest.param("end_from", "2020-07-10", "2020-07-11", id="end, from"),
        pytest.param("end_to", "2020-07-10", "2020-07-09", id="end, to"),
        pytest.param("end_to", "2020", "2019", id="end, to a year"),
    ],
)
def test_both_ends_of_a_period_are_included(name, inside, outside):
    project = Project("a", "Courts", start=date(2020, 6, 5), end=date(2020, 7, 10))
    facets = Facets(Spans(segment_of([project])), FACETS)
    found = [
        all(mask[0] for mask in masks_of(facets, asking(**{name: Period.parse(text)})))
        for text in (inside, outside)
    ]
    assert found == [True, False]


def test_a_filter_that_matches_nothing_lets_nothing_pass():
    facets = Facets(Spans(segment_of([Project("a", "Courts", grantee="Verité")])), FACETS)
    for asked in (asking(grantee=("Nobody",)), asking(start_year=(Years(1900, 1900),))):
        [mask] = masks_of(facets, asked)
        assert not mask.any()


def test_no_filter_makes_no_mask():
    facets = Facets(Spans(segment_of([Project("a", "Courts")])), FACETS)
    assert masks_of(facets, asking(q="courts")) == []
