"""What an incremental `reindex` gives, against a full one: every byte, every count and every sentence."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace

import numpy as np
import pytest

from indexer.build import BuildOptions, reindex
from indexer.corpus import whole
from indexer.corpus.files import sources
from indexer.corpus.formats import table
from indexer.corpus.record import content
from indexer.document import Project
from indexer.inverting import increments, merging, splicing
from indexer.storage import generation
from indexer.storage.impacts import weighed
from tests.building import writable, write_corpus
from tests.indexer.test_build import arrays
from tests.reliability.crafting import signed

TITLES = ("Courts", "courts", "Safe Gold", "Côte d'Ivoire schools", "Labor  inspection", "Annual Survey", "")
GRANTEES = ("ILO", "International Labor Organization (ILO)", "Verité", "Verite", "", "Ergo Group, Inc.")
DAYS = ("2020-01-31", "2021", "05/08/2020", "", "soon", "2019-02-30", "1999-12-31")
ALIASES = ("", "International Labor Organization (ILO) = ILO\n", "Ergo = Ergo Group, Inc.\nbroken line\n")
FILES = ("a.jsonl", "b.ndjson", "more/c.jsonl", "d.csv", "e.txt", "f.tsv")
LISTING = "{title}{start} - {end} A text | of several\n lines |\nVerité |\n |\n"


def a_record(rng):
    """Return the fields of a record, some of them wanting or wrong."""
    number = rng.randrange(30)
    record = {
        "id": f"P{number}" if rng.random() < 0.8 else "",
        "title": rng.choice(TITLES) + (f" {number}" if rng.random() < 0.8 else ""),
        "description": rng.choice(["", "Of courts.", f"Text {rng.randrange(9)} (Vision Zero Fund, VZF)"]),
        "start_date": rng.choice(DAYS[:2]) if rng.random() < 0.7 else rng.choice(DAYS),
        "end_date": rng.choice(["2022-05-01", "2023"]) if rng.random() < 0.7 else rng.choice(DAYS),
        "grantee": rng.choice(GRANTEES),
    }
    return record | ({"Country": rng.choice(["Mali", "Ghana"])} if rng.random() < 0.2 else {})


def a_line(rng):
    """Return a line of a .jsonl file, perhaps a broken one."""
    kind = rng.random()
    if kind < 0.05:
        return rng.choice(['{"title": "Cut', "[]", '{"name": 7, "x": NaN}', "", '{"title": "A\\u0000  b"}'])
    record = a_record(rng)
    if kind < 0.3:
        record = dict(sorted(record.items()))
    return json.dumps(record, ensure_ascii=rng.random() < 0.5)


def a_file(rng, name):
    """Return the lines of a new file."""
    number = rng.randrange(1, 12)
    if name.endswith("txt"):
        records = [(rng.choice(TITLES[2:5]), *rng.choices(["01/15/2020", "02/30/2020", "12/31/2023"], k=2))]
        records += [(f"Listed {rng.randrange(9)}", "01/15/2020", "12/31/2023") for _ in range(number)]
        text = "".join(LISTING.format(title=one, start=start, end=end) for one, start, end in records)
        return [text + (f"Cut {number}01/15/2020 - 12/31/2023 what" if rng.random() < 0.3 else "")]
    if name.endswith("sv"):
        records = [a_record(rng) | {"Country": ""} for _ in range(number)]
        rows = [list(records[0]), *(list(map(str, one.values())) for one in records)]
        return [("\t" if name.endswith("tsv") else ";").join(row) for row in rows]
    return [a_line(rng) for _ in range(number)]


def edited(rng, files):
    """Change a corpus, given as lines by name, in one of the ways that people do."""
    files = {name: list(lines) for name, lines in files.items()}
    lined = [name for name in files if "json" in name or "nd" in name] or ["a.jsonl"]
    one, other = rng.choice(lined), rng.choice(lined)
    lines, others = files.setdefault(one, []), files.setdefault(other, [])
    where = rng.randrange(len(lines) + 1)
    way = rng.randrange(10)
    if way == 0:
        lines.insert(where, a_line(rng))
    elif way == 1 and lines:
        lines[where % len(lines)] = a_line(rng)
    elif way == 2 and lines:
        del lines[where % len(lines)]
    elif way == 3 and lines:
        others.insert(0, lines.pop(where % len(lines)))
    elif way == 4 and lines:
        others.append(lines[where % len(lines)])
    elif way == 5 and lines:
        lines[where % len(lines)] = lines[where % len(lines)][:-3]
    elif way == 6:
        name = rng.choice(FILES)
        files[name] = a_file(rng, name)
    elif way == 7:
        name = rng.choice(list(files))
        files[f"x{rng.randrange(3)}-" + name.replace("/", "-")] = files.pop(name)
    elif way == 8:
        rng.shuffle(lines)
    else:
        files["aliases.txt"] = [rng.choice(ALIASES)]
    return files


def written(folder, files):
    """Bring a corpus folder to the given files."""
    folder.mkdir(exist_ok=True)
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        path.unlink()
    for name, lines in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def rejected(index):
    """Return what a generation keeps of rejected records."""
    return (generation.current(index) / "rejected.jsonl").read_bytes()


def told(found):
    """Return a report without what must differ between two runs."""
    return replace(found, seconds=0, generation="", written=False)


@pytest.mark.seeds(5, 12)
def test_an_incremental_build_gives_the_bytes_and_the_report_of_a_full_one(tmp_path, monkeypatch, seed):
    rng = random.Random(seed)
    if seed % 2:
        # Few records as if they were many: they are taken together.
        monkeypatch.setattr("indexer.intake.accepting._TOGETHER", 2)
        monkeypatch.setattr("indexer.corpus.formats.jsonl._FEW_LINES", 0)
        # And as if postings were many: they are looked through a few at a time.
        monkeypatch.setattr(increments, "AT_ONCE", 3)
        monkeypatch.setattr(merging, "AT_ONCE", 5)
        monkeypatch.setattr(splicing, "AT_ONCE", 4)
        monkeypatch.setattr("indexer.storage.arrays.slices._PIECE", 7)
    index, fully, corpus = tmp_path / "index", tmp_path / "full", tmp_path / "corpus"
    corpus.mkdir()
    files = {name: a_file(rng, name) for name in rng.sample(FILES, 4)}
    for _ in range(7):
        written(corpus, files)
        checked = reindex(corpus, index, BuildOptions(check=True))
        found = reindex(corpus, index, BuildOptions(allow_shrink=True))
        expected = reindex(corpus, fully, BuildOptions(allow_shrink=True, full=True))
        if found.written:
            assert told(found) == told(checked) == told(expected)
            assert arrays(index) == arrays(fully)
            assert rejected(index) == rejected(fully)
        for _ in range(rng.randrange(1, 4)):
            files = edited(rng, files)


@pytest.mark.parametrize(("added", "is_copied"), [("", True), (" and much, much more" * 40, False)])
def test_what_a_project_weighs_is_copied_as_long_as_the_mean_lengths_stay(
    tmp_path, monkeypatch, added, is_copied
):
    projects = [
        Project(f"p{number}", f"Project {number}", f"Courts of the city {number % 7}. " * 3, "ILO")
        for number in range(60)
    ]
    corpus, index, fully = (tmp_path / name for name in ("corpus", "index", "full"))
    reindex(write_corpus(corpus, projects), index)
    postings = []

    def _weighed(norms, documents, *others):
        postings.append(set(documents.tolist()))
        return weighed(norms, documents, *others)

    monkeypatch.setattr(splicing, "weighed", _weighed)
    projects[30] = replace(projects[30], description=projects[30].description.replace("city", "town") + added)
    reindex(write_corpus(corpus, projects), index)
    assert [len(documents) == 1 for documents in postings] == [is_copied]
    reindex(corpus, fully, BuildOptions(full=True))
    assert arrays(index) == arrays(fully)


COURTS, LABOR, SCHOOLS = (
    json.dumps({"id": name[0], "title": name, "start_date": "2020-01-31"})
    for name in ("Courts", "Labor", "Schools")
)
TABLE = ["title,start", "Safe Gold,2020", "Safe Silver,2021"]


@pytest.fixture
def parsed(monkeypatch):
    """Return a list that gets the title of every line, and the name of every whole file, that is parsed."""
    seen = []

    def _content(layout, values, tidy, account):
        seen.append(values[layout.title])
        return content(layout, values, tidy, account)

    def _read(stream, reading):
        seen.append(reading.path)
        return table.read(stream, reading)

    monkeypatch.setattr("indexer.corpus.formats.jsonl.content", _content)
    monkeypatch.setitem(whole.READERS, "table", _read)
    return seen


def parsed_again(tmp_path, parsed, before, after, **options):
    """Index a corpus, change it, and return the second report and what was parsed for it."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    reindex(written(corpus, before), tmp_path / "index")
    parsed.clear()
    options = BuildOptions(allow_shrink=True, **options)
    return reindex(written(corpus, after), tmp_path / "index", options), parsed


