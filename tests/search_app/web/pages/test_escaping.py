"""What templates write is escaped as MarkupSafe escapes it, whatever it is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup, escape

from search_app.web.pages.escaping import QuickEnvironment, escaped

HOSTILE = st.text(st.one_of(st.sampled_from("<>&'\"ax;"), st.characters(exclude_categories=("Cs",))))
VALUES = st.one_of(HOSTILE, HOSTILE.map(Markup), st.integers(), st.floats(), st.none(), st.booleans())
TEMPLATE = """{% macro twice(one) %}{{ one }}|{{ one|join(', ') if one is iterable }}{% endmacro %}
{% set block %}{{ value }}{% endset %}<a title="{{ value }}">{{ twice(value) }}{{ block }}{{ missing }}</a>"""


@settings(deadline=None)
@given(VALUES)
def test_a_value_is_escaped_as_by_markupsafe(value: object) -> None:
    assert str(escaped(value)) == str(escape(value))


@settings(deadline=None)
@given(VALUES)
def test_a_template_writes_the_same_as_by_jinja(value: object) -> None:
    usual = Environment(autoescape=True).from_string(TEMPLATE).render(value=value)
    quick = QuickEnvironment.__new__(QuickEnvironment)
    Environment.__init__(quick, autoescape=True)
    assert quick.from_string(TEMPLATE).render(value=value) == usual
