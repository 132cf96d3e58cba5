"""What the service exports is a source like any other: put into a corpus it gives the same projects again."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indexer.build import BuildOptions, reindex
from search_app import create_app
from search_app.engine.search import SearchEngine
from tests.asking import asking

# Texts that a table, a formula or a page would take for something else.
WORDS = (
    "labour", "mines,", 'so-called "fair"', "a | b", "R&D", "C:\\data", "=1+1", "+49 30", "-5", "@home", "'quoted",
    "労働", "a;b", "100%", "\u2028", "e\u0301",
)  # fmt: skip
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)


@st.composite
def grants(draw):
    """Draw a grant with own columns, one of them called as a column of the exports is."""
    return {
        "title": draw(texts.map("Project {}".format) | texts.filter(str.strip)),
        "description": draw(st.just("") | texts),
        "start_date": draw(st.sampled_from((None, "2019-02-01", "2021-11-30"))),
        "end_date": draw(st.sampled_from((None, "2022-01-31"))),
        "grantee": draw(st.sampled_from(("ILO", "Smith, Jones & Co", "=cmd", ""))),
        "Country": draw(st.sampled_from(("Ghana; Peru", "Nepal", ""))),
        "Budget": draw(st.sampled_from(("1,500,000", "75.5"))),
        "Budget currency": draw(st.sampled_from(("USD", "EUR"))),
        "Signed": draw(st.sampled_from(("2019-01-05", "2020-12-24"))),
        "status": draw(st.sampled_from(("agreed", "closed early"))),
    }


def indexed(folder: Path, name: str, content: bytes):
    """Index one file and return what is known of each project by its id, but for extra, and the index."""
    (folder / "corpus").mkdir(parents=True)
    (folder / "corpus" / name).write_bytes(content)
    report = reindex(folder / "corpus", folder / "index", BuildOptions())
    assert not report.rejected
    engine = SearchEngine.open(folder / "index")
    hits = engine.search(asking(per_page=100)).hits
    return {hit.project.id: (*hit.project.content()[:-1], {**hit.fields}) for hit in hits}, engine


def exported(index: Path, kind: str) -> bytes:
    """Return all projects of an index in a form in which a search is taken along."""
    app = create_app({"SEARCH_INDEX_DIR": str(index), "SEARCH_LOG_FORMAT": "none"})
    return app.test_client().get(f"/search.{kind}").data


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
@given(rows=st.lists(grants(), min_size=4, max_size=7))
# Each example takes a second: one that fails is shown as it was drawn.
@settings(
    max_examples=5, phases=[Phase.generate], deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
def test_an_export_gives_the_same_projects_again(kind, rows):
    lines = [json.dumps({"id": f"p-{number}", **row}) for number, row in enumerate(rows)]
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder, "one"), Path(folder, "other")
        first, _ = indexed(one, "grants.jsonl", "\n".join(lines).encode())
        again, _ = indexed(other, f"export.{kind}", exported(one / "index", kind))
        assert again == first