def test_only_lines_that_are_new_are_parsed(tmp_path, parsed):
    before = {"a.jsonl": [COURTS, LABOR], "b.jsonl": [SCHOOLS]}
    after = {"a.jsonl": ["", SCHOOLS, COURTS], "c.jsonl": [LABOR.replace("Labor", "Labour")]}
    found, titles = parsed_again(tmp_path, parsed, before, after)
    assert titles == ["Labour"]
    assert (found.unchanged, found.changed_count, found.changed[0].source_line) == (2, 1, "c.jsonl:1")


def test_a_whole_file_is_parsed_if_a_byte_of_it_changed(tmp_path, parsed):
    before = {"a.csv": TABLE, "b.csv": [*TABLE[:1], "Courts,2020"]}
    after = {"renamed.csv": TABLE, "b.csv": [*TABLE[:1], "Courts,2021"]}
    found, names = parsed_again(tmp_path, parsed, before, after)
    assert names == ["b.csv"]
    assert (found.unchanged, found.added_count, found.removed_count) == (2, 1, 1)


def test_a_whole_file_is_parsed_again_for_what_is_wrong_with_it(tmp_path, parsed):
    before = {"a.csv": [*TABLE, "Courts,soon"]}
    found, names = parsed_again(tmp_path, parsed, before, before | {"b.jsonl": [COURTS]})
    assert names == ["a.csv", "Courts"]
    assert [(one.path, one.line) for one in found.rejected] == [("a.csv", 4)]


