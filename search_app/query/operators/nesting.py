"""The groups of a text as it is read: what stands between parentheses, and what operators say of it.

A group has the operands that must be met, and beside them stop words, which a search does without while it
has other words. To an operator a stop word is a word as any: *the AND courts*, *labor OR (the who)*.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from whoosh import query as wq

from search_app.query.clause import Clause
from search_app.query.operators.combining import FindRuns, Operand, all_of, as_a_whole, required, wanted_of
from search_app.query.operators.marks import Operator
from search_app.query.repairs import LONE_OPERATOR

MAX_DEPTH = 5


@dataclass(slots=True)
class Group:
    """Operands being collected, between parentheses or at the top, and the operators before the next one.

    `silent` are its stop words; the last of them stands right before what comes next if it is `_waiting`.
    """

    field: str
    negated: bool = False
    alternative: bool = False
    operands: list[Operand] = dataclasses.field(default_factory=list)
    silent: list[Operand] = dataclasses.field(default_factory=list)
    _waiting: bool = False
    _next_negated: bool = False
    _next_joined: Literal["and", "or"] | None = None

    def add(self, operand: Operand, find: FindRuns) -> None:
        """Take an operand; one that OR joins to the operand before becomes one operand with it."""
        if operand.negated or operand.alternative:
            operand = as_a_whole(operand, find)
        if operand.alternative:
            before = as_a_whole((self.silent if self._waiting else self.operands).pop(), find)
            operand = _either(before, operand)
        self.operands.append(operand)
        self._waiting = False

    def add_silent(self, operand: Operand) -> None:
        """Take a stop word, or a group of nothing else."""
        self.silent.append(operand)
        self._waiting = True

    def operator(self, operator: Operator) -> bool:
        """Take an operator for the next operand; return False if it has nothing to work on."""
        if operator == "not":
            self._next_negated = not self._next_negated
        elif self._next_joined or not (self.operands or self.silent):
            return False
        else:
            self._next_joined = operator
        return True

    def flags(self) -> tuple[bool, bool]:
        """Give away what the operators said of the next operand: is it negated, is it an alternative."""
        flags = self._next_negated, self._next_joined == "or"
        self._next_negated, self._next_joined = False, None
        return flags

    @property
    def has_operator(self) -> bool:
        """Whether an operator waits for an operand."""
        return self._next_negated or self._next_joined is not None

    @property
    def is_silent(self) -> bool:
        """Whether a search does without all of it: stop words that no operator gives a meaning to."""
        return not (self.operands or self.negated or self.alternative)

    def as_operand(self, find: FindRuns) -> Operand | None:
        """Return the group as an operand of the group around it: of stop words where it has no other."""
        operands = self.operands or self.silent
        if not operands:
            return None
        members = () if self.negated else tuple(operands)
        return Operand(_together(operands, find), self.negated, self.alternative, members=members)


class Nesting:
    """The groups that are open while a text is read, the outermost first, and their parentheses."""

    def __init__(self, field: str, find: FindRuns, warn: Callable[[str, str], None]) -> None:
        self.groups = [Group(field)]
        self._find = find
        self._warn = warn
        # Parentheses too deep to be read, that are not closed yet.
        self._ignored = 0

    @property
    def here(self) -> Group:
        """The group that what comes next is in."""
        return self.groups[-1]

    @property
    def may_open(self) -> bool:
        """Whether a parenthesis opens a group here, or is left out."""
        return len(self.groups) <= MAX_DEPTH

    def leave_out(self) -> None:
        """Leave out an opening parenthesis that is too deep, and the one that closes it."""
        self._ignored += 1
        self._warn("too_deep", f"Parentheses deeper than {MAX_DEPTH} were left out.")

    def open(self, field: str) -> None:
        """Open a group: what is in it is looked for in a field."""
        self.groups.append(Group(field, *self.here.flags()))

    def add(self, operand: Operand) -> None:
        """Take an operand into the group that is open."""
        self.here.add(operand, self._find)

    def operator(self, operator: Operator) -> None:
        """Take an operator for the next operand."""
        if not self.here.operator(operator):
            self._warn(*LONE_OPERATOR)

    def close(self) -> None:
        """Take a closing parenthesis."""
        if self._ignored:
            self._ignored -= 1
        elif len(self.groups) == 1:
            self._warn("unopened_parenthesis", "A closing parenthesis without an opening one was left out.")
        elif not self.end_group():
            self._warn("empty_group", "Empty parentheses were left out.")

    def end_group(self) -> bool:
        """Give what is in the innermost group to the one around it; return whether there is anything."""
        group = self.groups.pop()
        self._end_operators(group)
        operand = group.as_operand(self._find)
        if operand and group.is_silent:
            self.here.add_silent(operand)
        elif operand:
            self.add(operand)
        return operand is not None

    def close_all(self) -> list[Operand]:
        """End the text, and return its operands: stop words if there are no others."""
        if len(self.groups) > 1 or self._ignored:
            self._warn("unclosed_parenthesis", "A parenthesis was not closed; it was closed at the end.")
        self._ignored = 0
        while len(self.groups) > 1:
            self.close()
        self._end_operators(self.here)
        return [one for operand in self.here.operands or self.here.silent for one in operand.flat]

    def _end_operators(self, group: Group) -> None:
        if group.has_operator:
            self._warn(*LONE_OPERATOR)


def _either(before: Operand, operand: Operand) -> Operand:
    """Return what OR makes of an operand, which may be the outcome of another OR, and the next one."""
    first = before.query
    queries = [*(first.subqueries if isinstance(first, wq.Or) else [first]), operand.query]
    text = f"{before.text} OR {operand.text}"
    stems = (*before.clause.stems, *operand.clause.stems)
    variants = (*before.clause.variants, *operand.clause.variants)
    written = before.clause.written | operand.clause.written
    return Operand(Clause(text, wq.Or(queries), stems, None, variants, written))


def _together(operands: list[Operand], find: FindRuns) -> Clause:
    """Return operands as the one clause that all of them make."""
    if len(operands) == 1 and not operands[0].negated:
        return as_a_whole(operands[0], find).clause
    wanted, runs = wanted_of(operands, find)
    text = " ".join(operand.text for operand in operands)
    variants = [form for operand in operands for form in operand.clause.variants]
    variants += [form for run in runs for form in run.texts]
    written = frozenset(form for operand in operands for form in operand.clause.written)
    unwanted = [operand.query for operand in operands if operand.negated]
    query = all_of([*required(wanted, runs), *unwanted])
    return Clause(f"({text})", query, variants=tuple(variants), written=written)
