"""Give pages of one checkout, for `bench.alike`: an address in, the length of the answer and the answer out.

It is run by its path with a checkout on PYTHONPATH, so it imports nothing else of `bench`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from search_app import create_app


def main() -> None:
    """Answer each line of standard input with status, headers that tell of the body, and the body."""
    app = create_app(
        {"SEARCH_INDEX_DIR": Path(sys.argv[1]), "SEARCH_LOG_FORMAT": "none", "SEARCH_CACHE_MB": 0}
    )
    browser = app.test_client()
    for line in sys.stdin:
        answer = browser.get(line.rstrip("\n"), headers={"Accept-Encoding": "identity"})
        told = f"{answer.status} {answer.headers.get('Link', '')}\n".encode() + answer.data
        sys.stdout.buffer.write(b"%d\n%b" % (len(told), told))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
