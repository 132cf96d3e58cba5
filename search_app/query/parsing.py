"""Text to a Whoosh query tree: small, lenient, linear in the text, and never an exception.

    words            every word is required              "a phrase"      words that follow each other
    -word, NOT word  must not be there                   a OR b          either (binds its neighbours)
    (a b)            a group                             title:word      in one field only
    word*            words that begin so                 word~ word~2    words with one or two typos

What cannot be understood as typed is repaired, and a warning says how. Words too common to distinguish
projects are dropped unless nothing else is left; phrases have them.
"""

from __future__ import annotations

import re
from dataclasses import replace

from whoosh import query as wq

from indexer.storage.schema import ANY_FIELD
from indexer.text.analysis import fold
from indexer.text.folding import as_stored
from indexer.text.stop_words import is_silent
from search_app.query.capitals import is_in_capitals
from search_app.query.clause import without_year_as_code
from search_app.query.clauses import EVERY_FORM, ClauseMaker, Reading
from search_app.query.operators import (
    FIELD,
    LEXEMES,
    NEGATIONS,
    OPERATORS,
    QUOTES,
    Group,
    Operand,
    all_of,
    required,
    wanted,
    wanted_of,
)
from search_app.query.parsed import HYPHEN_AS_TEXT, Parsed
from search_app.query.pasted import ADDRESS, looked_for, unescaped
from search_app.query.repairs import LONE_OPERATOR, Repairs
from search_app.query.typed import TypedWord, typed_words
from search_app.words.field_names import CODE_FIELD
from search_app.words.initials import before_names
from search_app.words.synonyms import NUMBER
from search_app.words.vocabulary import Vocabulary

__all__ = ["Parsed", "Reading", "parse"]

# More words than even a long question has without its stop words; each word costs passes over its postings.
MAX_QUERY_WORDS = 64
MAX_DEPTH = 5


def parse(text: str, vocabulary: Vocabulary, reading: Reading = EVERY_FORM) -> Parsed:
    """Parse what a person typed; `reading` tells in how many forms words are looked for."""
    return _Parser(vocabulary, reading).parse(text)


