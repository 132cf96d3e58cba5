"""What a text is read as in a cluster, and the hits of its answers: status, score, what is missing, why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from whoosh import query as wq

from indexer.cluster.mappings import SEEN
from indexer.document import Project, status_on
from indexer.storage.days import date_of
from indexer.storage.history.moments import When, time_of
from indexer.storage.own_fields import OwnField
from indexer.storage.schema import ANY_FIELD, TEXT_FIELDS
from search_app.backend.returned import Ranked
from search_app.cluster.asking.extras import PROXIMITY, TITLE, WRITTEN
from search_app.cluster.wording.weighing import Weights
from search_app.query.meaning.lifting import CLOSE
from search_app.query.parsing import Parsed
from search_app.results import Fields, FieldValue, Money, RelaxedTo, ScorePart

# When a project was first seen and last changed.
SEEN_FIELDS = tuple(f"m_{one.name}" for one in SEEN)


@dataclass(frozen=True, slots=True)
class Read:
    """How a text was read: the tree that is looked for, and what it was relaxed to."""

    parsed: Parsed
    tree: wq.Query
    relaxed_to: RelaxedTo | None

    @property
    def names(self) -> dict[int, str]:
        """What the nodes of clauses and runs are called, by `id()`."""
        clauses = {id(one.query): f"clause {number}" for number, one in enumerate(self.parsed.clauses)}
        return {**clauses, **{id(one.query): f"run {number}" for number, one in enumerate(self.parsed.runs)}}

    @property
    def all_required(self) -> bool:
        """Whether whatever is found has every clause."""
        return self.tree is self.parsed.strict and not self.parsed.runs


@dataclass(frozen=True, slots=True)
class Row:
    """A hit as the cluster gives it."""

    hit: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The id of the project, where the fields have it."""
        return str(self.hit["fields"]["id"][0])

    @property
    def project(self) -> Project:
        """The project that is stored."""
        return Project.from_stored(self.hit["_source"]["stored"].encode())

    @property
    def score(self) -> float:
        """What it scored, 0 where nothing is scored."""
        return float(self.hit.get("_score") or 0.0)

    @property
    def lift(self) -> float:
        """What its meaning added to its score."""
        return float(self.hit.get("_lift", 0.0))

    @property
    def when(self) -> When:
        """When the project was first seen and last changed."""
        stored = self.hit.get("fields", {})
        return When(*(time_of(int(stored.get(name, (0,))[0])) for name in SEEN_FIELDS))

    def fields(self, declared: Sequence[OwnField], project: Project) -> Fields:
        """Return the values of the own fields."""
        stored, extra = self.hit.get("fields", {}), dict(project.extra)
        found = {field.name: _value(field, stored, extra) for field in declared}
        return {name: value for name, value in found.items() if value is not None}

    def ranked(
        self, read: Read, as_of: date, project: Project, weigh: Callable[[], Weights] | None
    ) -> Ranked:
        """Return where it stands; explained if there is `weigh`, which weighs its terms."""
        status = status_on(as_of, project.start, project.end)
        scores = self._named()
        missing = frozenset() if read.all_required else _missing(read.parsed, scores)
        why = _explanation(read, scores, weigh()) if weigh else ()
        if weigh and self.lift:
            why = (*why, ScorePart(CLOSE, None, self.lift))
        return Ranked(status, self.score, missing, why)

    def _named(self) -> dict[str, float]:
        named = self.hit.get("matched_queries", {})
        return dict(named) if isinstance(named, Mapping) else dict.fromkeys(named, 1.0)


def _value(field: OwnField, stored: Mapping[str, Any], extra: Mapping[str, str]) -> FieldValue | None:
    match field.type:
        case "keyword":
            return tuple(stored.get(f"w_{field.name}", ())) or None
        case "money" | "number":
            numbers = stored.get(f"n_{field.name}")
            if not numbers:
                return None
            currency = next(iter(stored.get(f"c_{field.name}", ())), "")
            return float(numbers[0]) if field.type == "number" else Money(float(numbers[0]), currency)
        case "date":
            days = stored.get(f"d_{field.name}")
            return date_of(int(days[0])) if days else None
        case _:
            return next((text for column in field.columns if (text := extra.get(column))), None)


def stored_fields(declared: Sequence[OwnField]) -> list[str]:
    """Return the fields whose values come with each hit."""
    kinds = {"keyword": ("w",), "money": ("n", "c"), "number": ("n",), "date": ("d",)}
    own = [f"{kind}_{field.name}" for field in declared for kind in kinds.get(field.type, ())]
    return [*SEEN_FIELDS, *own]


def _missing(parsed: Parsed, scores: Mapping[str, float]) -> frozenset[int]:
    covered = {number for number in range(len(parsed.clauses)) if f"clause {number}" in scores}
    for number, run in enumerate(parsed.runs):
        if f"run {number}" in scores:
            covered.update(range(run.first, run.last))
    return frozenset(range(len(parsed.clauses))) - covered


def _explanation(read: Read, scores: Mapping[str, float], weights: Weights) -> tuple[ScorePart, ...]:
    """Return the parts of a score: the clauses, or the variant of a run that beat them, and the bonuses.

    Where every clause is required, those of a run count only together.
    """
    parsed = read.parsed
    own = [scores.get(f"clause {number}", 0.0) for number in range(len(parsed.clauses))]
    parts: list[ScorePart] = []
    shadowed: set[int] = set()
    for number, run in enumerate(parsed.runs):
        clauses = own[run.first : run.last]
        counted = read.tree is parsed.relaxed or all(clauses)
        if scores.get(f"run {number}", 0.0) > (sum(clauses) if counted else 0.0):
            shadowed.update(range(run.first, run.last))
            parts.append(ScorePart(" / ".join(run.texts), None, scores[f"run {number}"]))
    for number, (clause, score) in enumerate(zip(parsed.clauses, own, strict=True)):
        if score and number not in shadowed:
            parts += _by_field(clause.text, clause.query, score, weights)
    parts += [ScorePart(name, None, scores[name]) for name in (PROXIMITY, TITLE, WRITTEN) if scores.get(name)]
    return tuple(parts)


def _by_field(name: str, tree: wq.Query, score: float, weights: Weights) -> list[ScorePart]:
    """Divide a word's score among the fields by the weight of its occurrences there."""
    leaves = tree.subqueries if isinstance(tree, wq.DisjunctionMax) else [tree]
    words = [one for one in leaves if isinstance(one, wq.Term) and one.fieldname == ANY_FIELD]
    none = [0.0] * len(TEXT_FIELDS)
    shares = [sum(weights.get(one.text, none)[field] for one in words) for field in range(len(TEXT_FIELDS))]
    if len(words) < len(leaves) or not sum(shares):
        return [ScorePart(name, None, score)]
    return [
        ScorePart(name, field, score * share / sum(shares))
        for field, share in zip(TEXT_FIELDS, shares, strict=True)
        if share
    ]
