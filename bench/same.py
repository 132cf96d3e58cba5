"""Ask one machine and a cluster the same at random, and count in what their answers differ.

What docs/cluster.md lists as an exception is counted by its kind. Anything else is told with the search that
shows it, and the command ends with 1.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isclose
from pathlib import Path

import click

from bench import options
from bench.drawing import Drawing, Drawn
from bench.peer_cluster import engine_over
from bench.tables import Table, keep
from bench.workspace import Corpus, with_own_fields
from indexer.build import BuildOptions, reindex
from indexer.cluster.client import Access, Cluster
from indexer.cluster.publishing import Options, publish
from search_app.engine.search import SearchEngine
from search_app.query.parsed import Parsed
from search_app.query.written import leaves
from search_app.results import Facet, Hit, SearchResults, Total

SEED = 19
# On which no project's status changes while the searches are asked.
DAY = date(2021, 6, 1)
# Scores that are nearer than this are one: frequencies are whole millionths there.
SAME_SCORE = 1e-4
# Sums of amounts are added in another order.
SAME_SUM = 1e-9
# How many searches that differ without an exception are told.
TOLD = 20

# The exceptions, as docs/cluster.md words them.
PHRASES = "scores and order of phrases"
TIES = "order of two projects a millionth apart"
MEDIANS = "medians of amounts"
DISTINCT = "how many more values a facet has"
EXCEPTIONS = (PHRASES, TIES, MEDIANS, DISTINCT)


@dataclass(frozen=True, slots=True)
class Difference:
    """In what two answers differ; `what` is one of EXCEPTIONS, or a part of the answer."""

    what: str
    here: object
    there: object


@click.command()
@options.corpora
@click.option("--url", "urls", multiple=True, required=True, metavar="URL", help="A node; repeatable.")
@click.option("--shards", type=click.IntRange(1), default=3, show_default=True)
@click.option("--searches", type=click.IntRange(1), default=500, show_default=True)
@click.option("--seed", type=int, default=SEED, show_default=True)
def main(
    corpora: list[Corpus], out: Path, urls: Sequence[str], shards: int, searches: int, seed: int
) -> None:
    """Compare the answers of one machine and of a cluster, search by search."""
    unexplained = 0
    for corpus in corpora:
        own = with_own_fields(corpus) if corpus.name.startswith("generated") else corpus
        here, there = engines(own, Cluster(Access(tuple(urls), "same"), seconds=60.0), shards)
        drawing = Drawing(here, list(own.read()), DAY, seed)
        counts: Counter[str] = Counter()
        kinds: Counter[str] = Counter()
        for _ in range(searches):
            drawn = drawing.draw()
            found = list(compared(here, there, drawn))
            counts.update({one.what for one in found} or {""})
            kinds[drawn.kind] += 1
            wrong = [one for one in found if one.what not in EXCEPTIONS]
            unexplained += bool(wrong)
            if wrong and unexplained <= TOLD:
                _tell(drawn, wrong)
        figures = {
            "searches": searches,
            "seed": seed,
            "documents": own.projects,
            "counts": counts,
            "kinds": kinds,
        }
        keep(out, f"cluster-same-{corpus.name}", figures, [_table(counts, searches, own.projects, shards)])
    sys.exit(bool(unexplained))


def engines(corpus: Corpus, cluster: Cluster, shards: int) -> tuple[SearchEngine, SearchEngine]:
    """Build a corpus, publish it, and return the engine over each."""
    index = kept_index(corpus)
    publish(index, cluster, Options(shards, 0))
    return SearchEngine.open(index, answers=0), engine_over(cluster)


def kept_index(corpus: Corpus) -> Path:
    """Return the index of a corpus, brought up to date, or built anew where another version had made it."""
    index = corpus.place / "same-index"
    reindex(corpus.folder, index, BuildOptions())
    return index


def compared(here: SearchEngine, there: SearchEngine, drawn: Drawn) -> Iterator[Difference]:
    """Yield in what the two answers to a search differ."""
    ours, theirs = here.search(drawn.request), there.search(drawn.request)
    for part in ("total", "relaxed_to", "terms", "suggestion", "warnings"):
        if getattr(ours, part) != getattr(theirs, part):
            yield Difference(part, getattr(ours, part), getattr(theirs, part))
    yield from _facets(ours.facets, theirs.facets)
    yield from _totals(ours, theirs)
    yield from _hits(ours, theirs, has_phrases=has_phrases(here.backend.parsed(drawn.request)))


def has_phrases(parsed: Parsed) -> bool:
    """Tell whether a text is searched for as a phrase as well."""
    return any(hasattr(leaf, "words") for leaf in leaves(parsed.strict)) or bool(parsed.runs)


def _facets(ours: Sequence[Facet], theirs: Sequence[Facet]) -> Iterator[Difference]:
    if [one.name for one in ours] != [one.name for one in theirs]:
        yield Difference("which facets", [one.name for one in ours], [one.name for one in theirs])
        return
    for one, other in zip(ours, theirs, strict=True):
        if one.more != other.more:
            yield Difference(DISTINCT, one.more, other.more)
        if replace(one, more=0) != replace(other, more=0):
            yield Difference(f"facet {one.name}", one, other)
        if one.by_year != other.by_year:
            yield Difference(f"years of {one.name}", one.by_year, other.by_year)


def _totals(ours: SearchResults, theirs: SearchResults) -> Iterator[Difference]:
    first = [total for one in ours.totals for total in one.totals]
    second = [total for one in theirs.totals for total in one.totals]
    if list(map(_counted, first)) != list(map(_counted, second)):
        yield Difference("totals", first, second)
        return
    for one, other in zip(first, second, strict=True):
        if one.median != other.median:
            yield Difference(MEDIANS, one.median, other.median)
        sums = [(one.sum, other.sum), *((a.sum, b.sum) for a, b in zip(one.years, other.years, strict=True))]
        if not all(isclose(a, b, rel_tol=SAME_SUM) for a, b in sums):
            yield Difference("sums", one, other)


def _counted(total: Total) -> tuple[object, ...]:
    return total.currency, total.count, [(year.year, year.count) for year in total.years]


def _hits(ours: SearchResults, theirs: SearchResults, *, has_phrases: bool) -> Iterator[Difference]:
    scored = ours.request.order == "relevance"
    first, second = ([hit.project.id for hit in one.hits] for one in (ours, theirs))
    if first != second:
        tied = scored and _tied(ours.hits, theirs.hits)
        what = TIES if tied else PHRASES if scored and has_phrases else "order"
        yield Difference(what, first, second)
    by_id = {hit.project.id: hit for hit in ours.hits}
    for hit in theirs.hits:
        known = by_id.get(hit.project.id)
        if known is None:
            continue
        if not isclose(hit.score, known.score, rel_tol=SAME_SCORE, abs_tol=SAME_SCORE):
            yield Difference(PHRASES if has_phrases else "score", known.score, hit.score)
        if _shown(hit) != _shown(known):
            yield Difference("what is shown of a hit", _shown(known), _shown(hit))


def _shown(hit: Hit) -> Hit:
    return hit._replace(score=0.0, explanation=())


def _tied(ours: Sequence[Hit], theirs: Sequence[Hit]) -> bool:
    """Tell whether place by place the scores are the same, though the projects are not."""
    pairs = zip(ours, theirs, strict=False)
    return len(ours) == len(theirs) and all(
        isclose(one.score, other.score, rel_tol=SAME_SCORE) for one, other in pairs
    )


def _tell(drawn: Drawn, wrong: Sequence[Difference]) -> None:
    click.echo(f"{drawn.kind}: {drawn.request}", err=True)
    for one in wrong[:3]:
        click.echo(
            f"    {one.what}\n      one machine: {one.here!s:.400}\n      cluster: {one.there!s:.400}",
            err=True,
        )


def _table(counts: Counter[str], searches: int, documents: int, shards: int) -> Table:
    others = sum(number for what, number in counts.items() if what and what not in EXCEPTIONS)
    return Table(
        f"{searches:,} random searches over {documents:,} projects, on one machine and over {shards} shards",
        ("", "searches"),
        (
            ("the same answer in every part", counts[""]),
            *((f"differ in: {what}", counts[what]) for what in EXCEPTIONS),
            ("differ in anything else", others),
        ),
    )


if __name__ == "__main__":
    main()