class _Parser:
    def __init__(self, vocabulary: Vocabulary, reading: Reading) -> None:
        self.warnings = Repairs()
        self._warn = self.warnings.add
        self.maker = ClauseMaker(vocabulary, self.warnings.add, reading)
        self.vocabulary, self.names = vocabulary, vocabulary.field_names
        self.reading, self.quoted, self.hyphens, self.only_words = reading, False, False, True
        # A title in capitals has no operators in capitals.
        self.capitals = False
        self.initials: frozenset[str] = frozenset()
        self.words = 0
        self.groups = [Group(ANY_FIELD)]
        self.ignored_groups = 0
        # The field that waits for the word, phrase or group after its colon.
        self.field = ""
        self.stop_words: list[Operand] = []
        # The last of them, if the next word follows it.
        self.particle = ""
        # Whether the last word is no stop word and begins with a capital.
        self.after_name = False
        self.sequence: list[tuple[str, ...]] = []

    def parse(self, text: str) -> Parsed:
        """Parse the one text that this parser is for."""
        plain = self.warnings.escapes(text, unescaped(text))
        self.capitals = is_in_capitals(plain, self.vocabulary)
        self.initials = before_names(plain, self.vocabulary)
        read = self.warnings.distances(as_stored(plain).translate(QUOTES))
        for lexeme in LEXEMES.finditer(read):
            self._take(lexeme)
        self._close_all()
        return self._finish(self.groups[0], text)

    def _take(self, lexeme: re.Match[str]) -> None:
        kind = lexeme.lastgroup
        if kind != "word":
            self.particle, self.after_name = "", False
            self.warnings.look_after(lexeme["closed"] or lexeme["close"] or "")
        if kind == "open":
            self._open()
        elif kind == "close":
            self._close()
        elif kind == "not":
            self.groups[-1].operator("not")
        elif kind == "word":
            self._word(lexeme["word"])
        else:
            if not lexeme["closed"]:
                self._warn("unclosed_quote", "A quotation mark was not closed; it was closed at the end.")
            self._phrase(lexeme["phrase"])

    def _take_field(self) -> str:
        """Return the field of the next clause."""
        field, self.field = self.field or self.groups[-1].field, ""
        return field

    def _leave_field(self) -> None:
        if self.field:
            self._warn("empty_field", f"Nothing follows “{self.field}:”; it was left out.")
        self.field = ""

    def _open(self) -> None:
        if len(self.groups) > MAX_DEPTH:
            self.ignored_groups += 1
            self._warn("too_deep", f"Parentheses deeper than {MAX_DEPTH} were left out.")
            return
        self.only_words = False
        self.groups.append(Group(self._take_field(), *self.groups[-1].flags()))

    def _close(self) -> None:
        self._leave_field()
        if self.ignored_groups:
            self.ignored_groups -= 1
        elif len(self.groups) == 1:
            self._warn("unopened_parenthesis", "A closing parenthesis without an opening one was left out.")
        else:
            self._close_group()

    def _close_all(self) -> None:
        self._leave_field()
        if len(self.groups) > 1 or self.ignored_groups:
            self._warn("unclosed_parenthesis", "A parenthesis was not closed; it was closed at the end.")
        while len(self.groups) > 1:
            self._close_group()

    def _close_group(self) -> None:
        group = self.groups.pop()
        self._end_operators(group)
        if group.operands:
            members = () if group.negated else tuple(group.operands)
            clause = group.clause(self.maker.runs)
            self._add(Operand(clause, group.negated, group.alternative, members=members))
        else:
            self._warn("empty_group", "Empty parentheses were left out.")

    def _end_operators(self, group: Group) -> None:
        if group.has_operator:
            self._warn(*LONE_OPERATOR)

    def _word(self, raw: str) -> None:
        group = self.groups[-1]
        if (operator := OPERATORS.get(raw)) and not (raw.isalpha() and self.capitals):
            if operator == "or" and self.particle:
                # Before OR a stop word is one of the two: *who OR unesco*.
                self._add(self.stop_words.pop())
            self.particle = ""
            if not group.operator(operator):
                self._warn(*LONE_OPERATOR)
            return
        raw = self._unsigned(raw)
        if ":" in raw and (match := FIELD.fullmatch(raw)) and not raw.startswith("http"):
            raw = self._named(match[1], match[2])
            # title:-war leaves out as -title:war does.
            raw = self._unsigned(raw) if self.field else raw
        if raw:
            self._clause(raw)

    def _unsigned(self, raw: str) -> str:
        """Take the sign before a word that is to be left out, and return the word."""
        if raw[:1] not in NEGATIONS or len(raw) < 2:
            return raw
        if raw[0] == "!" or self.reading.hyphens:
            self.hyphens = self.hyphens or raw[0] != "!"
            self.groups[-1].operator("not")
        else:
            self._warn("hyphen_read_as_text", HYPHEN_AS_TEXT)
        return raw[1:]

    def _named(self, name: str, rest: str) -> str:
        """Take the name of a field; return the text it is for, if that follows at once."""
        folded = fold(name)
        if field := self.names.field(folded):
            self._leave_field()
            self.field = field
            return rest
        self._warn("unknown_field", self.names.refusal(folded, name))
        return f"{name} {rest}"

    def _clause(self, raw: str) -> None:
        if ADDRESS.match(raw):
            raw = self.warnings.address(raw, looked_for(raw, self.maker.is_code))
        text, suffix = (raw, "") if raw.isalnum() else self.warnings.ending(raw)
        found = list(typed_words(text))
        field, (negated, alternative) = self._take_field(), self.groups[-1].flags()
        if found and (code := self.maker.as_code(raw, suffix, found, field)):
            if all(map(self._may_take, found)):
                self._append(Operand(code, negated, alternative))
            return
        self.warnings.look_at(text, found)
        if len(found) == 1:
            self._typed(found[0], Group(field, negated, alternative), suffix)
            return
        # What was typed as one is one to the operators beside it: NOT man/woman, hamlet OR st.louis.
        group, silent = Group(field, negated, alternative), len(self.stop_words)
        self.groups.append(group)
        for typed in found:
            self._typed(typed, Group(field), suffix if typed is found[-1] else "")
        self.particle = ""
        if not group.operands and (negated or alternative):
            group.operands = self.stop_words[silent:]
            del self.stop_words[silent:]
        if group.operands:
            self._close_group()
        else:
            self.groups.pop()

    def _typed(self, typed: TypedWord, place: Group, suffix: str) -> None:
        """Take a word in a place: with its field and the operators that stand before it."""
        if not self._may_take(typed):
            return
        field, negated = place.field, place.negated
        particle = "" if negated or field != ANY_FIELD else self.particle
        clause = self.maker.word(replace(typed, particle=particle), field, suffix)
        plain = clause.word is not None and field == ANY_FIELD
        silent = is_silent(clause.word or "") and clause.word not in self.initials
        silent = silent and not (typed.is_acronym and not self.capitals)
        silent = silent and not (clause.word == NUMBER and self._is_number(typed.shown))
        self.after_name = typed.shown[:1].isupper() and not is_silent(typed.words[0])
        self._append(Operand(clause, negated, place.alternative, plain), silent=silent)

    def _is_number(self, shown: str) -> bool:
        """Tell whether an I is a number: a capital one after a name, or the end of a known phrase."""
        if shown.isupper() and self.after_name:
            return True
        return self.maker.is_numbered([operand.clause.word or "" for operand in self.groups[-1].operands])

    def _may_take(self, typed: TypedWord) -> bool:
        """Count the words of a typed one, silent ones apart, and tell whether all may be searched."""
        self.words += 0 if is_silent(typed.words[0]) else len(typed.words)
        if self.words > MAX_QUERY_WORDS:
            self.only_words = False
            self._warn("too_many_words", f"Only the first {MAX_QUERY_WORDS} words were searched.")
        return self.words <= MAX_QUERY_WORDS

    def _append(self, operand: Operand, *, silent: bool = False) -> None:
        is_word = operand.plain and not (operand.negated or operand.alternative)
        self.only_words = self.only_words and is_word
        self.sequence += operand.clause.sequence
        self.particle = ""
        if silent and is_word:
            self.particle = operand.clause.word or ""
            self.stop_words.append(operand)
        else:
            self._add(operand)

    def _add(self, operand: Operand) -> None:
        self.groups[-1].add(operand, self.maker.runs)

    def _phrase(self, text: str) -> None:
        field, flags = self._take_field(), self.groups[-1].flags()
        words = [typed for typed in typed_words(text) if self._may_take(typed)]
        if words:
            if field != CODE_FIELD:
                self.warnings.look_at(text, words)
            self.quoted, self.only_words = True, False
            self._add(Operand(self.maker.phrase(text, words, field), *flags))
        else:
            self._warn("empty_phrase", "Quotation marks with no words between them were left out.")

    def _finish(self, group: Group, text: str) -> Parsed:
        self._end_operators(group)
        operands = [one for operand in group.operands for one in operand.flat] or self.stop_words
        if not operands:
            if text.strip():
                self._warn("no_words", "There is no word to search for; these are all projects.")
            return Parsed(wq.Every(), wq.Every(), warnings=tuple(self.warnings.values()))
        if len(operands) > 1:
            operands = [replace(one, clause=without_year_as_code(one.clause)) for one in operands]
        clauses, runs = wanted_of(operands, self.maker.runs)
        unwanted = [operand.query for operand in operands if operand.negated]
        return Parsed(
            strict=all_of([*required(clauses, runs), *unwanted]),
            relaxed=all_of([wq.Or(wanted(clauses, runs)), *unwanted] if clauses else unwanted),
            clauses=tuple(clauses),
            runs=tuple(runs),
            sequence=tuple(self.sequence) if self.only_words else (),
            warnings=tuple(self.warnings.values()),
            quoted=self.quoted,
            hyphens=self.hyphens,
            reading=self.reading,
        )
