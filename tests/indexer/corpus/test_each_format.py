"""One list of grants in each format that is read: the same projects, own fields, answers and history."""

from __future__ import annotations

import csv
import html
import io
import json
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from indexer.build import BuildOptions, reindex
from search_app.engine.search import SearchEngine
from tests.asking import asking

# Names that XML can have as well.
COLUMNS = (
    "id", "title", "description", "start_date", "end_date", "grantee", "Country", "Theme", "Budget_USD", "Note",
)  # fmt: skip
# What a format writes in its own way: separators, quotes, markup, bars, formulas, other scripts.
WORDS = (
    "labour", "child", "mines,", 'so-called "fair"', "a | b", "R&D", "<deep>", "C:\\data", "=1+1", "-5", "@home",
    "l'accès", "労働", "права", "100%", "#1", "a;b", "\\|", "`code`", "*bold*", "_x_", "[1]", "e\u0301", "🌍 mines",
)  # fmt: skip
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
days = st.dates(date(2001, 1, 1), date(2030, 12, 31))


@st.composite
def lists_of_grants(draw):
    """Draw the rows of a table, each with a cell for each of the columns."""
    rows = []
    for number in range(draw(st.integers(1, 6))):
        start, end = sorted((draw(days), draw(days)))
        rows.append(
            (
                f"p-{number}",
                f"Project {draw(texts)}",
                draw(st.just("") | texts),
                start.isoformat(),
                draw(st.sampled_from(("", end.isoformat()))),
                draw(st.sampled_from(("ILO", "Smith, Jones & Co", "Verité", ""))),
                draw(st.sampled_from(("Ghana; Peru", "Nepal", "Ghana", ""))),
                draw(st.sampled_from(("Mining", "Child labour", "Rights"))),
                draw(st.sampled_from(("1,500,000", "2,000,000.50", "75,000"))),
                draw(st.just("") | texts.map(lambda text: f"see {text}")),
            )
        )
    return rows


def separated(rows, separator=","):
    """Write rows as a table of cells with something between."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([COLUMNS, *rows])
    return text.getvalue().encode()


def workbook(rows):
    """Write rows as a workbook, each cell a text."""
    book, content = Workbook(), io.BytesIO()
    for row in (COLUMNS, *rows):
        book.active.append(row)
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s"
    book.save(content)
    return content.getvalue()


def objects(rows):
    """Return rows as objects."""
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def lines(rows):
    """Write rows as JSON lines."""
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in objects(rows)).encode()


def tree(rows):
    """Write rows as XML."""
    record = "".join(
        "<grant>" + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in one.items()) + "</grant>"
        for one in objects(rows)
    )
    return f"<grants>{record}</grants>".encode()


def page(rows):
    """Write rows as the table of a page."""
    cells = "".join(
        "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>"
        for row in (COLUMNS, *rows)
    )
    return f"<!doctype html><meta charset=utf-8><title>Grants</title><table>{cells}</table>".encode()


def markdown(rows):
    """Write rows as a table in Markdown."""

    def _row(cells):
        texts = (text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for text in cells)
        return f"| {' | '.join(texts)} |"

    return "\n".join([_row(COLUMNS), "|---" * len(COLUMNS) + "|", *map(_row, rows)]).encode()


def archive(rows):
    """Write rows as a table in an archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("grants.csv", separated(rows))
    return content.getvalue()


FORMATS = {
    "grants.csv": separated,
    "grants.tsv": lambda rows: separated(rows, "\t"),
    "semicolons.csv": lambda rows: separated(rows, ";"),
    "grants.xlsx": workbook,
    "grants.json": lambda rows: json.dumps(objects(rows)).encode(),
    "grants.jsonl": lines,
    "grants.xml": tree,
    "grants.html": page,
    "grants.md.txt": markdown,
    "grants.zip": archive,
}
# What is asked of each: all, a word, a value of an own field, amounts, and an order.
QUESTIONS = (
    asking(),
    asking(q="labour mines"),
    asking(q="country:ghana"),
    asking(q='"child labour"', sort="-start_date"),
)


def told(corpus: Path, index: Path):
    """Build an index and return what it says: projects but for their source, own fields, answers."""
    report = reindex(corpus, index, BuildOptions())
    assert not report.rejected
    engine = SearchEngine.open(index)
    found = [engine.search(question) for question in QUESTIONS]
    projects = {hit.project.id: (*hit.project.content(), hit.fields) for hit in found[0].hits}
    answers = [([hit.project.id for hit in one.hits], one.total, one.facets, one.totals) for one in found]
    return projects, answers, [(field.name, field.type, field.unit) for field in engine.own_fields]


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "grants.csv"])
@given(rows=lists_of_grants())
# Each example takes a second: one that fails is shown as it was drawn.
@settings(
    max_examples=4, phases=[Phase.generate], deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
def test_a_list_says_the_same_in_each_format(name, rows):
    with tempfile.TemporaryDirectory() as folder:
        said = []
        for number, one in enumerate(("grants.csv", name)):
            corpus = Path(folder, f"corpus-{number}")
            corpus.mkdir()
            (corpus / one).write_bytes(FORMATS[one](rows))
            said.append(told(corpus, Path(folder, f"index-{number}")))
        assert said[1] == said[0]
