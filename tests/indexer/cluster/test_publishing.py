"""Publishing to a cluster: aside, checked, swapped; what changed alone; and nothing half done."""

import time
from dataclasses import replace

import pytest
from click.testing import CliRunner

from indexer.build import reindex
from indexer.cli import main
from indexer.cluster import bulk, generations, publishing, sending
from indexer.cluster.facts import Facts
from indexer.cluster.lease import lease
from indexer.cluster.publishing import Options, publish
from indexer.cluster.turning import document_id
from indexer.errors import ClusterError, ClusterGoneError, LockedError, NoIndexError, ShrunkError
from indexer.storage import generation
from tests.building import write_corpus
from tests.opensearch.sent import PROJECTS, again, of, stored

OPTIONS = Options(replicas=0)


@pytest.fixture
def folder(tmp_path):
    again(tmp_path, PROJECTS)
    return tmp_path


def test_all_is_sent_then_only_what_changed(node, folder):
    cluster = node.cluster("changing")
    first = publish(folder / "index", cluster, OPTIONS)
    assert (first.sent, first.deleted) == (len(PROJECTS), 0)
    assert stored(cluster) == of(PROJECTS)
    assert publish(folder / "index", cluster, OPTIONS) is None

    changed = [replace(PROJECTS[0], title="A new title"), *PROJECTS[2:], replace(PROJECTS[1], id="new")]
    second = publish(again(folder, changed), cluster, OPTIONS)
    assert (second.sent, second.deleted) == (2, 1)
    assert stored(cluster) == of(changed)
    assert [one.name for one in generations.all_generations(cluster)] == [
        second.generation.name,
        first.generation.name,
    ]

    third = publish(again(folder, PROJECTS), cluster, OPTIONS)
    assert {one.name for one in generations.all_generations(cluster)} == {
        second.generation.name,
        third.generation.name,
    }
    assert stored(cluster) == of(PROJECTS)


def test_a_failed_check_leaves_what_served(node, folder, monkeypatch):
    cluster = node.cluster("failing")
    first = publish(folder / "index", cluster, OPTIONS)
    index = again(folder, [*PROJECTS[1:], replace(PROJECTS[0], title="Another title")])

    def _bad(*_):
        raise ClusterError("a shard was lost")

    monkeypatch.setattr(publishing, "check", _bad)
    with pytest.raises(ClusterError, match="a shard was lost"):
        publish(index, cluster, OPTIONS)
    assert generations.current(cluster).index == first.generation.index
    assert stored(cluster) == of(PROJECTS)
    assert [one.index for one in generations.all_generations(cluster)] == [first.generation.index]


def test_what_a_dead_run_left_goes_and_what_is_not_ours_stays(node, folder):
    cluster = node.cluster("left")
    for name in ("left-20200101t000000.000000z", "left-20200101t000000.000000z-facts", "left-2020-of-others"):
        cluster.ask("PUT", name, {}, seconds=60)
    publish(folder / "index", cluster, OPTIONS)
    there = set(cluster.ask("GET", "left-2020*"))
    assert there == {"left-2020-of-others"}


@pytest.mark.parametrize("suffix", ["-2", "-2026", "-20260101t000000.000000z"])
def test_a_corpus_whose_name_begins_so_is_left_alone(node, tmp_path, suffix):
    cluster, other = (node.cluster(f"twin{len(suffix)}{one}") for one in ("", suffix))
    kept = publish(again(tmp_path / "other", PROJECTS[:3]), other, OPTIONS).generation
    for turn in range(3):
        changed = [replace(PROJECTS[0], title=f"Title {turn}"), *PROJECTS[1:]]
        publish(again(tmp_path / "one", changed), cluster, OPTIONS)
    assert [one.index for one in generations.all_generations(other)] == [kept.index]
    assert generations.current(other).index == kept.index
    assert stored(other) == of(PROJECTS[:3])
    assert len(generations.all_generations(cluster)) == 2


