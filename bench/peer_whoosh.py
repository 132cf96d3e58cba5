"""Stock Whoosh as a peer: its own index, parser, grouping and highlighter, as its documentation has them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from whoosh import fields, index, sorting, versionstring
from whoosh.analysis.analyzers import StemmingAnalyzer
from whoosh.qparser.default import MultifieldParser
from whoosh.qparser.syntax import AndGroup, OrGroup

from bench.corpus import read_parts
from bench.engines import GRANTEES, HITS, TITLE_WEIGHT, Page, Search
from bench.queries import Query
from indexer.document import Project

# Its default of 128 MB spills run after run to disk; this is the faster build.
WRITER_MEGABYTES = 512
# A number where there is no start date: its columns know no missing value.
NO_YEAR = 0
_TEXTS = ["title", "description", "grantee"]


def _schema() -> fields.Schema:
    # No stop words, as with every other engine here.
    texts = {name: fields.TEXT(StemmingAnalyzer(stoplist=None), stored=True) for name in _TEXTS}
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        grantee_name=fields.ID(sortable=True),
        start_year=fields.NUMERIC(int, sortable=True),
        start_date=fields.STORED,
        end_date=fields.STORED,
        **texts,
    )


class StockWhoosh:
    """Whoosh as it comes."""

    name = "stock Whoosh"
    version = versionstring()

    def build(self, corpus: Path, folder: Path) -> None:
        """Index a corpus folder into an empty folder, as one segment."""
        folder.mkdir(parents=True, exist_ok=True)
        with closing(index.create_in(str(folder), _schema())) as made:
            writer = made.writer(limitmb=WRITER_MEGABYTES)
            for project in read_parts(corpus):
                writer.add_document(**_fields(project))
            writer.commit(optimize=True)

    def update(self, corpus: Path, folder: Path) -> None:
        """Replace the documents of the projects that changed."""
        with closing(index.open_dir(str(folder))) as made:
            with made.searcher() as searcher:
                stored = {found["id"]: found for _, found in searcher.reader().iter_docs()}
            changed = [
                row for row in map(_fields, read_parts(corpus)) if _differs(stored.get(row["id"]), row)
            ]
            if changed:
                writer = made.writer(limitmb=WRITER_MEGABYTES)
                for row in changed:
                    writer.update_document(**row)
                writer.commit()

    @contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        """Open the index with one searcher for all queries."""
        with closing(index.open_dir(str(folder))) as made, made.searcher() as searcher:
            parsers = {
                way: MultifieldParser(_TEXTS, made.schema, {"title": TITLE_WEIGHT}, group=group)
                for way, group in (("all", AndGroup), ("any", OrGroup))
            }

            def _search(query: Query) -> Page:
                parsed = parsers["any" if query.way == "any" else "all"].parse(expression(query))
                results = searcher.search(parsed, limit=HITS, groupedby=_facets())
                hits = [
                    (hit["id"], hit.fields(), hit.highlights("title"), hit.highlights("description"))
                    for hit in results
                ]
                years, grantees = results.groups("year"), results.groups("grantee")
                top = sorted(grantees.items(), key=lambda group: -group[1])[:GRANTEES]
                return Page(len(results), hits, years, dict(top))

            yield _search


def expression(query: Query) -> str:
    """Return a query in the syntax of Whoosh's default parser."""
    words = " ".join(query.words)
    return {"phrase": f'"{words}"', "prefix": f"{words}*"}.get(query.way, words)


def _facets() -> dict[str, sorting.FacetType]:
    return {
        "year": sorting.FieldFacet("start_year", maptype=sorting.Count),
        "grantee": sorting.FieldFacet("grantee_name", maptype=sorting.Count),
    }


def _fields(project: Project) -> dict[str, Any]:
    return {
        "id": project.id,
        "title": project.title,
        "description": project.description,
        "grantee": project.grantee,
        "grantee_name": project.grantee,
        "start_year": project.start.year if project.start else NO_YEAR,
        "start_date": project.start.isoformat() if project.start else "",
        "end_date": project.end.isoformat() if project.end else "",
    }


def _differs(stored: dict[str, Any] | None, row: dict[str, Any]) -> bool:
    return stored is None or any(row[name] != value for name, value in stored.items())
