"""Which projects may name a country: none is missed that the rules find one in."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Project
from indexer.own_fields.places.countries import mentioned, names_in_texts
from indexer.own_fields.places.mentions import may_mention

NAMES = sorted(names_in_texts())
TEXTS = st.lists(
    st.one_of(st.sampled_from(NAMES), st.text(max_size=12), st.sampled_from(['"', "\\", "\n", " ", "New "])),
    max_size=5,
).map("".join)


def test_every_name_is_seen_alone_and_among_others():
    stored = [Project("p", name).stored() for name in NAMES]
    assert may_mention(stored).all()
    assert may_mention([b"", *stored]).tolist() == [False, *[True] * len(NAMES)]


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_no_mention_is_missed(texts):
    stored = [Project("p", title, description).stored() for title, description in texts]
    found = may_mention(stored).tolist()
    assert len(found) == len(texts)
    for (title, description), may in zip(texts, found, strict=True):
        assert may or not mentioned(f"{title}\n{description}")


def test_a_text_without_capitals_or_names_is_passed_over():
    stored = [Project("p", title).stored() for title in ("mines in peru", "Mines in Pera", "")]
    assert may_mention(stored).tolist() == [False, False, False]
