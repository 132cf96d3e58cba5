"""A description of several paragraphs is shown as such, with its highlights."""

import random

import pytest

from search_app.results import Snippet
from search_app.snippets.fragments import fragments, paragraphs


def test_highlights_stay_in_their_paragraph():
    whole = Snippet("Safe gold.\nGold mines.", ((5, 9), (11, 15)))
    assert paragraphs(whole) == (Snippet("Safe gold.", ((5, 9),)), Snippet("Gold mines.", ((0, 4),)))


def test_a_phrase_over_two_paragraphs_is_highlighted_in_both():
    assert paragraphs(Snippet("one two\nthree", ((4, 13),))) == (
        Snippet("one two", ((4, 7),)), Snippet("three", ((0, 5),)),
    )  # fmt: skip


def test_a_paragraph_ends_a_sentence():
    text = "\n".join(f"Paragraph {number} without a stop " + "word " * 30 for number in range(9))
    place = text.index("Paragraph 5")
    (shown,) = fragments(text, [(place, place + 9, 0, "paragraph")])
    assert shown.text.lstrip().startswith("Paragraph 5")


@pytest.mark.parametrize("seed", range(30))
def test_each_character_is_highlighted_in_its_paragraph(seed):
    rng = random.Random(seed)
    text = "".join(rng.choices("ab\n", k=60))
    edges = sorted(rng.sample(range(61), 10))
    spans = (*zip(edges[::2], edges[1::2], strict=True),)
    marked = "".join(
        "\n" if char == "\n" else str(int(any(first <= place < last for first, last in spans)))
        for place, char in enumerate(text)
    )
    shown = paragraphs(Snippet(text, spans))
    assert [one.text for one in shown] == text.split("\n")
    assert [
        "".join(str(int(any(a <= place < b for a, b in one.highlights))) for place in range(len(one.text)))
        for one in shown
    ] == marked.split("\n")
    assert all(first < last for one in shown for first, last in one.highlights)
