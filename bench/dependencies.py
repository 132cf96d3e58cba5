"""List what the product asks for by name: why, under which licence, how large, and when it was last released.

`python -m bench.dependencies`, then `python -m bench.report docs/operations.md`. With `--dates URL` the
dates of releases are looked up at the package index there (PEP 691); without, those of the last time stay.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import click

from bench.licences import licence
from bench.tables import FIGURES, Cell, Table, keep

NAME = "dependencies"
LISTING = "application/vnd.pypi.simple.v1+json"
LOOK_UP_SECONDS = 30
COLUMNS = ("library", "version", "licence", "MB", "last release", "for")
# What each is there for, that the standard library or a few lines of our own do not do.
REASONS: Mapping[str, str] = {
    "anyascii": "plain letters for Đ, ł, œ, ø, which Unicode does not take apart",
    "apispec": "OpenAPI from the marshmallow schemas",
    "babel": "names of countries in many languages, and the currencies that there are",
    "beautifulsoup4": "saved pages, however broken",
    "click": "the commands",
    "defusedxml": "XML without entities and DTDs; old, but small, and NLTK brings it anyway",
    "flask": "the web",
    "flask-compress": "gzip, brotli and zstd, agreed with the browser",
    "granian": "the server: HTTP in Rust, several workers",
    "ijson": "JSON of any size, read piece by piece",
    "marshmallow": "parameters checked, answers described",
    "nltk": "the stemmer; the tests hold tokens against its tokenizer",
    "numpy": "arrays: the index, matching, counting",
    "orjson": "JSON read and written quickly, line by line",
    "python-calamine": "workbooks (xlsx, ods, xls), row by row, in Rust",
    "symspellpy": "its frequency list of English, for corrections",
    "tqdm": "the progress bar",
    "watchfiles": "`reindex --watch`",
    "whoosh3": "schema, analyzer, query tree and codec interface",
    "xlsxwriter": "workbooks written with constant memory",
    "zstandard": "stored projects, packed with a dictionary of the corpus",
    "prometheus-client": "extra `metrics`: `/metrics`",
    "urllib3": "extra `cluster`: connections to OpenSearch",
    "tokenizers": "extras `meaning`, `meaning-onnx`: texts as a model cuts them",
    "wordllama": "extra `meaning`: a table of vectors of words",
    "onnxruntime": "extra `meaning-onnx`: runs a model from a folder",
}
# Extras for whoever develops: they are in no installation.
NOT_RUN = ("dev", "bench")
_NAME = re.compile(r"[\w.-]+")


def direct(pyproject: Path) -> list[str]:
    """Return the names of what the product and its extras ask for, in that order, each once."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].items()
    asked = [*project["dependencies"], *(one for extra, own in extras if extra not in NOT_RUN for one in own)]
    return list(dict.fromkeys(match[0] for match in map(_NAME.match, asked) if match))


def megabytes(name: str) -> float | None:
    """Return what the files of an installed library take up, None if it is not installed."""
    try:
        files = metadata.files(name) or []
    except metadata.PackageNotFoundError:
        return None
    places = (Path(str(one.locate())) for one in files if one.suffix != ".pyc")
    return sum(place.stat().st_size for place in places if place.exists()) / 1_000_000


def version(name: str) -> str | None:
    """Return the version of an installed library, None if it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def last_release(index: str, name: str) -> str:
    """Return the day of the last release of a library at a package index; raise OSError."""
    request = Request(f"{index.rstrip('/')}/{name}/", headers={"Accept": LISTING})
    with urlopen(request, timeout=LOOK_UP_SECONDS) as answer:
        return newest(json.load(answer))


def newest(listing: Mapping[str, Any]) -> str:
    """Return the day of the newest file of a listing of PEP 700; an empty text if it has no dates."""
    uploaded = (one.get("upload-time") or "" for one in listing["files"] if not one.get("yanked"))
    return max(uploaded, default="")[:10]


def known(out: Path) -> dict[str, str]:
    """Return the days of last releases that were looked up before, by name."""
    path = out / f"{NAME}.json"
    if not path.exists():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))["dependencies"]
    return {row["library"]: row["last release"] for row in rows}


@click.command()
@click.option("--dates", "index", metavar="URL", help="Package index to look up when each was last released.")
@click.option("--out", type=click.Path(path_type=Path), default=FIGURES, show_default=True, help="Figures.")
def main(index: str | None, out: Path) -> None:
    """List the direct dependencies of the product and of its extras."""
    before, rows = known(out), list[tuple[Cell, ...]]()
    for name in direct(Path("pyproject.toml")):
        day = last_release(index, name) if index else before.get(name)
        rows.append((name, version(name), licence(name), megabytes(name), day, REASONS[name]))
    listed = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    keep(out, NAME, {NAME: listed}, [Table("Direct dependencies", COLUMNS, tuple(rows))])


if __name__ == "__main__":
    main()
