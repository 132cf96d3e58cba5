"""Hold pages and answers of this checkout against another's, byte by byte: faster must not mean different.

Searches are drawn from the corpus in every kind, then written in other ways (misspelt, negated, for one
field, sorted, filtered, as a table). What tells one run from another is taken out: how long an answer took,
the name of the generation and when it was built. It ends with 1 if an answer differs, and says where.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import click

from bench import options
from bench.checkouts import HERE
from bench.pages import indexed
from bench.queries import SEED, Query, Sample, draw
from bench.workspace import Corpus

TELLER = Path(__file__).with_name("page_teller.py")
FACES = ("/search", "/api/v1/search")
# How much is shown on either side of the first difference.
CONTEXT = 60

_VARYING = re.compile(
    rb'"took_ms":[0-9.e-]+|\d{8}T\d{6}\.\d{6}Z|"(built_at|first_seen|last_changed)":"[^"]*"'
    rb'|<time datetime="[^"]*T[^"]*">[^<]*</time>'
)

# What else is asked of a page: parameters of every index.
_PARAMETERS: tuple[dict[str, str], ...] = (
    {}, {}, {}, {"op": "or"}, {"sort": "-start_date"}, {"sort": "grantee"}, {"page": "2"}, {"page": "999"},
    {"per_page": "50"}, {"status": "completed"}, {"start_year": "2010-2014"}, {"expand": "0"},
    {"explain": "1"}, {"view": "table"}, {"view": "timeline"}, {"chart": "end_year"}, {"facets": "status"},
    {"as_of": "2015-06-30"},
)  # fmt: skip


@click.command()
@options.corpora
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Another checkout.",
)
@click.option(
    "--queries", "number", type=click.IntRange(1), default=20, show_default=True, help="Of each kind."
)
@click.option("--seed", default=SEED, show_default=True, help="Other searches for another one.")
def main(corpora: list[Corpus], out: Path, against: Path, number: int, seed: int) -> None:
    """Compare the answers of this checkout with those of another over each corpus."""
    del out
    differing = 0
    for corpus in corpora:
        addresses = drawn(corpus, number, seed)
        differing += len(compare(addresses, [(one, indexed(corpus, one)) for one in (HERE, against)]))
    sys.exit(bool(differing))


def drawn(corpus: Corpus, number: int, seed: int) -> list[str]:
    """Return the addresses of `number` searches of each kind on both faces."""
    rng, sample = random.Random(seed), Sample.of(corpus.read())
    asked = [
        urlencode({"q": _written(query, rng), **rng.choice(_PARAMETERS)})
        for query in draw(sample, number, seed)
    ]
    return [f"{face}?{query}" for query in asked for face in FACES]


def _written(query: Query, rng: random.Random) -> str:
    """Return a query in one of the ways in which people write it."""
    first, *others = query.words
    rest = " ".join(others)
    letter = rng.randrange(len(first))
    return {
        "plain": f"{first} {rest}",
        "phrase": f'"{first} {rest}"',
        "prefix": f"{first[:5]}* {rest}",
        "typo": f"{first}~1 {rest}",
        "misspelt": f"{first[:letter]}{first[letter + 1 :]} {rest}",
        "not": f"{first} -{rest or 'project'}",
        "either": f"{first} OR ({rest or 'labor'} AND support)",
        "field": f"title:{first} {rest}",
        "grantee": f"{rest} grantee:university {first}",
    }[
        "phrase"
        if query.way == "phrase"
        else rng.choice([*["plain"] * 4, "prefix", "typo", "misspelt", "not", "either", "field", "grantee"])
    ]


def compare(addresses: Sequence[str], checkouts: Sequence[tuple[Path, Path]]) -> list[str]:
    """Return the addresses that two checkouts, each with its index, answer differently, and say so."""
    differing = []
    with ExitStack() as stack:
        ours, others = (stack.enter_context(telling(*one)) for one in checkouts)
        for address in addresses:
            bodies = [_VARYING.sub(b"", body) for body in (ask(ours, address), ask(others, address))]
            if bodies[0] != bodies[1]:
                differing.append(address)
                click.echo(f"{address}\n  here  {_around(*bodies)!r}\n  there {_around(*bodies[::-1])!r}")
    click.echo(f"{len(addresses) - len(differing)} of {len(addresses)} answers are the same")
    return differing


def _around(body: bytes, other: bytes) -> bytes:
    """Return what stands round the first byte in which a body differs from another one."""
    pairs = enumerate(zip(body, other, strict=False))
    place = next((at for at, (one, two) in pairs if one != two), min(len(body), len(other)))
    return body[max(0, place - CONTEXT) : place + CONTEXT]


@contextmanager
def telling(checkout: Path, index: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Give a process that answers with the pages of a checkout."""
    with subprocess.Popen(
        [sys.executable, "-P", str(TELLER), str(index)],
        env={**os.environ, "PYTHONPATH": str(checkout)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def ask(process: subprocess.Popen[bytes], address: str) -> bytes:
    """Return status and body of what a process answers at an address."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{address}\n".encode())
    process.stdin.flush()
    return process.stdout.read(int(process.stdout.readline()))


if __name__ == "__main__":
    main()
