"""Measure how good the order of the hits is on judged collections, against flat BM25.

Ours answers each query by any word, with everything a searcher gets; `--ablate` leaves out one part of the
ranking at a time, so that each must show its worth. Flat BM25 is `bm25s` over title and text as one field,
with the stems that ours begin from and without the same stop words.
"""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click

from bench import options
from bench.corpus import write_parts
from bench.judged import MAP_DEPTH, Collection, Quality, Ranker, chance, judge
from bench.tables import FIGURES, Cell, Table, installed, keep, ratio, shown
from indexer.build import BuildOptions, reindex
from indexer.document import Project
from indexer.storage.generation import current, open_segment
from indexer.storage.schema import FIELD_WEIGHTS, K1, B
from indexer.text.analysis import STOP_WORDS, TOKEN, normalise, tokens
from indexer.text.meaning.models import WORDLLAMA, open_model
from indexer.text.stemming import uncorrected
from search_app.embedded.answering import EmbeddedBackend
from search_app.embedded.meaning.asked import Meaning
from search_app.engine.search import SearchEngine
from search_app.query.meaning.lifting import Fusion, lifts, reciprocal_ranks
from search_app.request import SearchRequest
from search_app.scoring.weights import Weights

# A document without a title still needs one to be taken in: a word that no query has.
NO_TITLE = "Titleless"
FLAT = "flat BM25"
P_NOTE = (
    "p is the chance of such a difference in nDCG@10 from the first row of a collection (paired sign flips)."
)
ALL_PARTS = Weights()


@dataclass(frozen=True, slots=True)
class Setup:
    """A way to rank: all parts of ours, or all but some."""

    name: str
    weights: Weights = ALL_PARTS
    expand: bool = True
    title_weight: float = FIELD_WEIGHTS["title"]
    model: str = ""
    fusion: Fusion = lifts


WHOLE = Setup("ours")
ABLATIONS = (
    Setup("without the title's weight", title_weight=1.0),
    Setup("without proximity", Weights(proximity=0.0)),
    Setup("without the title phrase", Weights(title_phrase=0.0)),
    Setup("without the words as written", Weights(written=0.0)),
    Setup("only words as written", expand=False),
    Setup("BM25F alone", Weights(proximity=0.0, title_phrase=0.0, written=0.0)),
)


@click.command()
@click.argument(
    "folders", type=click.Path(exists=True, file_okay=False, path_type=Path), nargs=-1, required=True
)
@options.peers("bm25s")
@click.option("--ablate", is_flag=True, help="Also leave out each part of the ranking in turn.")
@click.option("--meaning", is_flag=True, help="Also rank by meaning, with figures of their own.")
@click.option("--model", default=WORDLLAMA, show_default=True, help="What --meaning goes by: name or folder.")
@click.option("--out", type=click.Path(path_type=Path), default=FIGURES, show_default=True, help="Figures.")
def main(
    folders: tuple[Path, ...], names: tuple[str, ...], ablate: bool, meaning: bool, model: str, out: Path
) -> None:
    """Measure the ranking of judged collections: docs.jsonl, queries.jsonl and qrels.tsv in a folder each."""
    setups = (WHOLE, *(ABLATIONS if ablate else ()), *(by_meaning(model) if meaning else ()))
    found = {one: measure(one, setups, names) for one in map(Collection.read, folders)}
    figures = {
        _key(collection, found): {
            setup: {"ndcg@10": one.mean_ndcg, "map": one.mean_precision} for setup, one in qualities.items()
        }
        for collection, qualities in found.items()
    }
    name = f"meaning-{Path(model).name}" if meaning else "ranking"
    keep(out, name, {"collections": figures}, [table(found)])


def by_meaning(model: str) -> tuple[Setup, Setup]:
    """Return ours by meaning as well, and the same by the ranks of both instead of their sum."""
    return (
        Setup(f"ours, by meaning ({Path(model).name})", model=model),
        Setup("by ranks instead", model=model, fusion=reciprocal_ranks),
    )


def _key(collection: Collection, found: Iterable[Collection]) -> str:
    """Return the name of a collection, with a number where several folders have it."""
    same = [one for one in found if one.name == collection.name]
    return f"{collection.name} {same.index(collection) + 1}" if len(same) > 1 else collection.name


