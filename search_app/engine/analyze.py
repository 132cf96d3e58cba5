"""What a search makes of a text, for `reindex analyze`: the variants of its words in the current index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexer.errors import NoIndexError
from indexer.storage import generation
from indexer.text.analysis import tokens
from search_app.words.vocabulary import Variant, Vocabulary


def variants(text: str, index_dir: Path) -> Iterator[str]:
    """Yield a line for each word or run of words of an NFC text that has variants."""
    try:
        segment = generation.open_segment(generation.current(index_dir))
    except NoIndexError:
        yield f"variants are learned from the corpus; {index_dir} has no index yet"
        return
    vocabulary = Vocabulary(segment)
    words = [word.text for word in tokens(text)]
    for word in dict.fromkeys(words):
        yield from _lines(word, vocabulary.variants(word))
    for first, last, variant in vocabulary.phrases(words):
        yield from _lines(" ".join(words[first:last]), (variant,))


def _lines(searched: str, found: tuple[Variant, ...]) -> Iterator[str]:
    for variant in found:
        form = " ".join(variant.words)
        yield f"{searched} also finds: {form} ({variant.kind}, weight {variant.weight:.2f})"
