"""The browser and the server of the stories; without a browser they are skipped, but never in CI."""

import os
import shutil
from contextlib import ExitStack

import pytest
from playwright.sync_api import Error, sync_playwright

from bench.servers import serving
from docs.screenshots import BROWSERS as WHOLE
from docs.screenshots import FLAGS, command_line

# Draws pages alike, with half the work: it has no windows.
BROWSERS = ("chromium-headless-shell", *WHOLE)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


def pytest_collection_modifyitems(items):
    for one in items:
        if one.path.parent.name == "browser":
            one.add_marker(pytest.mark.browser)


def launched(browser_type, browsers, **options):
    """Start the first of some browsers that is there, or Playwright's; without one the test is skipped, in CI it fails."""
    path = next(filter(None, map(shutil.which, browsers)), None)
    try:
        return browser_type.launch(executable_path=path, args=FLAGS, **options)
    except Error as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no browser can be started: {error.message.splitlines()[0]}")


@pytest.fixture(scope="package")
def chromium():
    """The browser that walks the stories."""
    with sync_playwright() as playwright:
        browser = launched(playwright.chromium, BROWSERS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def serve():
    """Start the server command over an index and return its address."""
    with ExitStack() as running:

        def start(index):
            server = running.enter_context(serving("search_app.cli", command_line(index), "/readyz"))
            return server.address

        yield start


@pytest.fixture(scope="package")
def seed_site(serve, seed_index):
    return serve(seed_index)


@pytest.fixture(scope="package")
def labour_site(serve, labour_index):
    return serve(labour_index)


@pytest.fixture(scope="package")
def large_site(serve, large_index):
    return serve(large_index)


@pytest.fixture
def visit(chromium):
    """Open a fresh tab: `visit(site, viewport=…)`; a page that complains fails the test."""
    contexts, complaints = [], []

    def open_tab(site, **options):
        context = chromium.new_context(base_url=site, **{"viewport": WIDE, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        return page

    yield open_tab
    for context in contexts:
        context.close()
    # The browser itself reports every answer of status 400 and above.
    assert [one for one in complaints if not one.startswith("Failed to load resource")] == []
