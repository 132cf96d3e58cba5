"""Searches by meaning as well: what that changes, and all that it must not."""

import json
import logging
import random
import shutil
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from indexer.build import BuildOptions, reindex
from indexer.document import Project
from indexer.text.meaning.models import WORDLLAMA, open_model
from search_app.embedded.meaning import asked
from search_app.engine.live import LiveEngine
from search_app.engine.search import SearchEngine
from search_app.query.meaning.comparing import MOST_RELATED
from search_app.query.meaning.likeness import LEAST_ALIKE
from search_app.request import Filters, SearchRequest
from tests.building import index_of
from tests.documents import CORPORA, LABOUR_FILE
from tests.indexer.text.meaning.extras import needs
from tests.indexer.text.meaning.letters import LETTERS, counting, named
from tests.search_app.embedded.matching.test_evaluation import random_projects

# Made-up projects, plain questions with those that answer them, and how many lead there among the first five. The
# second ones were written before their answers were looked at.
QUESTIONS = (
    (LABOUR_FILE, CORPORA / "questions.jsonl", 36),
    (CORPORA / "second" / "projects.jsonl", CORPORA / "second" / "questions.jsonl", 35),
)


@pytest.fixture(scope="module")
def engines(tmp_path_factory):
    """Give one index, searched by words alone and by meaning as well."""
    folder = tmp_path_factory.mktemp("meaning")
    with pytest.MonkeyPatch.context() as patch:
        named(patch, LETTERS)
        projects = random_projects(random.Random(7), most=400)
        index = index_of(folder, projects, BuildOptions(meaning=LETTERS))
    return SearchEngine.open(index), SearchEngine.open(index, model=counting())


def texts(engine):
    """Return searches of one word and of two that have hits."""
    words = [word for word in engine.backend.segment.words if word.isalpha()][:12]
    return [*words, *(" ".join(pair) for pair in pairwise(words))]


def facts(found):
    """Return all of an answer that meaning must not change, however the hits are ordered."""
    shown = sorted((hit.project.id, hit.title, hit.description, hit.matched) for hit in found.hits)
    return found.total, found.facets, found.terms, found.totals, found.relaxed_to, found.warnings, shown


def test_only_the_order_of_the_hits_is_another(engines):
    plain, meant = engines
    assert not plain.by_meaning
    assert meant.by_meaning
    changed = 0
    for text in texts(plain):
        request = SearchRequest(q=text, op="or", per_page=500)
        one, other = plain.search(request), meant.search(request)
        assert facts(one) == facts(other)
        changed += [hit.project.id for hit in one.hits] != [hit.project.id for hit in other.hits]
    assert changed


def test_pages_are_cut_out_of_one_order(engines, monkeypatch):
    monkeypatch.setattr(asked, "POOL", 7)
    monkeypatch.setattr("search_app.embedded.answering.POOL", 7)
    meant = SearchEngine(engines[1].backend, answers=0)
    for text in texts(meant)[:8]:
        request = SearchRequest(q=text, op="or", per_page=3)
        pages = meant.search(request).pages
        paged = [
            hit.project.id
            for page in range(1, pages + 1)
            for hit in meant.search(replace(request, page=page)).hits
        ]
        every = [hit.project.id for hit in meant.every_hit(request)]
        assert paged == every
        for place, project in enumerate(every[1:6], 1):
            assert meant.neighbours(request, project)[0] == every[place - 1]


def test_the_parts_of_a_score_add_up_and_say_what_meaning_added(engines):
    seen = False
    for text in texts(engines[1]):
        found = engines[1].search(SearchRequest(q=text, explain=True))
        assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)
        for hit in found.hits:
            assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score, rel=1e-4)
            lifted = [part for part in hit.explanation if part.name == "close in meaning"]
            assert bool(lifted) == (hit.meaning > 0)
            seen = seen or bool(lifted)
    assert seen


@pytest.mark.parametrize(
    "way",
    [
        lambda request: replace(request, sort="-start_date"),
        lambda request: replace(request, expand=False),
        lambda request: replace(request, q=f'"{request.q}"'),
        lambda request: replace(request, q=f"{request.q} NOT mines"),
        lambda request: replace(request, q=f"title:{request.q}"),
        lambda request: replace(request, q=f"{request.q[:3]}*"),
        lambda request: replace(request, q=""),
    ],
    ids=["another order", "as written", "quotes", "operator", "field", "prefix", "browsing"],
)
def test_what_is_asked_for_exactly_is_left_alone(engines, way):
    for text in texts(engines[0])[:4]:
        one, other = (replace(engine.search(way(SearchRequest(q=text))), took_ms=0) for engine in engines)
        assert one.hits == other.hits
        assert all(hit.meaning is None for hit in other.hits)
        assert other.related == () or way(SearchRequest(q=text)).sort


