"""Text to a Whoosh query tree: small, lenient, linear in the text, and never an exception.

    words            every word is required              "a phrase"      words that follow each other
    -word, NOT word  must not be there                   a OR b          either (binds its neighbours)
    (a b)            a group                             title:word      in one field only
    word*            words that begin so                 word~ word~2    words with one or two typos

What cannot be taken as typed is repaired and a warning says how. Words too common to tell projects
apart are dropped unless nothing else is left; phrases keep them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from whoosh import query as wq

from indexer.analysis import STOP_WORDS, TOKEN, fold, normalise, stem, words_of
from indexer.schema import ANY_FIELD, TEXT_FIELDS
from search_app.results import Repair
from search_app.vocabulary import Variant, Vocabulary

# More words than anybody types; each costs passes over its postings.
MAX_QUERY_WORDS = 32
MAX_DEPTH = 5
# One letter stands for a tenth of the vocabulary: it finds nothing in particular and costs the most.
MIN_PREFIX = 2
# Words with typos scan the vocabulary; a sentence of them would add up.
MAX_TYPO_WORDS = 4
# Short words have too many neighbours at two typos.
ONE_TYPO_LENGTH = 5

_LEXEMES = re.compile(r'"(?P<phrase>[^"]*)(?P<closed>"?)|(?P<open>\()|(?P<close>\))|(?P<word>[^\s"()]+)')
_QUOTES = str.maketrans({char: '"' for char in "“”„«»＂"})
_FIELD = re.compile(r"([^\W\d_]+):(.*)", re.DOTALL)
_MARK = re.compile(r"(.+?)(\*|~[12]?)", re.DOTALL)
_OPERATORS = {"AND": "and", "&&": "and", "&": "and", "OR": "or", "||": "or", "|": "or", "NOT": "not"}


@dataclass(frozen=True, slots=True)
class Part:
    """One clause as typed: its query, the words it looks for, and the forms added to it.

    `stems` are those of the word as typed and of its one-word variants: what proximity looks at.
    """

    text: str
    query: wq.Query
    stems: tuple[str, ...] = ()
    word: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WholeRun:
    """A variant of several parts together: `parts[first:last]` or else `query`."""

    first: int
    last: int
    query: wq.Query
    text: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed query: all parts required (`strict`), any of them (`relaxed`), and how it was repaired.

    `sequence` has the stems for each word as typed, stop words too, if the query is nothing but words.
    """

    strict: wq.Query
    relaxed: wq.Query
    parts: tuple[Part, ...] = ()
    runs: tuple[WholeRun, ...] = ()
    sequence: tuple[tuple[str, ...], ...] = ()
    warnings: tuple[Repair, ...] = ()


@dataclass(slots=True)
class _Clause:
    part: Part
    negated: bool
    alternative: bool  # joined to the clause before by OR
    plain: bool  # a word without field, operator or mark


@dataclass(slots=True)
class _Group:
    field: str
    negated: bool = False
    alternative: bool = False
    clauses: list[_Clause] = field(default_factory=list)
    next_negated: bool = False
    next_alternative: bool = False

    def add(self, clause: _Clause) -> None:
        """Take a clause; one that OR joins to the clause before becomes one clause with it."""
        if not clause.alternative:
            self.clauses.append(clause)
            return
        before = self.clauses.pop()
        queries = [wq.Not(one.part.query) if one.negated else one.part.query for one in (before, clause)]
        if isinstance(queries[0], wq.Or):
            queries[:1] = queries[0].subqueries
        texts = [f"-{one.part.text}" if one.negated else one.part.text for one in (before, clause)]
        also = (*before.part.also, *clause.part.also)
        part = Part(" OR ".join(texts), wq.Or(queries), (*before.part.stems, *clause.part.stems), None, also)
        self.clauses.append(_Clause(part, negated=False, alternative=False, plain=False))

    def flags(self) -> tuple[bool, bool]:
        """Take what the operators before a clause said of it."""
        flags = self.next_negated, self.next_alternative and bool(self.clauses)
        self.next_negated = self.next_alternative = False
        return flags


