"""Folded texts: each character by itself, so that places stay where they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.snippets.folded import _folded_char, _with_folded_chars, folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("“Labor” – 3 €…", " labor    3   ", id="marks that no word has end it"),
        pytest.param("Peña’s co‑op", "pena's co-op", id="apostrophe and hyphen stay"),
        pytest.param("हिन्दी", None, id="a mark that falls away"),
        pytest.param("½ labor", None, id="one character for several"),
        pytest.param("童工", None, id="written without spaces"),
    ],
)
def test_a_text_is_folded_in_its_length(text, expected):
    assert folded(text) == expected


@given(st.text(st.sampled_from("aÀé’“–…ẞİ㎏½⼀一Жё劳\ud800") | st.characters(), max_size=30))
def test_a_text_is_folded_as_its_characters_are(text):
    assert _with_folded_chars(text) == "".join(one if one.isascii() else _folded_char(one) for one in text)
