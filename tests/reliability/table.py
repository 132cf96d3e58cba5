"""`python -m tests.reliability.table`: write docs/reliability.md from what the tests showed last.

Each run of the tests leaves its figures in pytest's cache. This takes them over into
docs/figures/reliability.json, so that a figure stays until the same form of the test shows another one, and
makes the table of them; nobody types a figure.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from tests.reliability.promises import PROMISES, Promise

CACHE = Path(".pytest_cache/v/reliability/figures")
FIGURES = Path("docs/figures/reliability.json")
DOCUMENT = Path("docs/reliability.md")

Figures = dict[str, dict[str, str]]

HEAD = """\
# Promises, and how each is kept

What may go wrong, what is promised for it, which tests hold the promise, and what they showed last. The short
forms run with `make test`, the long ones with `make soak`; `python -m tests.reliability.table` takes over
what they showed. A time in a short form is of a machine that did other things as well: where that decides, the
short form asserts less than the promise, and says what.

"""
WHOLE = "the short form tries all there is"
COLUMNS = (
    "", "failure", "promise", "the short form asserts", "tests", "last figure, short form",
    "last figure, long form",
)  # fmt: skip
AS_PROMISED = "the promise"


@click.command()
def main() -> None:
    """Bring the table of promises up to what the tests showed last."""
    figures = read(FIGURES) | read(CACHE)
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    DOCUMENT.write_text(document(figures), encoding="utf-8")
    shown = sum(f"{one.name} short" in figures or f"{one.name} long" in figures for one in PROMISES)
    click.echo(f"{DOCUMENT}: {shown} of {len(PROMISES)} promises have a figure")


def read(path: Path) -> Figures:
    """Return the figures in a file; none if there is no such file."""
    figures: Figures = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return figures


def document(figures: Figures) -> str:
    """Return the whole page."""
    rows = [COLUMNS, ("---",) * len(COLUMNS), *(_row(promise, figures) for promise in PROMISES)]
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(promise: Promise, figures: Figures) -> tuple[str, ...]:
    files = dict.fromkeys(pattern.partition("::")[0] for pattern in promise.tests)
    tests = ", ".join(f"`{file}`" for file in files)
    short, long = (_cell(figures.get(f"{promise.name} {form}")) for form in ("short", "long"))
    asserted = promise.short or AS_PROMISED
    return (
        promise.name,
        promise.failure,
        promise.promise,
        asserted,
        tests,
        short,
        long if promise.long else WHOLE,
    )


def _cell(shown: dict[str, str] | None) -> str:
    return f"{shown['figure']} ({shown['day']})" if shown else "not run yet"


if __name__ == "__main__":
    main()