def parse(text: str, vocabulary: Vocabulary, *, expand: bool = True) -> Parsed:
    """Parse what a person typed; with `expand`, words also stand for their variants."""
    return _Parser(vocabulary, expand).parse(text)


class _Parser:
    def __init__(self, vocabulary: Vocabulary, expand: bool) -> None:
        self.vocabulary, self.expand = vocabulary, expand
        self.warnings: dict[str, Repair] = {}
        self.words = self.typo_words = 0
        self.groups = [_Group(ANY_FIELD)]
        self.ignored_groups = 0
        self.stop_words: list[_Clause] = []
        self.sequence: list[tuple[str, ...]] = []

    def parse(self, text: str) -> Parsed:
        pending_field = ""
        for lexeme in _LEXEMES.finditer(normalise(text).translate(_QUOTES)):
            pending_field = self._take(lexeme, pending_field)
        if pending_field:
            self._warn("empty_field", f"Nothing follows “{pending_field}:”; it was left out.")
        self._close_all()
        return self._finish(self.groups[0], text)

    def _take(self, lexeme: re.Match[str], pending_field: str) -> str:
        """Take one lexeme; return the field that waits for a phrase or a group."""
        kind = lexeme.lastgroup
        if kind == "open":
            self._open(pending_field)
        elif kind == "close":
            self._close()
        elif kind == "word":
            return self._word(lexeme["word"], pending_field)
        else:
            if not lexeme["closed"]:
                self._warn("unclosed_quote", "A quotation mark was not closed; it was closed at the end.")
            self._phrase(lexeme["phrase"], pending_field)
        return ""

    def _warn(self, code: str, message: str) -> None:
        self.warnings.setdefault(code, Repair(code, message))

    def _open(self, pending_field: str) -> None:
        if len(self.groups) > MAX_DEPTH:
            self.ignored_groups += 1
            self._warn("too_deep", f"Parentheses deeper than {MAX_DEPTH} were left out.")
            return
        group = self.groups[-1]
        negated, alternative = group.flags()
        self.groups.append(_Group(pending_field or group.field, negated, alternative))

    def _close(self) -> None:
        if self.ignored_groups:
            self.ignored_groups -= 1
        elif len(self.groups) == 1:
            self._warn("unopened_parenthesis", "A closing parenthesis without an opening one was left out.")
        else:
            self._close_group()

    def _close_all(self) -> None:
        if len(self.groups) > 1 or self.ignored_groups:
            self._warn("unclosed_parenthesis", "A parenthesis was not closed; it was closed at the end.")
        while len(self.groups) > 1:
            self._close_group()

    def _close_group(self) -> None:
        group = self.groups.pop()
        self._end_operators(group)
        if not group.clauses:
            self._warn("empty_group", "Empty parentheses were left out.")
            return
        if len(group.clauses) == 1 and not group.clauses[0].negated:
            part = group.clauses[0].part
        else:
            part = _grouped(group.clauses)
        self.groups[-1].add(_Clause(part, group.negated, group.alternative, plain=False))

    def _end_operators(self, group: _Group) -> None:
        if group.next_negated or group.next_alternative:
            self._lone_operator()

    def _lone_operator(self) -> None:
        self._warn("lone_operator", "An operator with nothing to work on was left out.")

    def _word(self, raw: str, pending_field: str) -> str:
        group = self.groups[-1]
        if operator := _OPERATORS.get(raw):
            self._operator(group, operator)
            return pending_field
        if raw[0] in "-−!" and len(raw) > 1:
            group.next_negated, raw = not group.next_negated, raw[1:]
        named = pending_field
        if (match := _FIELD.fullmatch(raw)) and not raw.startswith("http"):
            named, raw = self._field(match[1], match[2], named)
            if not raw:
                return named
        self._clause(raw, named or group.field)
        return ""

    def _operator(self, group: _Group, operator: str) -> None:
        if operator == "not":
            group.next_negated = not group.next_negated
        elif not group.clauses or group.next_alternative:
            self._lone_operator()
        elif operator == "or":
            group.next_alternative = True

    def _field(self, name: str, rest: str, pending_field: str) -> tuple[str, str]:
        folded = fold(name)
        if folded in TEXT_FIELDS:
            return folded, rest
        if folded != ANY_FIELD:
            self._warn(
                "unknown_field", f"“{name}” is no field ({', '.join(TEXT_FIELDS)}); it was taken as a word."
            )
            return pending_field, f"{name} {rest}".strip()
        return pending_field, rest

    def _clause(self, raw: str, field_name: str) -> None:
        mark = _MARK.fullmatch(raw)
        shown = mark[1] if mark else raw
        found = list(_words_in(shown))
        if not found:
            self._lone_operator()
            self.groups[-1].flags()
            return
        if "*" in shown or "?" in shown[:-1]:
            self._warn("wildcard_dropped", "“*” works at the end of a word only; elsewhere it was left out.")
        negated, alternative = self.groups[-1].flags()
        for number, words in enumerate(found):
            if not self._may_take_a_word():
                return
            last = number == len(found) - 1
            part = self._part(words, field_name, mark[2] if mark and last else "")
            plain = part.word is not None and field_name == ANY_FIELD and not negated
            self._append(_Clause(part, negated, alternative and not number, plain))

    def _may_take_a_word(self) -> bool:
        self.words += 1
        if self.words > MAX_QUERY_WORDS:
            self._warn("too_many_words", f"Only the first {MAX_QUERY_WORDS} words were searched.")
        return self.words <= MAX_QUERY_WORDS

    def _part(self, words: _Words, field_name: str, mark: str) -> Part:
        """Return the part for one word, with the mark that followed it: "*", "~", "~1", "~2" or none."""
        shown = words.shown if field_name == ANY_FIELD else f"{field_name}:{words.shown}"
        if words.joined:
            phrase = wq.Phrase(field_name, [self._stem(word) for word in words.parts])
            joined = wq.Term(field_name, self._stem(words.joined))
            return Part(shown, wq.DisjunctionMax([phrase, joined]))
        word = words.parts[0]
        if mark == "*" and self._prefix_is_long(word):
            return Part(f"{shown}*", wq.Prefix(field_name, word))
        if mark.startswith("~") and self._typo_is_allowed():
            distance = 2 if mark == "~2" or (mark == "~" and len(word) > ONE_TYPO_LENGTH) else 1
            return Part(f"{shown}~", wq.FuzzyTerm(field_name, word, maxdist=distance))
        return self._single(shown, word, field_name)

    def _prefix_is_long(self, word: str) -> bool:
        if len(word) < MIN_PREFIX:
            self._warn("prefix_too_short", f"“*” needs {MIN_PREFIX} letters or more before it.")
        return len(word) >= MIN_PREFIX

    def _typo_is_allowed(self) -> bool:
        self.typo_words += 1
        if self.typo_words > MAX_TYPO_WORDS:
            self._warn("too_many_typo_words", f"Only {MAX_TYPO_WORDS} words of a query may have “~”.")
        return self.typo_words <= MAX_TYPO_WORDS

    def _single(self, shown: str, word: str, field_name: str) -> Part:
        typed = wq.Term(field_name, self._stem(word))
        variants = self.vocabulary.variants(word) if self.expand else ()
        if not variants:
            return Part(shown, typed, (typed.text,), word)
        queries = [self._variant(variant, field_name) for variant in variants]
        stems = [query.text for query in queries if isinstance(query, wq.Term)]
        also = tuple(" ".join(variant.words) for variant in variants)
        return Part(shown, wq.DisjunctionMax([typed, *queries]), (typed.text, *stems), word, also)

    def _stem(self, word: str) -> str:
        number = self.vocabulary.term(word)
        return self.vocabulary.text(number) if number >= 0 else stem(word)

    def _variant(self, variant: Variant, field_name: str) -> wq.Query:
        stems = [self._stem(word) for word in variant.words]
        if len(stems) == 1:
            return wq.Term(field_name, stems[0], boost=variant.weight)
        return wq.Phrase(field_name, stems, boost=variant.weight)

    def _append(self, clause: _Clause) -> None:
        if clause.plain:
            self.sequence.append(clause.part.stems)
        if clause.plain and clause.part.word in STOP_WORDS and not clause.alternative:
            self.stop_words.append(clause)
        else:
            self.groups[-1].add(clause)

    def _phrase(self, text: str, pending_field: str) -> None:
        group = self.groups[-1]
        negated, alternative = group.flags()
        words = [word for found in _words_in(text) for word in found.parts if self._may_take_a_word()]
        if not words:
            self._warn("empty_phrase", "Quotation marks with no words between them were left out.")
            return
        field_name = pending_field or group.field
        stems = tuple(self._stem(word) for word in words)
        query = wq.Phrase(field_name, list(stems)) if len(stems) > 1 else wq.Term(field_name, stems[0])
        prefix = f"{field_name}:" if field_name != ANY_FIELD else ""
        part = Part(f'{prefix}"{text.strip()}"', query, stems if len(stems) == 1 else ())
        group.add(_Clause(part, negated, alternative, plain=False))

    def _finish(self, group: _Group, text: str) -> Parsed:
        self._end_operators(group)
        clauses = group.clauses or self.stop_words
        if not clauses:
            if text.strip():
                self._warn("no_words", "There is no word to search for; these are all projects.")
            return Parsed(wq.Every(), wq.Every(), warnings=tuple(self.warnings.values()))
        parts = [clause.part for clause in clauses if not clause.negated]
        runs = self._runs(clauses, parts)
        unwanted = [wq.Not(clause.part.query) for clause in clauses if clause.negated]
        any_of = [*(part.query for part in parts), *(run.query for run in runs)]
        plain = len(self.sequence) == self.words
        return Parsed(
            strict=_all_of([*_required(parts, runs), *unwanted]),
            relaxed=_all_of([wq.Or(any_of), *unwanted] if any_of else unwanted),
            parts=tuple(parts),
            runs=tuple(runs),
            sequence=tuple(self.sequence) if plain else (),
            warnings=tuple(self.warnings.values()),
        )

    def _runs(self, clauses: Sequence[_Clause], parts: Sequence[Part]) -> list[WholeRun]:
        """Find runs of plain words that have a variant as a whole; the leftmost of those that overlap."""
        if not self.expand or not all(one.plain or one.negated for one in clauses):
            return []
        found, free = [], 0
        for first, last, variant in self.vocabulary.phrases([part.word or "" for part in parts]):
            if first >= free:
                query = self._variant(variant, ANY_FIELD)
                found.append(WholeRun(first, last, query, " ".join(variant.words)))
                free = last
        return found


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one raw token: its parts, and for a compound (`follow-ups`) their joined form."""

    shown: str
    parts: tuple[str, ...]
    joined: str | None = None


def _words_in(text: str) -> Iterator[_Words]:
    """Yield the words of `text`; a compound comes as one, whatever else a raw token holds one by one."""
    for match in TOKEN.finditer(text):
        raw = match.group()
        words = words_of(raw)
        if len(words) > 1 and words[1].position == words[0].position:
            yield _Words(raw, (words[0].text, *(word.text for word in words[2:])), words[1].text)
        else:
            for word in words:
                yield _Words(raw[word.start : word.end], (word.text,))


def _grouped(clauses: Sequence[_Clause]) -> Part:
    text = " ".join(f"-{one.part.text}" if one.negated else one.part.text for one in clauses)
    queries = [wq.Not(one.part.query) if one.negated else one.part.query for one in clauses]
    return Part(f"({text})", _all_of(queries), also=tuple(form for one in clauses for form in one.part.also))


def _required(parts: Sequence[Part], runs: Sequence[WholeRun]) -> list[wq.Query]:
    """Return what has to match: each part, and for a run its parts together or its variant."""
    units: list[wq.Query] = []
    next_part = 0
    for run in runs:
        units += [part.query for part in parts[next_part : run.first]]
        together = _all_of([part.query for part in parts[run.first : run.last]])
        units.append(wq.DisjunctionMax([together, run.query]))
        next_part = run.last
    return units + [part.query for part in parts[next_part:]]


def _all_of(queries: Sequence[wq.Query]) -> wq.Query:
    # A lone Not has nothing to be taken from: And gives it all documents.
    return queries[0] if len(queries) == 1 and not isinstance(queries[0], wq.Not) else wq.And(list(queries))
