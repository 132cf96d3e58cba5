"""Query trees as OpenSearch queries: each kind of node, as it is sent."""

from datetime import date

import pytest
from whoosh import query as wq

from search_app.cluster.asking.filtering import status_filters
from search_app.cluster.asking.ordering_keys import reverse_keys, sort_keys
from search_app.cluster.asking.translation import Codes, Translation
from search_app.query.written import AnyPhrase, Code, Synonym, Written, WrittenPhrase

ANY = "text"
# At a scale of 5, k1 + 1 is 7.
TRANSLATION = Translation(
    5.0, lambda _leaf: ["courts", "courtyard"], {Code(ANY, "il30345"): Codes(exact=True, weight=8.0)}
)


def term(text, boost=1 / 7, field="impact"):
    return {"term": {field: {"value": text, "boost": pytest.approx(boost)}}}


GOLDEN = {
    "a stem": (wq.Term(ANY, "labor"), term("labor")),
    "a stem in a field": (wq.Term("title", "labor", boost=2.0), term("labor", 2 / 7, "title_impact")),
    "a stem in an own field": (wq.Term("region", "asia"), term("asia", field="f_region_impact")),
    "a synonym": (Synonym(ANY, "work", boost=0.7), term("work", 0.1)),
    "a word as written": (Written(ANY, "courts"), term("=courts")),
    "an inner word": (Written(ANY, "\x1fcovid\x1fcovid19"), term("=␞covid␞covid19")),
    "a prefix": (
        wq.Prefix(ANY, "court"),
        {
            "bool": {
                "must": [
                    {"match": {"impact": {"query": "␂␟=courts␟=courtyard", "boost": pytest.approx(1 / 7)}}}
                ],
                "filter": [{"match": {"impact": "=courts␟=courtyard"}}],
            }
        },
    ),
    "a code": (
        Code(ANY, "il30345"),
        {"constant_score": {"filter": {"term": {"code": {"value": "il30345"}}}, "boost": 8.0}},
    ),
    "a code that nothing has": (Code(ANY, "x1"), {"match_none": {}}),
    "a phrase in a field": (
        wq.Phrase("title", ["child", "labor"]),
        {"match_phrase": {"title": {"query": "child labor", "boost": pytest.approx(1 / 1.6)}}},
    ),
    "a phrase as written with a gap": (
        WrittenPhrase("grantee", ["u.s", "labor"], [0, 2]),
        {"match_phrase": {"grantee": {"query": "=u.s ␀ =labor", "boost": pytest.approx(1 / 2.2)}}},
    ),
    "a phrase of any forms": (
        AnyPhrase("description", [("child", "kid"), ("work",)]),
        {"match_phrase": {"description": {"query": "child␟kid work", "boost": pytest.approx(1 / 2.2)}}},
    ),
    "all but": (
        wq.And([wq.Term(ANY, "a"), wq.Not(wq.Term(ANY, "b"))]),
        {"bool": {"must": [term("a")], "must_not": [term("b")]}},
    ),
    "only not": (
        wq.And([wq.Not(wq.Term(ANY, "b"))]),
        {"bool": {"must": [{"match_all": {"boost": 0.0}}], "must_not": [term("b")]}},
    ),
    "either": (
        wq.Or([wq.Term(ANY, "a"), wq.Term(ANY, "b")]),
        {"bool": {"should": [term("a"), term("b")], "minimum_should_match": 1}},
    ),
    "the best": (
        wq.DisjunctionMax([wq.Term(ANY, "a"), wq.Term(ANY, "b")]),
        {"dis_max": {"queries": [term("a"), term("b")], "boost": 1.0}},
    ),
    "everything": (wq.Every(), {"match_all": {"boost": 0.0}}),
    "nothing": (wq.NullQuery, {"match_none": {}}),
}


@pytest.mark.parametrize(("tree", "query"), GOLDEN.values(), ids=GOLDEN)
def test_a_node_as_it_is_sent(tree, query):
    assert TRANSLATION.query(tree) == query


def test_a_named_node_tells_which_hits_have_it():
    tree = wq.Term(ANY, "labor")
    named = Translation(5.0, lambda _: [], names={id(tree): "clause 0"})
    assert named.query(tree) == {"bool": {"must": [term("labor")], "_name": "clause 0"}}


def test_every_order_is_total_and_can_be_turned_round():
    keys = sort_keys("-end_date", ())
    assert keys == [
        {"end": {"order": "desc", "missing": "_last"}},
        {"start": {"order": "desc", "missing": "_last"}},
        {"id": {"order": "asc", "missing": "_last"}},
    ]
    assert reverse_keys(keys)[0] == {"end": {"order": "asc", "missing": "_first"}}
    assert reverse_keys(reverse_keys(keys)) == keys
    assert sort_keys("relevance", ())[0] == {"_score": {"order": "desc"}}


def test_each_project_has_one_status():
    found = status_filters(date(1970, 1, 11))
    assert list(found) == ["planned", "active", "completed", "unknown"]
    assert found["planned"] == {"range": {"start": {"gt": 10}}}
    assert found["completed"] == {
        "bool": {"filter": [{"range": {"end": {"lt": 10}}}], "must_not": [found["planned"]]}
    }
