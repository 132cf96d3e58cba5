"""Whole ways through the product: a searcher and a programmer at real size, and a maintainer's first mistake."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import time

from playwright.sync_api import expect

from tests.browser.test_stories import heading, hit_titles
from tests.documents import LABOUR_FILE

REINDEX = "from indexer.cli import main; main()"
SEEN_SECONDS = 30


def number_of(page):
    return int(re.match(r"[0-9,]+", heading(page).inner_text())[0].replace(",", ""))


def test_a_searcher_narrows_reads_goes_back_and_takes_it_along(visit, large_site):
    page = visit(large_site)
    page.goto("/")
    page.get_by_label("Search projects").fill("labor")
    page.get_by_role("button", name="Search", exact=True).click()
    every = number_of(page)
    page.locator(".filters summary").get_by_role("heading", name="Country", exact=True).click()
    page.locator(".filters").get_by_role("link", name=re.compile("^Ghana")).first.click()
    there = number_of(page)
    assert 0 < there < every
    page.locator(".filters").get_by_role("link", name=re.compile("^Completed")).first.click()
    found = number_of(page)
    assert 20 < found < there
    page.get_by_label("Sort by").select_option(label="Amount, highest first")
    page.get_by_role("button", name="Apply", exact=True).click()
    assert number_of(page) == found
    first = hit_titles(page)
    page.get_by_role("link", name="Next page").click()
    second = hit_titles(page)
    assert not {*first} & {*second}
    address = page.url

    page.locator("article h2 a").first.click()
    assert heading(page).inner_text() == second[0]
    page.get_by_role("heading", name="Similar projects").locator("xpath=..").get_by_role("link").first.click()
    assert heading(page).inner_text() != second[0]
    page.go_back()
    page.get_by_role("link", name="Back to results").click()
    expect(page).to_have_url(address)
    assert hit_titles(page) == second

    page.get_by_text("Download", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert len(rows) == found
    assert [" ".join(row["title"].split()) for row in rows[: len(first)]] == first


def test_a_programmer_goes_from_the_page_to_an_answer_and_to_what_an_error_means(visit, large_site):
    page = visit(large_site)
    page.goto("/search?q=labor&status=completed")
    found = number_of(page)
    page.get_by_role("link", name="API", exact=True).click()
    described = json.loads(page.request.get("/api/v1/openapi.json").text())
    expect(page.locator(".operation").first).to_contain_text("GET /api/v1/search")
    assert "/api/v1/search" in described["paths"]
    for link in page.locator(".operation a[href^='/api/']").all():
        answer = page.request.get(link.get_attribute("href"))
        assert answer.status in (200, 404), link.get_attribute("href")
        assert answer.json()
    answer = page.request.get("/api/v1/search?q=labor&status=completed").json()
    assert answer["total"] == found
    after = page.request.get(answer["links"]["next"]).json()
    assert not {one["id"] for one in answer["results"]} & {one["id"] for one in after["results"]}

    wrong = page.request.get("/api/v1/search?page=none&colour=red")
    assert wrong.status == 400
    assert {one["parameter"] for one in wrong.json()["errors"]} == {"page", "colour"}
    page.goto(wrong.json()["type"])
    expect(heading(page)).to_have_text(wrong.json()["title"])


class Maintainer:
    """A corpus and its index, and the commands that are typed."""

    def __init__(self, folder):
        self.corpus, self.index = folder / "corpus", folder / "index"
        self.corpus.mkdir()
        shutil.copy(LABOUR_FILE, self.corpus)

    def types(self, *words):
        """Type `reindex` with some words and return what is told."""
        folders = ["--corpus", str(self.corpus), "--index", str(self.index)]
        command = [sys.executable, "-c", REINDEX, *folders, *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def reloaded_until(page, text):
    """Reload until the server has seen the new generation."""
    deadline = time.monotonic() + SEEN_SECONDS
    while text not in heading(page).inner_text():
        assert time.monotonic() < deadline, heading(page).inner_text()
        page.reload()


def test_a_maintainer_sees_what_was_wrong_what_is_new_and_goes_back(visit, serve, tmp_path):
    maintainer = Maintainer(tmp_path)
    maintainer.types()
    page = visit(serve(maintainer.index))
    page.goto("/search?q=zinc+smelters")
    expect(heading(page)).to_have_text("No projects for ‘zinc smelters’")

    head = "title,start date,end date,grantee\n"
    (maintainer.corpus / "new.csv").write_text(f"{head}Zinc smelters of Oruro,2021-02-01,2023-01-31,ILO\n")
    (maintainer.corpus / "wrong.csv").write_text(f"{head}Zinc smelters of Potosí,2021-02-30,2023-01-31,ILO\n")
    told = maintainer.types()
    assert "wrong.csv:2" in told
    assert "2021-02-30" in told
    assert "Zinc smelters of Oruro" in told
    reloaded_until(page, "1 project for ‘zinc smelters’")
    page.get_by_role("link", name="Changes").click()
    page.get_by_label("Words").fill("zinc")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main li").first).to_contain_text("Zinc smelters of Oruro")
    expect(page.locator("main")).not_to_contain_text("Potosí")

    maintainer.types("rollback")
    page.goto("/search?q=zinc+smelters")
    reloaded_until(page, "No projects for ‘zinc smelters’")
    page.goto("/changes?q=zinc")
    expect(page.locator("main")).not_to_contain_text("Oruro")