@pytest.mark.parametrize("title", ["Hear hearing", "Hear hearings", "Hearing hear hears", "Hear"])
def test_a_word_whose_every_project_changed_has_the_forms_that_it_has_now(tmp_path, title):
    def lines(changed):
        titles = [changed, "Courts", "Inspecting mines", "Labor", "Zinc mine", "Zinc mines"]
        return [json.dumps({"id": f"P{number}", "title": one}) for number, one in enumerate(titles)]

    index, fully, options = tmp_path / "index", tmp_path / "full", BuildOptions(allow_shrink=True)
    reindex(written(tmp_path / "corpus", {"a.jsonl": lines("Hearing")}), index)
    corpus = written(tmp_path / "corpus", {"a.jsonl": lines(title)})
    reindex(corpus, index, options)
    reindex(corpus, fully, BuildOptions(full=True))

    assert arrays(index) == arrays(fully)


@pytest.fixture
def opened(monkeypatch):
    """Return a list that gets the name of every file of a corpus that is opened to be read."""
    seen = []

    def _open(source, limits, archives):
        seen.append(source.path)
        return sources.open_source(source, limits, archives)

    monkeypatch.setattr("indexer.corpus.contents.open_source", _open)
    return seen


def test_a_file_that_has_not_changed_is_not_opened_and_tells_the_same(tmp_path, opened):
    doubtful = json.dumps({"title": "Mines", "start_date": "3/1/21"})
    before = {"a.jsonl": [COURTS, doubtful], "b.csv": TABLE, "c.jsonl": [LABOR]}
    after = {"renamed.jsonl": before["a.jsonl"], "b.csv": TABLE, "c.jsonl": [SCHOOLS]}
    found, names = parsed_again(tmp_path, opened, before, after)
    assert names == ["c.jsonl"]
    assert {one.partition(":")[0] for one in found.warnings} == {"renamed.jsonl"}
    expected = reindex(tmp_path / "corpus", tmp_path / "full", BuildOptions(full=True))
    assert (found.warnings, found.sources) == (expected.warnings, expected.sources)
    assert arrays(tmp_path / "index") == arrays(tmp_path / "full")


