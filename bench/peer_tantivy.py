"""Tantivy (Rust) as a peer, through its Python binding: one segment, one searcher, aggregations, snippets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tantivy

from bench.corpus import read_parts
from bench.engines import GRANTEES, HITS, SNIPPET_CHARACTERS, TITLE_WEIGHT, Page, Search
from bench.queries import Query
from bench.tables import installed
from indexer.document import Project

# One thread and room for 100,000 projects in one segment: many segments would make its searches slower.
WRITER_BYTES = 2_000_000_000
_TEXTS = ["title", "description", "grantee"]
_SNIPPETS = ("title", "description")
_FACETS = {
    "years": {"histogram": {"field": "start_year", "interval": 1.0, "min_doc_count": 1}},
    "grantees": {"terms": {"field": "grantee_name", "size": GRANTEES}},
}


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in _TEXTS:
        builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
    for name in ("id", "start_date", "end_date"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("grantee_name", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("start_year", fast=True)
    return builder.build()


class Tantivy:
    """Tantivy, an index folder."""

    name = "Tantivy"
    version = installed("tantivy") or ""

    def build(self, corpus: Path, folder: Path) -> None:
        """Index a corpus folder into an empty folder."""
        folder.mkdir(parents=True, exist_ok=True)
        schema = _schema()
        writer = tantivy.Index(schema, path=str(folder)).writer(WRITER_BYTES, num_threads=1)
        for project in read_parts(corpus):
            writer.add_document(tantivy.Document.from_dict(_fields(project), schema))
        writer.commit()
        writer.wait_merging_threads()

    @contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        """Open the index with one searcher for all queries."""
        made = tantivy.Index.open(str(folder))
        searcher = made.searcher()

        def _search(query: Query) -> Page:
            parsed = _parse(made, searcher, query)
            found = searcher.search(parsed, HITS)
            facets = searcher.aggregate(parsed, _FACETS)
            generators = [_generator(searcher, parsed, made.schema, name) for name in _SNIPPETS]
            hits = []
            for _, address in found.hits:
                document = searcher.doc(address)
                title, description = (one.snippet_from_doc(document).to_html() for one in generators)
                stored = document.to_dict()
                hits.append((stored["id"][0], stored, title, description))
            return Page(_total(found), hits, _counts(facets["years"]), _counts(facets["grantees"]))

        yield _search


def _parse(made: tantivy.Index, searcher: tantivy.Searcher, query: Query) -> tantivy.Query:
    words = " ".join(query.words)
    if query.way == "prefix":
        return _begun(made, searcher, words)
    text = f'"{words}"' if query.way == "phrase" else words
    return made.parse_query(text, _TEXTS, {"title": TITLE_WEIGHT}, conjunction_by_default=query.way == "all")


def _begun(made: tantivy.Index, searcher: tantivy.Searcher, letters: str) -> tantivy.Query:
    # The union of the terms that begin so: scored, marked, and faster than its regular expressions.
    terms = [
        tantivy.Query.term_query(made.schema, name, term)
        for name in _TEXTS
        for term, _ in searcher.terms_with_prefix(name, letters)
    ]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])


def _generator(
    searcher: tantivy.Searcher, query: tantivy.Query, schema: tantivy.Schema, name: str
) -> tantivy.SnippetGenerator:
    generator = tantivy.SnippetGenerator.create(searcher, query, schema, name)
    generator.set_max_num_chars(SNIPPET_CHARACTERS)
    return generator


def _total(found: tantivy.SearchResult) -> int:
    # The binding's type stubs leave `count` out.
    total: int = found.count  # type: ignore[attr-defined,unused-ignore]
    return total


def _counts(facet: dict[str, Any]) -> dict[Any, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in facet["buckets"]}


def _fields(project: Project) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": project.id,
        "title": project.title,
        "description": project.description,
        "grantee": project.grantee,
        "grantee_name": project.grantee,
        "start_date": project.start.isoformat() if project.start else "",
        "end_date": project.end.isoformat() if project.end else "",
    }
    return fields | ({"start_year": project.start.year} if project.start else {})
