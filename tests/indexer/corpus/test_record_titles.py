"""A title that shows nothing is none, however long it is; and one that no list can show is none either."""

import pytest

from indexer.corpus.fields import layout_of
from indexer.corpus.record import project, usable_title
from indexer.document import MAX_NAME_LENGTH


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


@pytest.mark.parametrize("field", ["title", "grantee"])
def test_a_name_that_no_list_can_show_is_rejected_with_its_length(field):
    layout = layout_of(("title", "grantee"))
    longest = {"title": "A title", "grantee": "Verité", field: "x" * MAX_NAME_LENGTH}
    assert getattr(project(layout, [*longest.values(), None], "f:1"), field) == "x" * MAX_NAME_LENGTH
    longest[field] += "x"
    with pytest.raises(ValueError, match=f"^a {field} of 5,001 characters; at most 5,000$"):
        project(layout, [*longest.values(), None], "f:1")
