"""Rows of Markdown: what is a bar between cells, and what is one of a text."""

import pytest

from indexer.corpus.formats.copied.markdown import cells, is_rule


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("| a | b |", ["", " a ", " b ", ""]),
        ("a | b", ["a ", " b"]),
        (r"| a \| b | c |", ["", " a | b ", " c ", ""]),
        (r"| a \\| c |", ["", " a \\", " c ", ""]),
        (r"| C:\data | \*x\* |", ["", r" C:\data ", " *x* ", ""]),
        ('| "a" b | c |', ["", ' "a" b ', " c ", ""]),
        ("|||", ["", "", "", ""]),
        ("\\", ["\\"]),
        ("", [""]),
    ],
)
def test_cells_are_between_bars_that_are_not_of_a_text(line, parts):
    assert list(cells(line)) == parts


@pytest.mark.parametrize(
    ("line", "rule"), [("|---|:--:|\n", True), ("--- | ---", True), ("| a | b |", False), ("", False)]
)
def test_a_rule_is_below_the_headings(line, rule):
    assert is_rule(line) is rule
