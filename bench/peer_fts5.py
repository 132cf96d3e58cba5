"""SQLite FTS5 as a peer: an external-content table, bm25(), highlight(), snippet(), GROUP BY."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.corpus import read_parts
from bench.engines import GRANTEES, HITS, SNIPPET_WORDS, TITLE_WEIGHT, Page, Search
from bench.queries import Query
from indexer.document import Project

# The long description comes last: counting years and grantees then never reads it.
_SCHEMA = f"""
CREATE TABLE projects (
  number INTEGER PRIMARY KEY, id TEXT UNIQUE, start_year INTEGER, start_date TEXT, end_date TEXT,
  grantee TEXT, title TEXT, description TEXT
);
CREATE VIRTUAL TABLE words USING fts5 (
  title, description, grantee, content="projects", content_rowid="number", tokenize="porter unicode61"
);
INSERT INTO words (words, rank) VALUES ('rank', 'bm25({TITLE_WEIGHT}, 1.0, 1.0)');
"""
_COLUMNS = "id, start_year, start_date, end_date, grantee, title, description"
_INSERT = f"INSERT INTO projects ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
# An external-content table is told what it loses: https://sqlite.org/fts5.html#external_content_tables
_FORGET = (
    "INSERT INTO words (words, rowid, title, description, grantee) "
    "SELECT 'delete', number, title, description, grantee FROM projects WHERE id = ?"
)
_DELETE = "DELETE FROM projects WHERE id = ?"
_LEARN = (
    "INSERT INTO words (rowid, title, description, grantee) "
    "SELECT number, title, description, grantee FROM projects WHERE id = ?"
)
_STORED = f"SELECT {_COLUMNS} FROM projects"

_HITS = f"""
SELECT id, projects.title, projects.description, projects.grantee, start_date, end_date,
       highlight(words, 0, '<b>', '</b>'), snippet(words, 1, '<b>', '</b>', '…', {SNIPPET_WORDS})
FROM words JOIN projects ON number = words.rowid WHERE words MATCH ? ORDER BY rank LIMIT {HITS}
"""
# One pass over the matches for both facets: measured faster than a query for each.
_FACETS = f"""
WITH found AS MATERIALIZED (
  SELECT start_year, projects.grantee FROM words JOIN projects ON number = words.rowid WHERE words MATCH ?
)
SELECT 'year', start_year, count(*) FROM found GROUP BY 2
UNION ALL SELECT * FROM (
  SELECT 'grantee', grantee, count(*) FROM found GROUP BY 2 ORDER BY 3 DESC LIMIT {GRANTEES}
)
"""

_Row = tuple[str | int | None, ...]


class Fts5:
    """SQLite FTS5, a database file in the index folder."""

    name = "SQLite FTS5"
    version = sqlite3.sqlite_version

    def build(self, corpus: Path, folder: Path) -> None:
        """Index a corpus folder into an empty folder."""
        folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(folder / "projects.db")) as database, database:
            database.executescript(_SCHEMA)
            database.executemany(_INSERT, map(_row, read_parts(corpus)))
            database.execute("INSERT INTO words (words) VALUES ('rebuild')")

    def update(self, corpus: Path, folder: Path) -> None:
        """Replace the rows of the projects that changed."""
        with closing(sqlite3.connect(folder / "projects.db")) as database, database:
            stored = {row[0]: row for row in database.execute(_STORED)}
            for row in map(_row, read_parts(corpus)):
                if stored.get(row[0]) != row:
                    for statement in (_FORGET, _DELETE):
                        database.execute(statement, row[:1])
                    database.execute(_INSERT, row)
                    database.execute(_LEARN, row[:1])

    @contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        """Open the database for searching."""
        with closing(sqlite3.connect(folder / "projects.db")) as database:

            def _search(query: Query) -> Page:
                match = (expression(query),)
                hits = [
                    (row[0], row[1:6], row[6], row[7]) for row in database.execute(_HITS, match).fetchall()
                ]
                facets = database.execute(_FACETS, match).fetchall()
                years = {value: count for facet, value, count in facets if facet == "year"}
                grantees = {value: count for facet, value, count in facets if facet == "grantee"}
                return Page(sum(years.values()), hits, years, grantees)

            yield _search


def expression(query: Query) -> str:
    """Return a query in FTS5's syntax."""
    quoted = [f'"{word}"' for word in query.words]
    match query.way:
        case "all":
            return " AND ".join(quoted)
        case "any":
            return " OR ".join(quoted)
        case "phrase":
            return f'"{" ".join(query.words)}"'
        case "prefix":
            return f"{quoted[0]} *"


def _row(project: Project) -> _Row:
    start = project.start.isoformat() if project.start else None
    end = project.end.isoformat() if project.end else None
    year = project.start.year if project.start else None
    return (project.id, year, start, end, project.grantee, project.title, project.description)
