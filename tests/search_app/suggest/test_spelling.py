"""Typos: near words as a plain distance table finds them, and queries as they were meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Project
from search_app.embedded.uses import vocabulary_of
from search_app.suggest.spelling import corrected_query
from search_app.words import typos
from search_app.words.lexicon import MAX_WORDS, Lexicon
from tests.building import segment_of
from tests.documents import LABOUR, SEED


def distance(left, right):
    """Optimal string alignment distance, cell by cell."""
    table = {}
    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            if not i or not j:
                table[i, j] = i + j
                continue
            table[i, j] = min(
                table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (left[i - 1] != right[j - 1])
            )
            if i > 1 and j > 1 and left[i - 1] == right[j - 2] and left[i - 2] == right[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(left), len(right)]


def segment_of_words(counts):
    """Return a segment whose words stand in so many documents each."""
    return segment_of(
        Project(f"{word}-{number}", word) for word, count in counts.items() for number in range(count)
    )


def near(segment, word, edits, **options):
    numbers, _ = typos.near(Lexicon.of(segment), word, edits, **options)
    return [segment.words[number] for number in numbers.tolist()]


# Few letters, so that words are near each other; one of them is not ASCII, one needs two UTF-16 units.
WORDS = st.text("abcø𐐨", min_size=1, max_size=7)


@settings(deadline=None, max_examples=50)
@given(
    words=st.dictionaries(WORDS, st.integers(1, 3), min_size=1, max_size=12),
    word=WORDS,
    edits=st.integers(1, 2),
)
def test_finds_what_the_distance_table_finds(words, word, edits):
    segment = segment_of_words(words)
    frequency = {text: int(segment.word_documents[segment.words.find(text)]) for text in segment.words}
    expected = [text for text in segment.words if distance(word, text) <= edits]
    expected.sort(key=lambda text: (-frequency[text], text))
    assert near(segment, word, edits, first_letter=False) == expected
    assert near(segment, word, edits, first_letter=True) == [text for text in expected if text[0] == word[0]]


@pytest.mark.parametrize("has_itself", [True, False])
def test_a_word_with_typos_stands_for_itself_and_the_most_frequent(has_itself):
    letters = "abcdefghij"
    others = {f"c{one}rt{two}": 2 for one in letters for two in letters}
    segment = segment_of_words(others | ({"cert": 1, "cort": 1} if has_itself else {}))
    lexicon = Lexicon.of(segment)
    found = typos.sought(lexicon, "cort", 2)
    every = near(segment, "cort", 2, first_letter=True)
    expected = ["cort", *[word for word in every if word != "cort"]] if has_itself else every

    assert found.near == len(every) > MAX_WORDS
    assert [segment.words[number] for number in found.words] == expected[:MAX_WORDS]
    assert typos.sought(lexicon, "cort", 2) is found
    assert typos.sought(lexicon, "cort", 1) != found


@pytest.mark.parametrize(
    ("typed", "edits", "found"),
    [
        pytest.param("courts", 1, ["courts"], id="no typo"),
        pytest.param("corts", 1, ["courts"], id="missing letter"),
        pytest.param("courrts", 1, ["courts"], id="letter too many"),
        pytest.param("coarts", 1, ["courts"], id="wrong letter"),
        pytest.param("cuorts", 1, ["courts"], id="swapped letters"),
        pytest.param("curots", 1, [], id="two typos are not one"),
        pytest.param("curots", 2, ["courts"], id="two typos"),
        pytest.param("ourts", 2, [], id="first letter fixed"),
    ],
)
def test_typos(typed, edits, found):
    segment = segment_of_words({"courts": 1, "mexico": 1})
    assert near(segment, typed, edits, first_letter=True) == found


def test_a_word_far_too_long():
    segment = segment_of_words({"courts": 1})
    assert near(segment, "c" * 512, 2, first_letter=False) == []
    assert near(segment_of([]), "courts", 2, first_letter=False) == []


@pytest.fixture(scope="module")
def labour():
    return vocabulary_of(segment_of([*SEED, *LABOUR.values()]))


CORRECTED = {
    "one word": ("inspecters", "inspectors"),
    "swapped letters": ("mexcio", "mexico"),
    "two typos in a long word": ("occupatonal helth", "occupational health"),
    "several words": ("garmnet factoreis", "garment factories"),
    "first letter": ("nexico", "mexico"),
    "only what is wrong": ("chidl labour", "child labour"),
    "operators and marks stay": (
        'title:cofee -"brick klins" OR (sugarcame)',
        'title:coffee -"brick kilns" OR (sugarcane)',
    ),
    "capitals and accents of the rest stay": ("Verité in Mexcio", "Verité in mexico"),
    "part of a compound": ("gender-bassed violence", "gender-based violence"),
}


@pytest.mark.parametrize(("typed", "meant"), CORRECTED.values(), ids=CORRECTED)
def test_corrected(labour, typed, meant):
    assert corrected_query(labour, typed) == meant


@pytest.mark.parametrize("typed", ["O'Neill", "O’Neill in mexico", "-O'Neill"])
def test_a_compound_that_some_project_writes_otherwise_stays(typed):
    vocabulary = vocabulary_of(segment_of([Project("a", "Oneill in Mexico"), Project("b", "Oneill")]))
    assert corrected_query(vocabulary, typed) is None
    assert corrected_query(vocabulary, f"{typed} mexcio") == f"{typed} mexico"


KEPT = {
    "right": "child labor in Mexico",
    "other spelling": "labour organisation centre",
    "other number": "child people",
    "words of a phrase in another form": "sugar cane",
    "inflection of a known word": "inspecting strengthens factory",
    "short": "iol osh cot",
    "stop words": "from there into this",
    "beginning of a word": "inspecter*",
    "meant to have typos": "inspecters~",
    "field name": "titel:",
    "nothing near": "zymurgical",
    "a number": "2019",
    "nothing": "",
    "no word": '("-") …',
}


@pytest.mark.parametrize("typed", KEPT.values(), ids=KEPT)
def test_kept(labour, typed):
    assert corrected_query(labour, typed) is None


def test_the_word_used_with_the_others_is_taken():
    counts = {"courses": 9, "courts": 3}
    projects = [Project(f"{word}-{number}", word) for word in counts for number in range(counts[word])]
    vocabulary = vocabulary_of(segment_of([*projects, Project("labor", "labor courts")]))
    assert corrected_query(vocabulary, "coursts") == "courses"
    assert corrected_query(vocabulary, "labor coursts") == "labor courts"


def test_a_frequent_near_word_beats_a_rare_nearer_one():
    assert (
        corrected_query(vocabulary_of(segment_of_words({"goverment": 1, "government": 99})), "govermment")
        == "government"
    )
    assert (
        corrected_query(vocabulary_of(segment_of_words({"governmant": 1, "government": 2})), "governmant")
        is None
    )


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("governmant", id="a word of the index, however rare"),
        pytest.param("cell", id="an English word"),
        pytest.param("labour", id="an English word in British spelling"),
        pytest.param("govern2ment", id="a code"),
        pytest.param("20193", id="a number"),
        pytest.param("gov&ment AT&T C++ Ph.D.", id="symbols"),
        pytest.param("what where would", id="question words"),
    ],
)
def test_what_is_no_typo_is_never_corrected(typed):
    words = {"governmant": 1, "government": 99, "well": 99, "labor": 9, "20192": 99, "governament": 99}
    assert corrected_query(vocabulary_of(segment_of_words(words)), typed) is None


def test_escapes_are_no_typos():
    vocabulary = vocabulary_of(segment_of_words({"labor": 9, "government": 9}))
    assert corrected_query(vocabulary, "labor&nbsp;government") is None
    assert corrected_query(vocabulary, "labor%20governmint") == "labor government"


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("oneill", id="with a mark between"),
        pytest.param("lasalle", id="in two words"),
        pytest.param("theis", id="only near to a word that a search does without"),
        pytest.param("Thos. Jefferson", id="an abbreviation"),
    ],
)
def test_what_is_found_in_another_writing_is_no_typo(typed):
    texts = [("O'Neill and La Salle", 1), ("neill lasell", 9), ("this these", 99), ("thus Jefferson", 9)]
    projects = [Project(f"{text}-{number}", text) for text, count in texts for number in range(count)]
    assert corrected_query(vocabulary_of(segment_of(projects)), typed) is None


def test_only_a_few_words_are_corrected(labour):
    assert (
        corrected_query(labour, "mexcio mexcio mexcio mexcio mexcio") == "mexico mexico mexico mexico mexcio"
    )


USUAL = {
    "a slip that a project has": ("histroy", "history"),
    "beside what is right": ("old Histroy of mexico", "old history of mexico"),
    "as often as the odds allow": ("sceince", "science"),
    "not often enough": ("scienec", None),
    "a long word": ("nietsche", "nietzsche"),
    "a long word, not often enough": ("friedrcih", None),
    "a word that no project has": ("hisotry", None),
    "first letter": ("listory", None),
    "last letter": ("historo", None),
    "another ending": ("histor", None),
    "two letters": ("hisrtoy", None),
    "English": ("historic", None),
    "short": ("mien", None),
    "meant to have typos": ("histroy~", None),
    "nothing": ("", None),
}


@pytest.fixture(scope="module")
def slips():
    often = ["history mine mexico old"] * 1_000 + ["science"] * 500 + ["nietzsche"] * 50 + ["friedrich"] * 49
    seldom = [
        "nietsche",
        "friedrcih",
        "histroy",
        "listory",
        "historo",
        "histor",
        "hisrtoy",
        "historic",
        "mien",
        "sceince",
        "scienec",
        "scienec",
    ]
    return vocabulary_of(
        segment_of(Project(f"p{number}", text) for number, text in enumerate(often + seldom))
    )


@pytest.mark.parametrize(("typed", "meant"), USUAL.values(), ids=USUAL)
def test_what_the_index_hardly_has_is_corrected_only_where_it_is_asked_for(slips, typed, meant):
    assert corrected_query(slips, typed, rare=True) == meant
    if meant:
        assert corrected_query(slips, typed) is None
