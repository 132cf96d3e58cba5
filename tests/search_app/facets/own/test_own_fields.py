"""Own fields against brute force: filters, counts, orders, totals and values, over random corpora."""

import random
from collections import Counter
from datetime import date
from statistics import median

import pytest

from indexer.document import Project
from search_app.engine.search import SearchEngine
from search_app.request import Number, Period, Range, Years
from search_app.results import Money
from tests.asking import asking
from tests.building import index_of
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

COUNTRIES = ["Peru", "Ghana", "Viet Nam", "Côte d'Ivoire", "Mali"]
THEMES = ["Water", "Health", "Roads"]


def a_project(rng, number):
    extra = {}
    if rng.random() < 0.8:
        extra["Country"] = "; ".join(rng.sample(COUNTRIES, rng.choice([1, 1, 2, 3])))
    if rng.random() < 0.8:
        extra["Theme"] = rng.choice(THEMES)
    if rng.random() < 0.8:
        extra["Amount"] = rng.choice(["$%d,000", "EUR %d,500", "%d,250"]) % rng.randint(1, 999)
    if rng.random() < 0.7:
        extra["Signed"] = date(2015 + rng.randint(0, 8), rng.randint(1, 12), rng.randint(1, 28)).isoformat()
    return Project(
        f"p-{number}",
        f"Title {number} {rng.choice(['water', 'roads'])}",
        "",
        "Verité",
        date(rng.choice([2019, 2020, 2020, 2024]), 5, 1) if rng.random() < 0.9 else None,
        None,
        tuple(extra.items()),
    )


class Truth:
    """One project as the tests read it."""

    def __init__(self, project):
        extra = dict(project.extra)
        self.id = project.id
        self.country = set(extra["Country"].split("; ")) if "Country" in extra else set()
        self.theme = {extra["Theme"]} if "Theme" in extra else set()
        amount = extra.get("Amount", "")
        self.currency = "USD" if amount.startswith("$") else "EUR" if amount.startswith("EUR") else ""
        digits = "".join(char for char in amount if char.isdigit())
        self.amount = float(digits) if digits else None
        self.year = project.start.year if project.start else None
        self.signed = date.fromisoformat(extra["Signed"]) if "Signed" in extra else None

    def passes(self, filters, but=None):
        return all(CHECKS[name](self, values) for name, values in filters.items() if name != but)


CHECKS = {
    "country": lambda one, values: bool(one.country & set(values)),
    "country_not": lambda one, values: not one.country & set(values),
    "theme": lambda one, values: bool(one.theme & set(values)),
    "theme_not": lambda one, values: not one.theme & set(values),
    "amount": lambda one, values: (
        one.amount is not None
        and any(
            (v.low is None or one.amount >= v.low) and (v.high is None or one.amount < v.high) for v in values
        )
    ),
    "amount_from": lambda one, values: one.amount is not None and one.amount >= values[0].value,
    "amount_to": lambda one, values: one.amount is not None and one.amount <= values[0].value,
    "signed": lambda one, values: (
        one.signed is not None and any(v.first <= one.signed.year <= v.last for v in values)
    ),
    "signed_from": lambda one, values: one.signed is not None and one.signed >= values[0].first,
    "signed_to": lambda one, values: one.signed is not None and one.signed <= values[0].last,
}


def random_filters(rng):
    drawn = {
        "country": rng.sample(COUNTRIES, rng.randint(1, 2)),
        "country_not": rng.sample(COUNTRIES, 1),
        "theme": rng.sample(THEMES, rng.randint(1, 2)),
        "theme_not": rng.sample(THEMES, 1),
        "amount": [Range(low := rng.choice([None, 100_000.0]), (low or 0) + 200_000.0)],
        "amount_from": [Number(float(rng.randint(1, 500_000)))],
        "amount_to": [Number(float(rng.randint(400_000, 999_000)))],
        "signed": [Years(2016, rng.randint(2016, 2020))],
        "signed_from": [Period.parse(str(rng.randint(2015, 2018)))],
        "signed_to": [Period.parse(f"{rng.randint(2018, 2023)}-06")],
    }
    return {name: drawn[name] for name in rng.sample(sorted(drawn), rng.randint(0, 3))}


@pytest.fixture(scope="module", params=range(4), ids=lambda seed: f"seed-{seed}")
def world(backend, request, tmp_path_factory):
    rng = random.Random(request.param)
    projects = [a_project(rng, number) for number in range(150)]
    index = index_of(tmp_path_factory.mktemp("own"), projects)
    return rng, backend.engine(index), [Truth(project) for project in projects]


