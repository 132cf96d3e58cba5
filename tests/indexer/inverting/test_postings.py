"""Inverted documents against a list of what each one holds: postings, places, forms and impacts."""

import random
from collections import Counter, defaultdict
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.document import Project
from indexer.inverting.postings import invert
from indexer.inverting.runs import Run
from indexer.storage.arrays.field_documents import field_documents
from indexer.storage.arrays.slices import ragged
from indexer.storage.impacts import WHOLE, field_norms, idf, impacts_of, saturate, weight_of
from indexer.storage.schema import TEXT_FIELDS
from indexer.text.analysis import normalise, tokens
from indexer.text.stemming import stemming
from tests.building import segment_of
from tests.reference import ANY, Reference
from tests.search_app.embedded.matching.test_evaluation import in_order, random_projects

stem = stemming().stem
# Words, marks that join or separate, other scripts, and whatever else there is.
TEXTS = st.lists(
    st.sampled_from(
        [
            "labor",
            "Labour",
            "follow-ups",
            "U.S.",
            "COVID-19",
            "1,500,000",
            "d’Ivoire",
            "worker's",
            "naïve",
            "_",
            "-",
        ]
    )
    | st.sampled_from(
        [" ", "  ", ". ", ", ", "-", "'", "’", "\u00a0", "\u2003", "—", "/", "(", "\t", "права", "裁判"]
    )
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
    | st.text("ab-.'_", min_size=14, max_size=20),
    max_size=12,
).map("".join)


def occurrences_of(project):
    """Return {stem: {(field, position): word}}; a stem stands once at a position, as its first word there."""
    found = defaultdict(dict)
    for field, name in enumerate(TEXT_FIELDS):
        for token in tokens(getattr(project, name, "")):
            found[stem(token.text)].setdefault((field, token.position), token.text)
    return found


def decoded(segment, term):
    """Return {document: {(field, position): word}} of a term out of the arrays."""
    begin, end = segment.term_postings[term : term + 2].tolist()
    first, last = segment.term_occurrences[term : term + 2].tolist()
    words = segment.term_words[slice(*segment.term_words_start[term : term + 2].tolist())].tolist()
    shift = segment.field_positions.dtype.itemsize * 8 - 2
    rows = np.repeat(segment.documents.of(term), segment.counts[begin:end]).tolist()
    found = defaultdict(dict)
    for document, packed, form in zip(
        rows, segment.field_positions[first:last].tolist(), segment.forms.of(term).tolist(), strict=True
    ):
        found[document][packed >> shift, packed & ((1 << shift) - 1)] = segment.words[words[form]]
    return found


@pytest.mark.parametrize("seed", range(8), ids=lambda seed: f"seed-{seed}")
def test_the_arrays_hold_what_the_documents_do(seed):
    segment = segment_of(projects := random_projects(random.Random(seed), most=60))
    documents = [occurrences_of(project) for project in in_order(segment, projects)]
    assert list(segment.terms) == sorted(set().union(*documents))
    for number, term in enumerate(segment.terms):
        expected = {source_line: found[term] for source_line, found in enumerate(documents) if term in found}
        assert decoded(segment, number) == expected


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4))
@example(["O`Neil", "T`ang rock `n` roll 0`0"])
def test_any_text_has_the_words_that_analysis_gives(texts):
    projects = [Project(str(number), "Title", normalise(text)) for number, text in enumerate(texts)]
    segment = segment_of(projects)
    documents = [occurrences_of(project) for project in in_order(segment, projects)]
    assert {term: decoded(segment, number) for number, term in enumerate(segment.terms)} == {
        term: {source_line: found[term] for source_line, found in enumerate(documents) if term in found}
        for term in set().union(*documents)
    }


def test_numbers_too_large_to_sort_at_once_are_sorted_in_two(monkeypatch):
    projects = random_projects(random.Random(5), most=60)
    at_once = invert(projects)
    monkeypatch.setattr("indexer.inverting.sorting.KEY_BITS", 40)
    in_two = invert(projects)
    for one in fields(Run):
        assert np.array_equal(getattr(in_two, one.name), getattr(at_once, one.name)), one.name


