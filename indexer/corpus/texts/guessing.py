"""Which old encoding a text is in, by what each of them would make of it; and what to show of that."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.corpus.texts.alphabets import LANGUAGES, Language
from indexer.corpus.texts.evidence import Decoded

ASCII = bytes(range(128))
# Characters that are shown of a line.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """An encoding and a language in which a text would make sense, and how much."""

    name: str
    language: Language
    score: float


def ranked(raw: bytes, present: bytes) -> list[Candidate]:
    """Return the candidates, the likeliest first; `present` are the bytes beyond ASCII of the whole file."""
    texts: dict[str, Decoded] = {}
    found: list[Candidate] = []
    for language in LANGUAGES:
        for rank, name in enumerate(language.encodings):
            if name not in texts:
                texts[name] = Decoded(raw.decode(name, "replace"))
            # A hundredth off for each rank: of encodings that fit alike, the commoner one is taken.
            score = texts[name].likelihood(language) - 0.01 * rank - _unused(name, present)
            found.append(Candidate(name, language, score))
    return sorted(found, key=lambda one: -one.score)


def _unused(name: str, present: bytes) -> float:
    """Return more than 0 for bytes that would be controls or nothing at all."""
    if len(b"\xa4\xa2".decode(name, "replace")) == 1:
        return 0.0  # Two bytes a character: their text shows it.
    odd = sum(char == "\ufffd" or "\x80" <= char <= "\x9f" for char in present.decode(name, "replace"))
    return 0.5 * odd


def mixed(raw: bytes) -> float:
    """Return how well a text fits UTF-8 with damage, as `likelihood` does."""
    text = raw.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    beyond = len(raw.translate(None, ASCII))
    return (beyond - lost - 1.5 * lost) / beyond


def sample(lines: list[bytes], name: str) -> str:
    """Return what the first line beyond ASCII says in an encoding, around its first such letter."""
    for line in lines:
        text = line.decode(name, "replace")
        place = next((number for number, char in enumerate(text) if char > "\x7f"), -1)
        if place >= 0:
            return around(text, place)
    return ""


def around(text: str, place: int) -> str:
    """Return what stands around a place of a text."""
    return excerpt(text[max(place - _SHOWN // 2, 0) : place + _SHOWN // 2])


def excerpt(text: str) -> str:
    """Return the beginning of a text, in one line."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[:_SHOWN]).split())
