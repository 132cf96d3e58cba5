"""The leaves of a query tree that Whoosh has none for: words as written, and what stands for the same thing.

A word has three degrees: as written, in other forms of the same word, and for the same thing. A plain
`Term` or `Phrase` holds stems and so finds the first two; the type of a leaf tells which degree it reaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whoosh import query as wq

from search_app.results import Degree


class Written(wq.Term):
    """A word as written: `text` is a folded word of the index, not a stem."""


class WrittenPhrase(wq.Phrase):
    """Words as written that follow each other: `words` are folded words, not stems.

    `offsets` are their positions from the first one: a compound takes those of its words.
    """

    def __init__(self, fieldname: str, words: Sequence[str], offsets: Sequence[int] = ()) -> None:
        """Take the words and, where some take more positions than one, their offsets."""
        super().__init__(fieldname, list(words))
        self.offsets = tuple(offsets or range(len(self.words)))


class AnyPhrase(wq.Phrase):
    """Words that follow each other in any of their forms: `stems` has those that fit each place."""

    def __init__(self, fieldname: str, stems: Sequence[tuple[str, ...]], boost: float = 1.0) -> None:
        """Take for each place the stems of the words that may stand there."""
        super().__init__(fieldname, [" ".join(one) for one in stems], boost=boost)
        self.stems = tuple(stems)


class Synonym(wq.Term):
    """The stem of a word that stands for the same thing as what was typed."""


class SynonymPhrase(wq.Phrase):
    """The stems of a phrase that stands for the same thing as what was typed."""


class Code(wq.Term):
    """What codes are found by (`indexer.text.codes`): all of them, their longest part, or their beginning.

    `whole` tells that some code is found by just this; then those that only begin so are not.
    """

    def __init__(self, fieldname: str, text: str, boost: float = 1.0, *, whole: bool = False) -> None:
        """Take the key of a code."""
        super().__init__(fieldname, text, boost)
        self.whole = whole


class CodeBeginning(Code):
    """What codes begin with: all that do are found, those that are just this too."""


Leaf = wq.Term | wq.Phrase | wq.Prefix | wq.FuzzyTerm


def leaves(tree: wq.Query) -> Iterator[Leaf]:
    """Yield the leaves of a tree that say what must be there; what must not is left out."""
    if isinstance(tree, wq.And | wq.Or | wq.DisjunctionMax):
        for one in tree.subqueries:
            yield from leaves(one)
    elif isinstance(tree, Leaf):
        yield tree


def alternatives(tree: wq.Query) -> Iterator[Leaf]:
    """Yield the leaves of a tree of which any one is enough."""
    if isinstance(tree, wq.Or | wq.DisjunctionMax):
        for one in tree.subqueries:
            yield from alternatives(one)
    elif isinstance(tree, Leaf):
        yield tree


def degree(leaf: Leaf) -> Degree:
    """Return how far from what was typed a leaf reaches; what it finds may be nearer."""
    if isinstance(leaf, Synonym | SynonymPhrase):
        return 3
    if isinstance(leaf, Code | Written | WrittenPhrase | wq.Prefix | wq.FuzzyTerm):
        return 1
    return 2


def places(phrase: wq.Phrase) -> list[tuple[str, ...]]:
    """Return for each place of a phrase the stems that fit it."""
    return list(phrase.stems) if isinstance(phrase, AnyPhrase) else [(word,) for word in phrase.words]
