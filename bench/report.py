"""Put measured tables into documents, where `<!-- figures NAME -->` and `<!-- end -->` hold a place for them.

What stands between the two is replaced with docs/figures/NAME.md, so that no figure is ever typed; a
measurement that was not made yet says so.
"""

from __future__ import annotations

import re
from pathlib import Path

import click

from bench.tables import FIGURES

DOCUMENT = Path("docs/performance.md")
_PLACE = re.compile(r"(<!-- figures ([\w.-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(text: str, figures: Path) -> str:
    """Return `text` with every place filled from the folder of figures."""

    def _place(match: re.Match[str]) -> str:
        return f"{match[1]}\n{_figures(figures / f'{match[2]}.md')}\n\n{match[3]}"

    return _PLACE.sub(_place, text)


def _figures(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else "*Not measured yet.*"


@click.command()
@click.argument("document", type=click.Path(exists=True, path_type=Path), default=DOCUMENT)
@click.option("--figures", type=click.Path(path_type=Path), default=FIGURES, show_default=True)
@click.option("--check", is_flag=True, help="Write nothing; fail if the document is not up to date.")
def main(document: Path, figures: Path, check: bool) -> None:
    """Bring the tables of a document up to the figures that were measured last."""
    before = document.read_text(encoding="utf-8")
    after = filled(before, figures)
    if check and after != before:
        raise click.ClickException(f"{document} is not up to date; run: python -m bench.report")
    if after != before:
        document.write_text(after, encoding="utf-8")
    click.echo(f"{document}: {'up to date' if after == before else 'brought up to date'}")


if __name__ == "__main__":
    main()
