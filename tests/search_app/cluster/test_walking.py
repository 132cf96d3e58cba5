"""Searches sent to a cluster: a whole answer or none."""

from types import SimpleNamespace

import pytest

from indexer.errors import ClusterGoneError
from search_app.cluster.walking import Walker
from search_app.cluster.wording.lexical import ClusterUses

WHOLE = {
    "timed_out": False,
    "_shards": {"total": 2, "successful": 2, "skipped": 1, "failed": 0},
    "hits": {"total": {"value": 3}, "hits": []},
}
ASKED = {
    "hits": lambda cluster: Walker(cluster, "projects").stride({}, (), 10),
    "counts": lambda cluster: ClusterUses(cluster, "projects", str).count({"match_all": {}}),
}


def answering(answer):
    return SimpleNamespace(ask=lambda *_, **__: answer)


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize(
    "odd",
    [
        pytest.param({"timed_out": True}, id="out of time"),
        pytest.param({"_shards": {"total": 2, "successful": 1, "failed": 1}}, id="one failed"),
        pytest.param({"_shards": {"total": 2, "successful": 1, "failed": 0}}, id="one is away"),
    ],
)
def test_an_answer_of_some_shards_is_none(asked, odd):
    with pytest.raises(ClusterGoneError, match="no whole answer"):
        asked(answering({**WHOLE, **odd}))


def test_a_whole_answer_is_one():
    assert [one(answering(WHOLE)) for one in ASKED.values()] == [[], 3]
