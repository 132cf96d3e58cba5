"""Every message that people can meet stands in one list, and reads as the others do."""

import re

import pytest

from tests.promised.messages import listed, present

ADVICE = "look at what changed, then write the list anew: python -m tests.promised.messages"
# What blames, begs or says nothing.
EMPTY = re.compile(
    r"\b(please|sorry|oops|illegal|fatal|unexpected|unknown error|something went wrong)\b|!$", re.I
)


@pytest.fixture(scope="module")
def messages():
    return [line.partition(": ")[2] for line in present()]


def test_the_list_has_each_message_of_the_code():
    before, now = listed(), present()

    assert (sorted({*now} - {*before}), sorted({*before} - {*now})) == ([], []), ADVICE
    assert before == now


def test_what_has_several_sentences_ends_with_a_full_stop(messages):
    several = [one for one in messages if re.match(r"[A-Z].*[a-z”]\. [A-Z]", one)]

    assert several
    assert [one for one in several if not one.endswith((".", "?", ":", "}"))] == []


def test_no_message_blames_begs_or_says_nothing(messages):
    assert [one for one in messages if EMPTY.search(one)] == []


def test_no_message_has_blanks_or_marks_twice(messages):
    assert [
        one for one in messages if re.search(r" [,;] |[,;]{2}|\b(the|of|a|is|to|in|it|and) \1\b", one)
    ] == []
