"""The table of codes: which projects each finds."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.document import identity
from indexer.own_fields.code_table import codes_of
from indexer.storage.days import UNKNOWN_DAY
from indexer.text.codes import keys_of

TITLE = "Decent work"
MADE = identity(TITLE, None)
CODES = st.sampled_from(["A-1", "a1", "IL-30345-17", "30345", "2019é", "Z", "B-2", "b-22", "½7", "", MADE])


def table_of(ids, texts):
    """The codes and the projects of each as a dictionary, in the order of the table."""
    codes = codes_of(((one, TITLE, UNKNOWN_DAY) for one in ids), texts)
    found = {key: [] for key in codes.keys}
    names = list(found)
    for number, project in zip(codes.numbers.tolist(), codes.projects.tolist(), strict=True):
        found[names[number]].append(project)
    return found


@given(
    st.lists(CODES, max_size=6), st.dictionaries(st.integers(0, 5), st.lists(CODES, min_size=1), max_size=3)
)
def test_each_code_finds_the_projects_that_have_it(ids, texts):
    texts = {project: columns for project, columns in texts.items() if project < len(ids)}
    expected = {}
    for project, one in enumerate(ids):
        keys = [] if one == MADE else keys_of(one)
        for column in texts.get(project, []):
            keys += keys_of(column)
        for key in dict.fromkeys(keys):
            expected.setdefault(key, []).append(project)

    assert table_of(ids, texts) == expected
    assert list(table_of(ids, texts)) == sorted(expected)


def test_an_id_that_was_made_is_no_code_beside_others():
    assert table_of(["A-1", MADE, "B-2"], {}) == {"a1": [0], "b2": [2]}
