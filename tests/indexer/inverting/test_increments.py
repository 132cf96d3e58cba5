"""What an update takes over of the last segment besides its postings."""

from unittest.mock import Mock

from indexer.inverting.increments import stems_of
from indexer.storage import generation
from indexer.text.stemming import Stemming


def test_only_words_that_the_segment_has_not_are_analysed(labour_index):
    segment = generation.open_segment(generation.current(labour_index))
    words, stemming = list(segment.words), Mock(spec=Stemming)
    stemming.stem.return_value = "other"
    found = [*stems_of(segment, stemming)([*words, "unheardof"])]
    assert found == [*(segment.terms[term] for term in segment.word_terms.tolist()), "other"]
    stemming.stem.assert_called_once_with("unheardof")
