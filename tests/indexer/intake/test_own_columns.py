"""The columns of own fields: the values that the texts say, and the same bytes however they were built."""

import math
import random
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from indexer.build import BuildOptions, reindex
from indexer.document import Project
from indexer.errors import FieldsError
from indexer.storage import generation
from indexer.storage.days import UNKNOWN_DAY
from indexer.storage.own_fields import from_bytes, of_type
from indexer.storage.segment import Segment
from tests.building import write_corpus

COUNTRIES = ["Peru", "Ghana", "Viet Nam", "Korea, Republic of", "Atlantis"]
THEMES = ["Water", "Health", "Roads", "Schools"]
REGIONS = {"Peru": "South America", "Ghana": "Western Africa", "Viet Nam": "Southeast Asia",
           "Korea, Republic of": "Eastern Asia"}  # fmt: skip


def a_project(rng, number):
    extra = {}
    if rng.random() < 0.8:
        extra["Country"] = "; ".join(rng.sample(COUNTRIES, rng.choice([1, 1, 2, 3])))
    if rng.random() < 0.8:
        extra["Amount"] = rng.choice(["$%d,000", "%d500 EUR", "%d.5 million", "no %d"]) % rng.randint(1, 99)
    if rng.random() < 0.8:
        extra["Theme"] = rng.choice(THEMES)
    if rng.random() < 0.5:
        extra["Pupils"] = str(rng.randint(1, 9))
    if rng.random() < 0.5:
        extra["Signed"] = f"2020-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return Project(
        f"p-{number}",
        f"Project {number}",
        "",
        "Verité",
        date(2000 + number % 20, 1, 1),
        None,
        tuple(extra.items()),
    )


def segment(index):
    return Segment.open(generation.current(index))


def own_files(index):
    folder = generation.current(index)
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.name.startswith(("own_", "extra_"))
    }


def keyword_values(found, name):
    """Return the values of a keyword field of every document."""
    fields = of_type(from_bytes(found.own_fields), "keyword")
    number = [one.name for one in fields].index(name)
    first = int(found.own_value_starts[number])
    starts = found.own_entry_starts[number * len(found) : (number + 1) * len(found) + 1].tolist()
    return [
        [found.own_values[first + int(entry)] for entry in found.own_entries[begin:end]]
        for begin, end in pairwise(starts)
    ]


@pytest.mark.seeds(3, 6)
def test_an_incremental_build_writes_the_bytes_of_a_full_one(tmp_path, seed):
    rng = random.Random(seed)
    projects = {number: a_project(rng, number) for number in range(60)}
    for _ in range(5):
        corpus = write_corpus(tmp_path / "corpus", list(projects.values()))
        reindex(corpus, tmp_path / "index", BuildOptions(allow_shrink=True))
        reindex(corpus, tmp_path / "full", BuildOptions(allow_shrink=True, full=True))
        assert own_files(tmp_path / "index") == own_files(tmp_path / "full")
        for number in rng.sample(sorted(projects), 5):
            projects[number] = a_project(rng, number)
        projects[100 + rng.randint(1, 99)] = a_project(rng, 100 + rng.randint(1, 99))
        projects.pop(rng.choice(sorted(projects)))


def test_a_column_says_what_the_texts_say(tmp_path):
    rng = random.Random(7)
    corpus = write_corpus(tmp_path / "corpus", [a_project(rng, number) for number in range(200)])
    reindex(corpus, tmp_path / "index")
    found = segment(tmp_path / "index")
    fields = from_bytes(found.own_fields)
    assert {one.name: one.type for one in fields} == {
        "country": "keyword", "theme": "keyword", "amount": "money", "pupils": "number", "signed": "date",
        "world_region": "keyword",
    }  # fmt: skip
    extras = [dict(found.project(document).extra) for document in range(len(found))]
    countries = [extra.get("Country", "").split("; ") if extra.get("Country") else [] for extra in extras]
    assert keyword_values(found, "country") == [sorted(own) for own in countries]
    assert keyword_values(found, "world_region") == [
        sorted(REGIONS[name] for name in own if name in REGIONS) for own in countries
    ]
    amounts, pupils = found.own_numbers
    for extra, amount, code, many, day in zip(
        extras, amounts.tolist(), found.own_currencies[0].tolist(), pupils.tolist(), found.own_days[0].tolist(),
        strict=True,
    ):  # fmt: skip
        text = extra.get("Amount", "")
        assert math.isnan(amount) == (not text or text.startswith("no "))
        if text.startswith("$"):
            assert (amount, found.own_codes[code]) == (float(text[1:].replace(",", "")), "USD")
        if text.endswith("million"):
            assert (amount, found.own_codes[code]) == (float(text.split()[0]) * 1e6, "")
        assert (many == int(extra["Pupils"])) if "Pupils" in extra else math.isnan(many)
        signed = extra.get("Signed")
        assert day == (UNKNOWN_DAY if signed is None else int(np.datetime64(signed).astype(int)))


