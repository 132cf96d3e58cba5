"""The measurements measure what they say: made corpora repeat, peers agree, judgements add up."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import re
import shutil
import socket
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from bench import (
    build,
    checkouts,
    dependencies,
    http,
    known_items,
    licences,
    long_records,
    pages,
    ranking,
    report,
    same,
    search,
)
from bench.comparison import Comparison, Times
from bench.corpus import generate, read_parts, write_parts
from bench.drawing import Drawing
from bench.engines import Engine, Updating
from bench.judged import average_precision, chance, ndcg
from bench.load import CONNECTIONS, Load, flat_out, steadily
from bench.memory import MEBIBYTE, Look, Stage, Stages, most_by_stage, watched
from bench.ours import Ours
from bench.peer_fts5 import Fts5
from bench.queries import KINDS, Query, Sample, draw
from bench.tables import Spread, Table, keep, ratio, shown
from bench.workspace import changed, few_changed, generated, with_own_fields
from indexer.build import reindex
from indexer.document import Project
from indexer.storage.generation import current
from search_app.engine.search import SearchEngine
from tests.building import writable
from tests.documents import ROOT
from tests.reliability.crafting import rewritten

SIZE = 200


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


def run(command, *arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_same_seed_gives_the_same_projects():
    assert list(generate(SIZE)) == list(generate(SIZE))


def test_one_index_answers_as_itself_and_another_one_does_not(work: Path):
    own = with_own_fields(generated(work, SIZE))
    engines = []
    for name, projects in (("whole", own.folder), ("less", generated(work, SIZE // 2).folder)):
        reindex(projects, work / f"same-{name}")
        engines.append(SearchEngine.open(work / f"same-{name}", answers=0))
    whole, less = engines
    drawing = Drawing(whole, list(own.read()), same.DAY, same.SEED)
    searches = [drawing.draw() for _ in range(40)]
    assert len({one.kind for one in searches}) > 10
    assert any(one.request.filters.pairs for one in searches)
    for one in searches:
        assert list(same.compared(whole, whole, one)) == []
    assert {found.what for one in searches for found in same.compared(whole, less, one)} >= {"total", "order"}
    again = Drawing(whole, list(own.read()), same.DAY, same.SEED)
    assert [again.draw() for _ in range(40)] == searches


def test_a_kept_index_of_another_version_is_built_anew(work: Path):
    corpus = generated(work, SIZE // 2)
    index = same.kept_index(corpus)
    kept = current(index)
    assert current(same.kept_index(corpus)) == kept
    rewritten(writable(kept), format=1)

    assert current(same.kept_index(corpus)) != kept


def _holding(size: int) -> list[Stage]:
    stages = Stages("before")
    time.sleep(0.2)
    stages("holding", 0, None)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as child:
        child.submit(_held_a_while, size).result()
    return stages.gone_through


def _held_a_while(size: int) -> None:
    held = b"1" * size
    time.sleep(0.5)
    del held


def test_memory_is_seen_from_outside_in_the_stage_and_in_the_process_that_holds_it():
    stages, looks = watched(_holding, 64 * MEBIBYTE)
    found = most_by_stage(looks, stages)
    assert found["before"] < 64 * MEBIBYTE <= found["holding"]


def test_the_most_of_a_stage_is_beyond_what_was_held_before_the_first():
    looks = [Look(1.0, 10), Look(2.0, 30), Look(3.0, 70), Look(4.0, 50), Look(5.0, 20)]
    stages = [Stage("a", 1.5), Stage("b", 3.5), Stage("a", 4.5)]
    assert most_by_stage(looks, stages) == {"a": 60, "b": 40}
    assert most_by_stage(looks, [Stage("late", 9.0)]) == {"late": 0}


def test_another_seed_gives_other_projects():
    assert [project.description for project in generate(SIZE, 1)] != [
        project.description for project in generate(SIZE, 2)
    ]


def test_generated_projects_have_the_shape_of_grants():
    projects = list(generate(5000))
    words = [len(project.description.split()) for project in projects]
    undated = sum(project.start is None or project.end is None for project in projects)
    assert len({project.id for project in projects}) == 5000
    assert 85 < sum(words) / len(words) < 97
    assert 100 < undated < 200
    assert 150 < len({project.grantee for project in projects}) <= 250
    assert all(p.start <= p.end for p in projects if p.start and p.end)


def test_a_corpus_folder_holds_what_was_written(tmp_path: Path):
    projects = list(generate(50))
    assert write_parts(projects, tmp_path) == 50
    assert list(read_parts(tmp_path)) == projects


def test_a_changed_corpus_differs_in_some_descriptions(work: Path):
    before = generated(work, SIZE)
    pairs = list(zip(before.read(), changed(before, 0.1, 1).read(), strict=True))
    assert 5 < sum(one != other for one, other in pairs) < 50
    assert all((one.id, one.title) == (other.id, other.title) for one, other in pairs)


def test_queries_are_different_and_find_something(work: Path):
    sample = Sample.of(generated(work, SIZE).read())
    queries = draw(sample, 5)
    assert queries == draw(sample, 5)
    assert len(set(queries)) == len(queries) == 5 * len(KINDS)
    for query in queries:
        if query.way == "all":
            assert any(all(word in text for word in query.words) for text in sample.texts)


@pytest.mark.parametrize("engine", [Ours(), Fts5()], ids=lambda engine: engine.name)
def test_an_engine_finds_counts_and_marks(engine: Engine, tmp_path: Path):
    projects = [
        Project("a", "Courts of Peru", "Labor courts decide.", "Ergo", *_years(2019, 2021)),
        Project("b", "Mines", "A labor inspector visits mines.", "Ergo", *_years(2019, 2022)),
        Project("c", "Schools", "Children learn.", "Other", *_years(2020, 2022)),
    ]
    write_parts(projects, tmp_path / "corpus")
    engine.build(tmp_path / "corpus", tmp_path / "index")
    with engine.open(tmp_path / "index") as ask:
        page = ask(Query("1 common word", "all", ("labor",)))
        totals = {way: ask(Query(way, way, ("labor", "courts"))).total for way in ("all", "any", "phrase")}
        begun = ask(Query("prefix", "prefix", ("chil",)))
    assert (page.total, sorted(hit[0] for hit in page.hits)) == (2, ["a", "b"])
    assert (page.years, page.grantees) == ({2019: 2}, {"Ergo": 2})
    assert totals == {"all": 1, "any": 2, "phrase": 1}
    assert [hit[0] for hit in begun.hits] == ["c"]


@pytest.mark.parametrize("engine", [Ours(), Fts5()], ids=lambda engine: engine.name)
def test_an_update_takes_over_what_changed(engine: Updating, tmp_path: Path):
    write_parts([Project("a", "Courts"), Project("b", "Mines")], tmp_path / "before")
    write_parts([Project("a", "Courts"), Project("b", "Schools")], tmp_path / "after")
    engine.build(tmp_path / "before", tmp_path / "index")
    engine.update(tmp_path / "after", tmp_path / "index")
    with engine.open(tmp_path / "index") as ask:
        found = {word: ask(Query("", "all", (word,))).total for word in ("courts", "mines", "schools")}
    assert found == {"courts": 1, "mines": 0, "schools": 1}


def test_ours_and_fts5_find_as_many_projects(work: Path):
    compared = search.compare(generated(work, SIZE), ["fts5"], search.Extent(3, 1, 1, equal=True))
    assert len(compared.times["ours"].spent) == 3 * len(KINDS)
    assert compared.agreement("SQLite FTS5") > 0.9


def test_ndcg_is_that_of_trec_eval():
    # dcg = 1/log2(2) + 3/log2(4) = 2.5, ideal = 3/log2(2) + 1/log2(3) = 3.63093
    assert ndcg(["x", "-", "y"], {"x": 1, "y": 3}) == pytest.approx(2.5 / 3.63093, abs=1e-6)
    assert ndcg([], {"x": 1}) == 0.0


def test_average_precision_counts_what_was_not_found():
    assert average_precision(["x", "-", "y"], {"x": 1, "y": 1, "z": 2}) == pytest.approx((1 + 2 / 3) / 3)


def test_equal_rankings_differ_by_chance_and_opposite_ones_do_not():
    assert chance([0.1, 0.2, 0.3], [0.1, 0.2, 0.3]) == 1.0
    assert chance([1.0] * 20, [0.0] * 20) < 0.001


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param(None, "-", id="nothing"),
        pytest.param(0.00456, "0.00456", id="small"),
        pytest.param(1.2345, "1.23", id="three digits"),
        pytest.param(1234.5, "1,234", id="large"),
        pytest.param(7, "7", id="whole"),
        pytest.param("a|b", "a\\|b", id="text"),
    ],
)
def test_cells_are_shown_with_three_digits(cell, text: str):
    assert shown(cell) == text


def test_a_table_is_markdown():
    table = Table("Title", ("what", "ms"), (("one", 1.5), ("two", None)), ("A note.",))
    assert table.markdown() == (
        "**Title**\n\n| what | ms |\n| --- | ---: |\n| one | 1.50 |\n| two | - |\n\n- A note.\n"
    )
    assert Spread.of([1.0, 2.0, 9.0]).median == 2.0
    assert ratio(9.0, 2.0) == "4.50x"


def test_the_report_fills_only_its_places(tmp_path: Path):
    (tmp_path / "known.md").write_text("| table |\n")
    text = "before\n<!-- figures known -->\nold\n<!-- end -->\n<!-- figures other -->\n<!-- end -->\nafter\n"
    filled = report.filled(text, tmp_path)
    assert filled == (
        "before\n<!-- figures known -->\n\n| table |\n\n<!-- end -->\n"
        "<!-- figures other -->\n\n*Not measured yet.*\n\n<!-- end -->\nafter\n"
    )
    assert report.filled(filled, tmp_path) == filled


def test_a_table_older_than_its_code_is_refused(tmp_path: Path):
    document, place = tmp_path / "page.md", "<!-- figures search-x -->\n<!-- end -->\n"
    document.write_text(place)
    keep(tmp_path, "search-x", {}, [Table("Title", ("what",), ())])
    run(report.main, str(document), "--figures", str(tmp_path))
    figures = json.loads((tmp_path / "search-x.json").read_text())
    (tmp_path / "search-x.json").write_text(json.dumps(figures | {"code": "another"}))

    refused = CliRunner().invoke(report.main, [str(document), "--figures", str(tmp_path)])

    assert refused.exit_code == 1
    assert "measure them again (or --older takes them as they are): search-x" in refused.output
    assert "**Title**" in document.read_text()
    run(report.main, str(document), "--figures", str(tmp_path), "--older")


def test_rounds_are_medians_with_their_range():
    queries = [Query("phrase", "phrase", (str(number),)) for number in range(3)]
    ours = [dict.fromkeys(queries, spent) for spent in (1.0, 2.0, 4.0)]
    peers = [dict.fromkeys(queries, spent) for spent in (3.0, 3.0, 4.0)]
    totals = dict.fromkeys(queries, 1)
    rounds = [
        {"ours": Times((1.0, 2.0), own, own, totals), "peer": Times((1.0, 2.0), other, other, totals)}
        for own, other in zip(ours, peers, strict=True)
    ]

    compared = Comparison("x", 3, Times.of_rounds(rounds), tuple(rounds))

    assert compared.factors("peer", "phrase") == (1.5, 1.5)
    assert compared.range("peer", "phrase", 0) == (1.0, 3.0)
    assert "1.50x (1.00 to 3.00)" in compared.ratios().markdown()


def test_performance_page_has_the_figures_that_were_measured():
    document = Path(report.DOCUMENT)
    assert report.filled(document.read_text(), Path("docs/figures")) == document.read_text()


def test_measuring_search_leaves_figures(work: Path, tmp_path: Path):
    run(
        search.main, "--size", str(SIZE), "--size", "300", "--peers", "", "--queries", "2", "--rounds", "1",
        "--work", str(work), "--out", str(tmp_path),
    )  # fmt: skip
    figures = json.loads((tmp_path / f"search-generated-{SIZE}.json").read_text())
    assert figures["engines"]["ours"]["kinds_ms"]["all kinds"]["number"] == 2 * len(KINDS)
    growth = (tmp_path / "search-growth.md").read_text()
    assert growth.count("| 200 |") == 2
    assert "to open an index" in growth


def test_measuring_a_build_leaves_figures(work: Path, tmp_path: Path):
    run(
        build.main, "--size", str(SIZE), "--peers", "", "--rounds", "1",
        "--work", str(work), "--out", str(tmp_path),
    )  # fmt: skip
    [builds] = json.loads((tmp_path / f"build-generated-{SIZE}.json").read_text())["builds"]
    assert (builds["name"], builds["rounds"][0]["documents"]) == ("ours", SIZE)
    [found] = builds["rounds"]
    assert found["size"] > 0
    assert all(spent["processor"] > 0 < spent["peak"] for spent in (found["full"], *found["updates"]))
    assert len(found["updates"]) == 3


def test_measuring_the_server_leaves_figures(work: Path, tmp_path: Path):
    run(
        http.main, "--size", str(SIZE), "--peers", "", "--seconds", "1", "--distinct", "1000",
        "--work", str(work), "--out", str(tmp_path),
    )  # fmt: skip
    loads = json.loads((tmp_path / f"http-generated-{SIZE}.json").read_text())["loads"]
    assert {name: load["errors"] for name, load in loads.items()} == dict.fromkeys(
        [http.DISTINCT, http.STEADY, http.REPEATEDLY, http.PAGES, http.BARE], 0
    )


@pytest.mark.parametrize("silent", [http.DATASETTE, http.BARE, http.DISTINCT])
def test_a_server_that_answers_nothing_in_time_is_told_so(silent: str, work: Path):
    names = [http.DISTINCT, http.STEADY, http.REPEATEDLY, http.PAGES, http.BARE, http.DATASETTE]
    loads = {name: Load(200.0, 2.0, 3.0, 4.0, 2000, 0, 5.0) for name in names}
    loads[silent] = Load.unanswered(32)
    if silent == http.DISTINCT:
        del loads[http.STEADY]
    told = http.table(generated(work, SIZE), loads).markdown()
    assert f"| {silent} | 0 | {http.NO_ANSWER} | - | - | 0 | 32 | - |" in told.splitlines()
    assert told.count(http.NO_ANSWER) == 1
    assert ("cannot be compared" in told) == (silent == http.DATASETTE)
    assert "nan" not in told.lower()


@pytest.mark.parametrize("rate", [None, 100.0], ids=["flat out", "steady"])
def test_a_load_of_a_server_that_is_down_has_no_times(rate: float | None):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        # Bound, and not listening: every connection is refused.
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        found = flat_out(address, ["/"], 1) if rate is None else steadily(address, ["/"], 1, rate)
    assert found == Load.unanswered(found.errors)
    assert found.errors > 0


class _InChunks(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"a;of=ten\r\n0123456789\r\n3\r\nabc\r\n0\r\n\r\n")

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


def test_answers_in_chunks_are_read_to_their_end():
    with ThreadingHTTPServer(("127.0.0.1", 0), _InChunks) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # So many that connections are asked again: what was left of one answer would be taken for the next.
        found = steadily(f"http://127.0.0.1:{server.server_port}", ["/"], 1, 200.0)
        server.shutdown()
    assert (found.errors, found.requests > 100) == (0, True)


def test_a_steady_load_begins_when_all_connections_have_had_an_answer():
    asked = itertools.count()

    class Warming(_InChunks):
        def do_GET(self) -> None:
            if next(asked) < CONNECTIONS:
                self.send_error(503)
            else:
                super().do_GET()

    with ThreadingHTTPServer(("127.0.0.1", 0), Warming) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = steadily(f"http://127.0.0.1:{server.server_port}", ["/"], 1, 100.0)
        server.shutdown()
    assert (found.errors, found.requests) == (0, 100)


def test_measuring_the_ranking_leaves_figures(tmp_path: Path):
    judged = tmp_path / "judged"
    judged.mkdir()
    rows = [
        {"id": "1", "title": "Courts", "text": "law"},
        {"id": "2", "title": "", "text": "mines and courts"},
    ]
    (judged / "docs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (judged / "queries.jsonl").write_text('{"id": "q", "text": "What are courts?"}\n')
    (judged / "qrels.tsv").write_text("q\t1\t2\nq\t2\t1\nq\t3\t0\n")
    run(ranking.main, str(judged), "--peers", "", "--ablate", "--out", str(tmp_path))
    found = json.loads((tmp_path / "ranking.json").read_text())["collections"]["judged"]
    assert found["ours"] == {"ndcg@10": 1.0, "map": 1.0}
    assert len(found) == 1 + len(ranking.ABLATIONS)
    shutil.copytree(judged, tmp_path / "other" / "judged")
    shutil.copytree(judged, tmp_path / "third")
    folders = (str(judged), str(tmp_path / "other" / "judged"), str(tmp_path / "third"))
    printed = run(ranking.main, *folders, "--peers", "", "--out", str(tmp_path))
    assert printed.count("| collection | ranking |") == 1
    assert [line.split("|")[1].split(":")[0].strip() for line in printed.splitlines() if "| ours |" in line] == [
        "judged", "judged", "third",
    ]  # fmt: skip
    kept = json.loads((tmp_path / "ranking.json").read_text())["collections"]
    assert list(kept) == ["judged 1", "judged 2", "third"]


def test_known_items_are_found_by_what_the_query_is_not():
    told = "Trains judges in Peru. Visits mines and courts. The last sentence says what else they do."
    projects = [Project("a", "Courts of Peru", told), Project("b", "Short one", "Nothing much.")]
    documents, asked = known_items.titles(projects, 1)
    assert documents == [
        {"id": "a", "title": "", "text": told},
        {"id": "b", "title": "", "text": "Nothing much."},
    ]
    assert asked == [{"id": "a", "text": "Courts of Peru"}]
    documents, asked = known_items.last_sentences(projects, 5)
    assert documents[0]["text"] == "Trains judges in Peru. Visits mines and courts."
    assert documents[1]["text"] == "Nothing much."
    assert asked == [{"id": "a", "text": "The last sentence says what else they do."}]


def test_one_project_of_a_corpus_is_another(work: Path):
    before = generated(work, SIZE)
    pairs = list(zip(before.read(), few_changed(before, 1).read(), strict=True))
    assert [number for number, (one, other) in enumerate(pairs) if one != other] == [SIZE // 2]


@pytest.mark.parametrize("command", [search.main, build.main, http.main], ids=["search", "build", "http"])
def test_an_unknown_peer_is_refused_with_those_there_are(command):
    result = CliRunner().invoke(command, ["--peers", "lucene"])
    assert result.exit_code == 2
    assert "no peer lucene; there are" in result.output


def _years(first: int, last: int):
    from datetime import date

    return date(first, 1, 1), date(last, 12, 31)


def test_pages_are_timed_in_both_checkouts(work: Path):
    arguments = ("--size", str(SIZE), "--queries", "1", "--work", str(work), "--out", str(work / "pages"))
    run(pages.main, *arguments, "--against", str(checkouts.HERE))

    figures = json.loads((work / "pages" / f"pages-generated-{SIZE}.json").read_text(encoding="utf-8"))
    assert [set(one) for one in figures["milliseconds"]] == [{"engine", "api", "page"}] * 2
    assert all(spent > 0 for one in figures["milliseconds"] for spent in one.values())


def test_builds_are_compared_with_those_of_another_checkout(work: Path):
    arguments = ("--size", str(SIZE), "--rounds", "2", "--work", str(work), "--out", str(work / "against"))
    run(build.main, *arguments, "--against", str(checkouts.HERE))

    path = work / "against" / f"build-against-generated-{SIZE}.json"
    ours, others = json.loads(path.read_text(encoding="utf-8"))["seconds"]
    assert len(ours) == len(others) == 2
    assert min(*ours, *others) > 0


def test_long_records_are_long_and_their_pages_are_timed(work: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(long_records, "DESCRIPTION_BYTES", 50_000)
    sizes = [len(one.description.encode()) for one in long_records.long_projects(2)]
    assert all(48_000 < size <= 50_000 for size in sizes)

    arguments = ("--projects", "2", "--queries", "1", "--work", str(work), "--out", str(work / "long"))
    run(long_records.main, *arguments)
    figures = json.loads((work / "long" / "long-records-2.json").read_text(encoding="utf-8"))
    assert all(spent > 0 for one in figures["lists"].values() for taken in one.values() for spent in taken)
    assert set(figures["lists"]["1 word of every project"]) == {*long_records.LISTS}
    assert set(figures["whole"]) == {*long_records.WHOLE}


def test_every_direct_dependency_has_a_reason_and_a_row():
    named = dependencies.direct(ROOT / "pyproject.toml")
    assert set(named) == set(dependencies.REASONS)
    rows = json.loads((ROOT / "docs" / "figures" / "dependencies.json").read_text(encoding="utf-8"))
    listed = {row["library"]: row for row in rows["dependencies"]}
    assert {name: row["for"] for name, row in listed.items()} == dict(dependencies.REASONS)
    assert [name for name, row in listed.items() if not (row["last release"] and row["licence"])] == []


def test_every_direct_dependency_is_imported_somewhere():
    modules = {name: set() for name in dependencies.REASONS}
    for module, distributions in packages_distributions().items():
        for name in {one.lower().replace("_", "-") for one in distributions} & set(modules):
            modules[name].add(module)
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for package in ("indexer", "search_app")
        for path in (ROOT / package).rglob("*.py")
    )
    # By a name in quotes where it may be missing, or is only asked for its files.
    used = set(re.findall(r"^\s*(?:import|from) (\w+)|\"(\w+)\"", code, re.MULTILINE))
    names = {one for pair in used for one in pair}
    # What an extra brings may be left out of the environment: then nobody knows its modules.
    installed = {name: own for name, own in modules.items() if own}
    assert len(installed) > len(modules) // 2
    assert [name for name, own in installed.items() if not own & names] == []


def test_the_last_release_is_that_of_the_newest_file_that_was_not_taken_back():
    files = [
        {"upload-time": "2024-05-01T10:00:00Z"},
        {"upload-time": "2025-01-31T10:00:00Z"},
        {"upload-time": "2026-01-01T10:00:00Z", "yanked": "broken"},
    ]
    assert dependencies.newest({"files": files}) == "2025-01-31"
    assert dependencies.newest({"files": []}) == ""


def test_a_licence_that_is_given_as_its_whole_text_is_named_by_its_first_line(monkeypatch):
    declared = SimpleNamespace(json={"license": "MIT License\n\nCopyright (c) 2024"})
    monkeypatch.setattr(licences.metadata, "metadata", lambda name: declared)
    assert licences.licence("one") == "MIT License"
