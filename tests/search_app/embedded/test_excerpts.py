"""What a list reads of long projects: bounded, and where the query stands."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest

from indexer.document import Project
from search_app.backend.returned import DESCRIPTION_LENGTH
from search_app.embedded import excerpts
from search_app.embedded.excerpts import LOOKED_AT, READ_WHOLE
from search_app.request import SearchRequest
from tests.building import engine_of
from tests.conftest import application
from tests.documents import TECLAB

# One character of each kind that JSON or UTF-8 writes in more than one byte.
AWKWARD = ["a", " ", '"', "\\", "\n", "\t", "é", "…", "😀", ",", '",', '","', "\\\\", '\\"', "ab c. Def "]
SENTENCE = "Labour inspectors of Mexico met in a hall. "


def filler(length, seed=1, words=("river", "grant", "office", "of", "and", "community", "training")):
    rng = random.Random(seed)
    text = ""
    while len(text) < length:
        text += " ".join(rng.choice(words) for _ in range(12)).capitalize() + ". "
    return text


def long_project(description, **others):
    return replace(TECLAB, id="long", title="A long record", description=description, **others)


@pytest.mark.parametrize("seed", range(40))
def test_a_part_is_read_as_the_whole_would_be(seed):
    rng = random.Random(seed)
    text = "".join(rng.choices(AWKWARD, weights=[40, 20, *[1] * (len(AWKWARD) - 2)], k=40_000))
    project = Project(f'i"{seed}', 'T "\\', text, 'G","', None, None, (("n", 'v\\"'),))
    stored = project.stored()
    for share in (-1.0, 0.0, rng.random(), 1.0):
        one = excerpts._read_stored(stored, share)

        assert replace(one.project, description="") == replace(project, description="")
        assert one.project.description == text[:DESCRIPTION_LENGTH]
        if one.looked_at.description != text:
            assert one.looked_at.description.removeprefix("… ").removesuffix(" …") in text
            assert len(one.looked_at.description) <= 2 * LOOKED_AT + 4


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('"' * 60_000, id="quotes"),
        pytest.param("\\" * 60_000, id="backslashes"),
        pytest.param('\\"' * 40_000, id="both"),
        pytest.param("\x01" * 40_000, id="escapes"),
        pytest.param("é" * 40_000, id="two bytes"),
        pytest.param("😀" * 40_000, id="four bytes"),
        pytest.param("x" * 80_000, id="one word"),
        pytest.param(" " * 80_000, id="blanks"),
        pytest.param('",' * 40_000, id="looks like an end"),
    ],
)
def test_any_text_is_read(text):
    for share in (-1.0, 0.3, 1.0):
        one = excerpts._read_stored(long_project(text).stored(), share)

        assert one.project.description == text[:DESCRIPTION_LENGTH]
        assert one.cut


PLACES = [0, 3_000, 40_000, 111_111, 280_000, 299_000]


@pytest.mark.parametrize("place", PLACES)
def test_words_are_shown_wherever_they_stand(tmp_path, place):
    text = filler(300_000)
    engine = engine_of(tmp_path, [long_project(f"{text[:place]} {SENTENCE}{text[place:]}"), TECLAB])

    for q in ("inspectors mexico", '"labour inspectors"', "labor mexico hall", "inspect*", "inspectros~"):
        (hit, *_) = engine.search(SearchRequest(q=q)).hits
        shown = [one for one in hit.description if one.highlights]
        assert hit.project.id == "long", q
        assert "inspectors" in shown[0].text, q


@pytest.mark.parametrize("place", [100_000, 200_000, 399_000])
def test_words_are_shown_in_a_text_of_two_kinds(tmp_path, place):
    """A table of numbers has four times as many words to a kilobyte as prose of long ones."""
    table = " ".join(str(number % 10) for number in range(100_000))
    prose = filler(200_000, words=("administration", "infrastructure", "decentralisation", "accountability"))
    text = table + " " + prose
    engine = engine_of(tmp_path, [long_project(f"{text[:place]} {SENTENCE}{text[place:]}")])

    (hit,) = engine.search(SearchRequest(q="inspectors mexico")).hits
    assert any("inspectors" in one.text and one.highlights for one in hit.description)


def test_the_stretch_with_most_of_the_query_is_shown(tmp_path):
    text = f"{filler(60_000)}Labour is here. {filler(60_000)}{SENTENCE}{filler(60_000)}Mexico is here. "
    engine = engine_of(tmp_path, [long_project(text)])

    (hit,) = engine.search(SearchRequest(q="labour mexico inspectors")).hits
    assert SENTENCE.strip() in hit.description[0].text


def test_without_words_the_beginning_is_shown(tmp_path):
    text = filler(100_000)
    engine = engine_of(tmp_path, [long_project(text)])

    (hit,) = engine.search(SearchRequest()).hits
    assert text.startswith(hit.description[0].text)


def test_a_word_of_the_title_alone_needs_no_place(tmp_path):
    engine = engine_of(tmp_path, [long_project(filler(100_000))])

    (hit,) = engine.search(SearchRequest(q="record")).hits
    assert (hit.title.highlights, hit.matched.missing) == (((7, 13),), ())


@pytest.mark.parametrize(
    ("length", "cut"),
    [
        pytest.param(DESCRIPTION_LENGTH, False, id="as long as may be"),
        pytest.param(DESCRIPTION_LENGTH + 1, True, id="one longer"),
        pytest.param(READ_WHOLE + 10, True, id="read in part"),
    ],
)
def test_lists_say_whether_a_description_is_cut(tmp_path, length, cut):
    text = filler(length)[:length].rstrip().ljust(length, "x")
    engine_of(tmp_path, [long_project(text), replace(TECLAB, description="A grant to an office.")])
    client = application(tmp_path / "index").test_client()

    (hit,) = (one for one in client.get("/api/v1/search").json["results"] if one["id"] == "long")
    (near,) = client.get(f"/api/v1/projects/{TECLAB.id}/similar").json["results"]
    for listed in (hit, near):
        assert listed["description_cut"] is cut
        assert listed["description"] == text[:DESCRIPTION_LENGTH]
    assert client.get("/api/v1/projects/long").json["description"] == text
    assert text in client.get("/search.csv").text
    assert len(client.get("/search.atom").text) < 2 * DESCRIPTION_LENGTH + 4_000


def test_long_ones_among_short_ones_keep_their_places(tmp_path):
    projects = [
        replace(TECLAB, id=f"p{number}", title=f"Project {number}", description=f"{text}Mexico {number}.")
        for number in range(20)
        for text in [filler(40_000 + number) if number % 3 else "Short. "]
    ]
    engine = engine_of(tmp_path, projects)

    hits = engine.search(SearchRequest(q="mexico", sort="title")).hits
    assert sorted(hit.project.id for hit in hits) == sorted(project.id for project in projects)
    for hit in hits:
        number = hit.project.id[1:]
        assert f"Mexico {number}." in hit.description[-1].text
        assert hit.project.title == f"Project {number}"


def test_the_page_of_a_long_project_marks_and_compares_what_it_can(tmp_path):
    """Whatever is in a text: what is searched marks what analysing it would."""
    parts = (filler(60_000), f"Zürich İ. {SENTENCE}", filler(60_000), f"{SENTENCE}劳动")
    text = "\n".join(map(str.strip, parts))
    others = [replace(TECLAB, id="near", description=f"{filler(200)} {SENTENCE}")]
    engine = engine_of(tmp_path, [long_project(text), *others])
    client = application(tmp_path / "index").test_client()

    shown = engine.highlighted(SearchRequest(q="labour inspectors zurich"), "long")
    marked = [line.text[slice(*span)] for line in shown.description for span in line.highlights]
    assert marked == ["Zürich", "Labour", "inspectors", "Labour", "inspectors"]
    assert [line.text for line in shown.description] == text.split("\n")

    page = client.get("/projects/long").text
    assert "Similar projects" in page
    assert TECLAB.title in page
    assert "The same words" not in page
    assert "Only in this one" not in page
    assert "Only in this one" in client.get("/projects/near").text
    assert len(page) < len(text) + 50_000


@pytest.mark.parametrize("project_id", ["a", 'a"b', "a\\", "a,b", "é", "a/b"])
def test_a_project_is_found_by_exactly_its_id(tmp_path, project_id):
    ids = [project_id, f"{project_id}c", f'{project_id}"', project_id[:1] + "x"]
    projects = [replace(TECLAB, id=one, title=f"{TECLAB.title} {n}") for n, one in enumerate(ids)]
    projects[1] = replace(projects[1], description=filler(300_000).strip())
    engine = engine_of(tmp_path, projects)

    assert [engine.project(one) for one in ids] == projects
    assert engine.project(f"{project_id}cc") is None


def test_samples_tell_where_words_are_over():
    text = json.dumps("ab " * 50_000).encode()

    places = [excerpts._place(text, share) for share in np.linspace(0, 1, 11)]
    assert [
        abs(place - share * len(text)) < 5_000
        for place, share in zip(places, np.linspace(0, 1, 11), strict=True)
    ] == [True] * 11
