"""Time pages of one checkout, for `bench.pages`: a kind and a query string in, nanoseconds out.

It is run by its path with a checkout on PYTHONPATH, which may be an older one; so it imports nothing else of
`bench`, and of the product only what stays.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

from search_app import create_app
from search_app.engine.search import SearchEngine
from search_app.request import SearchRequest

Ask = Callable[[str], object]


def engine(index: Path) -> Ask:
    """Return a function that searches, with no memory of earlier answers."""
    searched = SearchEngine.open(index, answers=0)

    def _ask(query: str) -> object:
        given = {name: texts[0] for name, texts in parse_qs(query).items()}
        return searched.search(
            SearchRequest(
                q=given["q"],
                op="or" if given["op"] == "or" else "and",
                per_page=int(given["per_page"]),
            )
        )

    return _ask


def client(index: Path, path: str = "") -> Ask:
    """Return a function that asks for an address of an application of its own, and reads the answer.

    It takes the query of a path; without a path, whole addresses.
    """
    app = create_app({"SEARCH_INDEX_DIR": index, "SEARCH_LOG_FORMAT": "none", "SEARCH_CACHE_MB": 0})
    browser = app.test_client()

    def _ask(query: str) -> object:
        answer = browser.get(f"{path}?{query}" if path else query, headers={"Accept-Encoding": "identity"})
        assert answer.status_code == 200, answer.status
        return answer.data

    return _ask


def main() -> None:
    """Answer each line of standard input with the processor time that its page took."""
    index = Path(sys.argv[1])
    kinds = {
        "engine": engine(index),
        "api": client(index, "/api/v1/search"),
        "page": client(index, "/search"),
        "address": client(index),
    }
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        kind, query = line.rstrip("\n").split(" ", 1)
        gc.collect()
        began = time.process_time_ns()
        kinds[kind](query)
        print(time.process_time_ns() - began, flush=True)


if __name__ == "__main__":
    main()