def test_what_is_no_amount_is_told(tmp_path):
    projects = [
        Project(f"p-{number}", "A title", extra=(("Amount", "see note" if number == 7 else f"${number}"),))
        for number in range(10)
    ]
    found = reindex(write_corpus(tmp_path / "corpus", projects), tmp_path / "index")
    assert "Amount: 1 of 10 texts is no amount and counts as unknown" in found.notes


def test_countries_are_taken_from_the_texts_where_no_column_has_them(tmp_path):
    projects = [Project("p-1", "Mines in Peru and Ghana", "Schools in New Mexico."), Project("p-2", "Mines")]
    reindex(write_corpus(tmp_path / "corpus", projects), tmp_path / "index")
    found = segment(tmp_path / "index")
    assert keyword_values(found, "countries_mentioned") == [["Ghana", "Peru"], []]
    assert keyword_values(found, "world_region") == [["South America", "Western Africa"], []]


def test_a_column_that_is_empty_everywhere_stops_nothing_and_fills_up_later(tmp_path):
    """Whether files are read anew or known from the last time."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "fields.toml").write_text(
        '[fields.award]\ntype = "money"\n[fields.place]\ncolumns = ["Town"]\n'
    )
    head = "id,title,start date,end date,grantee,Award,Town\n"
    (corpus / "a.csv").write_text(f"{head}a,Wells,2021-01-01,2022-01-01,ILO,,\n")
    (corpus / "b.csv").write_text(f"{head}b,Roads,2021-01-01,2022-01-01,ILO,,\n")
    notes = [
        'fields.toml: award: nothing is in the column "Award" so far; the field waits for it',
        'fields.toml: place: nothing is in the column "Town" so far; the field waits for it',
    ]
    for full in (False, True):
        found = reindex(corpus, index, BuildOptions(full=full))
        assert [note for note in found.notes if note.startswith("fields.toml")] == notes
        assert [one.name for one in from_bytes(segment(index).own_fields)][:2] == ["award", "place"]
    (corpus / "b.csv").write_text(f"{head}b,Roads,2021-01-01,2022-01-01,ILO,$5,Lima\n")
    found = reindex(corpus, index)
    assert not any(note.startswith("fields.toml") for note in found.notes)
    assert sorted(keyword_values(segment(index), "place")) == [[], ["Lima"]]


def test_another_configuration_is_another_index_and_a_wrong_one_changes_nothing(tmp_path):
    rng = random.Random(3)
    projects = [a_project(rng, number) for number in range(40)]
    corpus, index = write_corpus(tmp_path / "corpus", projects), tmp_path / "index"
    reindex(corpus, index)
    before = generation.current(index)
    settings = corpus / "fields.toml"
    settings.write_text('[fields.theme]\nlabel = "Topic"\n[fields.country]\ntype = "none"\n')
    reindex(corpus, index)
    fields = {one.name: one for one in from_bytes(segment(index).own_fields)}
    assert fields["theme"].label == "Topic"
    assert "country" not in fields
    assert "countries_mentioned" in fields
    after = generation.current(index)
    assert after != before
    settings.write_text('[fields.theme]\ntype = "colour"\n')
    for check in (False, True):
        with pytest.raises(FieldsError, match=r"fields\.toml:2: theme: unknown type"):
            reindex(corpus, index, replace(BuildOptions(), check=check))
    assert generation.current(index) == after