def test_filters_counts_and_totals_are_those_of_brute_force(world):
    rng, engine, truths = world
    for _ in range(60):
        filters = random_filters(rng)
        found = engine.search(asking(per_page=100, **filters))
        right = [one for one in truths if one.passes(filters)]
        assert found.total == len(right)
        assert {hit.project.id for hit in engine.every_hit(asking(**filters))} == {one.id for one in right}
        facets = {facet.name: facet for facet in found.facets}
        for name in ("country", "theme"):
            others = [one for one in truths if one.passes(filters, but=name)]
            counts = Counter(value for one in others for value in getattr(one, name))
            assert {b.value: b.count for b in facets[name].buckets if b.count} == counts
            assert facets[name].unknown == sum(not getattr(one, name) for one in others)
            assert {b.value for b in facets[name].buckets if b.selected} == set(filters.get(name, ()))
        others = [one for one in truths if one.passes(filters, but="amount")]
        for bucket in facets["amount"].buckets:
            inside = [
                one for one in others
                if one.amount is not None and (bucket.low is None or one.amount >= bucket.low)
                and (bucket.high is None or one.amount < bucket.high)
            ]  # fmt: skip
            assert bucket.count == len(inside)
        (totals,) = found.totals
        sums = Counter()
        for one in right:
            if one.amount is not None:
                sums[one.currency] += one.amount
        assert {one.currency: one.sum for one in totals.totals} == sums
        assert totals.unknown == sum(one.amount is None for one in right)
        for one in totals.totals:
            own = [truth for truth in right if truth.amount is not None and truth.currency == one.currency]
            assert (one.count, one.median) == (len(own), median(truth.amount for truth in own))
            by_year = {}
            for truth in own:
                by_year.setdefault(truth.year, []).append(truth.amount)
            assert {year.year: (year.count, year.sum) for year in one.years} == {
                year: (len(amounts), sum(amounts)) for year, amounts in by_year.items()
            }
            years = [year.year for year in one.years]
            assert years == sorted(years, key=lambda year: year or 10_000)
        assert [one.sum for one in totals.totals if one.currency] == sorted(
            (amount for code, amount in sums.items() if code), reverse=True
        )


@pytest.mark.parametrize("name", ["amount", "signed"])
def test_hits_are_in_order_and_unknown_ones_come_last_both_ways(world, name):
    _, engine, truths = world
    values = {one.id: getattr(one, name) for one in truths}
    for order in (name, f"-{name}"):
        ordered = [values[hit.project.id] for hit in engine.every_hit(asking(sort=order))]
        known = [value for value in ordered if value is not None]
        assert known == sorted(known, reverse=order != name)
        assert ordered == known + [None] * (len(ordered) - len(known))


def test_a_hit_has_its_values(world):
    _, engine, truths = world
    by_id = {one.id: one for one in truths}
    for hit in engine.search(asking(per_page=100)).hits:
        one = by_id[hit.project.id]
        assert set(hit.fields.get("country", ())) == one.country
        assert set(hit.fields.get("theme", ())) == one.theme
        assert hit.fields.get("amount") == (None if one.amount is None else Money(one.amount, one.currency))
        assert hit.fields.get("signed") == one.signed
        assert engine.fields(one.id) == hit.fields


def test_case_and_accents_of_a_value_do_not_matter(world):
    _, engine, truths = world
    assert engine.search(asking(country=("cote d'ivoire",))).total == sum(
        "Côte d'Ivoire" in one.country for one in truths
    )


def test_buckets_of_numbers_hold_every_amount_once(world):
    _, engine, truths = world
    (amounts,) = [facet for facet in engine.search(asking()).facets if facet.name == "amount"]
    assert sum(bucket.count for bucket in amounts.buckets) == sum(one.amount is not None for one in truths)
    assert 5 <= len(amounts.buckets) <= 12


def test_sums_have_no_digits_that_no_amount_has(tmp_path):
    projects = [
        Project(f"p{number}", f"Title {number}", start=date(2020, 1, 1), extra=(("Amount", text),))
        for number, text in enumerate(["USD 0.10"] * 30 + ["EUR 1.1"] * 3 + ["EUR 12345678.90"] * 7)
    ]
    (found,) = SearchEngine.open(index_of(tmp_path, projects)).search(asking()).totals

    assert {one.currency: (one.sum, one.years[0].sum) for one in found.totals} == {
        "USD": (3.0, 3.0), "EUR": (86419755.6, 86419755.6),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["amount", "signed"])
def test_its_ends_are_described_by_its_label_once(world, name):
    _, engine, _ = world
    (spec,) = [one for one in engine.specs if one.name == name]
    assert [one.meaning.count(spec.label) for one in spec.bounds] == [1, 1]


def test_spellings_that_differ_in_case_or_accents_are_one_value(backend, tmp_path):
    countries = ["Perú", "Peru; Perú", "PERU; Mali", "Perú", "Mali", "Côte d’Ivoire", "Cote d'Ivoire", ""]
    projects = [
        Project(f"p{number}", f"Title {number}", extra=(("Country", text),) if text else ())
        for number, text in enumerate(countries)
    ]
    engine = backend.engine(index_of(tmp_path, projects))

    (facet,) = [one for one in engine.search(asking()).facets if one.name == "country"]
    assert {bucket.value: bucket.count for bucket in facet.buckets} == {
        "Perú": 4, "Mali": 2, "Cote d'Ivoire": 2,
    }  # fmt: skip
    assert facet.unknown == 1
    for spelling in ("Peru", "perú", "PERU"):
        found = engine.search(asking(country=(spelling,)))
        assert found.total == 4
        (facet,) = [one for one in found.facets if one.name == "country"]
        assert [(one.value, one.label, one.count) for one in facet.buckets if one.selected] == [
            (spelling, "Perú", 4)
        ]
        assert engine.search(asking(country_not=(spelling,))).total == 4
    assert engine.fields("p2") == {
        "country": ("Mali", "PERU"),
        "world_region": engine.fields("p2")["world_region"],
    }


def test_a_facet_may_have_more_values_than_there_are_projects(backend, tmp_path):
    projects = [
        Project(f"p-{number}", f"Wells {number}", extra=(("Country", "; ".join(COUNTRIES[number:])),))
        for number in range(2)
    ]
    engine = backend.engine_of(tmp_path, projects)

    found = engine.values(asking(), "country")

    assert {one.value: one.count for one in found.buckets} == {"Peru": 1} | dict.fromkeys(COUNTRIES[1:], 2)
    assert found.more == 0
