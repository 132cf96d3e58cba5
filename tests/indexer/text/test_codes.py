"""What a code is found by, one by one and many together."""

from hypothesis import example, given
from hypothesis import strategies as st

from indexer.text.codes import LONGEST, keys_of, keys_of_each

LONG = "a" * (LONGEST - 2) + "-1"


@given(st.lists(st.text(st.sampled_from("aB1-/ _\n\t\0½é²Ⅷ"), max_size=8)))
@example([])
@example([""])
@example(["IL-30345-17", "FT_9", "no digit", "", "--"])
@example(["IL-30345-17\nFT-9", "A-1"])
@example([LONG, LONG + "2", "A1"])
def test_many_codes_are_cut_as_each_is(texts):
    assert [*keys_of_each(texts)] == [keys_of(text) for text in texts]


def test_a_code_is_found_whole_and_by_its_longest_part():
    assert [*keys_of_each(["IL-30345-17", "FT-10-AB", "2019"])] == [
        ["il3034517", "30345"],
        ["ft10ab"],
        ["2019"],
    ]
