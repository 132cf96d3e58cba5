"""A facet of names over a cluster: the most frequent, those that are chosen, and how many more there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search_app.cluster.asking.translation import Query
from search_app.cluster.counting.sums import Answers
from search_app.facets.keywords import unknown_bucket
from search_app.facets.specs import FacetSpec
from search_app.request import UNKNOWN
from search_app.results import Bucket, Facet

# Values of a facet that each shard counts: all of them, up to what a cluster lets one request have.
MOST_COUNTED = 50_000
# So many values are sent at least, so that of a facet with no more of them their number is exact; of others
# it is estimated, as finely as a cluster can: among thousands it may be one or two off.
COUNTED_EXACTLY, FINEST = 500, 40_000


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one field in an index of so many projects: how many are distinct, and how they are shown.

    A name that `labels` has not is shown as it is.
    """

    distinct: int
    projects: int
    labels: Mapping[str, str]

    def found(self, name: str, answers: Answers) -> int:
        """Return how many names there are in what was counted."""
        if not answers[name]["sum_other_doc_count"]:
            return len(answers[name]["buckets"]) + bool(answers[f"{name}_said"]["doc_count"])
        if answers["doc_count"] == self.projects:
            return self.distinct
        return min(self.distinct, int(answers[f"{name}_distinct"]["value"]))


def name_queries(
    name: str, field: str, distinct: int, chosen: Sequence[str], listed: int
) -> dict[str, Query]:
    """Return the aggregations of a facet of names, of which the index has so many distinct ones.

    A name that says "unknown" is none.
    """
    size = min(max(distinct, 1), MOST_COUNTED)
    listed = max(1, min(max(listed, min(size, COUNTED_EXACTLY)), MOST_COUNTED))
    by_count = [{"_count": "desc"}, {"_key": "asc"}]
    found: dict[str, Query] = {
        name: {
            "terms": {
                "field": field,
                "size": listed,
                "shard_size": max(size, listed),
                "exclude": [UNKNOWN],
                "order": by_count,
            }
        },
        f"{name}_none": {"missing": {"field": field}},
        f"{name}_said": {"filter": {"term": {field: UNKNOWN}}},
        f"{name}_distinct": {"cardinality": {"field": field, "precision_threshold": FINEST}},
    }
    if chosen:
        found[f"{name}_chosen"] = {"terms": {"field": field, "include": list(chosen), "size": len(chosen)}}
    return found


def named_facet(
    spec: FacetSpec,
    chosen: Mapping[str, Sequence[str]],
    answers: Answers,
    names: Names,
    listed: int,
) -> Facet:
    """Return the facet of names with the `listed` most frequent ones.

    `chosen` has for each value that is chosen the names that it stands for.
    """
    name = spec.name
    counts = {one["key"]: one["doc_count"] for one in answers[name]["buckets"][:listed]}
    asked = {one["key"]: one["doc_count"] for one in answers.get(f"{name}_chosen", {}).get("buckets", [])}
    value_of = {text: value for value, texts in chosen.items() for text in texts if value != UNKNOWN}
    shown = {text: names.labels.get(text, text) for text in (*counts, *value_of)}
    buckets = [
        Bucket(value_of.get(text, shown[text]), shown[text], count, text in value_of)
        for text, count in counts.items()
    ]
    said = answers[f"{name}_said"]["doc_count"]
    unknown = answers[f"{name}_none"]["doc_count"] + said
    others: list[Bucket] = []
    nameless: list[Bucket] = []
    for value, texts in chosen.items():
        if value == UNKNOWN:
            nameless.append(unknown_bucket(unknown))
            continue
        others += [
            Bucket(value, shown[one], asked.get(one, 0), selected=True) for one in texts if one not in counts
        ]
        nameless += [] if texts else [Bucket(value, value, 0, selected=True)]
    more = names.found(name, answers) - sum(1 for one in (*buckets, *others) if one.count)
    more -= said > 0
    # Of names that a project has one of, those chosen stand in the order in which they were; of others, what
    # no project has comes after what some have, and "unknown" last.
    order = list(chosen)
    in_order = spec.name == "grantee"
    nameless.sort(key=lambda one: (one.value == UNKNOWN, order.index(one.value)))
    buckets += (
        sorted((*others, *nameless), key=lambda one: order.index(one.value))
        if in_order
        else [*others, *nameless]
    )
    return Facet(spec.name, spec.label, "terms", tuple(buckets), unknown, max(0, more))
