"""Through which words documents have a term: what was sampled of the documents must not change it."""

import random

import numpy as np
import pytest

from indexer.document import Project
from indexer.storage.schema import ANY_FIELD
from search_app.embedded.matching.evaluation import Matcher
from search_app.embedded.postings.matches import Sampled, slots_of
from search_app.words.lexicon import Lexicon
from tests.building import segment_of

NOTHING = Sampled(0, {})
PROJECTS = 60


@pytest.fixture(scope="module")
def matcher():
    rng = random.Random(1)
    words = ["mine", "mines", "mined", "mining", "court", "courts", "labor", "safety"]
    texts = [" ".join(rng.choices(words, k=rng.randrange(1, 6))) for _ in range(PROJECTS)]
    segment = segment_of(Project(f"p{number}", text) for number, text in enumerate(texts))
    return Matcher(segment, Lexicon.of(segment))


def sampled(matcher, terms, documents):
    slots = {term: slots_of([matcher.posting_list(term)], documents)[1] for term in terms}
    return Sampled(len(documents), slots)


@pytest.mark.parametrize("size", [1, 5, 30, PROJECTS])
def test_words_are_the_same_whatever_was_sampled(matcher, size):
    terms = range(len(matcher.segment.terms))
    documents = np.random.default_rng(size).choice(PROJECTS, size, replace=False)
    documents.sort()
    wanted = {
        term: [
            word for word in matcher.every_word(term) if matcher.written(word, ANY_FIELD).has(documents).any()
        ]
        for term in terms
    }
    for part in (0, 1, size // 2, size):
        seen = sampled(matcher, terms, documents[:part]) if part else NOTHING
        assert matcher.words_of_each(terms, documents, seen) == wanted


@pytest.mark.parametrize(
    ("text", "ways"), [("AD4 alert", 1), ("AD4 script", 0), ("AD4", 0), ("alert AD4 script", 0)]
)
def test_a_compound_and_its_first_part_at_one_place_are_no_phrase_with_what_follows_elsewhere(text, ways):
    segment = segment_of([Project("p1", text), Project("p2", "alert"), Project("p3", "script")])
    matcher = Matcher(segment, Lexicon.of(segment))
    terms = [[matcher.term_of(one) for one in place] for place in (("ad4", "ad"), ("4",), ("alert",))]

    assert len(matcher.phrases_in(terms, np.arange(1), ANY_FIELD)) == ways