def test_an_index_template_of_somebody_else_changes_nothing(node, folder):
    cluster = node.cluster("templated")
    fields = {name: {"type": "ip"} for name in ("blob", "part", "owner", "title", "impact")}
    mapping = {"dynamic": "strict", "_source": {"enabled": False}, "properties": fields}
    settings = {"number_of_shards": 2, "default_pipeline": "nowhere", "final_pipeline": "nowhere"}
    body = {"index_patterns": ["templated*"], "template": {"settings": settings, "mappings": mapping}}
    cluster.ask("PUT", "_index_template/others", body)
    try:
        found = publish(folder / "index", cluster, OPTIONS).generation
    finally:
        cluster.ask("DELETE", "_index_template/others")
    assert stored(cluster) == of(PROJECTS)
    assert len(Facts.read(cluster, found.facts_index, found.meta["facts"]).texts("words")) > 0


def test_two_exclude_each_other(node, folder):
    cluster = node.cluster("locked")
    with lease(cluster), pytest.raises(LockedError, match="another reindex is writing"):
        publish(folder / "index", cluster, OPTIONS)
    assert publish(folder / "index", cluster, OPTIONS) is not None


def test_a_lease_that_ran_out_is_taken_over(node, folder):
    cluster = node.cluster("stale")
    past = {"owner": "somebody", "until": time.time() - 1}
    cluster.ask("PUT", "stale-state/_doc/lease", past)
    assert publish(folder / "index", cluster, OPTIONS) is not None


def test_the_commands_look_after_the_cluster_too(node, folder, monkeypatch):
    monkeypatch.setenv("SEARCH_CLUSTER_NAME", "commands")
    runner = CliRunner()
    base = [
        "--corpus",
        str(folder / "corpus"),
        "--index",
        str(folder / "index"),
        "--cluster",
        node.url,
        "--replicas",
        "0",
    ]

    def run(*more):
        ran = runner.invoke(main, [*base, *more])
        return ran.exit_code, ran.output

    code, told = run()
    assert (code, f"{len(PROJECTS)} projects sent" in told) == (0, True), told
    write_corpus(folder / "corpus", [*PROJECTS[1:], replace(PROJECTS[0], title="Renamed")])
    assert "1 project sent" in run()[1]
    told = run("verify")[1]
    assert ("a sample compared with the folder" in told, "but not in the cluster" in told) == (True, False)
    assert run("info")[1].count("in the cluster") == 2
    # The folder alone goes back: what serves is whole, but another one.
    assert runner.invoke(main, [*base[:4], "rollback"]).exit_code == 0
    assert "is current in the folder, but not in the cluster" in run("verify")[1]
    assert runner.invoke(main, [*base[:4], "rollback"]).exit_code == 0
    assert "serves in the cluster again" in run("rollback")[1]
    # What serves is compared with the same generation alone, which another folder has not got.
    other = ["--index", str(folder / "other"), "--cluster", node.url]
    assert (
        runner.invoke(main, ["--corpus", str(folder / "corpus"), "--index", str(folder / "other")]).exit_code
        == 0
    )
    told = runner.invoke(main, [*other, "verify"])
    assert (told.exit_code, "has not got that generation" in told.stderr) == (65, True), told.output
    cluster = node.cluster("commands")
    assert stored(cluster) == of(PROJECTS)
    code, told = runner.invoke(main, [*base[:-3], "http://127.0.0.1:9"]).exit_code, ""
    assert code == 69


def test_a_cluster_that_lost_projects_is_found_out(node, folder):
    cluster = node.cluster("lost")
    found = publish(folder / "index", cluster, OPTIONS).generation
    gone = document_id(PROJECTS[0].id)
    cluster.ask("DELETE", f"{found.index}/_doc/{gone}", parameters={"refresh": "true"}, seconds=60)
    segment = generation.open_segment(generation.current(folder / "index"))
    with pytest.raises(ClusterError, match=f"holds {len(PROJECTS) - 1} of {len(PROJECTS)} projects"):
        publishing.check(cluster, found, segment)


