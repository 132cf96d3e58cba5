"""Put measured tables into documents, where `<!-- figures NAME -->` and `<!-- end -->` hold a place for them.

What stands between the two is replaced with docs/figures/NAME.md, so that no figure is ever typed; a
measurement that was not made yet says so, and one that is older than the code it is of is refused.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from bench.tables import FIGURES, code

DOCUMENT = Path("docs/performance.md")
_PLACE = re.compile(r"(<!-- figures ([\w.-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(text: str, figures: Path) -> str:
    """Return `text` with every place filled from the folder of figures."""

    def _place(match: re.Match[str]) -> str:
        return f"{match[1]}\n{_figures(figures / f'{match[2]}.md')}\n\n{match[3]}"

    return _PLACE.sub(_place, text)


def _figures(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else "*Not measured yet.*"


def outdated(text: str, figures: Path) -> list[str]:
    """Return which measurements in `text` are older than the code that they are of."""
    names = [match[2] for match in _PLACE.finditer(text)]
    measured = {name: figures / f"{name}.json" for name in names if (figures / f"{name}.json").exists()}
    kept = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in measured.items()}
    return [name for name, one in kept.items() if one.get("code") != code(name)]


@click.command()
@click.argument("document", type=click.Path(exists=True, path_type=Path), default=DOCUMENT)
@click.option("--figures", type=click.Path(path_type=Path), default=FIGURES, show_default=True)
@click.option("--check", is_flag=True, help="Write nothing; fail if the document is not up to date.")
@click.option("--older", is_flag=True, help="Take tables that are older than the code they are of.")
def main(document: Path, figures: Path, check: bool, older: bool) -> None:
    """Bring the tables of a document up to the figures that were measured last.

    It fails for a table that is older than the code it measures: that is to be measured again.
    """
    before = document.read_text(encoding="utf-8")
    after = filled(before, figures)
    if check and after != before:
        raise click.ClickException(f"{document} is not up to date; run: python -m bench.report")
    if (old := outdated(after, figures)) and not older:
        raise click.ClickException(
            f"the code has changed since these were measured, so measure them again (or --older takes "
            f"them as they are): {', '.join(old)}"
        )
    if after != before:
        document.write_text(after, encoding="utf-8")
    click.echo(f"{document}: {'up to date' if after == before else 'brought up to date'}")


if __name__ == "__main__":
    main()
