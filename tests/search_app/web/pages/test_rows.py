"""Rows are what their macro writes for each of them, whatever stands in their texts."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from search_app.web.pages.rows import Rows
from search_app.web.pages.templating import ROWS
from tests.conftest import application

HOSTILE = [
    "<script>alert(1)</script>",
    '" onclick="x',
    "'",
    "&amp;",
    "%s %(a)s %%",
    "{0} {{ q }}",
    "\0",
    "\00\0",
    "",
    "é\n",
]
TEXTS = st.sampled_from(HOSTILE) | st.text() | st.integers()


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    return application(tmp_path_factory.mktemp("no-index")).jinja_env


@st.composite
def rows_of_a_kind(draw):
    name, (_, texts) = draw(st.sampled_from(sorted(ROWS.items())))
    flags = {"bucket_rows": 3, "year_rows": 1, "listed_year_rows": 1}.get(name, 0)
    row = st.tuples(*[TEXTS] * texts, *[st.booleans()] * flags)
    return name, draw(st.lists(row, max_size=5))


@given(rows_of_a_kind())
@example(("bucket_rows", [(*HOSTILE[:4], True, False, True), (*HOSTILE[4:8], False, True, False)]))
@example(("refusal_rows", []))
def test_rows_are_what_the_macro_writes_for_each(environment, drawn):
    name, rows = drawn
    macro = getattr(environment.get_template("parts/rows.html").module, ROWS[name][0])

    written = environment.filters[name](rows)

    assert isinstance(written, Markup)
    assert written == "".join(macro(*row) for row in rows)


def test_a_text_may_stand_in_several_places_and_behind_a_flag(environment):
    source = '{% macro row(a, b, both) %}<i title="{{ b }}">{{ a }}{% if both %}, {{ b }}{% endif %} 100%</i>{% endmacro %}'
    rows = Rows(environment.from_string(source).module.row, 2)

    assert rows([("<1>", "&", True), ("2", '"', False)]) == (
        '<i title="&amp;">&lt;1&gt;, &amp; 100%</i><i title="&#34;">2 100%</i>'
    )
