"""What a search makes of a text, for `reindex analyze`: the three degrees of each of its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexer.errors import NoIndexError
from indexer.storage import generation
from indexer.text.analysis import tokens
from search_app.embedded.uses import vocabulary_of
from search_app.query.clauses import SAME_WORD
from search_app.words.vocabulary import Variant, Vocabulary


def variants(text: str, index_dir: Path) -> Iterator[str]:
    """Yield lines for each word and run of words of an NFC text: the degrees in which it is searched."""
    try:
        segment = generation.open_segment(generation.current(index_dir))
    except NoIndexError:
        yield f"variants are learned from the corpus; {index_dir} has no index yet"
        return
    vocabulary = vocabulary_of(segment)
    words = [word.text for word in tokens(text)]
    for word in dict.fromkeys(words):
        yield from _inflections(word, vocabulary)
        yield from _lines(word, vocabulary.variants(word))
    for first, last, variant in vocabulary.phrases(words):
        yield from _lines(" ".join(words[first:last]), (variant,))


def _inflections(word: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield how often a word is in the index as written, and the other words that have its term."""
    texts, frequencies = vocabulary.lexicon.words, vocabulary.lexicon.word_documents
    number = texts.find(word)
    yield f"{word} as written (degree 1): in {int(frequencies[number]) if number >= 0 else 0} projects"
    term = vocabulary.term(word)
    for other in vocabulary.forms(term) if term >= 0 else ():
        if other != number:
            count = int(frequencies[other])
            yield f"{word} also finds: {texts[other]} (degree 2: inflection, in {count} projects)"


def _lines(searched: str, found: tuple[Variant, ...]) -> Iterator[str]:
    for variant in found:
        form, reach = " ".join(variant.words), 2 if variant.kind in SAME_WORD else 3
        yield f"{searched} also finds: {form} (degree {reach}: {variant.kind}, weight {variant.weight:.2f})"
