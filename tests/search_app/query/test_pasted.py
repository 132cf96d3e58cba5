"""What is searched of an address that somebody pasted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.query.pasted import ADDRESS, looked_for, unescaped

CODES = {"fz23145415", "il303451775k", "30345"}


@pytest.mark.parametrize(
    ("address", "text"),
    [
        pytest.param("https://a.example/main.aspx?f=1&gn=FZ-231454-15", "FZ-231454-15", id="code-in-query"),
        pytest.param("http://a.example/projects/IL-30345-17-75-K/", "IL-30345-17-75-K", id="code-in-path"),
        pytest.param("https://a.example/projects/30345?q=mines", "30345", id="code-before-query"),
        pytest.param("https://a.example/#/award/30345", "30345", id="code-in-fragment"),
        pytest.param("https://a.example/search?q=labour+courts&page=2", "labour courts", id="search"),
        pytest.param("www.a.example/news/child-labour.html", "child-labour", id="page"),
        pytest.param("https://a.example/wiki/Walt%20Whitman", "Walt Whitman", id="escapes"),
        pytest.param("https://a.example/", "a.example", id="host"),
        pytest.param("WWW.A.EXAMPLE", "WWW.A.EXAMPLE", id="host-alone"),
        pytest.param("http://[bad", "http://[bad", id="no-address"),
    ],
)  # fmt: skip
def test_of_an_address_the_part_that_tells_is_searched(address, text):
    assert ADDRESS.match(address)
    assert looked_for(address, CODES.__contains__) == text


@given(st.text(max_size=40))
def test_whatever_is_pasted_something_is_looked_for(rest):
    assert looked_for(f"https://a.example{rest}", CODES.__contains__)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        pytest.param("labor&nbsp;law", "labor law", id="blank"),
        pytest.param("women&#39;s &amp; men&rsquo;s", "women's & men’s", id="marks"),
        pytest.param("labor&amp;nbsp;law", "labor law", id="entity-twice"),
        pytest.param("R&D; AT&T &nothing;", "R&D; AT&T &nothing;", id="no-entity"),
        pytest.param("child%20labour", "child labour", id="percent"),
        pytest.param("child%2520labour", "child labour", id="percent-twice"),
        pytest.param("a%00%0Ab", "a b", id="controls"),
        pytest.param("%C3%A9cole", "école", id="letter"),
        pytest.param("100%cotton", "100%cotton", id="no-escape"),
        pytest.param("100%20 cotton", "100%20 cotton", id="with-blanks"),
        pytest.param("50%de", "50%de", id="no-letter"),
        pytest.param("https%3A%2F%2Fa.example%2F%3Fq%3Dmines", "https://a.example/?q=mines", id="address-escaped"),
        pytest.param("https://a.example/?q=a%26b", "https://a.example/?q=a%26b", id="address"),
    ],
)  # fmt: skip
def test_escapes_are_read_as_what_they_stand_for(text, plain):
    assert unescaped(text) == plain


@given(st.text(alphabet="a%20&;#x n", max_size=40))
def test_whatever_is_typed_can_be_read(text):
    assert isinstance(unescaped(text), str)
