"""Words as typed to clauses of a query: what each word looks for, its variants included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from whoosh import query as wq

from indexer.storage.schema import ANY_FIELD
from indexer.text.analysis import TOKEN, words_of
from search_app.query.written import AnyPhrase, Synonym, SynonymPhrase, Written, WrittenPhrase
from search_app.words.vocabulary import Variant, Vocabulary

# One letter stands for a tenth of the vocabulary: it finds nothing in particular and costs the most.
MIN_PREFIX = 2
# Words with typos scan the vocabulary; a sentence of them would add up.
MAX_TYPO_WORDS = 4
# Short words have too many neighbours at two typos.
ONE_TYPO_LENGTH = 5

# Variants of these kinds are the same word in another form; the others stand for the same thing.
SAME_WORD = ("spelling", "plural")

# Called with the code of a repair and the message that describes it.
Warn = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause as typed: its query, the words it looks for, and how they were typed.

    `word` is the folded word of a clause that is just a word, the words of a compound joined by hyphens.
    `stems` are those of the word as typed and of its one-word variants: what proximity looks at. `written`
    are the texts that are met as written.
    """

    text: str
    query: wq.Query
    stems: tuple[str, ...] = ()
    word: str | None = None
    variants: tuple[str, ...] = ()
    written: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A word as typed: the folded words in it, and for a compound (`follow-ups`) their joined form."""

    shown: str
    words: tuple[str, ...]
    joined: str | None = None


def typed_words(text: str) -> Iterator[TypedWord]:
    """Yield the words of `text`; a compound comes as one, whatever else a raw token holds one by one."""
    for raw in [text] if text.isalnum() else TOKEN.findall(text):
        words = words_of(raw)
        if len(words) > 1 and words[1].position == words[0].position:
            yield TypedWord(raw, (words[0].text, *(word.text for word in words[2:])), words[1].text)
        else:
            for word in words:
                yield TypedWord(raw[word.start : word.end], (word.text,))


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text is read: words also in other forms (`expand`), and quoted ones too (`quoted_forms`)."""

    expand: bool = True
    quoted_forms: bool = False


# How a text is read unless something else is asked for.
EVERY_FORM = Reading()


