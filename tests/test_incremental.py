"""What an incremental `reindex` gives, against a full one: every byte, every count and every sentence."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from indexer import generation
from indexer.build import BuildOptions, reindex
from tests.test_build import arrays

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
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        path.unlink()
    for name, lines in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def told(found):
    """Return a report without what must differ between two runs."""
    return replace(found, seconds=0, generation="", written=False)


@pytest.mark.parametrize("seed", range(25), ids=lambda seed: f"seed-{seed}")
def test_an_incremental_build_gives_the_bytes_and_the_report_of_a_full_one(tmp_path, seed):
    rng = random.Random(seed)
    index, fully, corpus = tmp_path / "index", tmp_path / "full", tmp_path / "corpus"
    corpus.mkdir()
    files = {name: a_file(rng, name) for name in rng.sample(FILES, 4)}
    for _ in range(8):
        written(corpus, files)
        checked = reindex(corpus, index, BuildOptions(check=True))
        found = reindex(corpus, index, BuildOptions(allow_shrink=True))
        expected = reindex(corpus, fully, BuildOptions(allow_shrink=True, full=True))
        if found.written:
            assert told(found) == told(checked) == told(expected)
            assert arrays(index) == arrays(fully)
            for name in ("rejected.jsonl",):
                assert (generation.current(index) / name).read_bytes() == (
                    generation.current(fully) / name
                ).read_bytes()
        for _ in range(rng.randrange(1, 4)):
            files = edited(rng, files)
