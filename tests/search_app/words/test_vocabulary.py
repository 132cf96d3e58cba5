"""Which term a word is, and in which other forms an index has what was typed."""

import subprocess
import sys

import pytest

from indexer.document import Project
from indexer.storage.impacts import impacts_of, weight_of
from indexer.text.stemming import stemming
from search_app.embedded.uses import vocabulary_of
from search_app.words.vocabulary import KIND_WEIGHTS, MAX_VARIANTS
from tests.building import index_of, segment_of
from tests.documents import LABOUR, SEED


@pytest.fixture(scope="module")
def seed():
    return vocabulary_of(segment_of(SEED))


@pytest.fixture(scope="module")
def labour():
    return vocabulary_of(segment_of([*SEED, *LABOUR.values()]))


def of_titles(*titles):
    return vocabulary_of(segment_of(Project(str(number), title) for number, title in enumerate(titles)))


def forms(variants):
    return [(" ".join(variant.words), variant.kind) for variant in variants]


def test_every_word_has_its_term(labour):
    words = labour.lexicon.words
    assert [labour.text(labour.term(word)) for word in words] == [stemming().stem(word) for word in words]


def test_a_word_of_a_known_stem_and_an_unknown_one(seed):
    assert seed.text(seed.term("inspecting")) == "inspect"
    assert seed.term("zymurgy") == -1


def test_frequency_counts_documents(seed):
    assert seed.frequency(seed.term("inspections")) == 2
    mexico, courts = seed.term("mexico"), seed.term("courts")
    assert seed.uses.together([mexico, courts], []).tolist() == [3, seed.frequency(courts)]
    assert 0 < seed.uses.together([mexico], [courts])[0] < 3


def test_known_words_need_no_nltk(tmp_path):
    index = index_of(tmp_path, SEED)
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from indexer.storage import generation\n"
        "from search_app.suggest.completions import Completer\n"
        "from search_app.embedded.answering import EmbeddedBackend\n"
        f"segment = generation.open_segment(generation.current(Path({str(index)!r})))\n"
        "backend = EmbeddedBackend(segment, None)\n"
        "vocabulary = backend.vocabulary\n"
        "assert vocabulary.term('courts') >= 0 and vocabulary.variants('ilo')\n"
        "assert vocabulary.phrases(['international', 'labor', 'organization'])\n"
        "assert Completer(vocabulary, backend.sources).complete('labour cour')\n"
        "assert 'nltk' not in sys.modules\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr == ""


VARIANTS = {
    "British of American": ("labor", [("labour", "spelling")]),
    "American of British": ("labour", [("labor", "spelling")]),
    "not in the index": ("labourers", [("labor", "spelling")]),
    "other inflection": ("organised", [("organization", "spelling")]),
    "plural": ("child", [("children", "plural")]),
    "singular": ("children", [("child", "plural")]),
    "people": ("people", [("persons", "plural")]),
    "synonyms": ("garment", [("apparel", "synonym")]),
    "a synonym that is a phrase": ("sugarcane", []),
    "two words written as one": ("brickkiln", [("brick kilns", "spelling")]),
    "stop word": ("their", []),
    "nothing": ("cocoa", []),
    "unknown": ("zymurgy", []),
}


@pytest.mark.parametrize(("word", "found"), VARIANTS.values(), ids=VARIANTS)
def test_variants(labour, word, found):
    assert forms(labour.variants(word)) == found


def test_variants_of_an_acronym(labour):
    assert forms(labour.variants("ilo")) == [
        ("international labor organization", "acronym"),
        ("international labour organization", "acronym"),
    ]
    assert forms(labour.variants("osh")) == [("occupational safety and health", "acronym")]


def test_only_what_the_index_has():
    assert forms(of_titles("Labour courts").variants("labour")) == []
    assert forms(of_titles("Garment unions", "Clothes").variants("garment")) == []
    assert forms(of_titles("Garment unions", "Clothing").variants("garment")) == [("clothing", "synonym")]
    # Both words are there, but never one after the other.
    assert forms(of_titles("Trafficking routes of a human", "Trafficking in persons").variants("tip")) == []
    scattered = of_titles("Trafficking and human rights", "Trafficking in persons")
    assert scattered.phrases(["trafficking", "in", "persons"]) == []


def test_never_the_term_itself():
    vocabulary = of_titles("Travelling and traveling workers", "Enrolment and enrollment")
    assert vocabulary.variants("travelling") == ()
    assert vocabulary.variants("enrolment") == ()


def test_an_ordinary_word_is_no_acronym():
    vocabulary = of_titles(
        "The World Health Organization (WHO)", "Workers who organise", "Health aid, aided, aiding"
    )
    assert vocabulary.phrases(["world", "health", "organization"]) == []
    assert vocabulary.variants("who") == ()


def test_letters_that_are_hardly_ever_the_acronym_are_an_ordinary_word():
    projects = [Project(str(number), f"A map of town {number}") for number in range(4)]
    spelled = Project("map", "The Medici Archive Project (MAP)")
    assert forms(vocabulary_of(segment_of([*projects[:2], spelled])).variants("map")) == [
        ("medici archive project", "acronym")
    ]
    ordinary = vocabulary_of(segment_of([*projects, spelled]))
    assert ordinary.variants("map") == ()
    assert ordinary.phrases(["medici", "archive", "project"]) == []


def test_two_letters_are_learned_from_three_projects():
    titles = [f"Digital Humanities (DH), part {number}" for number in range(3)]
    assert of_titles(*titles[:2]).variants("dh") == ()
    assert forms(of_titles(*titles).variants("dh")) == [("digital humanities", "acronym")]