class ClauseMaker:
    """Makes the clauses of one query; counts what it may not have too much of."""

    def __init__(self, vocabulary: Vocabulary, warn: Warn, reading: Reading) -> None:
        """Look words up in `vocabulary`, as far as `reading` reaches; report repairs to `warn`."""
        self._vocabulary, self._warn, self._reading = vocabulary, warn, reading
        self._typo_words = 0

    def word(self, typed: TypedWord, field: str, suffix: str) -> Clause:
        """Return the clause of one word and of the operator behind it: "*", "~", "~1", "~2" or ""."""
        shown = _shown(typed.shown, field)
        if typed.joined and not suffix:
            return self._compound(shown, typed, field)
        word = typed.joined or typed.words[0]
        if suffix == "*" and self._prefix_is_long(word):
            return Clause(f"{shown}*", wq.Prefix(field, word))
        if suffix.startswith("~") and self._typo_is_allowed():
            distance = 2 if suffix == "~2" or (suffix == "~" and len(word) > ONE_TYPO_LENGTH) else 1
            return Clause(f"{shown}~", wq.FuzzyTerm(field, word, maxdist=distance))
        return self._plain(shown, word, field)

    def _compound(self, shown: str, typed: TypedWord, field: str) -> Clause:
        word, written = "-".join(typed.words), frozenset((" ".join(typed.words),))
        if not self._reading.expand:
            return Clause(shown, WrittenPhrase(field, list(typed.words)), word=word, written=written)
        phrase = wq.Phrase(field, [self._stem(word) for word in typed.words])
        joined = wq.Term(field, self._stem(typed.joined or ""))
        return Clause(shown, wq.DisjunctionMax([phrase, joined]), word=word, written=written)

    def phrase(self, text: str, words: list[str], field: str) -> Clause:
        """Return the clause for the folded `words` of the quoted `text`."""
        shown, written = _shown(f'"{text.strip()}"', field), frozenset((" ".join(words),))
        if self._reading.quoted_forms:
            forms = [self._same_word(word) for word in words]
            if len(words) == 1:
                terms = [wq.Term(field, stem) for stem in forms[0]]
                query = terms[0] if len(terms) == 1 else wq.DisjunctionMax(terms)
                return Clause(shown, query, forms[0], written=written)
            return Clause(shown, AnyPhrase(field, forms), written=written)
        if len(words) == 1:
            return Clause(shown, Written(field, words[0]), (self._stem(words[0]),), written=written)
        return Clause(shown, WrittenPhrase(field, words), written=written)

    def _same_word(self, word: str) -> tuple[str, ...]:
        """Return the stems of the forms that are the same word, that of the word itself first."""
        variants = self._vocabulary.variants(word)
        same = [one.words[0] for one in variants if one.kind in SAME_WORD and len(one.words) == 1]
        return tuple(dict.fromkeys(map(self._stem, (word, *same))))

    def runs(self, words: list[str]) -> Iterator[tuple[int, int, wq.Query, tuple[str, ...]]]:
        """Yield (first, last, query, texts) for the variants of each run of words, [first, last)."""
        variants: dict[tuple[int, int], list[Variant]] = {}
        for first, last, variant in self._vocabulary.phrases(words) if self._reading.expand else ():
            variants.setdefault((first, last), []).append(variant)
        free = 0
        for (first, last), found in variants.items():
            if first >= free:
                queries = [self._variant(variant, ANY_FIELD) for variant in found]
                query = queries[0] if len(queries) == 1 else wq.DisjunctionMax(queries)
                yield first, last, query, tuple(" ".join(variant.words) for variant in found)
                free = last

    def _plain(self, shown: str, word: str, field: str) -> Clause:
        stem, written = self._stem(word), frozenset((word,))
        if not self._reading.expand:
            return Clause(shown, Written(field, word), (stem,), word, written=written)
        typed, variants = wq.Term(field, stem), self._vocabulary.variants(word)
        if not variants:
            return Clause(shown, typed, (stem,), word, written=written)
        typed.boost = self._vocabulary.weight(word)
        queries = [self._variant(variant, field) for variant in variants]
        stems = [query.text for query in queries if isinstance(query, wq.Term)]
        texts = tuple(" ".join(variant.words) for variant in variants)
        return Clause(shown, wq.DisjunctionMax([typed, *queries]), (stem, *stems), word, texts, written)

    def _variant(self, variant: Variant, field: str) -> wq.Query:
        stems = [self._stem(word) for word in variant.words]
        same = variant.kind in SAME_WORD
        if len(stems) == 1:
            return (wq.Term if same else Synonym)(field, stems[0], boost=variant.weight)
        return (wq.Phrase if same else SynonymPhrase)(field, stems, boost=variant.weight)

    def _stem(self, word: str) -> str:
        number = self._vocabulary.term(word)
        return self._vocabulary.text(number) if number >= 0 else self._vocabulary.stem(word)

    def _prefix_is_long(self, word: str) -> bool:
        if len(word) < MIN_PREFIX:
            self._warn("prefix_too_short", f"“*” needs {MIN_PREFIX} letters or more before it.")
        return len(word) >= MIN_PREFIX

    def _typo_is_allowed(self) -> bool:
        self._typo_words += 1
        if self._typo_words > MAX_TYPO_WORDS:
            self._warn("too_many_typo_words", f"Only {MAX_TYPO_WORDS} words of a query may have “~”.")
        return self._typo_words <= MAX_TYPO_WORDS


def _shown(text: str, field: str) -> str:
    return text if field == ANY_FIELD else f"{field}:{text}"
