"""The look that spares most blocks of lines a search for dates in numbers."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.corpus.formats.date_blocks import NUMERIC, is_numeric

PIECES = st.sampled_from([b'"', b" ", b"\t", b"1", b"31", b"2020", b"/", b".", b"-", b"a", b'"31/01/2020"'])


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_no_date_in_numbers_is_passed_over(block):
    assert is_numeric(block) == bool(NUMERIC.search(block))


def test_a_day_that_begins_with_its_year_is_none():
    assert not is_numeric(b'{"start": "2020-01-31", "title": "1-2-3", "1 / 2": "-"}')
    assert is_numeric(b'"start": " 1.2.20"')
    assert is_numeric(b'"31/01/2020')
    assert not is_numeric(b"")