def test_of_a_file_that_has_not_changed_only_lines_that_were_not_taken_are_parsed(tmp_path, parsed):
    other, broken = COURTS.replace("Courts", "Court houses"), '{"title": "Cut'
    doubtful = json.dumps({"title": "Mines", "start_date": "3/1/21"})
    spoilt = json.dumps({"title": "Mills", "start_date": "never"})
    before = {"a.jsonl": [LABOR, other, broken, "", COURTS, spoilt], "b.jsonl": [doubtful, broken]}
    found, titles = parsed_again(tmp_path, parsed, before, before | {"c.jsonl": [SCHOOLS]})
    # Lines whose dates are read by one order of day and month are read by what all of them say.
    assert titles == ["Court houses", "Mills", "Mines", "Schools"]
    assert [(one.path, one.line) for one in found.rejected] == [
        ("a.jsonl", 3),
        ("a.jsonl", 6),
        ("b.jsonl", 2),
    ]
    expected = reindex(tmp_path / "corpus", tmp_path / "full", BuildOptions(full=True))
    assert (found.warnings, found.sources) == (expected.warnings, expected.sources)
    assert arrays(tmp_path / "index") == arrays(tmp_path / "full")


def test_a_line_that_another_file_replaced_for_a_while_keeps_the_dates_of_its_own_file(tmp_path):
    records = [
        {"id": "C", "title": "Courts", "start": "25/12/2020"},
        {"id": "L", "title": "Labor", "start": "3/4/2020"},
    ]
    files = {"a.jsonl": [json.dumps(one) for one in records]}
    index, corpus, options = tmp_path / "index", tmp_path / "corpus", BuildOptions(allow_shrink=True)
    for there in (files, files | {"b.jsonl": [LABOR]}, files):
        reindex(written(corpus, there), index, options)
        reindex(corpus, tmp_path / "full", BuildOptions(full=True, allow_shrink=True))
        assert arrays(index) == arrays(tmp_path / "full")
    starts = [json.loads(one)[4] for one in generation.open_segment(generation.current(index)).stored]
    assert starts == ["2020-12-25", "2020-04-03"]


def test_a_packed_file_that_has_not_changed_is_not_parsed(tmp_path, parsed):
    corpus = written(tmp_path / "corpus", {"b.jsonl": [LABOR]})
    for name, lines in {"a.jsonl.gz": [COURTS, SCHOOLS], "t.csv.gz": TABLE}.items():
        (corpus / name).write_bytes(gzip.compress("\n".join(lines).encode()))
    reindex(corpus, tmp_path / "index")
    parsed.clear()
    (corpus / "b.jsonl").unlink()
    found = reindex(corpus, tmp_path / "index")
    assert (parsed, found.unchanged, found.removed_count) == ([], 4, 1)


def test_a_file_is_known_by_what_was_read_of_it_not_by_what_it_was_before(tmp_path, monkeypatch):
    corpus = written(tmp_path / "corpus", {"a.jsonl": [COURTS], "b.jsonl": [LABOR]})
    index = tmp_path / "index"

    def _open(source, limits, archives):
        # Somebody writes to the corpus while it is read.
        written(corpus, {"a.jsonl": [SCHOOLS], "b.jsonl": [LABOR]})
        return sources.open_source(source, limits, archives)

    with monkeypatch.context() as patched:
        patched.setattr("indexer.corpus.contents.open_source", _open)
        reindex(corpus, index)
    written(corpus, {"a.jsonl": [COURTS], "b.jsonl": [LABOR], "c.jsonl": [SCHOOLS]})
    assert reindex(corpus, index).added_count == 1
    stored = generation.open_segment(generation.current(index)).stored
    assert sorted(json.loads(one)[1] for one in stored) == ["Courts", "Labor", "Schools"]