def test_an_acronym_keeps_its_letters():
    vocabulary = of_titles("American Antiquarian Society (AAS)", "AA meetings", "An AA battery")
    assert forms(vocabulary.variants("aas")) == [("american antiquarian society", "acronym")]
    assert vocabulary.variants("aa") == ()
    assert vocabulary.term("aas") != vocabulary.term("aa")
    assert forms(one for _, _, one in vocabulary.phrases(["american", "antiquarian", "society"])) == [
        ("aas", "acronym")
    ]


def test_an_acronym_in_the_plural():
    vocabulary = of_titles(
        "An NGO", "Many NGOs", "A library association", "Alas", "American Library Association (ALA)"
    )
    assert forms(vocabulary.variants("ngo")) == [("ngos", "plural")]
    assert forms(vocabulary.variants("ngos")) == [("ngo", "plural")]
    assert forms(vocabulary.variants("ala")) == [("american library association", "acronym")]


def test_letters_with_the_stem_of_a_word_are_not_searched_for_their_meaning():
    titles = ("Computer Operated Imaging System (COPIS)", "Copy", "Copies", "Copied", "Copies of copies")
    assert of_titles(*titles).phrases(["computer", "operated", "imaging", "system"]) == []


def test_a_variant_weighs_no_more_than_the_word_as_typed():
    projects = [Project(f"common-{number}", "Labor") for number in range(50)] + [Project("rare", "Labour")]
    segment = segment_of(projects)
    vocabulary = vocabulary_of(segment)
    (rare,), (common,) = vocabulary.variants("labor"), vocabulary.variants("labour")
    assert common.weight == KIND_WEIGHTS["spelling"]
    assert 0 < rare.weight < 0.01
    terms = map(vocabulary.term, ("labor", "labour"))
    typed, other = (impacts_of(segment, term, weight_of(segment, term))[0] for term in terms)
    assert other > typed > other * rare.weight


def test_all_weights_are_below_one(labour):
    variants = [variant for word in labour.lexicon.words for variant in labour.variants(word)]
    assert len(variants) > 20
    assert all(0 < variant.weight < 1 for variant in variants)
    assert max(len(labour.variants(word)) for word in labour.lexicon.words) <= MAX_VARIANTS


def test_words_written_as_one_only_where_that_finds_more():
    assert of_titles("Child-labour free", "Child labour").phrases(["child", "labour"]) == []
    assert forms(one for _, _, one in of_titles("Workplaces", "Work").phrases(["work", "places"])) == [
        ("workplaces", "spelling")
    ]
    slip = of_titles("Childlabour", *(f"Child labour {number}" for number in range(60)))
    assert slip.phrases(["child", "labour"]) == []


def test_the_spellings_of_a_word_are_one_word(labour):
    assert labour.weight("cocoa") == 1
    assert labour.weight("labor") == 1
    # "labour" is rarer, which makes it no rarer a thing.
    assert 0 < labour.weight("labour") < 1
    # Another word is another thing.
    assert labour.weight("apparel") == 1


PHRASES = {
    "acronym": ("international labor organization", [(0, 3, "ilo", "acronym")]),
    "through spelling and number": ("international labour organisations", [(0, 3, "ilo", "acronym")]),
    "inside a query": (
        "courts of the international labour organisation in mexico",
        [(3, 6, "ilo", "acronym")],
    ),
    "synonym": ("trafficking in persons", [(0, 3, "human trafficking", "synonym")]),
    "synonym, without its stop word": ("trafficking persons", [(0, 2, "human trafficking", "synonym")]),
    "the other way": ("human trafficking", [(0, 2, "trafficking in persons", "synonym")]),
    "the worthiest first": (
        "occupational health and safety",
        [(0, 4, "osh", "acronym"), (0, 4, "occupational safety and health", "synonym")],
    ),
    "two words for one": ("sugar cane harvest", [(0, 2, "sugarcane", "synonym")]),
    "two words for one, not listed": ("rubbish cocoa work place", [(2, 4, "workplace", "spelling")]),
    "two runs": (
        "human trafficking at the international labour organization",
        [(0, 2, "trafficking in persons", "synonym"), (4, 7, "ilo", "acronym")],
    ),
    "compounds": (
        "united states-mexico-canada agreement",
        [(0, 3, "usmca", "acronym")],
    ),
    "not from within a compound": ("anti-human trafficking", []),
    "broken by an operator": ("international  labour organization", []),
    "not in this corpus": ("north american free trade agreement", []),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("text", "found"), PHRASES.values(), ids=PHRASES)
def test_phrases(labour, text, found):
    runs = labour.phrases(text.split(" "))
    assert [(first, last, " ".join(one.words), one.kind) for first, last, one in runs] == found


def of_rules(*rules):
    titles = ("Kids at sea", "Children at sea", "Cocoa", "Chocolate", "Footwear", "Shoes")
    projects = [Project(str(number), title) for number, title in enumerate(titles)]
    return vocabulary_of(segment_of(projects, rules))


def test_what_a_corpus_says_is_the_same_is_searched_too():
    words = [one.words for one in of_rules("at sea = Meer, cocoa").variants("cocoa")]
    assert ("at", "sea") in words


def test_what_a_corpus_tells_apart_is_not_searched_for_each_other_whatever_the_shipped_list_says():
    assert [one.words for one in of_rules().variants("footwear")] == [("shoes",)]
    assert of_rules("footwear ≠ shoe").variants("footwear") == ()
    assert of_rules("footwear ≠ shoe").variants("shoes") == ()