def test_related_are_near_projects_under_the_same_filters_that_words_do_not_find(engines):
    plain, meant = engines
    grantee = next(bucket.value for bucket in plain.overview().top_grantees)
    shown = 0
    for text in texts(plain):
        for filters in (Filters(), Filters.of({"grantee": [grantee]})):
            request = SearchRequest(q=text, filters=filters, per_page=100)
            found = meant.search(request)
            if found.total >= request.per_page and not found.relaxed:
                assert found.related == ()
            by_words = {hit.project.id for hit in meant.every_hit(request)}
            related = [one.project.id for one in found.related]
            assert len(related) == len(set(related)) <= MOST_RELATED
            assert by_words.isdisjoint(related)
            assert all(grantee == one.project.grantee for one in found.related if filters.pairs)
            assert all(one.sentence in one.project.description for one in found.related)
            scores = [one.score for one in found.related]
            assert scores == sorted(scores, reverse=True)
            shown += len(related)
            assert meant.search(replace(request, page=2)).related == ()
    assert shown


def test_similar_projects_go_by_words_and_meaning_and_say_which(engines):
    plain, meant = engines
    near = meant.backend._meaning.nearness
    segment = meant.backend.segment
    for project, *_ in list(plain.project_ids())[:30]:
        document = segment.find(project)
        for one in meant.similar(project, 20):
            other = segment.find(one.project.id)
            alike = float(near.of(segment.vectors[document].astype("f4"), np.array([other]))[0])
            assert one.score > 0
            assert one.terms or (alike >= LEAST_ALIKE and one.score == pytest.approx(alike / 2))
        found = [one.score for one in meant.similar(project, 20)]
        assert found == sorted(found, reverse=True)
        assert project not in {one.project.id for one in meant.similar(project, 20)}


def test_a_project_without_a_word_in_common_is_similar_by_meaning_alone(tmp_path, monkeypatch):
    named(monkeypatch, LETTERS)
    texts = {"one": "Listen tinsel", "other": "Silent enlist", "third": "Quux"}
    projects = [Project(name, text, text) for name, text in texts.items()]
    engine = SearchEngine.open(index_of(tmp_path, projects, BuildOptions(meaning=LETTERS)), model=counting())
    assert [(one.project.id, one.terms) for one in engine.similar("one")] == [("other", ())]


def test_a_word_that_nobody_knows_has_nothing_related(engines):
    assert engines[1].search(SearchRequest(q="zzxqy")).related == ()


def test_another_model_or_none_is_one_line_and_words_go_on(tmp_path, monkeypatch, caplog):
    named(monkeypatch, LETTERS)
    projects = random_projects(random.Random(8), most=20)
    with_vectors = index_of(tmp_path / "with", projects, BuildOptions(meaning=LETTERS))
    without = index_of(tmp_path / "without", projects)
    other = counting("another model")
    monkeypatch.setattr(
        "search_app.engine.live.open_model", lambda name: other if name == LETTERS else open_model(name)
    )
    for index, meaning in ((with_vectors, LETTERS), (without, LETTERS), (with_vectors, "no/folder")):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            live = LiveEngine(index, meaning)
            assert live.engine().search(SearchRequest()).total == len(live.engine().backend.segment)
        (line,) = [record.getMessage() for record in caplog.records]
        assert "by words alone" in line
        assert meaning in line
        assert "\n" not in line
        assert not live.engine().by_meaning


@needs("tokenizers", "wordllama")
@pytest.mark.parametrize(("corpus", "questions", "five"), QUESTIONS, ids=["first", "second"])
def test_plain_questions_lead_to_the_right_project(tmp_path, corpus, questions, five):
    """With the default model: among the first five found by words, or among the related; or five of these."""
    (tmp_path / "corpus").mkdir()
    shutil.copy(corpus, tmp_path / "corpus")
    reindex(tmp_path / "corpus", tmp_path / "index", BuildOptions(meaning=WORDLLAMA))
    engine = SearchEngine.open(tmp_path / "index", model=open_model(WORDLLAMA))
    asked = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    assert len(asked) == 40
    answers = [(one, engine.search(SearchRequest(q=one["q"]))) for one in asked]
    for most, least in ((MOST_RELATED, 36), (5, five)):
        missed = [one["q"] for one, found in answers if not shown(found, most) & {*one["found"]}]
        assert len(missed) <= 40 - least, missed


def shown(found, most):
    """Return the ids of the first five hits and the first `most` related."""
    return {one.project.id for one in (*found.hits[:5], *found.related[:most])}
