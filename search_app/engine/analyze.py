"""What a search makes of a text, for `reindex analyze`: the three degrees of each of its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexer.errors import NoIndexError
from indexer.reporting.numbers import counted
from indexer.storage import generation
from indexer.text.analysis import tokens
from indexer.text.surface import is_inner, shown
from search_app.embedded.uses import vocabulary_of
from search_app.query.clauses import SAME_WORD, other_ways
from search_app.query.typed import typed_words
from search_app.words import initials
from search_app.words.vocabulary import Variant, Vocabulary


def variants(text: str, index_dir: Path) -> Iterator[str]:
    """Yield lines for each word and run of words of an NFC text: the degrees in which it is searched."""
    try:
        segment = generation.open_segment(generation.current(index_dir))
    except NoIndexError:
        yield f"variants are learned from the corpus; {index_dir} has no index yet"
        return
    vocabulary = vocabulary_of(segment)
    # A part of a token is not searched by itself, but where it is another way of writing the token.
    words = [word.text for word in tokens(text) if not is_inner(word.text)]
    ways = _other_ways(text, vocabulary)
    for word in dict.fromkeys(words):
        yield from _inflections(word, vocabulary)
        yield from _lines(word, (*ways.get(word, ()), *vocabulary.variants(word)))
    for first, last, variant in (*vocabulary.phrases(words), *initials.joined(words, vocabulary)):
        yield from _lines(" ".join(words[first:last]), (variant,))


def _other_ways(text: str, vocabulary: Vocabulary) -> dict[str, list[Variant]]:
    """Return the other ways of writing each word: *covid 19* of covid19, *t s* of T.S."""
    found: dict[str, list[Variant]] = {}
    for typed in typed_words(text):
        if len(typed.words) == 1:
            word = typed.compound or typed.words[0]
            found[word] = [
                Variant(parts, vocabulary.same_word_weight((word,), parts), "spelling")
                for parts in other_ways(typed, word, vocabulary)
            ]
    return found


def _inflections(word: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield how often a word is in the index as written, and the other words that have its term."""
    texts, frequencies = vocabulary.lexicon.words, vocabulary.lexicon.word_documents
    number = texts.find(word)
    uses = int(frequencies[number]) if number >= 0 else 0
    yield f"{word} as written (degree 1): in {counted(uses, 'project')}"
    term = vocabulary.term(word)
    for other in vocabulary.forms(term) if term >= 0 else ():
        if other != number:
            found = counted(int(frequencies[other]), "project")
            yield f"{word} also finds: {shown(texts[other])} (degree 2: inflection, in {found})"


def _lines(searched: str, found: tuple[Variant, ...]) -> Iterator[str]:
    for variant in found:
        form, reach = " ".join(variant.words), 2 if variant.kind in SAME_WORD else 3
        yield f"{searched} also finds: {form} (degree {reach}: {variant.kind}, weight {variant.weight:.2f})"
