"""Xapian (C++) as a peer, where its Python binding can be imported: match spies for facets, MSet.snippet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import xapian

from bench.corpus import read_parts, row
from bench.engines import GRANTEES, HITS, SNIPPET_CHARACTERS, TITLE_WEIGHT, Page, Search
from bench.queries import Query
from indexer.document import Project

YEAR_SLOT, GRANTEE_SLOT = 0, 1
_FLAGS = xapian.QueryParser.FLAG_PHRASE | xapian.QueryParser.FLAG_WILDCARD | xapian.QueryParser.FLAG_BOOLEAN
_STEMMER = "english"


class Xapian:
    """Xapian, a compacted database folder."""

    name = "Xapian"
    version = xapian.version_string()

    def build(self, corpus: Path, folder: Path) -> None:
        """Index a corpus folder into an empty folder."""
        folder.mkdir(parents=True, exist_ok=True)
        with closing(
            xapian.WritableDatabase(str(folder / "projects"), xapian.DB_CREATE_OR_OVERWRITE)
        ) as made:
            generator = xapian.TermGenerator()
            generator.set_stemmer(xapian.Stem(_STEMMER))
            for project in read_parts(corpus):
                made.add_document(_document(generator, project))
            made.commit()

    @contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        """Open the database for searching."""
        with closing(xapian.Database(str(folder / "projects"))) as made:
            stemmer, enquire, documents = xapian.Stem(_STEMMER), xapian.Enquire(made), made.get_doccount()

            def _search(query: Query) -> Page:
                spies = xapian.ValueCountMatchSpy(YEAR_SLOT), xapian.ValueCountMatchSpy(GRANTEE_SLOT)
                enquire.clear_matchspies()
                for spy in spies:
                    enquire.add_matchspy(spy)
                enquire.set_query(_parse(made, stemmer, query))
                found = enquire.get_mset(0, HITS, documents)
                hits = [_hit(found, stemmer, match.document) for match in found]
                years = {int(value.term): value.termfreq for value in spies[0].values() if value.term}
                top = {value.term.decode(): value.termfreq for value in spies[1].top_values(GRANTEES)}
                return Page(found.get_matches_estimated(), hits, years, top)

            yield _search


def _parse(made: xapian.Database, stemmer: xapian.Stem, query: Query) -> xapian.Query:
    parser = xapian.QueryParser()
    parser.set_database(made)
    parser.set_stemmer(stemmer)
    parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
    parser.set_default_op(xapian.Query.OP_OR if query.way == "any" else xapian.Query.OP_AND)
    words = " ".join(query.words)
    text = {"phrase": f'"{words}"', "prefix": f"{words}*"}.get(query.way, words)
    return parser.parse_query(text, _FLAGS)


def _hit(
    found: xapian.MSet, stemmer: xapian.Stem, document: xapian.Document
) -> tuple[str, object, object, object]:
    stored = json.loads(document.get_data())
    title, description = (
        found.snippet(stored[name], SNIPPET_CHARACTERS, stemmer) for name in ("title", "description")
    )
    return (stored["id"], stored, title, description)


def _document(generator: xapian.TermGenerator, project: Project) -> xapian.Document:
    document = xapian.Document()
    generator.set_document(document)
    generator.index_text(project.title, int(TITLE_WEIGHT))
    for text in (project.description, project.grantee):
        generator.increase_termpos()
        generator.index_text(text)
    document.set_data(json.dumps(row(project)))
    document.add_value(YEAR_SLOT, str(project.start.year) if project.start else "")
    document.add_value(GRANTEE_SLOT, project.grantee)
    return document
