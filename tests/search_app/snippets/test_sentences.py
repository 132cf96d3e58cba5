"""Where sentences begin: the same near some places of a long text as in all of it."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.snippets.sentences import _AFTER_STOP, SEEN_WHOLE, _ends, sentence_bounds

AROUND = 240
TOGETHER = re.compile(f"[.!?]{_AFTER_STOP}|\n")


def every_bound(text):
    """Return the bounds of all sentences of a text, as one expression of all marks says."""
    return [0, *[match.end() for match in TOGETHER.finditer(text)], len(text)]


@given(
    st.lists(
        st.sampled_from([".", " ", "\n", "!", "?", "A", "b", "Dr", "St", ")", '"', "É", "J."]), max_size=25
    )
)
def test_sentences_end_where_one_expression_of_all_marks_says(pieces):
    text = "".join(pieces)

    assert sentence_bounds(text, [0], AROUND) == every_bound(text)


def long_text(rng):
    """Return a text of sentences of many lengths, among them one beyond what is looked at."""
    ends = [". ", "! ", "?\n", "\n", ".) ", '." ', ". " + " " * rng.choice([3, 300])]
    lengths = rng.choice([(10, 30), (100, 200), (200, 500), (10, 900)])
    sentences = (f"A{'b ' * (rng.randint(*lengths) // 2)}c{rng.choice(ends)}" for _ in range(2_000))
    text = ""
    while len(text) < 4 * SEEN_WHOLE:
        text += next(sentences)
    return text


@pytest.mark.parametrize("seed", range(60))
def test_near_some_places_no_bound_of_a_long_text_is_missing(seed):
    rng = random.Random(seed)
    text = long_text(rng)
    every = every_bound(text)
    places = sorted(rng.sample(range(len(text)), rng.choice([1, 1, 2, 5, 40])))

    found = sentence_bounds(text, places, AROUND)

    assert found == sorted(found)
    assert {*found} <= {*every}
    for place in places:
        start = max(bound for bound in every if bound <= place)
        end = min((bound for bound in every if bound > place), default=len(text))
        needed = {bound for bound in every if abs(bound - start) <= AROUND} | {start, end}
        assert needed <= {*found}


def test_far_from_the_places_a_long_text_is_not_looked_through():
    text = "Some words stand here. " * 1_000

    assert len(sentence_bounds(text, [10_000], AROUND)) < len(every_bound(text)) / 10
    assert sentence_bounds("Word " * 4_000, [10_000], AROUND) == [0, 20_000]
    assert _ends(text, 0, 60) == [23, 46]
