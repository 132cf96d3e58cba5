"""Whoever tries a search tip finds something, whatever the corpus is about."""

import pytest

from indexer.document import Project
from tests.building import engine_of
from tests.conftest import application
from tests.html import parsed, text_of


def tips(client):
    tree = parsed(client.get("/"))
    return [
        (text_of(one.find("dt")), one.find("dt/a").get("href"))
        for one in tree.findall(".//details[@class='tips']//div")
    ]


@pytest.mark.parametrize("index", ["seed_index", "labour_index"])
def test_every_tip_is_from_the_corpus_and_finds_something(request, index):
    client = application(request.getfixturevalue(index)).test_client()
    found = tips(client)

    assert len(found) == 6
    for text, address in found:
        answer = client.get(address.replace("/search", "/api/v1/search")).json
        assert answer["total"] > 0, text
        assert not answer["query"]["relaxed"], text
        assert answer["warnings"] == [], text


def test_a_corpus_of_few_words_has_no_tips(tmp_path):
    engine = engine_of(tmp_path, [Project("a", "Zzyzx 1")])

    assert engine.examples is None
    assert tips(application(tmp_path / "index").test_client()) == []
