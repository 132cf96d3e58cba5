"""What is searched of an address that somebody pasted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.query.pasted import ADDRESS, looked_for

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
