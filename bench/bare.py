"""The least that a Flask server can do: one route that returns the same bytes every time.

`python -m bench.bare` serves it by the command that serves the product, settings and all; `BARE_BYTES` says
how many bytes. It is the ceiling that the product's requests a second are compared with.
"""

from __future__ import annotations

import os

from flask import Flask, Response

from search_app.cli import serve
from search_app.config import Settings


def create_app() -> Flask:
    """Return an application whose only route answers with a constant."""
    app = Flask(__name__)
    content = b"x" * int(os.environ.get("BARE_BYTES", "1000"))

    @app.get("/")
    def _constant() -> Response:
        return Response(content, mimetype="application/json")

    return app


if __name__ == "__main__":
    serve(Settings.load(), "bench.bare:create_app")
