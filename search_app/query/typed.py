"""Words as typed: what is one word to a searcher, what it is found by in texts, and how a text is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.text.analysis import TOKEN, Word, analysed, tokens
from indexer.text.stop_words import FOREIGN_STOP_WORDS
from indexer.text.surface import is_inner, letters


@dataclass(frozen=True, slots=True)
class TypedWord:
    """What was typed as one word: the folded words in it, and for a compound (`follow-ups`) all of it.

    `places` has for each position that it takes in a text what it is found by there: *covid19* or *covid*,
    then *19*. With `inner` there are other words in it than the one that it is. `particle` is the word before
    it that a search does without, if any: *du* before *bois*.
    """

    shown: str
    words: tuple[str, ...]
    places: tuple[tuple[str, ...], ...]
    compound: str | None = None
    inner: bool = False
    particle: str = ""

    @property
    def is_acronym(self) -> bool:
        """Whether it is written as one, though a search does without its letters as a word: M.A., LA."""
        return "." in self.shown or (self.shown.isupper() and self.words[0] in FOREIGN_STOP_WORDS)

    @property
    def in_capitals(self) -> bool:
        """Whether it is written as initials are: T.S., TS."""
        return "." in self.shown or self.shown.isupper()

    @property
    def ways(self) -> Iterator[tuple[str, ...]]:
        """The other ways of writing a single word: spelled out (Müller: mueller), and in its parts."""
        if not self.inner:
            return
        whole, *rest = self.places
        cut = bool(rest)
        yield from ((text,) for text in (whole[1:-1] if cut else whole[1:]))
        if cut:
            yield (whole[-1], *(texts[0] for texts in rest))


def typed_words(text: str) -> Iterator[TypedWord]:
    """Yield the words of `text`; a compound comes as one, whatever else a raw token holds one by one."""
    for raw in TOKEN.findall(text):
        found = analysed(raw)
        if found.compound:
            words = tuple(word.text for segment in found.segments for word in segment if word.kind == "word")
            places = tuple(place for segment in found.segments for place in _places(segment))
            yield TypedWord(raw, words, places, found.compound.text)
        else:
            yield from (_of_segment(raw, segment) for segment in found.segments)


def _of_segment(raw: str, segment: Sequence[Word]) -> TypedWord:
    words = tuple(word.text for word in segment if word.kind == "word")
    if len(words) > 1:
        # Of a text without spaces, the last character is in the last pair already.
        words = words[:-1]
    inner = any(is_inner(word.text) for word in segment)
    return TypedWord(raw[segment[0].start : segment[-1].end], words, _places(segment), inner=inner)


def _places(segment: Sequence[Word]) -> tuple[tuple[str, ...], ...]:
    """Return what stands at each position of a segment: pairs, and no characters that they begin with.

    Whoever types C++ does not look for each C.
    """
    places: dict[int, list[str]] = {}
    for word in segment:
        text = letters(word.text)
        if word.kind == "word" or (is_inner(word.text) and (len(text) > 1 or text.isdigit())):
            places.setdefault(word.position, []).append(text)
    return tuple(map(tuple, places.values()))


def as_written(typed: Sequence[TypedWord]) -> tuple[list[str], list[int]]:
    """Return the words of a phrase as written, and at what position from the first each stands."""
    words: list[str] = []
    offsets: list[int] = []
    position = 0
    for one in typed:
        own = (one.compound,) if one.compound else one.words
        words += own
        offsets += range(position, position + len(own))
        position += len(one.places)
    return words, offsets


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text is read: words also in other forms (`expand`), and quoted ones too (`quoted_forms`).

    With `hyphens` a hyphen after a blank leaves a word out, else it is part of the text.
    """

    expand: bool = True
    quoted_forms: bool = False
    hyphens: bool = True


# How a text is read unless something else is asked for.
EVERY_FORM = Reading()


def completes(title: str, prefixes: tuple[str, ...]) -> bool:
    """Return whether a word of a title begins in one of the ways typed; any title does where none is."""
    # That the title has the term does not tell: a term has other words than those that begin as typed.
    return not prefixes or any(word.text.startswith(prefixes) for word in tokens(title))
