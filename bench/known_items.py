"""Make judged collections out of a list of grants: each query is a text of one project, which is to be found.

`python -m bench.known_items GRANTS.jsonl.gz FOLDER` writes two: `titles`, whose queries are titles and whose
documents are the descriptions alone, and `sentences`, whose queries are last sentences and whose documents
have the title and the rest. `bench.ranking` reads them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from bench.corpus import read
from indexer.document import Project
from indexer.text.sentences import sentences

SEED = 7
# Words that a description must have to be found by, and that a title or a sentence must have to be a query.
LEAST_WORDS, LEAST_OF_TITLE, LEAST_OF_SENTENCE = 40, 4, 8

Row = dict[str, str]


@click.command()
@click.argument("grants", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--documents", default=12_000, show_default=True)
@click.option("--queries", default=400, show_default=True)
def main(grants: Path, folder: Path, documents: int, queries: int) -> None:
    """Write the collections `titles` and `sentences` below FOLDER."""
    told = [one for one in read(grants) if len(one.description.split()) > LEAST_WORDS]
    chosen = [one for one in told if len(one.title.split()) >= LEAST_OF_TITLE]
    random.Random(SEED).shuffle(chosen)
    chosen = chosen[:documents]
    write(folder / "titles", *titles(chosen, queries))
    write(folder / "sentences", *last_sentences(chosen, queries))


def titles(projects: Sequence[Project], queries: int) -> tuple[list[Row], list[Row]]:
    """Return descriptions as documents, and the first titles as queries with the same ids."""
    rows = [{"id": one.id, "title": "", "text": one.description} for one in projects]
    return rows, [{"id": one.id, "text": one.title} for one in projects[:queries]]


def last_sentences(projects: Iterable[Project], queries: int) -> tuple[list[Row], list[Row]]:
    """Return projects as documents, and as queries the last sentences of the first, which these lack."""
    rows: list[Row] = []
    asked: list[Row] = []
    for one in projects:
        *rest, last = sentences(one.description)
        if len(asked) < queries and len(rest) > 1 and len(last.split()) >= LEAST_OF_SENTENCE:
            asked.append({"id": one.id, "text": last})
            rows.append({"id": one.id, "title": one.title, "text": " ".join(rest)})
        else:
            rows.append({"id": one.id, "title": one.title, "text": one.description})
    return rows, asked


def write(folder: Path, documents: Iterable[Row], queries: Sequence[Row]) -> None:
    """Write a judged collection in which each query has the one document with its id."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("docs", documents), ("queries", queries)):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "qrels.tsv").write_text("".join(f"{row['id']}\t{row['id']}\t1\n" for row in queries))


if __name__ == "__main__":
    main()