def test_a_file_that_is_written_anew_while_it_is_read_is_read_again_though_it_is_as_it_was(
    tmp_path, monkeypatch
):
    files = {"a.jsonl": [COURTS, LABOR, SCHOOLS], "b.jsonl": [COURTS]}
    corpus, index = written(tmp_path / "corpus", files), tmp_path / "index"

    def _open(source, limits, archives):
        # An export is half written.
        (corpus / "a.jsonl").write_text(f"{COURTS}\n{LABOR}\n")
        return sources.open_source(source, limits, archives)

    with monkeypatch.context() as patched:
        patched.setattr("indexer.corpus.contents.open_source", _open)
        found = reindex(corpus, index)
    assert (found.projects, found.warnings) == (
        2,
        ("a.jsonl: changed while the corpus was read; run reindex again",),
    )
    (corpus / "a.jsonl").write_text("\n".join(files["a.jsonl"]) + "\n")
    found = reindex(corpus, index)
    assert (found.projects, found.warnings) == (3, ())
    reindex(corpus, tmp_path / "full", BuildOptions(full=True))
    assert arrays(index) == arrays(tmp_path / "full")
    assert not reindex(corpus, index).written


@pytest.mark.parametrize(
    ("after", "options"),
    [({"aliases.txt": ["Verité = Verite"]}, {}), ({"b.jsonl": []}, {"full": True})],
    ids=["aliases", "full"],
)
def test_everything_is_parsed_when_what_it_means_may_have_changed(tmp_path, parsed, after, options):
    before = {"a.jsonl": [COURTS, LABOR], "t.csv": TABLE}
    _, seen = parsed_again(tmp_path, parsed, before, before | after, **options)
    assert seen == ["Courts", "Labor", "t.csv"]


def test_a_new_record_replaces_an_unchanged_one_before_it_and_is_replaced_by_one_after_it(tmp_path, parsed):
    other = COURTS.replace("Courts", "Court houses")
    before = {"b.jsonl": [LABOR, COURTS]}
    found, _ = parsed_again(tmp_path, parsed, before, before | {"a.jsonl": [other], "c.jsonl": [other]})
    taken = "another project 'C' stands at {}; the later one was taken"
    assert found.warnings == (
        "b.jsonl:2: " + taken.format("a.jsonl:1"),
        "c.jsonl:1: " + taken.format("b.jsonl:2"),
    )
    assert [change.title for change in found.changed] == ["Court houses"]


def test_the_ledger_has_every_line_that_says_what_was_taken_however_it_was_built(tmp_path):
    other, spaced = COURTS.replace("Courts", "Court houses"), COURTS.replace(": ", ":")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    reindex(written(corpus, {"a.jsonl": [spaced]}), tmp_path / "index")
    written(corpus, {"a.jsonl": [COURTS, other, spaced]})
    assert reindex(corpus, tmp_path / "index").unchanged == 1
    reindex(corpus, tmp_path / "full", BuildOptions(full=True))
    assert arrays(tmp_path / "index") == arrays(tmp_path / "full")
    lines = np.load(generation.current(tmp_path / "index") / "ledger_keys.npy")
    assert len(lines) == 2


def test_an_index_whose_ledger_is_of_no_use_is_built_upon_all_the_same(tmp_path, parsed):
    corpus = write_corpus(tmp_path / "corpus", [Project("C", "Courts"), Project("L", "Labor")])
    reindex(corpus, tmp_path / "index")
    folder = writable(generation.current(tmp_path / "index"))
    (folder / "ledger_terms.npy").unlink()
    np.save(folder / "ledger_terms.npy", np.array([1, 2], "<u8"))
    signed(folder)
    with (corpus / "projects.jsonl").open("a") as file:
        file.write(SCHOOLS)
    parsed.clear()
    assert reindex(corpus, tmp_path / "index").unchanged == 2
    assert parsed == ["Courts", "Labor", "Schools"]


@pytest.mark.parametrize("before", ["Ä", "ä-e", "AE"])
def test_of_two_words_with_one_term_at_one_position_the_same_one_is_kept_whatever_came_before(
    tmp_path, before
):
    def line(name, title):
        return json.dumps({"id": name, "title": title})

    # The token has the compound "a-e", and the inner word "ae" that its "ä" is spelled out as.
    others = [line(f"P{number}", f"Courts {number}") for number in range(5)]
    index, corpus = tmp_path / "index", tmp_path / "corpus"
    reindex(written(corpus, {"a.jsonl": [line("A", before), *others]}), index)
    reindex(written(corpus, {"a.jsonl": [line("A", before), line("B", "Ä-e"), *others]}), index)
    reindex(corpus, tmp_path / "full", BuildOptions(full=True))

    assert arrays(index) == arrays(tmp_path / "full")
    assert "a-e" in list(generation.open_segment(generation.current(index)).words)