@pytest.mark.parametrize("seed", range(4), ids=lambda seed: f"seed-{seed}")
def test_words_know_their_terms_and_how_many_documents_have_them(seed):
    segment = segment_of(projects := random_projects(random.Random(seed), most=60))
    words = Counter()
    for project in projects:
        words.update({word for found in occurrences_of(project).values() for word in found.values()})
    counted = dict(zip(segment.words, segment.word_documents.tolist(), strict=True))
    assert counted == words
    assert [segment.terms[term] for term in segment.word_terms.tolist()] == [
        stem(word) for word in segment.words
    ]


@pytest.mark.parametrize("seed", range(4), ids=lambda seed: f"seed-{seed}")
def test_impacts_are_the_scores_of_brute_force(seed):
    segment = segment_of(projects := random_projects(random.Random(seed), most=60))
    reference = Reference(in_order(segment, projects))
    for number, term in enumerate(segment.terms):
        expected = reference._scored(ANY, lambda doc, term=term: [(f, p) for f, p, s, _ in doc if s == term])
        weight = weight_of(segment, number)
        impacts = impacts_of(segment, number, weight).tolist()
        found = dict(zip(segment.documents.of(number).tolist(), impacts, strict=True))
        # Half a part is what storing rounds off.
        assert found == pytest.approx(expected, abs=weight / WHOLE / 2 + 1e-5)


@pytest.mark.parametrize("block", [1, 2, 500_000])
def test_documents_per_field_are_counted(block, monkeypatch):
    monkeypatch.setattr("indexer.storage.arrays.field_documents.BLOCK", block)
    segment = segment_of([Project("a", "labor", "labor courts labor"), Project("b", "courts", "", "labor")])
    documents = field_documents(segment)
    counts = {term: documents[:, number].tolist() for number, term in enumerate(segment.terms)}
    assert counts == {"labor": [1, 1, 1, 0], "court": [1, 1, 0, 0]}


def test_positions_in_a_long_text_need_wide_places():
    long = Project("long", "far", " ".join(["word"] * 20_000) + " end")
    segment = segment_of([long, Project("short", "end")])
    assert segment.field_positions.dtype.itemsize == 4
    assert decoded(segment, segment.terms.find("end")) == {0: {(1, 20_000): "end"}, 1: {(0, 0): "end"}}


def test_lengths_are_positions_so_that_joined_forms_do_not_count():
    segment = segment_of([Project("a", "follow-ups", "COVID-19 in the U.S.", "Verité")])
    assert segment.lengths.tolist() == [[2], [5], [1], [0]]


def test_acronyms_are_kept_with_the_projects_that_spell_them_out():
    spelled = Project("a", "Courts", "Occupational safety and health (OSH) in mines.")
    segment = segment_of([Project("b", "OSH"), spelled])
    assert [pair.split("\t")[0] for pair in segment.acronyms] == ["OSH"]
    assert segment.acronym_mentions.tolist() == [[0, 0]]


def test_ragged_lays_slices_end_to_end():
    assert ragged(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
    assert ragged(np.zeros(0, np.int64), np.zeros(0, np.int64)).tolist() == []


def test_rarer_words_weigh_more_and_frequency_saturates():
    weights = idf(100, np.arange(101))
    assert weights.tolist() == sorted(weights.tolist(), reverse=True)
    assert weights[-1] > 0
    assert np.all(np.diff(saturate(np.array([0.0, 1.0, 10.0, 1e9]))) > 0)
    assert saturate(np.array([1e9]))[0] <= 1


def test_a_longer_field_weighs_less_and_a_title_more():
    norms = field_norms(np.array([[10, 20], [10, 20], [0, 0], [0, 0]], np.uint32))
    assert norms[0, 0] > norms[0, 1]
    assert norms[0, 0] == pytest.approx(2 * norms[1, 0])
