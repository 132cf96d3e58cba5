"""Write the generated parts of the README, its settings and modules: `python -m docs.readme`."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from search_app.config import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
# The order in which data flows; a module that is not named here follows, by name.
FLOW = {
    "indexer": """
        cli upkeep build corpus ledger earlier intake aliases document rows columns difference recording
        analysis acronyms schema postings runs chunks lexicon increments merging impacts writer segment codec
        generation report summary quality progress lock ending errors
    """,
    "indexer/corpus": """
        sources opening reading texts whole listing page markup rows table jsonl fields dates record
    """,
    "search_app": """
        cli config serving ops pages page api exports feeds templating assets schemas openapi urls
        answers marks request engine memory live query clauses parts vocabulary words forms meanings typos
        spelling finding matching terms matches ranking bonuses ordering filters facets years highlighting
        marking snippets showing explain suggest titles names similar browsing analyze results errors
    """,
    "search_app/schemas": "parameters kinds answers projects dumping",
    "search_app/serving": "worker front turns headers kept rate access_log metrics",
    "search_app/page": """
        home results hits facet_lists choices date_form days project directory changes reference
    """,
}


def settings() -> str:
    """Return the table of settings."""
    rows = [
        f"| `{one.name}` | {f'`{one.shown_default}`' if one.shown_default else ''} | {one.help} |"
        for one in SETTINGS
    ]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows])


def house() -> str:
    """Return every module with the first line of its docstring."""
    lines = ["```text"]
    for package, flow in FLOW.items():
        lines += ["", f"{package}/"] if len(lines) > 1 else [f"{package}/"]
        order = flow.split()
        found = [path for path in (ROOT / package).iterdir() if _is_module(path)]
        found.sort(key=lambda path: (order.index(path.stem) if path.stem in order else len(order), path.stem))
        lines += [f"  {path.stem + ('/' if path.is_dir() else ''):14}{_purpose(path)}" for path in found]
    return "\n".join([*lines, "```"])


def _is_module(path: Path) -> bool:
    return (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file()


def _purpose(path: Path) -> str:
    source = path / "__init__.py" if path.is_dir() else path
    docstring = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


def written(text: str) -> str:
    """Return the text of the README with its generated parts written anew."""
    for name, content in (("settings", settings()), ("house", house())):
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text = pattern.sub(lambda match, content=content: f"{match[1]}{content}\n{match[2]}", text)
    return text


def main() -> None:
    """Write the README."""
    path = ROOT / "README.md"
    path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
