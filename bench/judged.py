"""A judged collection, and how good a ranking of it is.

A folder holds `docs.jsonl` (id, title, text), `queries.jsonl` (id, text) and `qrels.tsv` (query, document,
grade; 0 or less is not relevant). Measures are those of trec_eval: `ndcg_cut_10`, whose gain is the grade
itself (not 2^grade - 1), and `map`, over the queries that have a relevant document.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# The depths at which trec_eval's users report the two measures.
NDCG_DEPTH, MAP_DEPTH = 10, 1000
# Random sign flips of the paired test; enough for two digits of p.
FLIPS = 10_000

Ranker = Callable[[str], Sequence[str]]


# Told apart by identity: two folders may hold the same.
@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """Documents as (id, title, text), queries as (id, text), and grades by query and document."""

    name: str
    documents: tuple[tuple[str, str, str], ...]
    queries: tuple[tuple[str, str], ...]
    grades: Mapping[str, Mapping[str, int]]

    @classmethod
    def read(cls, folder: Path) -> Collection:
        """Read a folder; queries without a relevant document are left out."""
        documents = tuple(
            (str(row["id"]), row.get("title") or "", row.get("text") or "")
            for row in _rows(folder / "docs.jsonl")
        )
        grades: dict[str, dict[str, int]] = defaultdict(dict)
        for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
            query, document, grade = line.split("\t")
            if int(grade) > 0:
                grades[query][document] = int(grade)
        queries = ((str(row["id"]), row["text"]) for row in _rows(folder / "queries.jsonl"))
        judged = tuple((number, text) for number, text in queries if number in grades)
        return cls(folder.name, documents, judged, grades)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@dataclass(frozen=True, slots=True)
class Quality:
    """nDCG@10 and average precision by query, in the order of the collection's queries."""

    ndcg: tuple[float, ...]
    precision: tuple[float, ...]

    @property
    def mean_ndcg(self) -> float:
        """The mean of nDCG@10."""
        return float(np.mean(self.ndcg))

    @property
    def mean_precision(self) -> float:
        """The mean average precision (MAP)."""
        return float(np.mean(self.precision))


def judge(collection: Collection, ranker: Ranker) -> Quality:
    """Rank the documents for every query and measure the rankings."""
    ndcgs, precisions = [], []
    for number, text in collection.queries:
        ranked, grades = list(ranker(text))[:MAP_DEPTH], collection.grades[number]
        ndcgs.append(ndcg(ranked, grades))
        precisions.append(average_precision(ranked, grades))
    return Quality(tuple(ndcgs), tuple(precisions))


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = NDCG_DEPTH) -> float:
    """Return the normalised discounted cumulative gain (Järvelin & Kekäläinen 2002), gain = grade."""
    found = _discounted([grades.get(document, 0) for document in ranked[:depth]])
    return found / _discounted(sorted(grades.values(), reverse=True)[:depth])


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


def average_precision(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return the mean, over all relevant documents, of the precision where each is found."""
    field_positions = [place for place, document in enumerate(ranked, 1) if grades.get(document, 0) > 0]
    return sum(found / place for found, place in enumerate(field_positions, 1)) / len(grades)


def chance(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the p-value of the paired randomisation test, two-sided (Smucker et al. 2007)."""
    differences = np.array(one) - np.array(other)
    signs = np.random.default_rng(0).choice([-1.0, 1.0], (FLIPS, len(differences)))
    extreme = np.abs(signs @ differences) >= abs(differences.sum()) - 1e-12
    return float((extreme.sum() + 1) / (FLIPS + 1))
