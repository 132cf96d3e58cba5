"""How a generation is laid out in OpenSearch: settings, and a field for each thing that is asked.

Terms are ours, not theirs: each project is sent as the stems and words that our analysis gave it.

    impact                  stem|frequency and =word|frequency, the weighted, length-normalised frequency of
                            BM25F times `scale`; under BM25 with b = 0 and k1 = 1.2 scale it scores as we do
    title_impact …          the same in one field
    title, description, grantee, fields   stems and =words by position, for phrases and nearness
    start, end              days since 1970
    span                    start year * 10,000 + end year, 0 for unknown: years are counted from it
    id, code, grantee_name  exact values
    title_order …           folded, to sort by
    k_NAME, n_NAME, c_NAME, d_NAME   own fields: names, numbers, currencies, days;
                            of a name the first spelling, and in w_NAME as it is spelled
    f_NAME, f_NAME_impact   the words of one own field; those of all are in `fields`
    d_added, m_added …      when it was first seen, and last changed: the day, and microseconds since 1970
    stored                  the project, as an index on one machine stores it; not indexed

A term that every project has makes the number of documents the same in each idf.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from indexer.storage.own_fields import OwnField, searched_of
from indexer.storage.schema import K1, TEXT_FIELDS, B
from indexer.text.surface import INNER

# Raised when the layout changes its meaning: an index of another one is not read.
LAYOUT = 1
# Joins the forms that stand at one position, is the term of every project, and stands where nothing does.
BESIDE, EVERYWHERE, GAP = (
    "\N{SYMBOL FOR UNIT SEPARATOR}",
    "\N{SYMBOL FOR START OF TEXT}",
    "\N{SYMBOL FOR NULL}",
)
# Before a word as written, which is told so from a stem.
WORD = "="
# Before the name of an own field whose words are searched: not even one called "title" is the title.
OWN_WORDS = "f_"
# Stands for what begins the halves of an inner word (`text.surface`), which Java takes for a space.
_HALF = "\N{SYMBOL FOR RECORD SEPARATOR}"
# What the history says of a project, mapped as own fields with dates are: first seen, last changed.
SEEN = (OwnField("added", "First seen", "date"), OwnField("changed", "Last changed", "date"))
# Lucene refuses a longer exact value: it is left out of facets, and sorted by its beginning.
LONGEST_VALUE = 8_000
# How much more than in the others a word counts in a title; a phrase there has it in its k1.
TITLE_WEIGHT = 2.0

# A text by its terms and how often they are there, and by where they stand.
IMPACTS = {
    "type": "text", "analyzer": "impacts", "search_analyzer": "places",
    "index_options": "freqs", "norms": False, "similarity": "impacts",
}  # fmt: skip
# Whatever an index template of somebody else wants done to what is written or found.
UNTOUCHED = {"default_pipeline": "_none", "final_pipeline": "_none", "search.default_pipeline": "_none"}
PLACES = {"type": "text", "analyzer": "places", "similarity": "texts"}


def written(word: str) -> str:
    """Return a folded word of the index as it stands beside stems: =court."""
    return WORD + word.replace(INNER, _HALF)


def body(
    scale: float, fields: Sequence[OwnField], meta: Mapping[str, Any], shards: int, replicas: int
) -> dict[str, Any]:
    """Return the body that creates an index; it has no replicas until it is filled."""
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": 0,
            "refresh_interval": "-1",
            "merge.policy.expunge_deletes_allowed": 0,
            "max_result_window": 10_000,
            **UNTOUCHED,
            "similarity": {
                "impacts": {"type": "BM25", "k1": K1 * scale, "b": 0.0},
                "titles": {"type": "BM25", "k1": K1 / TITLE_WEIGHT, "b": B},
                "texts": {"type": "BM25", "k1": K1, "b": B},
            },
            "analysis": _analysis(),
        },
        "mappings": {
            "dynamic": False,
            "_meta": {**meta, "replicas": replicas},
            "_source": {"enabled": True, "includes": ["stored"]},
            "properties": {**_properties(), **dict(_own((*fields, *SEEN)))},
        },
    }


def kept(numbers: Sequence[str], texts: Sequence[str], **settings: object) -> dict[str, Any]:
    """Return the body that creates an index of documents that are kept: some `numbers` are looked for.

    Every field is named, for a template of somebody else may have another type for it.
    """
    fields: dict[str, Any] = {name: {"type": "integer"} for name in numbers}
    fields |= {name: {"type": "keyword", "index": False, "doc_values": False} for name in texts}
    return {
        "settings": {"number_of_shards": 1, **settings, **UNTOUCHED},
        "mappings": {"dynamic": False, "_source": {"enabled": True}, "properties": fields},
    }


def _analysis() -> dict[str, Any]:
    return {
        "filter": {
            "frequency": {"type": "delimited_term_freq", "delimiter": "|"},
            "beside": {
                "type": "pattern_capture",
                "preserve_original": False,
                "patterns": [f"([^{BESIDE}]+)"],
            },
            "gaps": {"type": "stop", "stopwords": [GAP]},
        },
        "analyzer": {
            "impacts": {"type": "custom", "tokenizer": "words", "filter": ["frequency"]},
            "places": {"type": "custom", "tokenizer": "words", "filter": ["beside", "gaps"]},
        },
        "tokenizer": {"words": {"type": "whitespace", "max_token_length": 100_000}},
    }


def _properties() -> dict[str, Any]:
    ordering = {"type": "keyword", "ignore_above": LONGEST_VALUE}
    return {
        "stored": {"type": "object", "enabled": False},
        "impact": IMPACTS,
        **{f"{name}_impact": IMPACTS for name in TEXT_FIELDS},
        **{name: {**PLACES, "similarity": "titles" if name == "title" else "texts"} for name in TEXT_FIELDS},
        "id": {"type": "keyword"},
        "code": {"type": "keyword"},
        **{f"m_{one.name}": {"type": "long"} for one in SEEN},
        "start": {"type": "integer"},
        "end": {"type": "integer"},
        "start_year": {"type": "integer"},
        "span": {"type": "integer"},
        "grantee_name": {"type": "keyword", "ignore_above": LONGEST_VALUE},
        "title_order": ordering,
        "grantee_order": ordering,
    }


def _own(fields: Sequence[OwnField]) -> Iterator[tuple[str, dict[str, Any]]]:
    searched = searched_of(fields)
    for one in fields:
        if one in searched:
            yield f"{OWN_WORDS}{one.name}", PLACES
            yield f"{OWN_WORDS}{one.name}_impact", IMPACTS
        match one.type:
            case "keyword":
                yield f"k_{one.name}", {"type": "keyword", "ignore_above": LONGEST_VALUE}
                yield f"w_{one.name}", {"type": "keyword", "ignore_above": LONGEST_VALUE}
            case "money" | "number":
                yield f"n_{one.name}", {"type": "double"}
                yield f"c_{one.name}", {"type": "keyword"}
            case "date":
                yield f"d_{one.name}", {"type": "integer"}