def test_what_a_busy_cluster_did_not_take_is_sent_again(node, folder, monkeypatch):
    monkeypatch.setattr(bulk, "PAUSES", (0.0, 0.0, 0.0))
    cluster, asked = node.cluster("busy"), publishing.Cluster.ask
    refusals, sent = iter(["gone", "some", "done"]), []

    def _busy(self, method, path, body=None, **options):
        if not path.endswith("/_bulk"):
            return asked(self, method, path, body, **options)
        lines, how = body.splitlines(keepends=True), next(refusals, "done")
        sent.append(len(lines) // 2)
        if how == "gone":
            raise ClusterGoneError("no room")
        if how == "done":
            return asked(self, method, path, body, **options)
        # There is room for all but the first three.
        answer = asked(self, method, path, b"".join(lines[6:]), **options)
        refused = [{"index": {"status": status, "error": {"reason": "full"}}} for status in (429, 503, 500)]
        return {"errors": True, "items": [*refused, *answer["items"]]}

    monkeypatch.setattr(publishing.Cluster, "ask", _busy)
    publish(folder / "index", cluster, OPTIONS)
    assert stored(cluster) == of(PROJECTS)
    assert sent == [len(PROJECTS), len(PROJECTS), 3]


def test_a_cluster_that_stays_too_busy_is_told_and_nothing_is_left(node, folder, monkeypatch):
    monkeypatch.setattr(bulk, "PAUSES", (0.0, 0.0, 0.0))
    cluster, asked = node.cluster("full"), publishing.Cluster.ask

    def _full(self, method, path, body=None, **options):
        if path.endswith("/_bulk"):
            items = [{"index": {"status": 429, "error": {"reason": "full"}}}] * (body.count(b"\n") // 2)
            return {"errors": True, "items": items}
        return asked(self, method, path, body, **options)

    monkeypatch.setattr(publishing.Cluster, "ask", _full)
    with pytest.raises(ClusterGoneError, match=r"takes no projects \(full\)"):
        publish(folder / "index", cluster, OPTIONS)
    assert not [name for name in cluster.ask("GET", "_all") if name.startswith("full-2")]


def test_several_processes_send_the_same(node, folder, monkeypatch):
    cluster = node.cluster("several")
    monkeypatch.setattr(sending, "LEAST_PER_JOB", 1)
    publish(folder / "index", cluster, replace(OPTIONS, jobs=2))
    assert stored(cluster) == of(PROJECTS)


def test_a_lease_that_another_one_took_stops_the_first(node, folder, monkeypatch):
    cluster, asked = node.cluster("taken"), publishing.Cluster.ask

    def _taken_meanwhile(self, method, path, body=None, **options):
        if path.endswith("/_bulk"):
            asked(self, "PUT", "taken-state/_doc/lease", {"owner": "another", "until": time.time() + 60})
        return asked(self, method, path, body, **options)

    monkeypatch.setattr(publishing.Cluster, "ask", _taken_meanwhile)
    with pytest.raises(LockedError, match="another reindex has begun"):
        publish(folder / "index", cluster, OPTIONS)
    with pytest.raises(NoIndexError):
        generations.current(cluster)
    assert cluster.get("taken-state/_doc/lease")["_source"]["owner"] == "another"


def test_a_folder_that_never_had_the_projects_does_not_replace_them(node, folder, tmp_path):
    cluster = node.cluster("shrunk")
    first = publish(folder / "index", cluster, OPTIONS).generation
    few = tmp_path / "few"
    reindex(write_corpus(few / "corpus", PROJECTS[:5]), few / "index")
    with pytest.raises(
        ShrunkError, match=f"the cluster has {len(PROJECTS)} projects, and the index folder 5"
    ):
        publish(few / "index", cluster, OPTIONS)
    assert generations.current(cluster).index == first.index
    assert publish(few / "index", cluster, replace(OPTIONS, allow_shrink=True)).sent == 5
