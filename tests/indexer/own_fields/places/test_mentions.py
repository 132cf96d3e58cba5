"""Which projects may name which countries: none is missed that the rules find."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Project
from indexer.own_fields.places.countries import first_words, mentioned, names_in_texts
from indexer.own_fields.places.mentions import first_words_in

NAMES = sorted(names_in_texts())
TEXTS = st.lists(
    st.one_of(st.sampled_from(NAMES), st.text(max_size=12), st.sampled_from(['"', "\\", "\n", " ", "New "])),
    max_size=5,
).map("".join)


def test_every_name_is_seen_alone_and_among_others():
    stored = [Project("p", name).stored() for name in NAMES]
    for found in (first_words_in(stored), first_words_in([b"", *stored, b""])):
        assert len(found) == len(NAMES)
    assert all(first_words()[name] in found[number + 1] for number, name in enumerate(NAMES))


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_no_mention_is_missed(texts):
    stored = [Project("p", title, description).stored() for title, description in texts]
    words, every = first_words_in(stored), {*first_words().values()}
    for number, (title, description) in enumerate(texts):
        text = f"{title}\n{description}"
        assert mentioned(text, words.get(number, ())) == mentioned(text, every)


def test_a_text_without_capitals_or_names_is_passed_over():
    stored = [Project("p", title).stored() for title in ("mines in peru", "Mines in Pera", "")]
    assert not first_words_in(stored)