def measure(collection: Collection, setups: Sequence[Setup], peers: Sequence[str]) -> dict[str, Quality]:
    """Return the quality of flat BM25, where it is installed, and of each setup of ours, by name."""
    found: dict[str, Quality] = {}
    if peers and installed("bm25s"):
        found[FLAT] = judge(collection, flat(collection))
    with tempfile.TemporaryDirectory() as work:
        for setup in setups:
            with ours(collection, setup, Path(work)) as ranker:
                found[setup.name] = judge(collection, ranker)
    return found


def flat(collection: Collection) -> Ranker:
    """Return BM25 over title and text as one field; raise ImportError without `bm25s`."""
    # Imported here for it is optional, and by name for it has no types.
    bm25s = importlib.import_module("bm25s")
    # Lucene's variant, with the constants that ours and Lucene ship.
    ranking = bm25s.BM25(method="lucene", k1=K1, b=B)
    numbers = [number for number, _, _ in collection.documents]
    ranking.index([terms(f"{title} {text}") for _, title, text in collection.documents], show_progress=False)

    def _ranked(query: str) -> list[str]:
        depth = min(MAP_DEPTH, len(numbers))
        field_positions, scores = ranking.retrieve([terms(query)], k=depth, show_progress=False)
        return [
            numbers[place] for place, score in zip(field_positions[0], scores[0], strict=True) if score > 0
        ]

    return _ranked


@contextmanager
def ours(collection: Collection, setup: Setup, work: Path) -> Iterator[Ranker]:
    """Give our engine over the collection, set up as told; setups share indexes in the folder `work`."""
    corpus, index = work / "corpus", work / f"{setup.title_weight}-{Path(setup.model).name}"
    with _title_weight(setup.title_weight):
        if not corpus.exists():
            write_parts(
                (Project(number, title or NO_TITLE, text) for number, title, text in collection.documents),
                corpus,
            )
        if not index.exists():
            reindex(corpus, index, BuildOptions(full=True, meaning=setup.model))
        opened = SearchEngine.open(index, answers=0)
        segment = open_segment(current(index))
        meaning = Meaning(segment, open_model(setup.model), setup.fusion) if setup.model else None
        backend = EmbeddedBackend(segment, opened.info, cached=False, weights=setup.weights, meaning=meaning)
        engine = SearchEngine(backend, answers=0)

        def _ranked(query: str) -> list[str]:
            # A question's words, not its signs: a hyphen or quote in it is not query syntax.
            words = " ".join(TOKEN.findall(normalise(query).lower()))
            request = SearchRequest(q=words, op="or", expand=setup.expand)
            return [hit.project.id for hit in islice(engine.every_hit(request), MAP_DEPTH)]

        yield _ranked


@contextmanager
def _title_weight(weight: float) -> Iterator[None]:
    # Impacts are computed when the index is built, so the weight must hold then.
    before = FIELD_WEIGHTS["title"]
    FIELD_WEIGHTS["title"] = weight
    try:
        yield
    finally:
        FIELD_WEIGHTS["title"] = before


def terms(text: str) -> list[str]:
    """Return the stems of a text without stop words."""
    return [uncorrected(word.text) for word in tokens(normalise(text)) if word.text not in STOP_WORDS]


def table(found: Mapping[Collection, Mapping[str, Quality]]) -> Table:
    """Return one table of all collections: how each was ranked, beside the way that is measured first."""
    first = next(name for qualities in found.values() for name in qualities)
    rows = [row for collection, qualities in found.items() for row in _rows(collection, qualities)]
    columns = ("collection", "ranking", "nDCG@10", f"of {first}", "p", "MAP", f"of {first}")
    return Table("Judged collections", columns, tuple(rows), (P_NOTE,))


def _rows(collection: Collection, qualities: Mapping[str, Quality]) -> Iterator[tuple[Cell, ...]]:
    size = f"{shown(len(collection.documents))} documents, {len(collection.queries)} queries"
    first, *_ = qualities.values()
    for number, (name, one) in enumerate(qualities.items()):
        yield (
            "" if number else f"{collection.name}: {size}",
            name,
            one.mean_ndcg,
            ratio(one.mean_ndcg, first.mean_ndcg),
            chance(one.ndcg, first.ndcg),
            one.mean_precision,
            ratio(one.mean_precision, first.mean_precision),
        )


if __name__ == "__main__":
    main()
