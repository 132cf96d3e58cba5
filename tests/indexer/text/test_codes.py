"""Codes: what each is found by, one by one and many at once."""

import random

import pytest

from indexer.text.codes import LONGEST, keys_of, keys_of_all


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("IL-30345-17", ["il3034517", "30345"]),
        ("GP/77120.4", ["gp771204", "77120"]),
        ("88123456", ["88123456"]),
        ("A-12-B", ["a12b"]),
        ("1234-abcd", ["1234abcd", "1234"]),
        ("123-abcd", ["123abcd"]),
        ("\N{LATIN SMALL LETTER E WITH ACUTE}t-2017", ["et2017", "2017"]),
        ("labour courts", []),
        ("1" * (LONGEST + 1), []),
        ("", []),
    ],
)
def test_a_code_is_found_by_all_of_it_and_by_its_longest_part(text, keys):
    assert keys_of(text) == keys


@pytest.mark.parametrize("seed", range(20))
def test_many_at_once_have_the_keys_that_each_has_alone(seed):
    rng = random.Random(seed)
    texts = [_text(rng) for _ in range(rng.randrange(50))]
    keys, whose = keys_of_all(texts)
    found = sorted(zip(whose.tolist(), (key.decode() for key in keys.tolist()), strict=True))
    assert found == sorted((number, key) for number, text in enumerate(texts) for key in keys_of(text))


def _text(rng: random.Random) -> str:
    letters = "aB9 0-/\n\0\x85\N{VULGAR FRACTION ONE HALF}\N{ARABIC-INDIC DIGIT THREE}\N{LATIN SMALL LETTER SHARP S}"
    return "".join(rng.choices(letters, k=rng.choice([0, 1, 3, 8, 30, LONGEST, LONGEST + 1])))
