"""Take the pictures of docs/screenshots from the running product: `python -m docs.screenshots CORPUS`.

A corpus of real size is indexed aside (the pictures show the grants of the NEH, `neh-grants.jsonl.gz`), the
server command is started on a free port, and each page is photographed in its theme and width. Needs the
extra `dev` and a Chromium.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from bench.servers import serving
from indexer.build import reindex

FOLDER = Path(__file__).parent / "screenshots"

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page in a theme and a window; `whole` photographs all of the page."""

    name: str
    address: str
    theme: Literal["light", "dark"] = "light"
    width: int = 1280
    height: int = 860
    whole: bool = False


PICTURES = (
    Picture("home", "/"),
    Picture("home-dark", "/", theme="dark"),
    Picture("results", "/search?q=labor+history&active_year=1980-1984"),
    Picture("results-dark", "/search?q=labor+history&active_year=1980-1984", theme="dark"),
    Picture("results-narrow", "/search?q=labor+history", width=360, height=780),
    Picture("filters-narrow", "/search?q=labor+history&start_year=2005#filters", "dark", 360, 780),
    Picture("table", "/search?q=labor+history&view=table"),
    Picture("timeline", "/search?q=labor+history&view=timeline&sort=-start_date"),
    Picture("timeline-narrow", "/search?q=labor+history&view=timeline", "dark", 360, 780),
    Picture("values", "/values/grantee?q=labor+history&find=university"),
    Picture("nothing", "/search?q=inspecters+zebras&status=planned"),
    Picture("project", "/search?q=labor+history", whole=True),
    Picture("grantees", "/grantees"),
    Picture("reference", "/api/docs"),
)


@contextmanager
def site(corpus: Path) -> Iterator[str]:
    """Serve a corpus, indexed aside; yield the address."""
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        reindex(corpus, index)
        settings = {"SEARCH_LOG_FORMAT": "none"}
        with serving("search_app.cli", command_line(index), "/readyz", settings) as server:
            yield server.address


def command_line(index: Path) -> list[str]:
    """Return what the server command is told: the index, a port that is free, one worker."""
    return ["--index", str(index), "--port", "{port}", "--workers", "1"]


def take(browser: Browser, address: str, picture: Picture) -> None:
    """Photograph one page; the project is opened from its search, as a visitor would."""
    window = ViewportSize(width=picture.width, height=picture.height)
    context = browser.new_context(base_url=address, viewport=window, color_scheme=picture.theme)
    page = context.new_page()
    page.goto(picture.address)
    if picture.name == "project":
        page.locator("article h2 a").first.click()
    page.screenshot(path=FOLDER / f"{picture.name}.png", full_page=picture.whole)
    context.close()


@click.command()
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(corpus: Path) -> None:
    """Take every picture of a CORPUS."""
    FOLDER.mkdir(exist_ok=True)
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with site(corpus) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for picture in PICTURES:
            take(browser, address, picture)
        browser.close()


if __name__ == "__main__":
    main()
