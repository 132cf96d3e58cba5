"""Write the generated part of the README, its settings: `python -m docs.readme`."""

from __future__ import annotations

import re
from pathlib import Path

from search_app.config import SETTINGS

ROOT = Path(__file__).resolve().parent.parent


def settings() -> str:
    """Return the table of settings."""
    rows = [
        f"| `{one.name}` | {f'`{one.shown_default}`' if one.shown_default else ''} | {one.help} |"
        for one in SETTINGS
    ]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows])


def written(text: str) -> str:
    """Return the text of the README with its settings written anew."""
    pattern = re.compile(r"(<!-- settings -->\n).*?(<!-- end -->)", re.DOTALL)
    return pattern.sub(lambda match: f"{match[1]}{settings()}\n{match[2]}", text)


def main() -> None:
    """Write the README."""
    path = ROOT / "README.md"
    path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
