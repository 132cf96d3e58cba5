"""Nearest projects, and the words that make them near."""

from datetime import date

import numpy as np
import pytest

from indexer.document import Project
from indexer.storage.impacts import impact_in, impacts_in
from search_app.embedded.meaning.similar import similar
from search_app.scoring.telling_words import MAX_SHARED
from tests.building import segment_of
from tests.documents import CALLE, CAMINOS, LABOUR, SEED


@pytest.fixture(scope="module")
def labour():
    return segment_of([*SEED, *LABOUR.values()])


def test_impacts_are_the_same_one_by_one_and_together(labour):
    terms = np.arange(len(labour.terms))
    for document in range(0, len(labour), 7):
        together = impacts_in(labour, terms, document)
        assert together.tolist() == [impact_in(labour, term, document) for term in terms.tolist()]
        assert (together > 0).any()


def nearest(segment, project_id, limit=3):
    found = similar(segment, segment.find(project_id), limit)
    return [(segment.project(document).id, words) for document, _, words in found]


@pytest.mark.parametrize(
    ("project_id", "nearest_id", "shared"),
    [
        pytest.param("brick-nepal", "brick-pakistan", {"Brick", "Kilns"}, id="brick kilns"),
        pytest.param("fishing-thailand", "fishing-indonesia", {"fishers", "vessels"}, id="fishers"),
        pytest.param("traffick-hotline", "traffick-persons", {"Trafficking"}, id="trafficking"),
        pytest.param("palm-malaysia", "palm-indonesia", {"Palm", "Oil"}, id="palm oil"),
        pytest.param("apprentice-costa", "apprentice-kenya", {"Apprenticeships"}, id="apprenticeships"),
        pytest.param("gold-burkina", "gold-philippines", {"Gold"}, id="gold"),
        pytest.param("inspect-georgia", CAMINOS.id, {"Inspectorate", "Labor"}, id="inspectorates"),
    ],
)
def test_the_nearest_shares_the_telling_words(labour, project_id, nearest_id, shared):
    near = nearest(labour, project_id, limit=5)
    assert nearest_id in [other for other, _ in near]
    assert shared <= set(dict(near)[nearest_id])


def test_nearness_falls_and_ends_with_the_limit(labour):
    document = labour.find(CALLE.id)
    found = similar(labour, document, 5)
    scores = [score for _, score, _ in found]
    assert len(found) == 5
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)
    assert document not in [other for other, _, _ in found]
    assert similar(labour, document, 2) == found[:2]
    assert all(0 < len(words) <= MAX_SHARED for _, _, words in found)


def test_every_near_project_has_the_words_shared(labour):
    for document in range(len(labour)):
        for other, _, words in similar(labour, document, 3):
            project = labour.project(other)
            text = f"{project.title} {project.description} {project.grantee}".casefold()
            # The forms may differ, the beginning of a word does not.
            assert [word for word in words if word[:3].casefold() not in text] == []


def test_equally_near_ones_are_newest_first():
    twins = [Project(f"twin-{year}", "Cobalt mines", start=date(year, 1, 1)) for year in (2010, 2020, 2015)]
    segment = segment_of([*twins, Project("other", "Cobalt mines")])
    assert [project_id for project_id, _ in nearest(segment, "other")] == [
        "twin-2020",
        "twin-2015",
        "twin-2010",
    ]


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Zymurgy", id="a word of its own"),
        pytest.param("The 2019 project of the 2020", id="nothing but common words and numbers"),
        pytest.param("…", id="no words"),
    ],
)
def test_nothing_is_near(title):
    segment = segment_of(
        [Project("lone", title), Project("other", "The project of 2019"), Project("third", "")]
    )
    assert similar(segment, segment.find("lone"), 5) == []


def test_words_are_shown_as_written():
    segment = segment_of([Project("a", "USMCA follow-ups in San Luis Potosí"), Project("b", "potosi usmca")])
    assert nearest(segment, "a") == [("b", ("Potosí", "USMCA"))]
    assert nearest(segment, "b") == [("a", ("potosi", "usmca"))]
