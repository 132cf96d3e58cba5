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
from search_app.query.clause import is_decade, without_year_as_code
from search_app.query.clauses import EVERY_FORM, ClauseMaker, Reading
from search_app.query.operators.capitals import is_in_capitals
from search_app.query.operators.combining import Operand, all_of, required, wanted, wanted_of
from search_app.query.operators.marks import FIELD, LEXEMES, NEGATIONS, OPERATORS, with_plain_quotes
from search_app.query.operators.nesting import Group, Nesting
from search_app.query.parsed import HYPHEN_AS_TEXT, Parsed
from search_app.query.pasted import ADDRESS, looked_for, unescaped
from search_app.query.repairs import Repairs
from search_app.query.typed import TypedWord, typed_words
from search_app.words.field_names import CODE_FIELD
from search_app.words.initials import before_names
from search_app.words.synonyms import NUMBER
from search_app.words.vocabulary import Vocabulary

__all__ = ["Parsed", "Reading", "parse"]

# More words than even a long question has without its stop words; each word costs passes over its postings.
MAX_QUERY_WORDS = 64


def parse(text: str, vocabulary: Vocabulary, reading: Reading = EVERY_FORM) -> Parsed:
    """Parse what a person typed; `reading` tells in how many forms words are looked for."""
    return _Parser(vocabulary, reading).parse(text)


class _Parser:
    def __init__(self, vocabulary: Vocabulary, reading: Reading) -> None:
        self.vocabulary, self.reading = vocabulary, reading
        self.warnings = Repairs()
        self._warn = self.warnings.add
        self.maker = ClauseMaker(vocabulary, self._warn, reading)
        self.nesting = Nesting(ANY_FIELD, self.maker.runs, self._warn)
        # A title in capitals has no operators in capitals.
        self.capitals = False
        self.initials: frozenset[str] = frozenset()
        self.words = 0
        # The field that waits for the word, phrase or group after its colon.
        self.field = ""
        # The last word if it is a stop word, and the next one follows it.
        self.particle = ""
        # Whether the last word is no stop word and begins with a capital.
        self.after_name = False
        # What the text has: a phrase in quotes, a hyphen that leaves out, nothing but words.
        self.quoted = False
        self.hyphens = False
        self.only_words = True
        self.sequence: list[tuple[str, ...]] = []

    def parse(self, text: str) -> Parsed:
        """Parse the one text that this parser is for."""
        plain = self.warnings.escapes(text, unescaped(text))
        self.capitals = is_in_capitals(plain, self.vocabulary)
        self.initials = before_names(plain, self.vocabulary)
        read = self.warnings.distances(with_plain_quotes(as_stored(plain)))
        for lexeme in LEXEMES.finditer(read):
            self._take(lexeme)
        self._leave_field()
        return self._finish(self.nesting.close_all(), text)

    def _take(self, lexeme: re.Match[str]) -> None:
        kind = lexeme.lastgroup
        if kind != "word":
            self.particle, self.after_name = "", False
            self.warnings.look_after(lexeme["closed"] or lexeme["close"] or "")
        if kind == "open":
            self._open()
        elif kind == "close":
            self._leave_field()
            self.nesting.close()
        elif kind == "not":
            self.nesting.operator("not")
        elif kind == "word":
            self._word(lexeme["word"])
        else:
            if not lexeme["closed"]:
                self._warn("unclosed_quote", "A quotation mark was not closed; it was closed at the end.")
            self._phrase(lexeme["phrase"])

    def _take_field(self) -> str:
        """Return the field of the next clause."""
        field, self.field = self.field or self.nesting.here.field, ""
        return field

    def _leave_field(self) -> None:
        if self.field:
            self._warn("empty_field", f"Nothing follows “{self.field}:”; it was left out.")
        self.field = ""

    def _open(self) -> None:
        if self.nesting.may_open:
            self.only_words = False
            self.nesting.open(self._take_field())
        else:
            self.nesting.leave_out()

    def _word(self, raw: str) -> None:
        if (operator := OPERATORS.get(raw)) and not (raw.isalpha() and self.capitals):
            self.particle = ""
            self.nesting.operator(operator)
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
        # A mark before nothing but marks leaves nothing out: "--", "->".
        if raw[:1] not in NEGATIONS or not any(map(str.isalnum, raw)):
            return raw
        if raw[0] == "!" or self.reading.hyphens:
            self.hyphens = self.hyphens or raw[0] != "!"
            self.nesting.operator("not")
        else:
            self._warn("hyphen_read_as_text", HYPHEN_AS_TEXT)
        return raw[1:]

    def _named(self, name: str, rest: str) -> str:
        """Take the name of a field, or a word before a colon of prose; return the text that follows."""
        folded, names = fold(name), self.vocabulary.field_names
        if field := names.field(folded):
            self._leave_field()
            self.field = field
            return rest
        if rest or names.is_other(folded):
            self._warn("unknown_field", *names.refusal(folded, name))
        return f"{name} {rest}"

    def _clause(self, raw: str) -> None:
        if ADDRESS.match(raw):
            raw = self.warnings.address(raw, looked_for(raw, self.maker.is_code))
        text, suffix = (raw, "") if raw.isalnum() else self.warnings.ending(raw)
        found = list(typed_words(text))
        if not found:
            # It is left out, and the operator and the field before it are for what comes next.
            self.warnings.look_at(text, found)
            self.particle = ""
            return
        field, flags = self._take_field(), self.nesting.here.flags()
        if code := self.maker.as_code(raw, suffix, found, field):
            if all(map(self._may_take, found)):
                self._append(Operand(code, *flags))
            return
        self.warnings.look_at(text, found)
        if len(found) == 1:
            self._typed(found[0], Group(field, *flags), suffix)
        else:
            # What was typed as one is one to the operators beside it: NOT man/woman, hamlet OR st.louis.
            self.nesting.groups.append(Group(field, *flags))
            for typed in found:
                self._typed(typed, Group(field), suffix if typed is found[-1] else "")
            self.particle = ""
            self.nesting.end_group()

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
        return self.maker.is_numbered([operand.clause.word or "" for operand in self.nesting.here.operands])

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
            self.nesting.here.add_silent(operand)
        else:
            self.nesting.add(operand)

    def _phrase(self, text: str) -> None:
        field, flags = self._take_field(), self.nesting.here.flags()
        words = [typed for typed in typed_words(text) if self._may_take(typed)]
        if words:
            if field != CODE_FIELD:
                self.warnings.look_at(text, words)
            self.quoted, self.only_words = True, False
            self.nesting.add(Operand(self.maker.phrase(text, words, field), *flags))
        else:
            self._warn("empty_phrase", "Quotation marks with no words between them were left out.")

    def _finish(self, operands: list[Operand], text: str) -> Parsed:
        if not operands:
            if text.strip():
                self._warn("no_words", "There is no word to search for; these are all projects.")
            return Parsed(wq.Every(), wq.Every(), warnings=tuple(self.warnings.values()))
        if len(operands) > 1 or self.nesting.here.silent or is_decade(text):
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
