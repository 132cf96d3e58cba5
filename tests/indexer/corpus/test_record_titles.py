"""A title that shows nothing is none, however long it is."""

import pytest

from indexer.corpus.record import usable_title


@pytest.mark.parametrize(
    ("title", "usable"),
    [
        pytest.param("\u200b" * 100, False, id="blanks of no width"),
        pytest.param("\u3164" * 100, False, id="fillers, which are letters to Unicode"),
        pytest.param("\u3164", False, id="one filler"),
        pytest.param("\u202e" * 60 + "\u2066" * 60, False, id="directions"),
        pytest.param("\u2800" * 80, False, id="empty braille"),
        pytest.param("- " * 80, False, id="marks"),
        pytest.param("\u200bA", True, id="a letter behind a blank"),
        pytest.param("한국 " * 30, True, id="Hangul"),
        pytest.param("x" * 100, True, id="long"),
    ],
)
def test_a_title_has_something_to_see(title, usable):
    assert usable_title(title) is usable
