"""Grantees: the order of their names, their addresses, those that are alike, and the words that tell them apart."""

from __future__ import annotations

from collections import Counter
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Project, grantee_slug
from search_app.embedded.meaning.grantee_words import GranteeWords
from search_app.engine.grantee_names import NO_LETTER, OTHER_SCRIPT, GranteeNames, letters_of
from tests.building import segment_of
from tests.opensearch.backends import OVER_BOTH

pytestmark = OVER_BOTH

LAWS = settings(max_examples=60, deadline=None)
ALIKE = ["Verité", "VERITE", "Verite.", "“Vérité”"]
NAMES = [
    *ALIKE,
    "veritas",
    "École normale",
    "Ecole  Normale",
    "Zürich",
    "zoo",
    "3M",
    "!!!",
    "???",
    "労働",
    "Труд",
    "a" * 400,
]
names = st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=12)


def test_names_are_in_the_order_of_their_letters_without_marks():
    listed = [
        one.name
        for one in GranteeNames(
            (name, 1) for name in ["zoo", "“The End”", "Église", "eagle", "3M", "労働"]
        ).all
    ]
    assert listed == ["3M", "eagle", "Église", "“The End”", "zoo", "労働"]


def test_letters_are_those_of_the_first_word():
    found = GranteeNames((name, 1) for name in NAMES)
    assert found.letters == [NO_LETTER, "A", "E", "V", "Z", "Т", OTHER_SCRIPT]
    assert sum(len(found.under(letter)) for letter in found.letters) == len(NAMES)


@LAWS
@given(names)
def test_every_name_has_an_address_of_its_own_whoever_else_is_there(given_names):
    found = GranteeNames((name, 1) for name in given_names)
    slugs = [grantee_slug(name) for name in given_names]
    assert len(set(slugs)) == len(slugs)
    assert all(slug.isascii() and "/" not in slug and slug for slug in slugs)
    assert [found.by_slug(slug).name for slug in slugs] == given_names
    assert found.by_slug("nobody") is None


def test_addresses_stay_as_they_are():
    assert grantee_slug("Ergo Group, Inc.") == "ergo-group-inc-" + grantee_slug("Ergo Group, Inc.")[-12:]
    assert len({grantee_slug(name) for name in NAMES}) == len(NAMES)
    assert max(len(grantee_slug(name)) for name in NAMES) <= 64 + 13


@LAWS
@given(names)
def test_names_are_alike_that_fold_to_the_same_words(given_names):
    found = GranteeNames((name, 1) for name in given_names)
    for name in given_names:
        expected = [
            other for other in given_names if other != name and letters_of(other) == letters_of(name) != ""
        ]
        assert sorted(one.name for one in found.alike(name)) == sorted(expected)


def test_names_are_found_by_the_beginnings_of_their_words():
    found = GranteeNames((name, 1) for name in NAMES)
    assert {one.name for one in found.with_words("veri")} == {*ALIKE, "veritas"}
    assert [one.name for one in found.with_words("normale ÉCO")] == ["Ecole  Normale", "École normale"]
    assert [*found.with_words("orm")] == []
    assert found.with_words(" - ") == found.all


PROJECTS = [
    *(
        Project(f"m{n}", "Cobalt mines", f"Inspectors of cobalt {n} projects", grantee="Mining Watch")
        for n in range(5)
    ),
    *(
        Project(
            f"s{n}",
            "School meals",
            f"Teachers and cobalt {n % 2 and 'mines'} projects",
            grantee="School Fund",
        )
        for n in range(4)
    ),
    *(Project(f"t{n}", "Teachers of schools", "School projects", grantee="Teachers First") for n in range(3)),
    Project("n", "Cobalt teachers"),
    *(Project(f"o{n}", "Ports", "Customs of harbours", grantee="Others") for n in range(10)),
]


def test_the_words_of_a_grantee_are_those_that_weigh_most_in_it():
    segment = segment_of(PROJECTS)
    words = GranteeWords(segment)
    having = {}
    for project in PROJECTS:
        for word in set(f"{project.title} {project.description}".lower().split()):
            having.setdefault(word, Counter())[project.grantee] += 1
    for name in ("Mining Watch", "School Fund"):
        size = sum(project.grantee == name for project in PROJECTS)
        told = words.telling(name)
        weights = []
        for word, count in told:
            p = count / size
            q = sum(having[word].values()) / len(PROJECTS)
            assert having[word][name] == count
            weights.append(p * log(p / q))
        assert weights == sorted(weights, reverse=True)
        assert min(weights) > 0
    assert {one.word for one in words.telling("Mining Watch")} >= {
        "cobalt",
        "inspectors",
    }
    # Words of its own name tell nothing.
    school = words.telling("School Fund")
    assert not {"school", "schools"} & {one.word for one in school}


def test_near_grantees_have_the_words_in_most_of_their_projects(backend, tmp_path):
    engine = backend.engine_of(tmp_path, PROJECTS)
    told = engine.profile(engine.grantees.by_slug(grantee_slug("School Fund")))
    assert {one.name: set(one.words) & {"teachers", "cobalt"} for one in told.near} == {
        "Mining Watch": {"cobalt"},
        "Teachers First": {"teachers"},
    }
    assert engine.backend.near_grantees("Nobody", 5) == engine.backend.grantee_words("Nobody") == ()


def test_a_profile_counts_what_its_projects_say(backend, tmp_path):
    engine = backend.engine_of(tmp_path, PROJECTS)
    told = engine.profile(engine.grantees.by_slug(grantee_slug("Mining Watch")), per_page=2)
    assert (told.grantee.projects, told.results.total, len(told.results.hits)) == (5, 5, 2)
    assert (told.first_year, told.active, [*told.years()]) == (None, 0, [])


@pytest.mark.parametrize("grantee", ["", "   "])
def test_nobody_has_no_page(backend, tmp_path, grantee):
    engine = backend.engine_of(tmp_path, [Project("a", "Courts", grantee=grantee)])
    assert [*engine.grantees.all] == []
